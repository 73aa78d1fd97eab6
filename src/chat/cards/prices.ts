/** The price list of an operator as it holds at an instant, and those of all operators in one line each. */
import type { AccountPrices, DatedPrice } from '../../dispatch/price-list.ts';
import type { ListHead } from '../../dispatch/price-store.ts';
import { isNetwork, type Price } from '../../messages/price.ts';
import type { Card, Fact, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { action, oneLine, type Speech, speechFor } from './speech.ts';

export interface PricesOverview {
  readonly accounts: readonly {
    readonly name: string;
    readonly held: ListHead | null;
    readonly next: ListHead | null;
  }[];
  /** The company's, in which price lists begin. */
  readonly zone: string;
}

export function pricesOverviewCard({ accounts, zone }: PricesOverview, reader: Reader): Card {
  const say = speechFor(reader);
  const rows = accounts.map(({ name, held, next }) => [
    name,
    held ? held.version : say.t('prices.own'),
    held ? say.date(held.validFrom, zone) : '',
    next ? `${next.version}: ${say.date(next.validFrom, zone)}` : '',
  ]);
  const head = [say.t('prices.account'), say.t('prices.version'), say.t('prices.since'), say.t('prices.next')];
  const first = accounts[0];
  return {
    subject: 'prices',
    tone: 'info',
    title: say.t('prices.overview'),
    ...(first ? { sections: [{ title: '', table: { head, rows } }] } : { lead: [say.t('prices.none')] }),
    actions: accounts.slice(0, 5).map(({ name }) => ({ label: name, command: say.command('prices', name) })),
    ...(first && { note: say.t('prices.more', { command: say.typed('prices', first.name) }) }),
  };
}

export interface HeldPrices {
  readonly account: string;
  /** The list in force; null where there was none. */
  readonly list: AccountPrices | null;
  /** What of it holds at that instant. */
  readonly prices: readonly DatedPrice[];
  /** The instant that was asked for; null: now. */
  readonly at: Date | null;
  readonly now: Date;
  readonly next: ListHead | null;
  /** All lists, the earliest first. */
  readonly history: readonly ListHead[];
  readonly names: (handle: string) => string;
  readonly zone: string;
}

/** Prices that a card lists. */
const LISTED = 25;
/** Earlier lists that it names. */
const REMEMBERED = 8;

export function heldPricesCard(view: HeldPrices, reader: Reader): Card {
  const say = speechFor(reader);
  const { account, list, at, now, next, zone } = view;
  const when = say.dateTime(at ?? now, zone);
  const base = { subject: `prices:${account}`, tone: 'info' } as const;
  const actions = [action(say, 'do.prices', say.command('prices'))];
  if (!list) {
    const lead = [say.t('prices.held-none.why', { when })];
    const title = say.t('prices.held-none', { account });
    return { ...base, title, lead, sections: [...pricesSection(view, say), ...historySection(view, say)], actions };
  }
  const { version } = list;
  return {
    ...base,
    title: at ? say.t('prices.held-at', { account, version, when }) : say.t('prices.held', { account, version }),
    lead: next ? [say.t('prices.to-come', { version: next.version, when: say.dateTime(next.validFrom, zone) })] : [],
    facts: headFacts(view, list, say),
    sections: [...pricesSection(view, say), ...historySection(view, say)],
    actions,
  };
}

const headFacts = ({ prices, names, zone }: HeldPrices, list: AccountPrices, say: Speech): readonly Fact[] => [
  { label: say.t('prices.since'), value: say.dateTime(list.validFrom, zone) },
  { label: say.t('prices.taken'), value: takenOf(list, names, say) },
  { label: say.t('prices.source'), value: oneLine(list.source) },
  { label: say.t('prices.count'), value: say.number(prices.length) },
];

function takenOf({ takenAt, takenBy }: ListHead, names: HeldPrices['names'], say: Speech): string {
  const by = takenBy === 'herald' ? say.t('prices.herald') : names(takenBy);
  return say.t('prices.taken-how', { when: say.dateTime(takenAt, say.reader.zone), by });
}

function pricesSection({ prices, zone }: HeldPrices, say: Speech): readonly Section[] {
  if (prices.length === 0) return [];
  const sorted = prices.toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1));
  const rows = sorted
    .slice(0, LISTED)
    .map((price) => [
      prefixSaid(price.prefix, say),
      say.money(price.perPart),
      chargedSaid(price, say),
      price.to ? say.date(new Date(price.to.getTime() - 1), zone) : '',
    ]);
  const head = [say.t('prices.prefix'), say.t('prices.price'), say.t('prices.charged'), say.t('prices.until')];
  const more = prices.length - LISTED;
  return [
    { title: '', table: { head, rows } },
    ...(more > 0 ? [{ title: '', lines: [say.t('prices.rest', { n: more })] }] : []),
  ];
}

function historySection({ history, names, zone }: HeldPrices, say: Speech): readonly Section[] {
  if (history.length < 2) return [];
  const rows = history
    .slice(-REMEMBERED)
    .reverse()
    .map((head) => [head.version, say.date(head.validFrom, zone), takenOf(head, names, say)]);
  const head = [say.t('prices.version'), say.t('prices.since'), say.t('prices.taken')];
  return [{ title: say.t('prices.history'), table: { head, rows } }];
}

export const prefixSaid = (prefix: string, say: Speech): string =>
  prefix === '' ? say.t('prices.elsewhere') : isNetwork(prefix) ? prefix : `+${prefix}`;

export const chargedSaid = ({ chargedOn }: Price, say: Speech): string => say.t(`prices.charged-on-${chargedOn}`);
