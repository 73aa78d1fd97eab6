/**
 * Reads a numbering plan from a spreadsheet: ranges of numbers with their operator, network, region and zone. Ranges are written
 * as a prefix, as a first and a last number, or as registries have them: a code with a first and a last number behind it. A row
 * that cannot be read has a reason; nothing is guessed, and nothing is taken from a sheet that has such a row.
 */
import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js';
import { type NamedRow, type NamedTable, readNamedTable } from '../audiences/named-table.ts';
import type { AudienceSource } from '../audiences/source.ts';
import { zoneFrom } from '../audiences/zone.ts';
import { clashIn, type NumberRange } from '../messages/number-plan.ts';
import { asNetwork, joined, type Network } from '../messages/price.ts';

export type PlanColumn =
  | 'prefix'
  | 'code'
  | 'first'
  | 'last'
  | 'operator'
  | 'network'
  | 'mcc'
  | 'mnc'
  | 'region'
  | 'zone';

/** Words of headings, as `headingWords` writes them. */
export const PLAN_COLUMNS: Readonly<Record<PlanColumn, readonly string[]>> = {
  prefix: ['prefix', 'number prefix', 'префикс', 'начало номера'],
  code: ['code', 'def', 'abc def', 'авс def', 'абс def', 'код', 'код def'],
  first: ['from', 'first', 'first number', 'range start', 'от', 'с', 'первый номер'],
  last: ['to', 'last', 'last number', 'range end', 'до', 'по', 'последний номер'],
  operator: ['operator', 'carrier', 'operator name', 'оператор', 'название оператора'],
  network: ['network', 'mccmnc', 'mcc mnc', 'сеть', 'код сети'],
  mcc: ['mcc'],
  mnc: ['mnc'],
  region: ['region', 'регион', 'территория', 'область'],
  zone: ['zone', 'time zone', 'timezone', 'часовой пояс', 'пояс', 'зона'],
};
const OPTIONAL: ReadonlySet<PlanColumn> = new Set(['code', 'first', 'last', 'network', 'mcc', 'mnc', 'region', 'zone']);

/** Registries of large countries have some tens of thousands. */
const MOST = 200_000;

export interface PlanProblem {
  /** As the person sees it in the sheet. */
  readonly row: number;
  readonly why:
    | 'no-range'
    | 'bad-range'
    | 'ends-early'
    | 'no-operator'
    | 'bad-network'
    | 'bad-zone'
    /** Crosses the range of another row, or is the same. */
    | 'crosses';
  readonly said: string;
}

export type PlanSheet =
  | Exclude<NamedTable<PlanColumn>, { kind: 'rows' }>
  | {
      readonly kind: 'plan';
      readonly ranges: readonly NumberRange[];
      readonly problems: readonly PlanProblem[];
      /** Rows that were left out because nobody sees them in the sheet. */
      readonly hidden: number;
    };

/** `country`: of codes that are written without a country. */
export async function readPlanSheet(
  sources: readonly AudienceSource[],
  wish: { readonly ref: string; readonly email: string | null; readonly tab: string | undefined },
  country: CountryCode,
  signal: AbortSignal,
): Promise<PlanSheet> {
  const instead = { prefix: [['first', 'last']] } as const;
  const columns = { words: PLAN_COLUMNS, optional: OPTIONAL, instead, most: MOST };
  const table = await readNamedTable(sources, wish, columns, signal);
  if (table.kind !== 'rows') return table;
  return { kind: 'plan', ...readRows(table.rows, getCountryCallingCode(country)), hidden: table.hidden };
}

function readRows(rows: readonly NamedRow<PlanColumn>[], calling: string) {
  const ranges: (NumberRange & { row: number })[] = [];
  const problems: PlanProblem[] = [];
  const zones = new Map<string, string | null>();
  const zoneOf = (said: string): string | null => {
    const known = zones.get(said);
    if (known !== undefined) return known;
    const zone = zoneFrom(said);
    zones.set(said, zone);
    return zone;
  };
  for (const row of rows) {
    const read = readRow(row, calling, zoneOf);
    if ('why' in read) problems.push({ row: row.number, ...read });
    else ranges.push({ ...read, row: row.number });
  }
  const clash = problems.length === 0 ? clashIn(ranges) : null;
  if (clash) problems.push({ row: clash[1].row, why: 'crosses', said: `${clash[0].first}–${clash[0].last}` });
  return { ranges: ranges.map(({ row: _row, ...range }) => range), problems };
}

type Wrong = Omit<PlanProblem, 'row'>;

function readRow(
  { said }: NamedRow<PlanColumn>,
  calling: string,
  zoneOf: (said: string) => string | null,
): NumberRange | Wrong {
  const ends = readEnds(said, calling);
  if ('why' in ends) return ends;
  const operator = said('operator');
  if (operator === '') return { why: 'no-operator', said: ends.first };
  const network = readNetwork(said);
  if (network === undefined) return { why: 'bad-network', said: networkSaid(said) };
  const region = said('region');
  const zone = zoneOf(said('zone') || region);
  if (said('zone') !== '' && zone === null) return { why: 'bad-zone', said: said('zone') };
  return { ...ends, operator, network, region, zone };
}

type Said = NamedRow<PlanColumn>['said'];

function readEnds(said: Said, calling: string): Pick<NumberRange, 'first' | 'last'> | Wrong {
  const digits = (column: PlanColumn): string => said(column).replace(/[\s()+-]/gu, '');
  const whole = digits('prefix');
  const [code, from, to] = [digits('code'), digits('first'), digits('last')];
  const written = whole || [code, from, to].filter(Boolean).join(' ');
  if (written === '' || (whole === '' && (from === '' || to === ''))) return { why: 'no-range', said: written };
  const [first, last] = whole ? [whole, whole] : code ? behind(`${calling}${code}`, from, to) : [from, to];
  const isDigits = [first, last].every((end) => /^[1-9]\d{0,14}$/.test(end));
  if (!isDigits || first.length !== last.length) return { why: 'bad-range', said: written };
  return first <= last ? { first, last } : { why: 'ends-early', said: written };
}

/** A sheet that takes them for numbers loses zeros at their beginning; in the Russian plan it is known how many there were. */
function behind(code: string, from: string, to: string): [string, string] {
  const length = /^7\d{3}$/.test(code) ? 7 : Math.max(from.length, to.length);
  return [code + from.padStart(length, '0'), code + to.padStart(length, '0')];
}

const networkSaid = (said: Said): string => said('network') || (said('mcc') && joined(said('mcc'), said('mnc')));

/** Undefined where something is written that is no network. */
function readNetwork(said: Said): Network | null | undefined {
  const written = networkSaid(said);
  return written === '' ? null : (asNetwork(written) ?? undefined);
}
