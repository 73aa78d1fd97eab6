/** A submit_sm and what was decided about it, as a line of the log. Pure. */
import type { DecodedMessage } from './decode.ts';
import type { LogEntry } from './log.ts';
import { type Read, type SubmitSm, TLV } from './pdus.ts';
import type { OverLimit, Verdict } from './submit.ts';
import { STATUS } from './wire.ts';

/** A line before the log gives it its number and times. */
export type Unnumbered = Omit<LogEntry, 'at' | 'mono' | 'n'>;

/** What was read of a message; without an encoding and a text when none are kept. */
export type Decoded = Pick<DecodedMessage, 'part' | 'flaws'> & Pick<LogEntry, 'encoding' | 'text'>;

/** Nothing could be read, or nothing is to be kept. */
export const NOT_DECODED: Decoded = { encoding: null, text: null, part: null, flaws: [] };

/** Where it came from. */
export interface Origin {
  readonly account: string;
  readonly bind: string;
  readonly seq: number;
  readonly unanswered: number;
}

export interface Decided {
  readonly verdict: Verdict;
  /** The id as its answer writes it; null when it was not taken. */
  readonly messageId: string | null;
  readonly overLimit: OverLimit | null;
}

export function entryOf(origin: Origin, read: Read<SubmitSm>, decoded: Decoded, decided: Decided): Unnumbered {
  const submit = read.ok ? read.value : UNREADABLE;
  return {
    account: origin.account,
    bind: origin.bind,
    seq: origin.seq,
    from: submit.source,
    to: submit.destination,
    sourceTon: submit.sourceTon,
    destinationTon: submit.destinationTon,
    dataCoding: submit.dataCoding,
    encoding: decoded.encoding,
    text: decoded.text,
    part: decoded.part,
    flaws: decoded.flaws,
    registered: submit.registeredDelivery,
    validity: submit.validityPeriod,
    userReference: userReferenceOf(submit),
    unanswered: origin.unanswered,
    answered: answeredWith(decided.verdict),
    messageId: decided.messageId,
    overLimit: decided.overLimit,
  };
}

/** user_message_reference, when it came with one. */
export function userReferenceOf(submit: SubmitSm): number | null {
  const value = submit.tlvs.get(TLV.user_message_reference);
  return value?.length === 2 ? value.readUInt16BE() : null;
}

function answeredWith(verdict: Verdict): number | null {
  if (verdict.kind !== 'accept') return STATUS[verdict.status];
  return verdict.answer === 'send' ? STATUS.ESME_ROK : null;
}

/** Stands for a submit_sm that cannot be read. */
const UNREADABLE: SubmitSm = {
  sourceTon: 0,
  source: '',
  destinationTon: 0,
  destination: '',
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 0,
  dataCoding: 0,
  shortMessage: Buffer.alloc(0),
  tlvs: new Map(),
};
