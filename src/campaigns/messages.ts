/**
 * One SMS to one recipient, as it is frozen, approved and moved through its states; and the batch, an immutable range of
 * them. A message id sorts by its place in the run: `12.3:0000017`.
 */
import type { Encoding } from '../messages/encoding.ts';
import type { E164 } from '../messages/phone.ts';

/**
 * queued -> submitting -> accepted -> delivered | undelivered | expired | rejected; beside it suppressed, removed (its row was gone
 * from the source before sending began), failed, cancelled, missed, and unknown: it may have been sent, no one can say. Final states
 * never regress.
 */
export const MESSAGE_STATES = [
  'queued',
  'submitting',
  'accepted',
  'delivered',
  'undelivered',
  'expired',
  'rejected',
  'suppressed',
  'removed',
  'failed',
  'cancelled',
  'missed',
  'unknown',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Every way of not being taken, or not as it should be. Codes are stored and shown, each with a sentence in the catalogue; they are never reused. */
export const MESSAGE_ERRORS = [
  'bad-number', // the operator says that the number is not one
  'bad-sender', // the operator does not allow this sender ID
  'bad-text', // refused for what it says, or how it is encoded
  'blocked', // the subscriber or the operator blocks such messages
  'no-credit', // the account has no money left
  'account', // the account is closed, or not allowed to do this
  'throttled', // too fast, or the operator's queue is full
  'operator-error', // the operator has a fault of its own
  'not-connected', // there was no session to send through
  'no-answer', // it was sent, and nothing came back
  'connection-lost', // it was sent, and the session died before the answer
  'expired', // too late to be sent
  'worker-lost', // whoever was sending it died before keeping the answer
  'no-route', // no account may carry it any more
  'our-fault', // we made a message that this account cannot carry
  'no-id', // it was taken without an id, so that no receipt finds it
] as const;
export type MessageError = (typeof MESSAGE_ERRORS)[number];

export type MessageCounts = Readonly<Record<MessageState, number>>;

/** What of a message never changes after freezing. */
export interface FrozenMessage {
  readonly _id: string;
  readonly person: string;
  readonly phone: E164;
  readonly sender: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly parts: number;
  /** The dearest price per part that it may be sent at, micro-units. */
  readonly ceiling: number;
}

/** What a message was sent under, and when: stays with it whatever becomes of it. One value in one field, which is written as a whole. */
export interface SentUnder {
  /** Number of the lease under which it was sent. */
  readonly fence: number;
  readonly provider: string;
  readonly sentAt: Date;
  /** Price per part that it was sent at, micro-units, its currency, list and basis. */
  readonly perPart: number;
  readonly currency: string;
  readonly priceVersion: string;
  readonly chargedOn: 'submit' | 'delivery';
  /** The price per part as the account charges it, where that is in another currency. */
  readonly accountPrice?: { readonly perPart: number; readonly currency: string };
  readonly costCentre: string;
}

export interface MessageRecord extends FrozenMessage {
  readonly schemaVersion: 1;
  readonly run: string;
  /** The audience's row that it is for. */
  readonly row: string;
  /** Where its number belonged when it was frozen, as `250-01`; absent where nobody knew. */
  readonly network?: string;
  /** The route that was to carry it when it was frozen, and its price per part. */
  readonly route: string;
  readonly price: number;
  readonly state: MessageState;

  // What dispatch writes.
  readonly sent?: SentUnder;
  /** Number of the lease that a waiting message was last given to. */
  readonly fence?: number;
  readonly doneAt?: Date;
  /** Failure code of ours, and the operator's words for it. */
  readonly error?: MessageError;
  readonly errorDetail?: string;
  /** Providers that refused it, so that none is asked twice. */
  readonly refusedBy?: readonly string[];
  /** A service message that was sent a second time after nobody could say whether the first went out. */
  readonly possibleDuplicate?: true;
}

/**
 * The states in which a message costs something. Charged on submit: once taken, and once it may have been; charged on delivery:
 * once delivered.
 */
export const CHARGED_IN: Readonly<Record<'submit' | 'delivery', readonly MessageState[]>> = {
  submit: ['accepted', 'delivered', 'undelivered', 'expired', 'rejected', 'unknown'],
  delivery: ['delivered'],
};

export interface Batch {
  /** `12.3#00001`. */
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly run: string;
  readonly campaign: string;
  /** Sequence numbers, both included. */
  readonly first: number;
  readonly last: number;
  /** One zone a batch, so that a sending window opens and closes for all of it. */
  readonly zone: string;
  readonly leaf: string;
  /** First sequence number that nobody has leased yet. */
  readonly next: number;
  readonly fence: number;
  readonly pieces: readonly Piece[];
  readonly done: boolean;
  /** The run was ended: it is not opened again. */
  readonly sealed?: true;
  /** What was on a wire when the run was ended under whoever held it. */
  readonly left?: readonly OnWire[];
}

/** A leased part of a batch: who sends it, under which fence, until when by the server's clock. */
export interface Piece {
  readonly first: number;
  readonly last: number;
  readonly owner: string;
  readonly fence: number;
  readonly until: Date;
  /** Absent where nothing was sent yet. */
  readonly wire?: readonly OnWire[];
}

/** Sequence numbers in order, as the first and the last of each stretch of them: `[1, 40, 42, 42]`. */
export type Stretches = readonly number[];

/**
 * Messages that are written down as submitting, in one place for all of them: what of them still says `queued` may be on a wire. It
 * goes when each of them has its state.
 */
export interface OnWire {
  /** Tells it from the others of its lease. */
  readonly number: number;
  readonly stretches: Stretches;
  readonly under: SentUnder;
  /** The operator took those that still say `queued`; whatever else was answered stands in the messages. */
  readonly taken?: true;
}

/** Room for 9,999,999 messages a run. */
export const messageId = (run: string, sequence: number): string => `${run}:${String(sequence).padStart(7, '0')}`;
export const sequenceOf = (id: string): number => Number(id.slice(id.lastIndexOf(':') + 1));
export const runOfMessage = (id: string): string => id.slice(0, id.lastIndexOf(':'));
export const batchId = (run: string, number: number): string => `${run}#${String(number).padStart(5, '0')}`;

/** @example stretchesOf([4, 1, 2]) // [1, 2, 4, 4] */
export function stretchesOf(sequences: readonly number[]): Stretches {
  const stretches: number[] = [];
  for (const sequence of sequences.toSorted((a, b) => a - b)) {
    if (stretches.at(-1) === sequence - 1) stretches[stretches.length - 1] = sequence;
    else stretches.push(sequence, sequence);
  }
  return stretches;
}

/** The ids of these sequence numbers. */
export function idsIn(run: string, stretches: Stretches): string[] {
  const ids: string[] = [];
  for (let at = 0; at < stretches.length; at += 2) {
    for (let sequence = stretches[at]!; sequence <= stretches[at + 1]!; sequence++) ids.push(messageId(run, sequence));
  }
  return ids;
}

/** All ids of a run: `;` follows `:` in ASCII. */
export const idsOfRun = (run: string) => ({ $gt: `${run}:`, $lt: `${run};` });
/** Ids of all runs of a campaign, and of what is in them: `/` follows `.` in ASCII. */
export const idsOfCampaign = (campaign: string) => ({ $gt: `${campaign}.`, $lt: `${campaign}/` });
/** The ids of a range of sequence numbers, both included. */
export const idsBetween = (run: string, first: number, last: number) => ({
  $gte: messageId(run, first),
  $lte: messageId(run, last),
});
