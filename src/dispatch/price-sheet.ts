/**
 * Reads a price list from a spreadsheet: prefix, price, what it is charged on, from when and to when. A row that cannot be read
 * has a reason; nothing is guessed, and nothing is taken from a sheet that has such a row.
 */
import { type NamedRow, type NamedTable, readNamedTable } from '../audiences/named-table.ts';
import type { AudienceSource, Cell } from '../audiences/source.ts';
import { instantsBeside, instantsOf } from '../campaigns/wall-clock.ts';
import { type Currency, parseMicros } from '../messages/money.ts';
import { asNetwork, joined } from '../messages/price.ts';
import { DAY_MS } from '../platform/days.ts';
import type { DatedPrice } from './price-list.ts';

export type PriceColumn = 'prefix' | 'network' | 'mcc' | 'mnc' | 'price' | 'charged' | 'from' | 'to';

/** Words of headings, as `headingWords` writes them. */
export const PRICE_COLUMNS: Readonly<Record<PriceColumn, readonly string[]>> = {
  prefix: ['prefix', 'code', 'dial code', 'number prefix', 'префикс', 'код', 'код номера', 'начало номера'],
  network: ['network', 'mccmnc', 'mcc mnc', 'сеть', 'код сети'],
  mcc: ['mcc'],
  mnc: ['mnc'],
  price: [
    'price',
    'rate',
    'price per part',
    'price per sms',
    'цена',
    'тариф',
    'стоимость',
    'цена за часть',
    'цена за смс',
  ],
  charged: ['charged', 'charged on', 'charged for', 'billed on', 'оплата', 'оплата за', 'за что', 'списание'],
  from: ['from', 'valid from', 'effective', 'effective from', 'effective date', 'с', 'действует с', 'дата начала'],
  to: ['to', 'until', 'valid to', 'valid until', 'по', 'до', 'действует по', 'действует до', 'дата окончания'],
};
const OPTIONAL: ReadonlySet<PriceColumn> = new Set(['network', 'mcc', 'mnc', 'charged', 'from', 'to']);
const INSTEAD = { prefix: [['network'], ['mcc', 'mnc']] } as const;

/** All mobile codes of the world are fewer, and a list has to fit into one document of MongoDB. */
const MOST = 50_000;

export interface PriceProblem {
  /** As the person sees it in the sheet. */
  readonly row: number;
  readonly why:
    | 'no-prefix'
    | 'bad-prefix'
    | 'bad-network'
    | 'no-price'
    | 'bad-price'
    | 'bad-charged'
    | 'bad-date'
    | 'ends-early'
    /** The prefix has another price at the same time, in a row above. */
    | 'overlaps';
  readonly said: string;
}

export type PriceSheet =
  | Exclude<NamedTable<PriceColumn>, { kind: 'rows' }>
  | {
      readonly kind: 'prices';
      readonly prices: readonly DatedPrice[];
      readonly problems: readonly PriceProblem[];
      /** Rows that were left out because nobody sees them in the sheet. */
      readonly hidden: number;
    };

/** What the sheet does not say by itself. */
export interface PriceTerms {
  readonly currency: Currency;
  /** From when rows hold that do not say it. */
  readonly validFrom: Date;
  /** In which days of the sheet begin and end. */
  readonly zone: string;
}

export async function readPriceSheet(
  sources: readonly AudienceSource[],
  wish: { readonly ref: string; readonly email: string | null; readonly tab: string | undefined },
  terms: PriceTerms,
  signal: AbortSignal,
): Promise<PriceSheet> {
  const columns = { words: PRICE_COLUMNS, optional: OPTIONAL, instead: INSTEAD, most: MOST };
  const table = await readNamedTable(sources, wish, columns, signal);
  return table.kind === 'rows' ? { kind: 'prices', ...readRows(table.rows, terms), hidden: table.hidden } : table;
}

function readRows(rows: readonly NamedRow<PriceColumn>[], terms: PriceTerms) {
  const prices: DatedPrice[] = [];
  const problems: PriceProblem[] = [];
  const byPrefix = new Map<string, DatedPrice[]>();
  for (const row of rows) {
    const read = readRow(row, terms);
    if ('why' in read) {
      problems.push({ row: row.number, ...read });
      continue;
    }
    const others = byPrefix.get(read.prefix) ?? [];
    if (others.some((other) => overlap(read, other))) {
      problems.push({ row: row.number, why: 'overlaps', said: networkSaid(row.said) || row.said('prefix') });
      continue;
    }
    byPrefix.set(read.prefix, [...others, read]);
    prices.push(read);
  }
  return { prices, problems };
}

