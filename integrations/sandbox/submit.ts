/** What the operator does with a submit_sm: a pure decision from its bytes, the limits, the switches and chance. */
import { chance, type Random } from './chance.ts';
import type { Flaw } from './decode.ts';
import { type AccountFaults, byLastDigits } from './faults.ts';
import type { Read, SubmitSm } from './pdus.ts';
import type { StatusName } from './wire.ts';

/** The limit that a submit broke: too many unanswered on its bind, or too many parts a second on its account. */
export type OverLimit = 'window' | 'rate';

export interface SubmitFacts {
  readonly read: Read<SubmitSm>;
  readonly flaws: readonly Flaw[];
  /** False on a receiver bind, before the bind, and after unbind. */
  readonly maySubmit: boolean;
  readonly overLimit: OverLimit | null;
}

/** A switch that counts down each time it acts. */
export type Countdown = 'noAnswerNext' | 'dropAfterAcceptNext' | 'genericNackNext';

export type Verdict =
  /** Taken: it gets an id and receipts, whatever becomes of its answer. */
  | { readonly kind: 'accept'; readonly answer: 'send' | 'withhold' | 'close'; readonly spent: Countdown | null }
  | { readonly kind: 'refuse'; readonly status: StatusName }
  | { readonly kind: 'nack'; readonly status: StatusName; readonly spent: Countdown | null };

export function decideSubmit(facts: SubmitFacts, faults: AccountFaults, random: Random): Verdict {
  const wrong = whatIsWrong(facts, faults);
  if (wrong !== null) return { kind: 'refuse', status: wrong };

  if (chance(faults.throttleShare, random)) return { kind: 'refuse', status: 'ESME_RTHROTTLED' };
  if (chance(faults.queueFullShare, random)) return { kind: 'refuse', status: 'ESME_RMSGQFUL' };
  if (chance(faults.errorShare, random)) return { kind: 'refuse', status: faults.errorStatus };

  if (faults.genericNackNext > 0) return { kind: 'nack', status: 'ESME_RSYSERR', spent: 'genericNackNext' };
  if (chance(faults.genericNackShare, random)) return { kind: 'nack', status: 'ESME_RSYSERR', spent: null };

  if (faults.dropAfterAcceptNext > 0) return { kind: 'accept', answer: 'close', spent: 'dropAfterAcceptNext' };
  if (chance(faults.dropAfterAcceptShare, random)) return { kind: 'accept', answer: 'close', spent: null };
  if (faults.noAnswerNext > 0) return { kind: 'accept', answer: 'withhold', spent: 'noAnswerNext' };
  if (chance(faults.noAnswerShare, random)) return { kind: 'accept', answer: 'withhold', spent: null };
  return { kind: 'accept', answer: 'send', spent: null };
}

/** The first reason to refuse that is not chance: what an operator would check, in the order in which it would. */
function whatIsWrong(facts: SubmitFacts, faults: AccountFaults): StatusName | null {
  const { read, flaws, maySubmit, overLimit } = facts;
  if (!maySubmit) return 'ESME_RINVBNDSTS';
  if (overLimit === 'window') return 'ESME_RMSGQFUL';
  if (overLimit === 'rate') return 'ESME_RTHROTTLED';
  if (!read.ok) return read.status;

  const { source, sourceTon, destination, validityPeriod } = read.value;
  if (!isNumber(faults.allowPlus ? destination.replace(/^\+/, '') : destination)) return 'ESME_RINVDSTADR';
  if (!isSender(source, sourceTon)) return 'ESME_RINVSRCADR';
  if (faults.allowedSenders.length > 0 && !faults.allowedSenders.includes(source)) return 'ESME_RINVSRCADR';
  if (validityPeriod !== '' && !TIME.test(validityPeriod)) return 'ESME_RINVEXPIRY';
  if (flaws.includes('too-long')) return 'ESME_RINVMSGLEN';
  return byLastDigits(faults.submitErrors, destination) ?? null;
}

const isNumber = (address: string): boolean => /^\d{3,20}$/.test(address);

const TON_ALPHANUMERIC = 5;

/** A number of up to 20 digits, or with TON 5 a name of up to 11 characters (3GPP TS 23.040, 9.1.2.5). */
const isSender = (address: string, ton: number): boolean =>
  ton === TON_ALPHANUMERIC ? /^[\x20-\x7e]{1,11}$/.test(address) : isNumber(address);

/** "YYMMDDhhmmsstnnp", 16 characters (SMPP 3.4, 7.1.1). */
const TIME = /^\d{15}[+\-R]$/;
