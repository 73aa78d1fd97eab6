/**
 * Caps: how many messages, and for how much money, may go out in one campaign, by one employee in a day, and in a day altogether.
 * Pure. A campaign counts with all its messages and the most that they can cost, so a cap can never be passed by what comes dearer.
 */
import { wallTime } from './wall-clock.ts';

/** Money in micro-units of the company's currency. */
export interface CapTerms {
  readonly campaignMessages: number;
  readonly campaignCost: number;
  /** Of campaigns that one employee has submitted, in a day. */
  readonly employeeMessages: number;
  readonly dayMessages: number;
  readonly dayCost: number;
}
export type CapName = keyof CapTerms;

/** Messages, and the most that they can cost. */
export interface Amounts {
  readonly messages: number;
  readonly cost: number;
}
export const NOTHING: Amounts = { messages: 0, cost: 0 };

/** What others have taken of a day. */
export interface TakenOfDay extends Amounts {
  readonly byEmployee: number;
}

export interface OverCap {
  readonly cap: CapName;
  readonly limit: number;
  readonly taken: number;
  readonly wanted: number;
}

export const isMoney = (cap: CapName): boolean => cap === 'campaignCost' || cap === 'dayCost';

/** The first cap that the campaign would pass; null when it stays within all of them. */
export function overCap(wanted: Amounts, taken: TakenOfDay, caps: CapTerms): OverCap | null {
  const asked: readonly [cap: CapName, taken: number, wanted: number][] = [
    ['campaignMessages', 0, wanted.messages],
    ['campaignCost', 0, wanted.cost],
    ['employeeMessages', taken.byEmployee, wanted.messages],
    ['dayMessages', taken.messages, wanted.messages],
    ['dayCost', taken.cost, wanted.cost],
  ];
  const over = asked.find(([cap, before, more]) => before + more > caps[cap]);
  return over ? { cap: over[0], limit: caps[over[0]], taken: over[1], wanted: over[2] } : null;
}

/** The day that an instant falls on in a zone: `2026-11-29`. */
export const dayOf = (at: Date, zone: string): string =>
  new Date(wallTime(zone, at.getTime()).day * 86_400_000).toISOString().slice(0, 10);
