/**
 * Every switch of the sandbox operator: what it may be set to, what it is at first, and what it does in one line for
 * `--help`. Switches of an account are kept per account; those of connections act before anyone has said who they are.
 */
import { z } from 'zod';
import { STATUS, type StatusName } from './wire.ts';

const share = z.number().min(0).max(1);
const millis = z.int().min(0);
const count = z.int().min(0);
const status = z.enum(Object.keys(STATUS) as [StatusName, ...StatusName[]]);
const lastDigits = z.string().regex(/^\d{1,15}$/, 'last digits of a number');
const idBase = z.enum(['decimal', 'hex']);

/** How a message may end; the operator's receipt says it in its own words. */
export const OUTCOMES = ['delivered', 'undelivered', 'expired', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const accountSwitches = z.strictObject({
  // Answers to submit_sm
  answerDelayMs: millis.describe('answer every submit_sm this late'),
  noAnswerShare: share.describe('accept this share, and never answer'),
  noAnswerNext: count.describe('accept the next N, and never answer'),
  dropAfterAcceptShare: share.describe('accept this share, and close the connection instead of answering'),
  dropAfterAcceptNext: count.describe('accept the next N, and close the connection instead of answering'),
  closeAfterSubmits: count.describe('close each connection after its N-th submit_sm was answered (0: never)'),
  unbindAfterSubmits: count.describe('send unbind on each connection after its N-th submit_sm (0: never)'),
  throttleShare: share.describe('answer this share with ESME_RTHROTTLED'),
  queueFullShare: share.describe('answer this share with ESME_RMSGQFUL'),
  errorShare: share.describe('answer this share with errorStatus'),
  errorStatus: status.describe('the status for errorShare'),
  submitErrors: z.record(lastDigits, status).describe('status by last digits of the number; the longest match counts'),
  allowedSenders: z.array(z.string()).describe('answer other sender IDs with ESME_RINVSRCADR (empty: allow all)'),
  genericNackShare: share.describe('answer this share with generic_nack'),
  genericNackNext: count.describe('answer the next N with generic_nack'),
  genericNackSequence: z.enum(['same', 'zero']).describe('the sequence number of those generic_nacks'),
  // What submits are like
  defaultAlphabet: z.enum(['gsm7', 'latin1', 'ascii']).describe('what data_coding 0 means'),
  allowPlus: z.boolean().describe('take numbers with a plus too'),
  // Sessions
  refuseBind: status.describe('refuse every bind with this status (ESME_ROK: let them in)'),
  systemId: z.string().max(15).describe('what it calls itself in its answer to a bind'),
  bindDelayMs: millis.describe('answer every bind this late'),
  ignoreBind: z.boolean().describe('never answer a bind'),
  ignoreEnquireLink: z.boolean().describe('never answer enquire_link'),
  ignoreUnbind: z.boolean().describe('never answer unbind'),
  enquireEveryMs: millis.describe(
    'send enquire_link so often, and close when the one before was not answered (0: never)',
  ),
  idleTimeoutMs: millis.describe('close a bind that says nothing for so long (0: never)'),
  // Message ids
  idBits: z.literal([32, 64, 96]).describe('how large message ids are: 32, 64 or 96 bits'),
  answerIdBase: idBase.describe('base of the id in submit_sm_resp'),
  answerIdUpperCase: z.boolean().describe('hexadecimal digits of the id in submit_sm_resp are upper case'),
  answerIdWidth: z.int().min(0).max(64).describe('leading zeros up to this width in submit_sm_resp'),
  receiptIdBase: idBase.describe('base of the id in receipts'),
  receiptIdUpperCase: z.boolean().describe('hexadecimal digits of the id in receipts are upper case'),
  receiptIdWidth: z.int().min(0).max(64).describe('leading zeros up to this width in receipts'),
  // Receipts
  receipts: z.enum(['all', 'first-part', 'none']).describe('which parts get receipts'),
  receiptDelayMs: millis.describe('time from submit_sm to its receipt'),
  receiptJitterMs: millis.describe('up to this much more, at random'),
  undeliveredShare: share.describe('share of numbers that end undelivered'),
  expiredShare: share.describe('share of numbers that end expired'),
  rejectedShare: share.describe('share of numbers that end rejected'),
  outcomes: z.record(lastDigits, z.enum(OUTCOMES)).describe('outcome by last digits of the number, before the shares'),
  outcomePerPart: z.boolean().describe('draw the outcome for each part, not once for the message'),
  receiptLossShare: share.describe('share of receipts that never come'),
  receiptBeforeAnswer: z.boolean().describe('send the receipt first, the answer at least 20 ms after it'),
  receiptCopies: z.int().min(1).max(100).describe('send every receipt so many times'),
  receiptsReversed: count.describe('send receipts in groups of N, the last first (0: in order)'),
  receiptForm: z.enum(['both', 'text', 'tlv']).describe('where a receipt says what it says'),
  enrouteFirst: z.boolean().describe('send a receipt ENROUTE half-way to the final one'),
  contradictFinal: z.boolean().describe('after each final receipt send another final one that says the opposite'),
  holdReceipts: z.boolean().describe('keep receipts and inbound back; they go out in a flood once this is off'),
  echoUserReference: z.boolean().describe('repeat user_message_reference in receipts'),
  ackTimeoutMs: z.int().min(10).describe('resend a deliver_sm that is not acknowledged for so long'),
  deliverAttempts: z.int().min(1).describe('give a deliver_sm up after so many attempts'),
  // Inbound
  autoReplyShare: share.describe('share of messages that a customer replies to'),
  autoReplyText: z.string().min(1).describe('what the reply says'),
  autoReplyDelayMs: millis.describe('time from submit_sm to the reply'),
});

const connectionSwitches = z.strictObject({
  refuseConnections: z.boolean().describe('close new connections at once'),
  blackHole: z.boolean().describe('take new connections, read everything, answer nothing'),
  deliverBeforeBind: z.boolean().describe('send a deliver_sm on every new connection, before it is bound'),
});

export type AccountFaults = Readonly<z.infer<typeof accountSwitches>>;
export type ConnectionFaults = Readonly<z.infer<typeof connectionSwitches>>;
/** Any of the switches; what is left out stays as it is. */
export type FaultChange = Partial<AccountFaults & ConnectionFaults>;

/** An operator that works: everything is taken at once, and 95 of 100 messages arrive. */
export const NO_FAULTS: AccountFaults = {
  answerDelayMs: 0,
  noAnswerShare: 0,
  noAnswerNext: 0,
  dropAfterAcceptShare: 0,
  dropAfterAcceptNext: 0,
  closeAfterSubmits: 0,
  unbindAfterSubmits: 0,
  throttleShare: 0,
  queueFullShare: 0,
  errorShare: 0,
  errorStatus: 'ESME_RSYSERR',
  submitErrors: {},
  allowedSenders: [],
  genericNackShare: 0,
  genericNackNext: 0,
  genericNackSequence: 'same',
  defaultAlphabet: 'gsm7',
  allowPlus: false,
  refuseBind: 'ESME_ROK',
  systemId: 'herald-sandbox',
  bindDelayMs: 0,
  ignoreBind: false,
  ignoreEnquireLink: false,
  ignoreUnbind: false,
  enquireEveryMs: 0,
  idleTimeoutMs: 0,
  idBits: 64,
  answerIdBase: 'decimal',
  answerIdUpperCase: false,
  answerIdWidth: 0,
  receiptIdBase: 'decimal',
  receiptIdUpperCase: false,
  receiptIdWidth: 0,
  receipts: 'all',
  receiptDelayMs: 100,
  receiptJitterMs: 0,
  undeliveredShare: 0.03,
  expiredShare: 0.01,
  rejectedShare: 0.01,
  outcomes: {},
  outcomePerPart: false,
  receiptLossShare: 0,
  receiptBeforeAnswer: false,
  receiptCopies: 1,
  receiptsReversed: 0,
  receiptForm: 'both',
  enrouteFirst: false,
  contradictFinal: false,
  holdReceipts: false,
  echoUserReference: false,
  ackTimeoutMs: 5_000,
  deliverAttempts: 100,
  autoReplyShare: 0,
  autoReplyText: 'STOP',
  autoReplyDelayMs: 200,
};

export const NO_CONNECTION_FAULTS: ConnectionFaults = {
  refuseConnections: false,
  blackHole: false,
  deliverBeforeBind: false,
};

const everySwitch = z.strictObject({ ...accountSwitches.shape, ...connectionSwitches.shape });
const anyChange = everySwitch.partial();
const accountChange = accountSwitches.partial();

/** Schema and meaning of every switch by its name. */
export const SWITCHES: Readonly<Record<string, z.ZodType>> = everySwitch.shape;

/** A change of switches read from outside, or every reason why it is none, one a line. */
export type ParsedChange =
  | { readonly ok: true; readonly change: FaultChange }
  | { readonly ok: false; readonly why: string };

/** `ofAccount`: the change is for one account, so switches of connections are refused. */
export function parseFaults(input: unknown, ofAccount: boolean): ParsedChange {
  const parsed = (ofAccount ? accountChange : anyChange).safeParse(input);
  if (!parsed.success) return { ok: false, why: z.prettifyError(parsed.error) };
  return { ok: true, change: parsed.data as FaultChange };
}

/** The switches with the change in; keys of `current` only, so that each side takes what is its own. */
export function withChange<F extends object>(current: F, change: FaultChange): F {
  const own = Object.entries(change).filter(([name, value]) => name in current && value !== undefined);
  return { ...current, ...Object.fromEntries(own) };
}

/** The entry of the longest last digits that the number ends with. */
export function byLastDigits<T>(table: Readonly<Record<string, T>>, number: string): T | undefined {
  let best = '';
  for (const digits of Object.keys(table)) {
    if (number.endsWith(digits) && digits.length > best.length) best = digits;
  }
  return best === '' ? undefined : table[best];
}
