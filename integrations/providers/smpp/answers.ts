/**
 * What an operator's answer to submit_sm means (SMPP 3.4, 5.1.3): pure. Anything but ESME_ROK says that the part was not
 * taken; whether it may be tried again is the question. Temporary are the four of Kannel's
 * `smpp_status_to_smscconn_failure_reason` and what says so itself; what a person must first put right is refused.
 */
import smpp from 'smpp';
import type { Failure, FailureCode } from '../../../src/dispatch/provider.ts';
import type { SmppSettings } from './settings.ts';

export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: Failure }
  /** Not taken, and may be tried again; `throttled` as its code asks the whole session to slow down. */
  | { readonly kind: 'later'; readonly why: Failure }
  | { readonly kind: 'unknown'; readonly why: Failure };

type Meaning = { readonly kind: 'refused' | 'later' | 'unknown'; readonly code: FailureCode };

const refused = (code: FailureCode): Meaning => ({ kind: 'refused', code });
const later = (code: FailureCode): Meaning => ({ kind: 'later', code });

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ESME_RTHROTTLED: later('throttled'),
  ESME_RMSGQFUL: later('throttled'),
  ESME_RSYSERR: later('operator-error'),
  ESME_RX_T_APPN: later('operator-error'),
  ESME_RSERTYPUNAVAIL: later('operator-error'),
  ESME_RINVBNDSTS: later('not-connected'),

  ESME_RINVDSTADR: refused('bad-number'),
  ESME_RINVDSTTON: refused('bad-number'),
  ESME_RINVDSTNPI: refused('bad-number'),
  ESME_RINVSRCADR: refused('bad-sender'),
  ESME_RINVSRCTON: refused('bad-sender'),
  ESME_RINVSRCNPI: refused('bad-sender'),
  ESME_RINVDCS: refused('bad-text'),
  ESME_RINVMSGLEN: refused('bad-text'),
  ESME_RINVESMCLASS: refused('bad-text'),
  ESME_RDELIVERYFAILURE: refused('blocked'),
  ESME_RPROHIBITED: refused('account'),
  ESME_RSERTYPUNAUTH: refused('account'),
  ESME_RSERTYPDENIED: refused('account'),
  ESME_RINVSYSTYP: refused('account'),
  ESME_RSUBMITFAIL: refused('operator-error'),
  ESME_RX_P_APPN: refused('operator-error'),
  ESME_RX_R_APPN: refused('operator-error'),

  // "Unknown error" is the one answer that does not even say that the part was not taken.
  ESME_RUNKNOWNERR: { kind: 'unknown', code: 'operator-error' },
};

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(smpp.errors).map(([name, status]) => [status, name] as const),
);

/** `ESME_RINVDSTADR (0x0000000B)`; a status of the operator's own has only the number. */
export function statusText(status: number): string {
  const hex = `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;
  const name = NAMES.get(status);
  return name === undefined ? hex : `${name} (${hex})`;
}

/** Reads the statuses that an operator gives a meaning of its own, once. */
export const ownMeanings = (statuses: SmppSettings['statuses']): ReadonlyMap<number, Meaning> =>
  new Map(Object.entries(statuses).map(([hex, meaning]) => [Number(hex), meaning] as const));

/** What a command_status in the answer to submit_sm means; `own` goes before the table. */
export function verdictOf(status: number, own: ReadonlyMap<number, Meaning>): Verdict {
  if (status === 0) return { kind: 'taken' };
  const { kind, code } = own.get(status) ?? meaningOf(status);
  return { kind, why: { code, detail: statusText(status) } };
}

function meaningOf(status: number): Meaning {
  const name = NAMES.get(status);
  // 5.1.3: 0x400-0x4FF are the vendor's, the rest is reserved: a no, though we cannot say why.
  if (name === undefined) return refused('operator-error');
  // What else the table names is about how a PDU is written.
  return MEANINGS[name] ?? refused('our-fault');
}

/** A bind refused for who we are: trying often would lock the account at many operators. */
export const isCredentialStatus = (status: number): boolean =>
  status === smpp.errors.ESME_RINVPASWD || status === smpp.errors.ESME_RINVSYSID;
