/** Commands that look and change nothing: show, preview, list, waiting. */

import { approvalsNeeded } from '../../campaigns/approvers.ts';
import type { Campaign, CampaignState } from '../../campaigns/campaign.ts';
import { lookUnlessLately } from '../../campaigns/look-again.ts';
import type { Card } from '../../staff/card.ts';
import { scopeOf } from '../../staff/employee.ts';
import { may } from '../../staff/rights.ts';
import { listCard, waitingCard } from '../cards/list.ts';
import { previewCard, type Sample } from '../cards/preview.ts';
import { type Call, type Command, refused, wrongValue } from '../command.ts';
import { afterEdit } from '../drafts.ts';
import type { ChatRoom } from '../room.ts';
import { authorityNow, namesOf, shown } from '../view.ts';
import { plainText } from '../when-words.ts';
import { whichCampaign } from '../which.ts';

export const show: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const { campaigns } = call.room;
    call.background.run('a look at a list', lookUnlessLately(campaigns, meant.campaign, call.background.signal));
    // Making the numbers goes on where a stop broke it off.
    return shown(call, await call.numbers.of(meant.campaign));
  },
};

export const preview: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const campaign = await call.numbers.of(meant.campaign);
    if (campaign.frozen?.revision !== campaign.revision || campaign.frozen.messages === 0) {
      return afterEdit(call, campaign);
    }
    const samples = await samplesOf(call.room, campaign);
    return previewCard({ campaign, samples, canTest: call.by.phone !== null }, call.reader);
  },
};

/** The messages worth a look; one that is worth it for two reasons is shown for the first. */
async function samplesOf(room: ChatRoom, campaign: Campaign): Promise<readonly Sample[]> {
  const { first, longest, doubtful } = campaign.frozen!.samples;
  const wanted = new Map<string, Sample['kind']>([[first, 'first']]);
  if (!wanted.has(longest)) wanted.set(longest, 'longest');
  if (doubtful !== null && !wanted.has(doubtful)) wanted.set(doubtful, 'doubtful');
  const samples: Sample[] = [];
  for (const [id, kind] of wanted) {
    const message = await room.campaigns.messages.message(id);
    const row = message && (await room.campaigns.audiences.row(message.row));
    if (!message || !row) continue;
    const { text, phone, encoding, parts, price } = message;
    const doubt = (row.recipient?.doubt ?? null) as Sample['doubt'];
    samples.push({ kind, text, phone, encoding, parts, row: row.number, doubt, cost: price * parts });
  }
  return samples;
}

/** Words that narrow a list down. */
const NARROWED: readonly (readonly [RegExp, { readonly states?: readonly CampaignState[]; readonly mine?: true }])[] = [
  [/^(?:mine|my|мои|моё|мое)$/u, { mine: true }],
  [/^(?:drafts?|чернови)/u, { states: ['draft'] }],
  [/^(?:waiting|submitted|ждут|на согласован)/u, { states: ['submitted'] }],
  [/^(?:approved|согласован)/u, { states: ['approved'] }],
  [/^(?:scheduled|планир|запланир)/u, { states: ['scheduled', 'approved'] }],
  [/^(?:sending|running|отправл|идут)/u, { states: ['sending', 'paused'] }],
  [/^(?:paused|приостановл|пауз)/u, { states: ['paused'] }],
  [/^(?:finished|done|заверш|готов)/u, { states: ['finished'] }],
  [/^(?:missed|пропущ)/u, { states: ['missed'] }],
  [/^(?:cancelled|canceled|отмен)/u, { states: ['cancelled'] }],
  [/^(?:all|все)$/u, {}],
];
const LISTED = 20;

export const list: Command = {
  keys: [],
  async run(call) {
    if (!may(call.by, 'see', null)) return refused(call, { code: 'not-allowed', right: 'see' });
    const said = plainText(call.args.words.map((word) => word.text).join(' '));
    const narrowed = said === '' ? {} : NARROWED.find(([pattern]) => pattern.test(said))?.[1];
    if (!narrowed) return wrongValue(call, said, { of: 'choice', key: 'class', options: LIST_WORDS[call.by.locale] });
    const campaigns = await call.room.campaigns.store.list(scopeOf(call.by), {
      ...(narrowed.states && { states: narrowed.states }),
      ...(narrowed.mine && { createdBy: call.by.id }),
      most: LISTED,
    });
    const only = narrowed.mine ? 'mine' : narrowed.states?.[0];
    return listCard({ campaigns, only, ...(await around(call)), mayWrite: may(call.by, 'write', null) }, call.reader);
  },
};

const LIST_WORDS = {
  en: ['mine', 'drafts', 'waiting', 'scheduled', 'sending', 'finished', 'missed'],
  ru: ['мои', 'черновики', 'ждут', 'запланированные', 'отправляются', 'завершённые', 'пропущенные'],
} as const;

async function around({ room }: Call) {
  return { names: namesOf(await room.staff.store.employees()), now: room.now() };
}

export const waiting: Command = {
  keys: [],
  async run(call): Promise<Card> {
    if (!may(call.by, 'see', null)) return refused(call, { code: 'not-allowed', right: 'see' });
    const { room, by } = call;
    const submitted = await room.campaigns.store.list(scopeOf(by), { states: ['submitted'], most: LISTED });
    const everyone = await room.staff.store.employees();
    const campaigns = submitted.toSorted(soonestFirst).map((campaign) => ({
      campaign,
      mayDecide: authorityNow(room, by, campaign, everyone).kind === 'may',
      needed: approvalsNeeded(campaign, room.campaigns.settings.approvalRules),
    }));
    return waitingCard({ campaigns, names: namesOf(everyone), now: room.now() }, call.reader);
  },
};

const soonestFirst = (a: Campaign, b: Campaign): number => startsAt(a) - startsAt(b);
const startsAt = ({ start }: Campaign): number => (start?.kind === 'at' ? start.at.getTime() : Number.MAX_SAFE_INTEGER);
