/**
 * What a deliver_sm tells: a receipt, a customer's SMS, or nothing that can be used. Pure, and forgiving: no two
 * operators write receipts alike (SMPP 3.4, appendix B is only a suggestion), and a receipt not understood is money lost.
 */
import { DateTime } from 'luxon';
import type { Inbound, Receipt, ReceiptState } from '../../../src/dispatch/provider.ts';
import { asE164, type E164 } from '../../../src/messages/phone.ts';
import type { DeliverSm } from './deliver.ts';
import { messageText } from './inbound-text.ts';
import type { SmppSettings } from './settings.ts';
import { NATIONAL_TON } from './submit.ts';

export type Told =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'inbound'; readonly inbound: Inbound }
  /** Acknowledged and logged; `why` says nothing of what it contains. */
  | { readonly kind: 'problem'; readonly why: string };

/** What the PDU does not say itself. */
export interface Telling {
  readonly provider: string;
  /** IANA zone of the dates that the operator writes. */
  readonly receiptZone: string;
  readonly now: Date;
  /** What its error codes mean, and the country whose numbers come without their code. */
  readonly errors?: SmppSettings['receiptErrors'];
  readonly nationalCode?: string | undefined;
  /** The id of a receipt as answers write it. */
  readonly receiptId?: (id: string, to: E164 | null) => string;
}

/** 5.2.12, bits 5-2: a receipt of the operator's, an acknowledgement by a phone, an intermediate notification. */
const MESSAGE_TYPE = 0x3c;
const RECEIPT_TYPES: ReadonlySet<number> = new Set([0x04, 0x20]);
const ACKNOWLEDGEMENTS: ReadonlySet<number> = new Set([0x08, 0x10, 0x18]);

/**
 * Only the operator's own marks make a receipt (its esm_class, or a receipted_message_id): a customer may write
 * "id:1 stat:DELIVRD" too.
 */
export const isReceipt = (deliver: DeliverSm): boolean =>
  RECEIPT_TYPES.has(deliver.esmClass & MESSAGE_TYPE) || deliver.receiptedMessageId !== null;

/** Reads one that is not a part of a long message. */
export function tell(deliver: DeliverSm, by: Telling): Told {
  if (isReceipt(deliver)) return tellReceipt(deliver, by);
  if (ACKNOWLEDGEMENTS.has(deliver.esmClass & MESSAGE_TYPE)) return problem('an acknowledgement by a phone');
  const text = messageText(deliver.dataCoding, deliver.body);
  return text === null
    ? problem(`a message that is no text (data_coding ${deliver.dataCoding})`)
    : tellInbound(deliver, text, by);
}

const problem = (why: string): Told => ({ kind: 'problem', why });

/** A customer's SMS whose text has been read. */
export function tellInbound(deliver: DeliverSm, text: string, by: Telling): Told {
  const from = asE164(international(deliver, by) ?? '');
  if (from === null) return problem('a message from what is no phone');
  // A deliver_sm says neither when the phone sent it nor what the operator calls it.
  const told = { provider: by.provider, from, to: deliver.destination, text, at: by.now, isArrival: true };
  return { kind: 'inbound', inbound: told };
}

/** With its plus; null where nobody can tell whether the country's code is in it. */
function international({ source, sourceTon }: DeliverSm, { nationalCode }: Telling): string | null {
  if (source.startsWith('+')) return source;
  if (nationalCode === undefined || sourceTon === INTERNATIONAL_TON) return `+${source}`;
  return sourceTon === NATIONAL_TON ? `+${nationalCode}${source}` : null;
}
const INTERNATIONAL_TON = 1;

/** The operator repeats the number that it was given, which was checked then: its shape is enough, and ten times faster. */
function addressee(deliver: DeliverSm, by: Telling): E164 | null {
  const number = international(deliver, by);
  return number !== null && /^\+[1-9]\d{6,14}$/.test(number) ? (number as E164) : null;
}

function tellReceipt(deliver: DeliverSm, by: Telling): Told {
  const said = readReceiptText(receiptText(deliver));
  const providerMessageId = deliver.receiptedMessageId ?? said.id;
  if (providerMessageId === null) return problem('a receipt without an id');
  const state = stateByNumber(deliver.messageState) ?? stateByWord(said.stat);
  if (state === null && said.stat === null) return problem('a receipt without a state');

  const to = addressee(deliver, by);
  const error = errorOf(said.err) ?? deliver.networkError ?? unclearState(deliver, said.stat);
  const own = error === null ? undefined : by.errors?.[error];
  // A word that nobody knows concludes nothing, but is kept.
  const plainly = state ?? 'enroute';
  const isFailure = plainly !== 'enroute' && plainly !== 'delivered';
  const receipt = {
    provider: by.provider,
    providerMessageId: by.receiptId?.(providerMessageId, to) ?? providerMessageId,
    state: (isFailure && own?.state) || plainly,
    to,
    error: own?.says === undefined ? error : `${error} ${own.says}`,
    at: instantOf(said.doneDate, by),
  } satisfies Receipt;
  return { kind: 'receipt', receipt };
}

