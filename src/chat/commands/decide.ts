/** Commands around the approval: submit, withdraw, approve, reject. Who may is judged by the verbs, for the person who acts. */
import {
  approve as approveVerb,
  reject as rejectVerb,
  submit as submitVerb,
  withdraw as withdrawVerb,
} from '../../campaigns/approve.ts';
import type { Campaign } from '../../campaigns/campaign.ts';
import { isOpen } from '../../campaigns/life.ts';
import type { Card } from '../../staff/card.ts';
import { formCard } from '../cards/form.ts';
import { type Call, type Command, leftOver, refused, settled, type Talk } from '../command.ts';
import { counted } from '../drafts.ts';
import { leave } from '../forms.ts';
import { textFrom } from '../parse.ts';
import { authorityNow, shown } from '../view.ts';
import { whichCampaign } from '../which.ts';

export const submit: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', step: 'submit', orLast: true });
    if (meant.kind === 'card') return meant.card;
    if (call.args.words[meant.next]) return leftOver(call, meant.next);
    // Numbers may be on their way; an approver must see them.
    const campaign = await counted(call, meant.campaign);
    const verdict = await submitVerb(call.room.campaigns, call.by, campaign._id);
    return settled(call, verdict, campaign, async (submitted) => {
      if (call.conversation.form?.kind === 'new') await leave(call);
      call.room.nudge();
      return shown(call, submitted);
    });
  },
};

export const withdraw: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', step: 'withdraw', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const verdict = await withdrawVerb(call.room.campaigns, call.by, meant.campaign._id);
    return settled(call, verdict, meant.campaign, (draft) => shown(call, draft));
  },
};

/** The mark that stands on the card: the beginning of the hash over its terms. */
const MARK = /^[0-9a-f]{6}$/i;

export const approve: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', step: 'approve', orLast: false });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    const mark = call.args.words[next]?.text.toLowerCase();
    // Nobody approves what they have not seen: without its mark the card is shown, with the button that has it.
    if (mark === undefined && isOpen('approve', campaign.state)) return lookFirst(call, campaign);
    if (mark !== undefined && !MARK.test(mark)) return leftOver(call, next);
    const verdict = await approveVerb(call.room.campaigns, call.by, campaign._id, mark ?? '');
    return settled(call, verdict, campaign, (approved) => {
      call.room.nudge();
      return shown(call, approved);
    });
  },
};

/** The card as it is to be approved, for who may approve it; who may not is told why. */
async function lookFirst(call: Call, campaign: Campaign): Promise<Card> {
  const { room, by } = call;
  const authority = authorityNow(room, by, campaign, await room.staff.store.employees());
  return authority.kind === 'may' ? shown(call, campaign) : refused(call, { code: authority.why }, campaign);
}

export const reject: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', step: 'reject', orLast: false });
    if (meant.kind === 'card') return meant.card;
    const reason = textFrom(call.args, meant.next);
    if (reason === '') return askReason(call, meant.campaign);
    return rejectFor(call, meant.campaign, reason);
  },
};

/** Asks for the reason, but only who could decide at all. */
async function askReason(call: Call, campaign: Campaign): Promise<Card> {
  const { room, by, event, words } = call;
  if (!isOpen('reject', campaign.state)) return refused(call, { code: 'wrong-state', state: campaign.state }, campaign);
  const authority = authorityNow(room, by, campaign, await room.staff.store.employees());
  if (authority.kind === 'may-not') return refused(call, { code: authority.why }, campaign);
  await room.forms.keep(event, { form: { kind: 'reject', campaign: campaign._id } }, room.now());
  return formCard(
    {
      subject: `campaign:${campaign._id}`,
      step: 1,
      steps: 1,
      question: words.t('form.reject'),
      hints: [words.t('form.reject.hint')],
      known: [{ label: words.t('form.known.campaign'), value: `${campaign._id} ${campaign.name}` }],
      options: [],
      canGoBack: false,
      canSkip: false,
    },
    call.reader,
  );
}

/** Carries out the rejection, and ends the form that may have asked for the reason. */
export async function rejectFor(talk: Talk, campaign: Campaign, reason: string): Promise<Card> {
  const verdict = await rejectVerb(talk.room.campaigns, talk.by, campaign._id, reason);
  if (talk.conversation.form?.kind === 'reject') await leave(talk);
  if (verdict.kind === 'refused') return refused({ ...talk, name: 'reject' }, verdict.refusal, campaign);
  return shown(talk, verdict.campaign);
}
