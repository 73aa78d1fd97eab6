/**
 * The form for a new campaign, one question at a time, for people who do not type commands. What it asks next follows from what
 * the draft still lacks, so it survives a restart, a command in between, and an answer that comes by a button.
 */
import type { Question } from '../audiences/questions.ts';
import { submit } from '../campaigns/approve.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { createDraft, type DraftFields, editDraft } from '../campaigns/draft.ts';
import type { Verdict } from '../campaigns/room.ts';
import type { Card } from '../staff/card.ts';
import { scopeOf } from '../staff/employee.ts';
import { formCard } from './cards/form.ts';
import { mistakeCard } from './cards/mistake.ts';
import { refusalCard } from './cards/refusal.ts';
import { keyOf } from './cards/speech.ts';
import type { Talk } from './command.ts';
import { afterEdit, counted, sourceNamed } from './drafts.ts';
import { type FieldProblem, senderOf, startOf, textOf, withAnswers } from './fields.ts';
import { type Form, STEPS, type Step } from './form-store.ts';
import { hintsOf, knownOf, optionsOf } from './form-words.ts';
import { answerTo } from './question-answer.ts';
import { sendersOf, shown } from './view.ts';
import { phraseIn } from './vocabulary.ts';
import { startCommand } from './when-command.ts';
import { plainText } from './when-words.ts';

export type NewForm = Extract<Form, { kind: 'new' }>;

/** What to ask next, when the step `after` was answered or passed over. */
export function nextStep(campaign: Campaign | null, after: Step | null): Step {
  if (!campaign || (!campaign.source && !campaign.audience)) return 'source';
  const { problem } = campaign;
  if (problem?.kind === 'source') return 'source';
  if (problem?.kind === 'questions') return 'questions';
  if (campaign.text === null || problem?.kind === 'variables') return 'text';
  if (campaign.sender === null) return 'sender';
  const asked = after !== null && STEPS.indexOf(after) >= STEPS.indexOf('when');
  return campaign.start === null && !asked ? 'when' : 'confirm';
}

/** Whether the form can be of use for this draft: something that cannot be left out is missing. */
export const isIncomplete = (campaign: Campaign): boolean =>
  (!campaign.source && !campaign.audience) || campaign.text === null || campaign.sender === null;

/** Asks what is next about the campaign, and remembers what was asked. */
export async function goOn(talk: Talk, campaign: Campaign | null, after: Step | null): Promise<Card> {
  return ask(talk, campaign, nextStep(campaign, after));
}

async function ask(talk: Talk, campaign: Campaign | null, step: Step, mistake?: readonly string[]): Promise<Card> {
  const form: NewForm = { kind: 'new', campaign: campaign?._id ?? null, step };
  const shownNow = campaign ? { shown: campaign._id } : {};
  await talk.room.forms.keep(talk.event, { form, ...shownNow }, talk.room.now());
  if (campaign && step === 'confirm') return shown(talk, campaign);
  // What stands in the way is the question then.
  if (campaign?.problem && (step === 'questions' || step === 'source' || step === 'text') && !mistake) {
    return afterEdit(talk, campaign);
  }
  return questionOf(talk, campaign, step, mistake);
}

/** Steps that a person counts: questions about the file belong to the file. */
const COUNTED: readonly Step[] = ['source', 'text', 'sender', 'when'];

async function questionOf(
  talk: Talk,
  campaign: Campaign | null,
  step: Step,
  mistake: readonly string[] | undefined,
): Promise<Card> {
  const asked = step === 'questions' || step === 'confirm' ? 'source' : step;
  return formCard(
    {
      subject: campaign ? `campaign:${campaign._id}` : 'form',
      step: COUNTED.indexOf(asked) + 1,
      steps: COUNTED.length,
      question: talk.words.t(`form.${asked}`),
      hints: await hintsOf(talk, campaign, asked),
      known: knownOf(talk, campaign),
      options: await optionsOf(talk, campaign, asked),
      mistake,
      canGoBack: asked !== 'source',
      canSkip: mayPass(campaign, step),
    },
    talk.reader,
  );
}

