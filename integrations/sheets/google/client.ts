/**
 * Google's own client libraries for Sheets and Drive, with one door for every call: within the budget, with a time-out, again
 * after "too many" and "not now" for as long as the caller has patience. Nothing is repeated that may have been done already
 * unless the caller says that it may.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { drive, type drive_v3 } from 'googleapis/build/src/apis/drive/index.js';
import { auth, sheets, type sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js';
import { z } from 'zod';
import { backOffMs } from './back-off.ts';
import { type Budget, type Clock, createBudget, type Quota, REAL_CLOCK } from './budget.ts';
import { GoogleTrouble, troubleOf } from './trouble.ts';

/** Sheets are read and written; of other files Herald reads no more than what a link leads to. */
export const SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets',
  'https://www.googleapis.com/auth/drive.readonly',
];

const account = z.object({ client_email: z.email(), private_key: z.string().refine(isKey) });
export type ServiceAccount = z.infer<typeof account>;

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}

/** Reads the key file of a service account; throws when it is none. */
export function readServiceAccount(file: string): ServiceAccount {
  try {
    return account.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} is not the key file of a Google service account`, { cause });
  }
}

export interface GoogleOptions {
  readonly account: ServiceAccount;
  /** Acts for the employee instead of itself, so that nobody reaches what they may not open. */
  readonly delegation: boolean;
  /** Another address instead of Google's own. */
  readonly apiUrl?: string | null;
  readonly clock?: Clock;
  readonly budget?: Budget;
  readonly random?: () => number;
}

export interface CallOptions {
  readonly quota: Quota | 'none';
  /** Of what is to be done, the freshest comes first; now, where it is not said. */
  readonly fresh?: number;
  /** How long it may be tried. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** May be done twice without harm; else it is tried again only where Google certainly did nothing. */
  readonly repeatable: boolean;
}

/** What the library takes with each call. */
export interface HowToCall {
  readonly signal: AbortSignal;
  readonly timeout: number;
  readonly retry: false;
}

export interface GoogleAccess {
  readonly sheets: sheets_v4.Sheets;
  readonly drive: drive_v3.Drive;
  /** Throws `GoogleTrouble` for what a person can do something about. */
  call<T>(options: CallOptions, make: (how: HowToCall) => Promise<{ data: T }>): Promise<T>;
}

export interface GoogleClient {
  /** The address that a sheet is to be shared with. */
  readonly share: string;
  readonly delegation: boolean;
  readonly clock: Clock;
  /** In whose place calls are made, where people are acted for; a person without an address reaches nothing then. */
  as(email: string | null): GoogleAccess;
}

/** Google gives up after 180 s itself. */
const TIMEOUT_MS = 180_000;

export function googleClient(options: GoogleOptions): GoogleClient {
  const { account, delegation, apiUrl = null, clock = REAL_CLOCK, random = Math.random } = options;
  const budget = options.budget ?? createBudget(clock);
  const known = new Map<string, GoogleAccess>();
  const call = caller(clock, budget, random);

  function accessOf(subject: string | null): GoogleAccess {
    const authorised = new auth.JWT({
      email: account.client_email,
      key: account.private_key,
      scopes: SCOPES,
      ...(subject === null ? {} : { subject }),
      ...(apiUrl === null ? {} : { transporterOptions: { fetchImplementation: fetchFrom(apiUrl) } }),
    });
    const common = { auth: authorised, retry: false } as const;
    return { sheets: sheets({ version: 'v4', ...common }), drive: drive({ version: 'v3', ...common }), call };
  }

  return {
    share: account.client_email,
    delegation,
    clock,
    as(email) {
      if (delegation && email === null) throw new GoogleTrouble('not-yours', null);
      const subject = delegation ? email : null;
      const access = known.get(subject ?? '') ?? accessOf(subject);
      known.set(subject ?? '', access);
      return access;
    },
  };
}

/** The one seam: what goes to any of Google's hosts goes to the other address, tokens and downloads too. */
function fetchFrom(apiUrl: string): typeof fetch {
  const { protocol, host } = new URL(apiUrl);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname.endsWith('.googleapis.com')) Object.assign(url, { protocol, host });
    return fetch(url, init);
  };
}

function caller(clock: Clock, budget: Budget, random: () => number): GoogleAccess['call'] {
  return async ({ quota, fresh = clock.now(), patienceMs, signal, repeatable }, make) => {
    const until = clock.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      if (quota !== 'none') await budget.take(quota, fresh, signal);
      try {
        const { data } = await make({ signal, timeout: TIMEOUT_MS, retry: false });
        return data;
      } catch (thrown) {
        signal.throwIfAborted();
        const trouble = troubleOf(thrown);
        if (trouble.kind === 'broken') throw new Error('Google does not do what it was asked', { cause: thrown });
        if (trouble.kind !== 'later') throw new GoogleTrouble(trouble.kind, thrown);
        const ms = backOffMs(attempt, random(), trouble.afterMs);
        if (!(trouble.untouched || repeatable) || clock.now() + ms > until)
          throw new GoogleTrouble('unavailable', thrown);
        if (trouble.untouched && quota !== 'none') budget.close(quota, ms);
        await clock.sleep(ms, signal);
      }
    }
  };
}
