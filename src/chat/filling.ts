/**
 * Whether what was said while a form is open is its answer. A command is a command also then; but a text of a message or a
 * reason may begin like one, so there only what can be nothing else is taken for it.
 */
import type { Card } from '../staff/card.ts';
import { formGoneCard, formLeftCard } from './cards/form.ts';
import type { Talk } from './command.ts';
import { rejectFor } from './commands/decide.ts';
import type { Form } from './form-store.ts';
import { answer, back, campaignOf, draftOf, leave, questionNow, skip } from './forms.ts';
import { answerTo } from './question-answer.ts';
import { type CommandName, readCommand, readFormWord, readKey } from './vocabulary.ts';

/** The card that answers, or null when it was not meant for the form. */
export async function answerForm(talk: Talk, form: Form): Promise<Card | null> {
  const { text, file } = talk.event;
  const word = readFormWord(text);
  const campaign = await campaignOf(talk, form);
  if (form.campaign !== null && !campaign) return endGone(talk, form);
  if (word === 'cancel') {
    await leave(talk);
    return formLeftCard({ campaign: form.campaign }, talk.reader);
  }
  // Somebody may have submitted, decided or cancelled it meanwhile.
  if (campaign && campaign.state !== (form.kind === 'new' ? 'draft' : 'submitted')) {
    await leave(talk);
    return null;
  }
  if (form.kind === 'new' && word === 'back') return back(talk, form);
  if (form.kind === 'new' && word === 'skip') return skip(talk, form);
  if (text === '' && !(file && form.kind === 'new' && form.step === 'source')) return null;
  if (await isCommand(talk, form)) return null;
  if (form.kind === 'new') return answer(talk, form, unquoted(text));
  return campaign && rejectFor(talk, campaign, unquoted(text));
}

/** The person has left the campaign's department, say: what only the form could take is answered by its end. */
async function endGone(talk: Talk, form: Form): Promise<Card | null> {
  await leave(talk);
  const { text } = talk.event;
  if (text === '' || (readFormWord(text) === null && (await isCommand(talk, form)))) return null;
  return formGoneCard(talk.reader);
}

async function isCommand(talk: Talk, form: Form): Promise<boolean> {
  const { text } = talk.event;
  const reading = readCommand(text);
  if (reading.kind === 'unknown') return false;
  if (/^\s*[/!]/u.test(text)) return true;
  // A column may be called like a command: «Телефон» is both.
  const question = form.kind === 'new' ? questionNow(await draftOf(talk, form)) : null;
  if (question && answerTo(question, text)) return false;
  const rest = text.slice(reading.end).trim();
  // A text that begins like a command: it is one with a slash before it, nothing or a number behind it, or what only a command has.
  if (form.kind === 'reject' || form.step === 'text') {
    return rest === '' || /^[#№]?\d{1,9}(?:\s|$)/u.test(rest) || isNothingElse(talk, reading.name, rest);
  }
  return true;
}

/** `help new`, `new customers.xlsx`, `settings language=ru`: no text for a customer reads like these. */
function isNothingElse({ room }: Talk, name: CommandName, rest: string): boolean {
  if (name === 'help') return readCommand(rest).kind === 'command';
  if (/^[\p{L}-]+=\S/u.test(rest)) return readKey(rest.slice(0, rest.indexOf('='))) !== null;
  if (name !== 'new' && name !== 'audience-check' && name !== 'staff-import') return false;
  const file = /^(?:["“„«](?<quoted>[^"“”»]+)["”“»]|(?<bare>\S+))(?=$|\s+[\p{L}-]+=)/u.exec(rest)?.groups;
  const named = file?.quoted ?? file?.bare;
  return named !== undefined && room.campaigns.reading.sources.some((source) => source.claims(named));
}

/** Who types a text in quotes means what is in them. */
const unquoted = (text: string): string => /^(["“„«])(?<inside>[\s\S]*)["”“»]$/u.exec(text)?.groups?.inside ?? text;