/** A step may be passed over when the campaign does without it, or has it already. */
function mayPass(campaign: Campaign | null, step: Step): boolean {
  if (step === 'when') return true;
  if (step === 'source') return campaign?.source !== null && campaign?.source !== undefined && !campaign.problem;
  if (step === 'text') return typeof campaign?.text === 'string' && !campaign.problem;
  return step === 'sender' && typeof campaign?.sender === 'string';
}

export async function skip(talk: Talk, form: NewForm): Promise<Card> {
  const campaign = await draftOf(talk, form);
  if (mayPass(campaign, form.step)) return goOn(talk, campaign, form.step);
  return ask(talk, campaign, form.step, [talk.words.t('form.cannot-skip')]);
}

export async function back(talk: Talk, form: NewForm): Promise<Card> {
  const campaign = await draftOf(talk, form);
  const before = COUNTED.filter((step) => STEPS.indexOf(step) < STEPS.indexOf(form.step)).at(-1) ?? 'source';
  return questionAgain(talk, campaign, before);
}

/** A step that was answered before, asked as if anew. */
async function questionAgain(talk: Talk, campaign: Campaign | null, step: Step): Promise<Card> {
  const form: NewForm = { kind: 'new', campaign: campaign?._id ?? null, step };
  await talk.room.forms.keep(talk.event, { form }, talk.room.now());
  return questionOf(talk, campaign, step, undefined);
}

/** The campaign that the form is about; null before the first answer, and when it is not the person's to see any more. */
export async function campaignOf({ room, by }: Talk, form: Form): Promise<Campaign | null> {
  return form.campaign ? room.campaigns.store.campaign(scopeOf(by), form.campaign) : null;
}

/** The draft that the form fills in; null also when it is no draft any more. */
export async function draftOf(talk: Talk, form: Form): Promise<Campaign | null> {
  const campaign = await campaignOf(talk, form);
  return campaign?.state === 'draft' ? campaign : null;
}

/** What was typed, as the answer to what was asked. */
export async function answer(talk: Talk, form: NewForm, said: string): Promise<Card> {
  const campaign = await draftOf(talk, form);
  // A list that is long in being read raises its questions when the next step was asked already.
  const late = form.step === 'questions' ? null : questionNow(campaign);
  if (late && answerTo(late, said)) return answerQuestion(talk, campaign, said);
  // So does one that cannot be read: a list that is named now stands in for it, and is no text for customers.
  if (campaign?.problem?.kind === 'source' && isList(talk, said)) return answerSource(talk, campaign, said);
  switch (form.step) {
    case 'source':
      return answerSource(talk, campaign, said);
    case 'questions':
      return answerQuestion(talk, campaign, said);
    case 'text':
      return answerField(talk, campaign, 'text', textOf(said), (text) => ({ text }));
    case 'sender':
      return answerSender(talk, campaign, said);
    case 'when':
      return answerWhen(talk, campaign, said);
    case 'confirm':
      return confirm(talk, campaign, said);
  }
}

async function answerSource(talk: Talk, campaign: Campaign | null, said: string): Promise<Card> {
  const named = sourceNamed(talk, said === '' ? null : said);
  if (named?.kind === 'card') return named.card;
  if (!named || !isList(talk, named.wish.ref)) {
    return ask(talk, campaign, 'source', [talk.words.t('form.no-source', { said })]);
  }
  return save(talk, campaign, { source: named.wish }, 'source');
}

const isList = ({ room }: Talk, ref: string): boolean =>
  room.campaigns.reading.sources.some((source) => source.claims(ref));

async function answerQuestion(talk: Talk, campaign: Campaign | null, said: string): Promise<Card> {
  const question = questionNow(campaign);
  if (!campaign?.source || !question) return goOn(talk, campaign, 'questions');
  const answers = answerTo(question, said);
  if (!answers) return afterEdit(talk, campaign);
  return save(talk, campaign, { source: withAnswers(campaign.source, answers) }, 'questions');
}

