/** Commands beside the campaign's life: test, results, suppress. */
import { suppress as suppressVerb } from '../../customers/suppress.ts';
import { type E164, readPhone } from '../../messages/phone.ts';
import { may } from '../../staff/rights.ts';
import { doneCard } from '../cards/done.ts';
import { resultsCard } from '../cards/results.ts';
import { type Call, type Command, missing, refused, settled, wrongValue } from '../command.ts';
import { counted } from '../drafts.ts';
import { textFrom } from '../parse.ts';
import { isPrivate } from '../private.ts';
import { whichCampaign } from '../which.ts';

export const test: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const campaign = await counted(call, meant.campaign);
    const verdict = await call.room.sendTest(call.by, campaign);
    return settled(call, verdict, campaign, async () => {
      call.room.nudge();
      return doneCard({ kind: 'test-sent', campaign, phone: call.by.phone?.phone ?? '' }, call.reader);
    });
  },
};

export const results: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'results', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const { campaign } = meant;
    const written = await call.room.writeResults(call.by, campaign);
    const counts = await call.room.campaigns.messages.counts(campaign.frozen?.run ?? '');
    const mayWrite = may(call.by, 'write', campaign.department);
    return resultsCard({ campaign, written, counts, mayWrite, ...remoteChat(call) }, call.reader);
  },
};

/** Who sits at this machine opens a workbook by its path; all others are handed it, in private. */
function remoteChat({ room, event }: Call): { readonly chat?: 'private' | 'shared' } {
  if (room.settings.localSurfaces.includes(event.surface)) return {};
  return { chat: isPrivate(room, event) ? 'private' : 'shared' };
}

export const suppress: Command = {
  keys: [],
  async run(call) {
    if (!may(call.by, 'suppress', null)) return refused(call, { code: 'not-allowed', right: 'suppress' });
    if (!call.args.words[0]) return missing(call, 'phone');
    const said = phoneSaid(call);
    if (said.kind === 'unusable') return wrongValue(call, said.text, { of: 'phone', why: said.why });
    const reason = textFrom(call.args, said.next);
    const done = await suppressVerb(call.room.customers, call.by, said.phone, 'asked-employee', reason);
    if (done.kind === 'not-allowed') return refused(call, { code: 'not-allowed', right: 'suppress' });
    const already = done.kind === 'was-suppressed';
    return doneCard({ kind: 'suppressed', phone: said.phone, reason, already }, call.reader);
  },
};

type PhoneSaid =
  | { readonly kind: 'phone'; readonly phone: E164 /** Index of the first word behind it. */; readonly next: number }
  | {
      readonly kind: 'unusable';
      readonly text: string;
      readonly why: Extract<ReturnType<typeof readPhone>, { kind: 'unusable' }>['why'];
    };

/** The phone at the beginning of the words; people put spaces into it, so as many words as make one. */
export function phoneSaid({ args, room }: Call): PhoneSaid {
  const { country } = room.settings;
  const like = args.words.findIndex((word) => !/^[+\d().\s-]+$/u.test(word.text));
  const most = like === -1 ? args.words.length : like;
  const joined = (count: number): string =>
    args.words
      .slice(0, count)
      .map((word) => word.text)
      .join(' ');
  for (let count = most; count >= 1; count--) {
    const reading = readPhone({ text: joined(count) }, country);
    if (reading.kind === 'phone') return { kind: 'phone', phone: reading.phone, next: count };
  }
  const text = joined(Math.max(1, most));
  const reading = readPhone({ text }, country);
  return { kind: 'unusable', text, why: reading.kind === 'unusable' ? reading.why : 'not-a-number' };
}
