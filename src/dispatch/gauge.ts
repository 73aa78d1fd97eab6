/**
 * How well accounts do, measured in memory and added to small documents of a minute every few seconds: what they take, how long
 * their answers and receipts are in coming. What a dying process had not written yet is forgotten; nobody is sent anything by it.
 */
import type { Log } from '../platform/log.ts';
import { type Delivered, shareKey } from './delivery.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { HealthStore } from './health-store.ts';
import type { ReceiptState, SendOutcome } from './provider.ts';

export interface Measures {
  readonly taken: number;
  readonly failed: number;
  /** Answers, and how long all of them together took, ms; their turn in the account's pace included. */
  readonly answers: number;
  readonly answerMs: number;
  readonly delivered: number;
  readonly undelivered: number;
  /** From each answer to the receipt of that part, all together, ms. */
  readonly receiptMs: number;
}

export const NOTHING_MEASURED: Measures = {
  taken: 0,
  failed: 0,
  answers: 0,
  answerMs: 0,
  delivered: 0,
  undelivered: 0,
  receiptMs: 0,
};

export const MEASURE_NAMES = Object.keys(NOTHING_MEASURED) as readonly (keyof Measures)[];

export const sumOf = (all: readonly Measures[]): Measures =>
  Object.fromEntries(
    MEASURE_NAMES.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0)]),
  ) as unknown as Measures;

/** Measures of one account, in one epoch of its breaker. */
export interface Measured extends Measures {
  readonly provider: string;
  readonly epoch: number;
}

const FAILURES = new Set(['operator-error', 'account', 'no-answer', 'connection-lost']);

/**
 * What an answer says of the account. That a number, a text or a sender is not to its liking says nothing against it; that it
 * wants less at a time, or more money, is minded elsewhere.
 */
export function saidOf(outcome: SendOutcome): 'taken' | 'failed' | null {
  if (outcome.kind === 'accepted') return 'taken';
  if (FAILURES.has(outcome.why.code)) return 'failed';
  return outcome.kind === 'refused' && OF_THE_RECIPIENT.has(outcome.why.code) ? 'taken' : null;
}

const OF_THE_RECIPIENT = new Set(['bad-number', 'bad-text', 'blocked', 'expired']);

type Writable<T> = { -readonly [name in keyof T]: T[name] };

export interface Gauge {
  answered(provider: string, epoch: number, outcomes: readonly SendOutcome[], times: readonly number[]): void;
  /** `ms`: since the operator's answer for that part was kept. `destination`: as `delivery.ts` has it, where it was kept. */
  receipt(provider: string, state: ReceiptState, ms: number, destination?: string): void;
  /** Adds what was measured since the last time to what is kept. */
  flush(): Promise<void>;
}

export interface GaugeDesk {
  readonly store: Pick<HealthStore, 'add'>;
  /** Where it is counted what is delivered where; without it that is not counted. */
  readonly delivery?: Pick<DeliveryStore, 'add'>;
  readonly now: () => Date;
  readonly log: Log;
  /** How long something measured waits to be written, ms. */
  readonly waitMs: number;
}

export function createGauge({ store, delivery, now, log, waitMs }: GaugeDesk): Gauge {
  /** Added to in place: there is one for each receipt. */
  let measured = new Map<string, Writable<Measured>>();
  let delivered = new Map<string, Delivered>();
  let timer: NodeJS.Timeout | null = null;

  function add(provider: string, epoch: number, more: Partial<Measures>): void {
    const key = `${provider}|${epoch}`;
    const sum = measured.get(key) ?? { provider, epoch, ...NOTHING_MEASURED };
    for (const name of MEASURE_NAMES) sum[name] += more[name] ?? 0;
    measured.set(key, sum);
    timer ??= setTimeout(flush, waitMs).unref();
  }

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const [all, where] = [[...measured.values()], [...delivered.values()]];
    [measured, delivered] = [new Map(), new Map()];
    if (all.length === 0) return;
    const kept = [store.add(all, now()), ...(where.length > 0 && delivery ? [delivery.add(where, now())] : [])];
    await Promise.all(kept).catch((failure) => log.warn({ err: failure }, 'what was measured could not be kept'));
  }

  function count(provider: string, destination: string, state: ReceiptState): void {
    const key = shareKey(provider, destination);
    const before = delivered.get(key) ?? { provider, destination, delivered: 0, undelivered: 0 };
    const said = state === 'delivered' ? 'delivered' : 'undelivered';
    delivered.set(key, { ...before, [said]: before[said] + 1 });
  }

  return {
    answered(provider, epoch, outcomes, times) {
      const said = outcomes.map(saidOf);
      add(provider, epoch, {
        taken: said.filter((one) => one === 'taken').length,
        failed: said.filter((one) => one === 'failed').length,
        answers: times.length,
        answerMs: times.reduce((sum, ms) => sum + ms, 0),
      });
    },
    receipt(provider, state, ms, destination) {
      if (destination !== undefined) count(provider, destination, state);
      // One that came before the answer was kept has taken no time.
      const receiptMs = Math.max(0, ms);
      add(provider, 0, state === 'delivered' ? { delivered: 1, receiptMs } : { undelivered: 1, receiptMs });
    },
    flush,
  };
}