/** Receipts are written in ASCII whatever data_coding says, but for UCS-2: `_` of an id is 0x5F, not GSM's 0x11. */
const receiptText = ({ dataCoding, body }: DeliverSm): string =>
  (dataCoding === 8 ? messageText(8, body) : null) ?? body.toString('latin1');

export interface ReceiptText {
  readonly id: string | null;
  readonly stat: string | null;
  readonly err: string | null;
  /** As written, digits only. */
  readonly doneDate: string | null;
}

/**
 * "id:IIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:..." in any order,
 * spacing and case, with any field missing. What follows `text:` is the customer's message and says nothing.
 */
export function readReceiptText(body: string): ReceiptText {
  const text = body.replace(/text\s*:[\s\S]*$/i, '');
  const field = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null;
  return {
    id: field(/(?:^|[\s;,])id\s*:\s*([^\s;,]+?)(?=[\s;,]|sub\s*:|$)/i),
    stat: field(/stat(?:us)?\s*:\s*([a-z]+?)(?=[^a-z]|err\s*:|$)/i)?.toUpperCase() ?? null,
    err: field(/err\s*:\s*([^\s;,]+?)(?=[\s;,]|$)/i),
    doneDate: field(/done\s*date\s*:\s*(\d{10,14})/i),
  };
}

/** 5.2.28. ACCEPTED is final by the book, and "the operator has it" in practice. UNKNOWN concludes nothing. */
const BY_NUMBER: readonly ReceiptState[] = [
  'enroute', // 0 SCHEDULED (5.0)
  'enroute', // 1 ENROUTE
  'delivered', // 2 DELIVERED
  'expired', // 3 EXPIRED
  'undelivered', // 4 DELETED
  'undelivered', // 5 UNDELIVERABLE
  'enroute', // 6 ACCEPTED
  'enroute', // 7 UNKNOWN
  'rejected', // 8 REJECTED
  'undelivered', // 9 SKIPPED (5.0)
];
const STATE_UNKNOWN = 7;

/** Appendix B, and the ways in which operators spell it. The longest beginning that is known counts. */
const BY_WORD: readonly (readonly [string, ReceiptState])[] = [
  ['DELIV', 'delivered'],
  ['EXPIR', 'expired'],
  ['UNDEL', 'undelivered'],
  ['DELET', 'undelivered'],
  ['FAIL', 'undelivered'],
  ['SKIP', 'undelivered'],
  ['REJ', 'rejected'],
  ['ENROUT', 'enroute'],
  ['ACCEP', 'enroute'],
  ['SCHED', 'enroute'],
  ['BUFF', 'enroute'],
  ['UNKNOWN', 'enroute'],
];

const stateByNumber = (state: number | null): ReceiptState | null =>
  state === null ? null : (BY_NUMBER[state] ?? null);

const stateByWord = (word: string | null): ReceiptState | null =>
  word === null ? null : (BY_WORD.find(([beginning]) => word.startsWith(beginning))?.[1] ?? null);

/** The operator's own word where it concludes nothing: it does not know, or nobody knows what it says. */
function unclearState({ messageState }: DeliverSm, word: string | null): string | null {
  if (stateByNumber(messageState) !== null) return messageState === STATE_UNKNOWN ? 'UNKNOWN' : null;
  return stateByWord(word) === null || word === 'UNKNOWN' ? word : null;
}

/** `err:000` is no error. */
const errorOf = (err: string | null): string | null => (err === null || /^0+$/.test(err) ? null : err);

/** A day ahead of our clock, no zone explains a date. */
const FARTHEST_AHEAD_MS = 86_400_000;

/** When it happened by the operator's clock, else now. */
function instantOf(written: string | null, { receiptZone, now }: Telling): Date {
  const at = written === null ? null : wallTime(written, receiptZone);
  return at === null || at > now.getTime() + FARTHEST_AHEAD_MS ? now : new Date(at);
}

/** A minute has many receipts, and looking a zone up takes longer than all else in reading one. */
let lastWallTime: { written: string; zone: string; at: number | null } | null = null;

function wallTime(written: string, zone: string): number | null {
  if (lastWallTime?.written !== written || lastWallTime.zone !== zone)
    lastWallTime = { written, zone, at: readWallTime(written, zone) };
  return lastWallTime.at;
}

/** YYMMDDhhmm, with or without seconds, or the year in full. */
function readWallTime(written: string, zone: string): number | null {
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/.exec(written);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = { year: year < 100 ? 2000 + year : year, month, day, hour, minute, second };
  const at = DateTime.fromObject(local, { zone });
  return at.isValid ? at.toMillis() : null;
}
