/** Accounts with the prices that hold at an instant. An account of which no list was ever kept has those of its own. Pure. */
import type { Price } from '../messages/price.ts';
import type { Account } from './account.ts';
import { type AccountPrices, listAt, pricesAt, turningPoints } from './price-list.ts';

/** An account as it is between two changes of its prices. */
interface Spell {
  readonly from: number;
  readonly until: number;
  readonly account: Account;
}

/** Prices are asked for with every board; an index is made of each object once, so between changes it stays the same. */
const known = new WeakMap<Account, Spell>();

/** The account with the prices, their version and currency, of the list in force. */
export function withPricesAt(account: Account, at: Date): Account {
  if (!account.lists) return account;
  const before = known.get(account);
  if (before && before.from <= at.getTime() && at.getTime() < before.until) return before.account;
  const points = turningPoints(account.lists);
  const spell = {
    from: points.findLast((point) => point <= at.getTime()) ?? Number.NEGATIVE_INFINITY,
    until: points.find((point) => point > at.getTime()) ?? Number.POSITIVE_INFINITY,
    account: pricedBy(account, listAt(account.lists, at), at),
  };
  known.set(account, spell);
  return spell.account;
}

function pricedBy(account: Account, list: AccountPrices | null, at: Date): Account {
  if (!list) return account;
  const prices: readonly Price[] = pricesAt(list, at);
  return { ...account, prices, priceVersion: list.version, currency: list.currency };
}
