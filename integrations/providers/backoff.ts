/** How long to wait before trying again: delays that double, with chance in them so that many do not come back at once. */
import { z } from 'zod';
import type { Turns } from '../../src/dispatch/provider.ts';
import { pace } from '../../src/platform/pace.ts';

/** A delay that doubles from `firstMs` to `longestMs`. */
export const doubling = z.strictObject({
  firstMs: z.int().min(1).default(1_000),
  longestMs: z.int().min(1).default(60_000),
});
export type Doubling = z.infer<typeof doubling>;

/** `firstMs` doubled `attempt` times (from 0), never above `longestMs`. */
export const doubled = ({ firstMs, longestMs }: Doubling, attempt: number): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));

/** Anything from 0 to the doubled delay ("full jitter"): for reconnecting, where only the crowd matters. */
export const reconnectDelayMs = (delays: Doubling, attempt: number, random: () => number): number =>
  Math.round(doubled(delays, attempt) * random());

/** Half to all of the doubled delay: for an operator that asked for less, who must get some rest in any case. */
export const restMs = (delays: Doubling, attempt: number, random: () => number): number =>
  Math.round((doubled(delays, attempt) * (1 + random())) / 2);

/**
 * The pause of a session that was told to slow down. Of the answers to what was on the wire together only the first
 * lengthens the next pause; a part taken after the pause ends the episode.
 */
export interface Throttle {
  /** Milliseconds until something may be sent; 0 when it may. */
  pauseMs(nowMs: number): number;
  throttled(sentAtMs: number, nowMs: number): void;
  taken(sentAtMs: number): void;
}

export function throttle(delays: Doubling, random: () => number): Throttle {
  let attempt = 0;
  let began = Number.NEGATIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  return {
    pauseMs: (nowMs) => Math.max(0, until - nowMs),
    throttled(sentAtMs, nowMs) {
      if (sentAtMs < began) return;
      began = nowMs;
      until = nowMs + restMs(delays, attempt++, random);
    },
    taken(sentAtMs) {
      if (sentAtMs >= until) attempt = 0;
    },
  };
}

/** The turns of an account that has but one session, which nobody else shares. */
export const ownTurns = (partsPerSecond: number, startMs: number): Turns => ({
  ...pace(partsPerSecond, startMs),
  slowDown() {},
});
