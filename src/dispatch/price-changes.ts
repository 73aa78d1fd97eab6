/**
 * What a new price list changes: for each prefix of either list, what a part costs by the one and by the other. A prefix that
 * is no more may still have the price of a shorter one. Pure.
 */
import type { Price } from '../messages/price.ts';
import { type DatedPrice, priceFinder, pricesAt } from './price-list.ts';

/** A prefix with what a part costs, in micro-units, before and after; null: it cannot be sent to. */
export interface PriceChange {
  readonly prefix: string;
  readonly before: Price | null;
  readonly after: Price | null;
}

/** A prefix that has no price any more from an instant on. */
export interface Ceasing {
  readonly prefix: string;
  readonly at: Date;
}

export interface PriceChanges {
  /** Had no price. */
  readonly added: readonly PriceChange[];
  /** Have a price no more: nothing can be sent there through the account. */
  readonly lost: readonly PriceChange[];
  readonly dearer: readonly PriceChange[];
  readonly cheaper: readonly PriceChange[];
  /** As much as before, but charged on something else. */
  readonly otherwise: readonly PriceChange[];
  readonly same: number;
  /** Will be lost later, with the end of their last price. */
  readonly ceasing: readonly Ceasing[];
}

/** Changes between what holds at `at` and the list that would hold from then on; the largest first. */
export function priceChanges(before: readonly Price[], list: readonly DatedPrice[], at: Date): PriceChanges {
  const after = pricesAt({ prices: list }, at);
  const [priceBefore, priceAfter] = [priceFinder(before), priceFinder(after)];
  const prefixes = [...new Set([...before, ...after].map(({ prefix }) => prefix))].sort();
  const groups = Map.groupBy(
    prefixes.map((prefix) => ({ prefix, before: priceBefore(prefix), after: priceAfter(prefix) })),
    kindOf,
  );
  const of = (kind: ReturnType<typeof kindOf>) => (groups.get(kind) ?? []).sort((a, b) => ratioOf(b) - ratioOf(a));
  return {
    added: of('added'),
    lost: of('lost'),
    dearer: of('dearer'),
    cheaper: of('cheaper'),
    otherwise: of('otherwise'),
    same: of('same').length,
    ceasing: ceasingIn(list, at),
  };
}

function kindOf({ before, after }: PriceChange) {
  if (!before) return 'added' as const;
  if (!after) return 'lost' as const;
  if (after.perPart.micros > before.perPart.micros) return 'dearer' as const;
  if (after.perPart.micros < before.perPart.micros) return 'cheaper' as const;
  return after.chargedOn === before.chargedOn ? ('same' as const) : ('otherwise' as const);
}

/** How many times the one price is the other; what was free, or becomes so, before all. */
export function ratioOf({ before, after }: PriceChange): number {
  if (!before || !after) return Number.POSITIVE_INFINITY;
  const [less, more] = [before.perPart.micros, after.perPart.micros].sort((a, b) => a - b);
  return less === more ? 1 : more! / less!;
}

/** Prices that end without another, or a shorter prefix's, in their place. */
function ceasingIn(list: readonly DatedPrice[], after: Date): readonly Ceasing[] {
  const byEnd = Map.groupBy(
    list.filter(({ to }) => to !== null && to > after),
    ({ to }) => to!.getTime(),
  );
  return [...byEnd]
    .sort(([a], [b]) => a - b)
    .flatMap(([end, prices]) => {
      const find = priceFinder(pricesAt({ prices: list }, new Date(end)));
      return prices.filter(({ prefix }) => find(prefix) === null).map(({ prefix }) => ({ prefix, at: new Date(end) }));
    });
}
