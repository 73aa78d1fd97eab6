/** What a new numbering plan changes, and how much it knows. Pure. */
import type { NumberRange } from '../messages/number-plan.ts';

export interface PlanChanges {
  readonly added: number;
  readonly lost: number;
  /** Ranges of the same numbers that belong elsewhere now; the first of them with what they were. */
  readonly moved: number;
  readonly examples: readonly { readonly before: NumberRange; readonly after: NumberRange }[];
  readonly same: number;
}

export interface PlanCounts {
  readonly ranges: number;
  readonly operators: number;
  readonly regions: number;
  readonly zones: number;
  /** Ranges without a network, so that no price by network holds for them, and without a zone. */
  readonly withoutNetwork: number;
  readonly withoutZone: number;
}

const EXAMPLES = 8;

export function planChanges(before: readonly NumberRange[], after: readonly NumberRange[]): PlanChanges {
  const known = new Map(before.map((range) => [keyOf(range), range]));
  const pairs = after.map((range) => ({ before: known.get(keyOf(range)), after: range }));
  const kept = pairs.flatMap(({ before: was, after: is }) => (was ? [{ before: was, after: is }] : []));
  const moved = kept.filter(({ before: was, after: is }) => saidOf(was) !== saidOf(is));
  return {
    added: after.length - kept.length,
    lost: before.length - kept.length,
    moved: moved.length,
    examples: moved.slice(0, EXAMPLES),
    same: kept.length - moved.length,
  };
}

export function planCounts(ranges: readonly NumberRange[]): PlanCounts {
  const different = (all: readonly (string | null)[]) => new Set(all.filter(Boolean)).size;
  return {
    ranges: ranges.length,
    operators: different(ranges.map(({ operator }) => operator)),
    regions: different(ranges.map(({ region }) => region)),
    zones: different(ranges.map(({ zone }) => zone)),
    withoutNetwork: ranges.filter(({ network }) => network === null).length,
    withoutZone: ranges.filter(({ zone }) => zone === null).length,
  };
}

const keyOf = ({ first, last }: NumberRange): string => `${first}-${last}`;
const saidOf = ({ operator, network, region, zone }: NumberRange): string =>
  JSON.stringify([operator, network, region, zone]);
