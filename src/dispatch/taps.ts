/**
 * Who listens along on which account, for the sessions of this process: read from the checks that are open, a few times a second, and
 * only once a session asks. What is heard is written down beside sending and never in its way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/log.ts';
import type { AccountCheck, CheckStore, SeenPdu } from './check-store.ts';

export type HeardPdu = Pick<SeenPdu, 'sent' | 'name' | 'fields' | 'hex'>;

export interface AccountTap {
  readonly phone: string;
  pdu(seen: HeardPdu): void;
}

export interface TapsOptions {
  readonly store: CheckStore;
  readonly now: () => Date;
  readonly log: Log;
  /** Aborted when Herald stops. */
  readonly ending: AbortSignal;
}

/** Between two looks, ms. */
const LOOK_MS = 500;
/** What one check may hear, in any one process. */
const MOST_PDUS = 200;

export type Taps = (account: string) => AccountTap | null;

export function createTaps({ store, now, log, ending }: TapsOptions): Taps {
  let taps: ReadonlyMap<string, AccountTap & { readonly id: string }> = new Map();
  let isLooking = false;

  async function look(): Promise<void> {
    while (!ending.aborted) {
      try {
        const open = await store.open(now());
        taps = new Map(open.map((check) => [check.account, known(check) ?? tapOf(check)]));
        for (const { _id } of open.filter(({ heard }) => !heard)) await store.hear(_id);
      } catch (err) {
        log.warn({ err }, 'could not see whether somebody checks an account');
      }
      await sleep(LOOK_MS, null, { signal: ending, ref: false }).catch(() => {});
    }
  }

  const known = ({ account, _id }: AccountCheck) => {
    const tap = taps.get(account);
    return tap?.id === _id ? tap : undefined;
  };

  function tapOf({ _id: check, phone }: AccountCheck) {
    let n = 0;
    return {
      id: check,
      phone: phone.replace(/^\+/, ''),
      pdu(seen: HeardPdu) {
        if (++n > MOST_PDUS || ending.aborted) return;
        store.keep([{ check, at: now(), n, ...seen }]).catch((err) => log.warn({ err }, 'a PDU could not be kept'));
      },
    };
  }

  return (account) => {
    if (!isLooking) {
      isLooking = true;
      void look();
    }
    return taps.get(account) ?? null;
  };
}
