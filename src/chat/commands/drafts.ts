/** Commands that make and change drafts: new, edit, copy, again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { lookAt } from '../../audiences/freeze.ts';
import type { SourceProblem } from '../../audiences/source.ts';
import type { AudienceWish, Campaign } from '../../campaigns/campaign.ts';
import {
  copyCampaign,
  createDraft,
  type DraftFields,
  editDraft,
  refresh as readAnew,
  sendAgain,
} from '../../campaigns/draft.ts';
import type { Card } from '../../staff/card.ts';
import { may } from '../../staff/rights.ts';
import { sourceProblemCard } from '../cards/audience.ts';
import { keyOf } from '../cards/speech.ts';
import { type Call, type Command, fieldProblem, leftOver, missing, mistaken, refused, settled } from '../command.ts';
import { afterEdit, counted, sourceNamed } from '../drafts.ts';
import { type ReadFields, readFields, type UnclearTime, withAnswers } from '../fields.ts';
import { goOn, isIncomplete } from '../forms.ts';
import { DRAFT_KEYS, phraseIn } from '../vocabulary.ts';
import { startCommand } from '../when-command.ts';
import { whichCampaign } from '../which.ts';

export const create: Command = {
  keys: DRAFT_KEYS,
  async run(call) {
    const { room, by, args } = call;
    if (!may(by, 'write', by.department)) return refused(call, { code: 'not-allowed', right: 'write' });
    if (args.words[1]) return leftOver(call, 1);
    const reading = readFields(args.named, clockOf(call));
    if (reading.kind === 'problem') return fieldProblem(call, reading.problem);
    const { read } = reading;
    const named = sourceNamed(call, args.words[0]?.text ?? read.source);
    if (named?.kind === 'card') return named.card;
    const unreadable = named && (await unreadableNow(call, named.wish));
    if (unreadable) return sourceProblemCard({ name: named.wish.name, problem: unreadable }, call.reader);
    const fields = { ...read.fields, ...(named && { source: withAnswers(named.wish, read.answers) }) };
    if (Object.keys(fields).length === 0) return goOn(call, null, null);
    const verdict = await createDraft(room.campaigns, by, fields);
    return settled(call, verdict, undefined, (draft) => afterWrite(call, draft, read.unclear));
  },
};

export const edit: Command = {
  keys: DRAFT_KEYS,
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', step: 'edit', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    if (call.args.words[next]) return leftOver(call, next);
    const reading = readFields(call.args.named, clockOf(call));
    if (reading.kind === 'problem') return fieldProblem(call, reading.problem, campaign._id);
    const source = sourceOf(call, campaign, reading.read);
    if (source?.kind === 'card') return source.card;
    const fields: DraftFields = { ...reading.read.fields, ...(source && { source: source.wish }) };
    const { unclear } = reading.read;
    if (Object.keys(fields).length === 0) return unclear ? askWhen(call, campaign, unclear) : missing(call, 'anything');
    const verdict = await editDraft(call.room.campaigns, call.by, campaign._id, fields);
    return settled(call, verdict, campaign, (draft) => afterWrite(call, draft, unclear));
  },
};

const clockOf = ({ room, by }: Call) => ({ now: room.now(), zone: by.zone, locale: by.locale });

/** What is answered once the draft is kept: what must be asked, the form's next question, or the card. */
async function afterWrite(call: Call, draft: Campaign, unclear: UnclearTime | null): Promise<Card> {
  const campaign = await counted(call, draft);
  const { form } = call.conversation;
  const isFilledIn = form?.kind === 'new' && form.campaign === campaign._id;
  const goesOn = isFilledIn || (call.name === 'new' && isIncomplete(campaign));
  // At the last step nothing is asked again; a start that was set by a button answers that question.
  const passed = isFilledIn && form.step === 'confirm' ? 'when' : null;
  const card = goesOn ? await goOn(call, campaign, passed) : null;
  if (unclear) return askWhen(call, campaign, unclear);
  return card ?? afterEdit(call, campaign);
}

async function askWhen(call: Call, campaign: Campaign, { key, said, unclear }: UnclearTime): Promise<Card> {
  await call.room.forms.keep(call.event, { shown: campaign._id }, call.room.now());
  const choose = startCommand(
    call.by,
    `${phraseIn(call.by.locale, 'edit')} ${campaign._id} ${keyOf(call.by.locale, key)}=`,
  );
  return mistaken(call, { kind: 'when', said, unclear, choose });
}

/** Why a new source cannot be read, when that is found out within an answer's time: then nothing is made of it. */
async function unreadableNow({ room, background, by }: Call, wish: AudienceWish): Promise<SourceProblem | null> {
  const looking = lookAt(room.campaigns.reading, wish.ref, wish.answers, by.id, background.signal);
  const look = await Promise.race([looking, sleep(room.settings.waitMs, null, { ref: false })]);
  background.run('a look at a source', looking);
  return look?.kind === 'refused' ? look.problem : null;
}

type Sourced = { readonly kind: 'wish'; readonly wish: AudienceWish } | { readonly kind: 'card'; readonly card: Card };

/** Another source, or answers about the one that there is. */
function sourceOf(call: Call, campaign: Campaign, { source, answers }: ReadFields): Sourced | null {
  const named = sourceNamed(call, source);
  if (named?.kind === 'card') return named;
  if (named) return { kind: 'wish', wish: withAnswers(named.wish, answers) };
  if (Object.keys(answers).length === 0) return null;
  if (!campaign.source) return { kind: 'card', card: missing(call, 'source') };
  const { name, uploaded } = campaign.source;
  // An uploaded file is deleted once it is read, so other answers about it come too late.
  if (uploaded && campaign.audience !== null) {
    const problem = { code: 'not-found', ref: name } as const;
    return { kind: 'card', card: sourceProblemCard({ name, problem, campaign: campaign._id }, call.reader) };
  }
  return { kind: 'wish', wish: withAnswers(campaign.source, answers) };
}

export const refresh: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', step: 'edit', orLast: true });
    if (meant.kind === 'card') return meant.card;
    if (call.args.words[meant.next]) return leftOver(call, meant.next);
    const verdict = await readAnew(call.room.campaigns, call.by, meant.campaign._id);
    return settled(call, verdict, meant.campaign, async (draft) => afterEdit(call, await counted(call, draft)));
  },
};

/** A new draft out of an earlier campaign. */
const outOf = (verb: typeof copyCampaign, key: 'campaign-name.copy' | 'campaign-name.again'): Command => ({
  keys: ['name'],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    if (call.args.words[next]) return leftOver(call, next);
    const name = call.args.named.get('name')?.text.trim() || call.words.t(key, { name: campaign.name });
    const verdict = await verb(call.room.campaigns, call.by, campaign._id, name);
    return settled(call, verdict, campaign, async (draft) => afterEdit(call, await counted(call, draft)));
  },
});

export const copy = outOf(copyCampaign, 'campaign-name.copy');
export const again = outOf(sendAgain, 'campaign-name.again');
