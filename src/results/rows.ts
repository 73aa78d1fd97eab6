/**
 * What stands in a campaign's columns for one row: plain words, exact costs. Pure.
 */
import { CHARGED_IN, type MessageRecord } from '../campaigns/messages.ts';
import type { Texts } from '../texts/index.ts';
import type { ResultSheet } from './sink.ts';

/** Values in the order of `columnsOf`. */
export type RowValues = readonly (string | number | Date | null)[];

export const columnsOf = (words: Texts, currency: string): readonly string[] => [
  words.t('result-column.status'),
  words.t('result-column.operator'),
  words.t('result-column.parts'),
  words.t('result-column.cost', { currency }),
  words.t('result-column.time'),
  words.t('result-column.error'),
  words.t('result-column.message-id'),
  words.t('result-column.updated-at'),
  words.t('result-column.receipts-awaited'),
];

/** What kind of value stands in each of the columns. */
export const COLUMN_KINDS: NonNullable<ResultSheet['kinds']> = [
  'text',
  'text',
  'count',
  'money',
  'time',
  'text',
  'text',
  'time',
  'count',
];

export function valuesOf(message: MessageRecord, words: Texts): RowValues {
  const { provider = null, sentAt } = message.sent ?? {};
  return [
    words.t(`message-state.${message.state}`),
    provider,
    message.parts,
    costOf(message),
    sentAt ?? null,
    errorOf(message, words),
    message._id,
    latest(sentAt, message.doneAt),
    awaitsReceipts(message) ? message.parts : 0,
  ];
}

const awaitsReceipts = ({ state, error }: MessageRecord): boolean =>
  state === 'submitting' || (state === 'accepted' && error !== 'no-id');

/** Operators date their receipts to the minute, so that a receipt may seem to come before the message. */
const latest = (sentAt?: Date, doneAt?: Date): Date | null =>
  sentAt && doneAt && doneAt < sentAt ? sentAt : (doneAt ?? sentAt ?? null);

/** What it cost so far, as a decimal of the currency's units; null when it cost nothing. */
function costOf({ state, sent, parts }: MessageRecord): number | null {
  if (!sent || !CHARGED_IN[sent.chargedOn].includes(state)) return null;
  return (sent.perPart * parts) / 1_000_000;
}

function errorOf({ error, errorDetail, possibleDuplicate }: MessageRecord, words: Texts): string | null {
  const said = [
    error === undefined ? null : words.t(`failure.${error}`),
    errorDetail ?? null,
    possibleDuplicate ? words.t('result-note.possible-duplicate') : null,
  ].filter((one) => one !== null);
  return said.length > 0 ? said.join(': ') : null;
}