const overlap = (a: DatedPrice, b: DatedPrice): boolean =>
  (b.to === null || a.from < b.to) && (a.to === null || b.from < a.to);

type Wrong = Omit<PriceProblem, 'row'>;

function readRow({ cell, said }: NamedRow<PriceColumn>, { currency, validFrom, zone }: PriceTerms): DatedPrice | Wrong {
  const network = networkSaid(said);
  const written = network || said('prefix');
  if (written === '') return { why: 'no-prefix', said: said('price') };
  const prefix = network ? asNetwork(network) : readPrefix(written);
  if (prefix === null) return { why: network ? 'bad-network' : 'bad-prefix', said: written };
  if (said('price') === '') return { why: 'no-price', said: written };
  const micros = readMicros(cell('price'), said('price'));
  if (micros === null) return { why: 'bad-price', said: said('price') };
  const chargedOn = readCharged(said('charged'));
  if (chargedOn === null) return { why: 'bad-charged', said: said('charged') };
  const from = said('from') === '' ? validFrom : dayStart(dayOf(cell('from'), said('from')), zone);
  if (from === null) return { why: 'bad-date', said: said('from') };
  const last = said('to') === '' ? null : dayOf(cell('to'), said('to'));
  if (said('to') !== '' && last === null) return { why: 'bad-date', said: said('to') };
  const to = last === null ? null : dayStart(nextDay(last), zone);
  if (to !== null && to <= from) return { why: 'ends-early', said: said('to') };
  return { prefix, perPart: { micros, currency }, chargedOn, from, to };
}

/** A network in columns of its own, as it is written; empty where there is none, or only a prefix. */
const networkSaid = (said: NamedRow<PriceColumn>['said']): string =>
  said('network') || (said('mcc') && joined(said('mcc'), said('mnc')));

/** Digits, with or without a plus; `250-01` is a network; a star is everywhere else. */
function readPrefix(said: string): string | null {
  if (/^\d{3}-\d{2,3}$/.test(said)) return said;
  if (/^(?:\*|all|все)$/iu.test(said)) return '';
  return /^\+?([1-9]\d{0,14})$/.exec(said.replace(/[\s()-]/gu, ''))?.[1] ?? null;
}

/** A number of the sheet by its value, however few decimals of it are shown; else as it is written. */
function readMicros(cell: Cell | undefined, said: string): number | null {
  if (cell?.kind !== 'number') return parseMicros(said);
  const micros = Math.round(cell.value * 1_000_000);
  // Binary fractions are off by far less; what is off by more has more than six decimals.
  const isExact = Math.abs(cell.value * 1_000_000 - micros) < 0.001;
  return isExact && micros >= 0 && cell.value < 1e9 ? micros : null;
}

function readCharged(said: string): DatedPrice['chargedOn'] | null {
  const plain = said.toLowerCase();
  if (plain === '' || /submi|sent|send|отправ/u.test(plain)) return 'submit';
  return /deliver|достав/u.test(plain) ? 'delivery' : null;
}

/** A day as whole days since 1970-01-01. */
type Day = number;

const nextDay = (day: Day): Day => day + 1;

function dayOf(cell: Cell | undefined, said: string): Day | null {
  return readDay(cell?.kind === 'date' ? cell.iso.slice(0, 10) : said);
}

/** `2026-12-01` or `01.12.2026`: with strokes nobody knows which is the month. */
export function readDay(said: string): Day | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(said);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(said);
  const [year, month, day] = iso ? iso.slice(1).map(Number) : (dotted?.slice(1).map(Number).reverse() ?? []);
  if (year === undefined || month === undefined || day === undefined) return null;
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.getTime() / DAY_MS : null;
}

/** The first instant of the day in the zone; where its midnight is skipped, the one after the skip. */
export function dayStart(day: Day | null, zone: string): Date | null {
  if (day === null) return null;
  const wall = day * DAY_MS;
  return new Date(instantsOf(zone, wall)[0] ?? instantsBeside(zone, wall).at(-1)!);
}