/** What is asked about the source just now. */
export const questionNow = (campaign: Campaign | null): Question | null =>
  campaign?.problem?.kind === 'questions' ? (campaign.problem.questions[0] ?? null) : null;

async function answerField<T>(
  talk: Talk,
  campaign: Campaign | null,
  step: Step,
  read: { readonly value?: T; readonly problem?: FieldProblem },
  fields: (value: T) => DraftFields,
): Promise<Card> {
  if (read.problem) return ask(talk, campaign, step, linesOf(problemOf(talk, campaign, read.problem)));
  return save(talk, campaign, fields(read.value!), step);
}

/** A name that no operator carries would leave out everybody, and the card would say so only in the end. */
async function answerSender(talk: Talk, campaign: Campaign | null, said: string): Promise<Card> {
  const read = senderOf(said);
  const known = sendersOf(await talk.room.accounts.accounts());
  if (read.value !== undefined && known.length > 0 && !known.includes(read.value)) {
    const list = talk.words.list(known);
    return ask(talk, campaign, 'sender', [talk.words.t('form.unknown-sender', { said: read.value, list })]);
  }
  return answerField(talk, campaign, 'sender', read, (sender) => ({ sender }));
}

async function answerWhen(talk: Talk, campaign: Campaign | null, said: string): Promise<Card> {
  const { room, by } = talk;
  const read = startOf(said, { now: room.now(), zone: by.zone, locale: by.locale });
  if (read.value?.unclear && campaign) {
    const choose = startCommand(by, `${phraseIn(by.locale, 'edit')} ${campaign._id} ${keyOf(by.locale, 'start')}=`);
    return mistakeCard({ kind: 'when', ...read.value.unclear, choose }, talk.reader);
  }
  return answerField(talk, campaign, 'when', read, ({ start = null }) => ({ start }));
}

async function confirm(talk: Talk, campaign: Campaign | null, said: string): Promise<Card> {
  if (!campaign || !/^(?:yes|y|ok|да|ага|ок|согласен|согласна|отправ)/u.test(plainText(said))) {
    return goOn(talk, campaign, 'when');
  }
  const verdict = await submit(talk.room.campaigns, talk.by, campaign._id);
  if (verdict.kind === 'done') await leave(talk);
  return told(talk, verdict, campaign, (submitted) => shown(talk, submitted));
}

/** Keeps the answer in the draft, which the first answer makes, and asks what is next. */
async function save(talk: Talk, campaign: Campaign | null, fields: DraftFields, step: Step): Promise<Card> {
  const { room, by } = talk;
  const verdict = campaign
    ? await editDraft(room.campaigns, by, campaign._id, fields)
    : await createDraft(room.campaigns, by, fields);
  return told(talk, verdict, campaign, async (saved) => goOn(talk, await counted(talk, saved), step));
}

async function told(
  { reader }: Talk,
  verdict: Verdict,
  campaign: Campaign | null,
  then: (campaign: Campaign) => Promise<Card>,
): Promise<Card> {
  if (verdict.kind === 'done') return then(verdict.campaign);
  return refusalCard({ refusal: verdict.refusal, command: 'new', campaign: campaign ?? undefined }, reader);
}

export async function leave({ room, event }: Talk): Promise<void> {
  await room.forms.keep(event, { form: null }, room.now());
}

function problemOf({ reader }: Talk, campaign: Campaign | null, problem: FieldProblem): Card {
  switch (problem.kind) {
    case 'text':
      return mistakeCard({ ...problem, campaign: campaign?._id }, reader);
    case 'when':
      return mistakeCard(problem, reader);
    case 'value':
    case 'missing':
      return mistakeCard({ ...problem, command: 'new' }, reader);
  }
}

/** What a card says, for a form to say it over its question. */
const linesOf = ({ title, lead = [], sections = [] }: Card): readonly string[] => [
  title,
  ...lead,
  ...sections.flatMap(({ title, lines = [] }) => [...(title === '' ? [] : [title]), ...lines]),
];
