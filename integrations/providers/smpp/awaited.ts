/**
 * Submits on the wire that wait for their answer: each is settled once, by the answer, by its deadline or by the end of
 * the session. One that ran out of time is remembered for as long as the session lives, for its answer may come late.
 */

export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly messageId: string }
  | { readonly kind: 'lost'; readonly code: 'no-answer' | 'connection-lost'; readonly detail: string };

/** Hears what became of a submit; after a `no-answer` it may hear the answer itself, `late`. */
export type Settle = (answer: Answer, late: boolean) => void;

export interface Awaited {
  /** Parts on the wire without an answer. */
  readonly count: number;
  /** Since when the operator has answered no submit at all, though some are overdue; null when it does answer. */
  readonly silentSince: number | null;
  has(sequence: number): boolean;
  add(sequence: number, settle: Settle, nowMs: number): void;
  answered(sequence: number, answer: Answer, nowMs: number): void;
  /** Settles what has waited too long, and says how many that were. */
  timeOut(nowMs: number): number;
  /** Settles all the rest: the session has ended. */
  lose(detail: string): void;
}

interface Waiting {
  readonly sentAt: number;
  readonly settle: Settle;
}

/** `remember` is how many of those that ran out of time are kept for a late answer. */
export function awaited(answerTimeoutMs: number, remember: number): Awaited {
  // A Map keeps the order of insertion, so the first is the oldest and one deadline serves all.
  const waiting = new Map<number, Waiting>();
  const late = new Map<number, Waiting>();
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  let silentSince: number | null = null;

  function ranOut(sequence: number, one: Waiting, nowMs: number): void {
    waiting.delete(sequence);
    late.set(sequence, one);
    if (late.size > remember) late.delete(late.keys().next().value!);
    if (one.sentAt > lastAnswerAt) silentSince ??= nowMs;
    one.settle({ kind: 'lost', code: 'no-answer', detail: 'no answer to submit_sm' }, false);
  }

  return {
    get count() {
      return waiting.size;
    },
    get silentSince() {
      return silentSince;
    },
    has: (sequence) => waiting.has(sequence) || late.has(sequence),
    add(sequence, settle, nowMs) {
      waiting.set(sequence, { sentAt: nowMs, settle });
    },
    answered(sequence, answer, nowMs) {
      const one = waiting.get(sequence) ?? late.get(sequence);
      const isLate = !waiting.delete(sequence) && late.delete(sequence);
      if (!one) return;
      lastAnswerAt = nowMs;
      silentSince = null;
      one.settle(answer, isLate);
    },
    timeOut(nowMs) {
      let overdue = 0;
      for (const [sequence, one] of waiting) {
        if (nowMs - one.sentAt < answerTimeoutMs) break;
        ranOut(sequence, one, nowMs);
        overdue++;
      }
      return overdue;
    },
    lose(detail) {
      const lost = [...waiting.values()];
      waiting.clear();
      late.clear();
      for (const { settle } of lost) settle({ kind: 'lost', code: 'connection-lost', detail }, false);
    },
  };
}
