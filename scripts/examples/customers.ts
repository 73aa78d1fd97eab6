/**
 * `customers.xlsx`: a company's list as its managers really keep it, large enough for a demo. Its oddities are counted
 * here, so that what Herald makes of each row is known before Herald looks.
 */
import { BAD_ZONES, home, managers, NAME_ODDITIES, ordinaryName } from './people.ts';
import { PHONE_WRITINGS, type PhoneWriting, phoneDigits } from './phones.ts';
import { type Random, seeded } from './random.ts';
import { blankRow, cell, type ExampleCell, type ExampleRow, formula, NOT_FOUND, type Oddity } from './sheet.ts';

/** `English` says `yes` of customers who asked to be written to in English; of the others it says nothing. */
export const HEADINGS = ['Телефон', 'Имя', 'City', 'Часовой пояс', 'Сумма', 'Менеджер', 'English'];
export const TITLE = 'Клиенты осенней рассылки / Customers of the autumn mailing';
/** A title, a blank row, the headings. */
export const HEADER_ROW = 3;

/** Oddities of rows as wholes; those of phones and names are in files of their own. */
export const ROW_ODDITIES: readonly Oddity[] = [
  { code: 'duplicate', rows: 20, title: 'the phone of an earlier row, written in another way' },
  { code: 'bad-zone', rows: BAD_ZONES.length, title: 'a time zone that nobody can be sure of' },
  { code: 'repeated-header', rows: 1, title: 'the headings again, pasted with rows of another list' },
  { code: 'total', rows: 1, title: 'a total under the table' },
  { code: 'blank-row', rows: 8, title: 'a blank row, or one of spaces' },
];

/** Oddities that come as they come; how many there are is counted afterwards. */
export const CELL_ODDITIES: readonly Omit<Oddity, 'rows'>[] = [
  { code: 'zone-spoken', title: 'a time zone as people say it: МСК+2, UTC+7, Екатеринбург' },
  { code: 'zone-empty', title: "no time zone: the campaign's own is taken" },
  { code: 'sum-text', title: 'a sum as text: 1250,50 руб.' },
  { code: 'sum-formula', title: 'a sum by a formula' },
  { code: 'sum-empty', title: 'no sum: left out when the text says the sum' },
  { code: 'sum-error', title: 'a sum that is #DIV/0!: left out when the text says the sum' },
  { code: 'manager-formula', title: 'a manager looked up on the hidden tab' },
  { code: 'manager-error', title: 'a manager that is #N/A: left out when the text names the manager' },
];

const WIDTH = HEADINGS.length;
const MONEY = '#,##0.00" ₽"';

/** Rows of the visible tab from row 4 on. */
export function customers(): readonly ExampleRow[] {
  const random = seeded(20_261_123);
  const rows = withNames(random, random.shuffled(phoneRows(random)));
  const withCopies = insertDuplicates(random, rows);
  const withRows = insertAnywhere(random, withCopies, [
    repeatedHeader(),
    ...Array.from({ length: 5 }, () => blankRow(WIDTH)),
    ...Array.from({ length: 2 }, () => blankRow(WIDTH, '  ')),
  ]);
  return [...withRows, blankRow(WIDTH), total(withRows)];
}

/** One row for each way of writing a phone, as often as it comes up, and one for each zone that cannot be read. */
function phoneRows(random: Random): readonly ExampleRow[] {
  const nextDigits = phoneDigits(random);
  const rows = PHONE_WRITINGS.flatMap((writing) =>
    Array.from({ length: writing.rows }, () => customerRow(random, writing, nextDigits())),
  );
  const badZones = BAD_ZONES.map((zone): ExampleRow => {
    const row = customerRow(random, PHONE_WRITINGS[0]!, nextDigits());
    const odd = ['bad-zone', ...row.odd.filter((code) => /^(sum|manager)-/.test(code))];
    return { ...replaced(row, 3, cell(zone)), fate: { kind: 'excluded', reason: 'bad-zone' }, odd };
  });
  return [...rows, ...badZones];
}

function customerRow(random: Random, writing: PhoneWriting, digits: string): ExampleRow {
  const { city, zone, odd } = home(random);
  const sum = amount(random);
  const by = manager(random);
  const phone = writing.write(digits, random);
  const name = ordinaryName(random);
  const english = /^[\x20-\x7e]*$/.test(name) ? 'yes' : null;
  return {
    cells: [phone, cell(name), cell(city), cell(zone), sum.cell, by.cell, cell(english)],
    fate: writing.excluded
      ? { kind: 'excluded', reason: writing.excluded }
      : { kind: 'recipient', phone: `+7${digits}` },
    odd: [`phone-${writing.code}`, odd, sum.odd, by.odd].filter((code) => code !== null),
  };
}

interface OddCell {
  readonly cell: ExampleCell;
  readonly odd: string | null;
}

/** What a customer bought for; some as text, some by a formula, some not at all. */
function amount(random: Random): OddCell {
  const roubles = random.int(9_000, 4_800_000) / 100;
  const share = random.next();
  if (share < 0.03) return { cell: cell(`${roubles.toFixed(2).replace('.', ',')} руб.`), odd: 'sum-text' };
  if (share < 0.05) return { cell: formula(`${roubles}*1`, roubles), odd: 'sum-formula' };
  if (share < 0.055) return { cell: formula('1/0', { error: '#DIV/0!' }), odd: 'sum-error' };
  if (share < 0.08) return { cell: cell(null), odd: 'sum-empty' };
  return { cell: cell(roubles, MONEY), odd: null };
}

/** One in three is looked up on the hidden tab, now and then in vain. */
function manager(random: Random): OddCell {
  const name = random.pick(managers);
  const share = random.next();
  if (share < 0.01)
    return { cell: formula('VLOOKUP("уволен",Справочник!A:C,1,FALSE)', NOT_FOUND), odd: 'manager-error' };
  if (share > 0.33) return { cell: cell(name), odd: null };
  return { cell: formula(`INDEX(Справочник!A:A,${managers.indexOf(name) + 2})`, name), odd: 'manager-formula' };
}

/** Gives odd names to rows that are reached, each row one at most. */
function withNames(random: Random, rows: readonly ExampleRow[]): readonly ExampleRow[] {
  const reached = rows.flatMap((row, index) => (row.fate.kind === 'recipient' ? [index] : []));
  const places = random.shuffled(reached).values();
  const named = [...rows];
  for (const oddity of NAME_ODDITIES) {
    for (let left = oddity.rows; left > 0; left -= 1) {
      const place = places.next().value!;
      const row = replaced(named[place]!, 1, oddity.write(random));
      named[place] = { ...row, odd: [...row.odd, oddity.code] };
    }
  }
  return named;
}

/** Some customers a second time, further down, their phone written in another way. */
function insertDuplicates(random: Random, rows: readonly ExampleRow[]): readonly ExampleRow[] {
  const readable = PHONE_WRITINGS.filter((writing) => writing.excluded === null);
  const result = [...rows];
  const originals = random.shuffled(rows.filter((row) => row.fate.kind === 'recipient'));
  for (const original of originals.slice(0, ROW_ODDITIES[0]!.rows)) {
    if (original.fate.kind !== 'recipient') continue;
    const written = random.pick(readable.filter((writing) => !original.odd.includes(`phone-${writing.code}`)));
    const again = customerRow(random, written, original.fate.phone.slice(2));
    const name = original.cells[1]!;
    const copy: ExampleRow = {
      ...replaced(again, 1, name),
      fate: { kind: 'excluded', reason: 'duplicate' },
      odd: ['duplicate', ...again.odd.filter((code) => !code.startsWith('phone-'))],
    };
    result.splice(random.int(result.indexOf(original) + 1, result.length), 0, copy);
  }
  return result;
}

function insertAnywhere(
  random: Random,
  rows: readonly ExampleRow[],
  extra: readonly ExampleRow[],
): readonly ExampleRow[] {
  const result = [...rows];
  // Not among the first fifty: those are what a person is shown.
  for (const row of extra) result.splice(random.int(50, result.length - 1), 0, row);
  return result;
}

const repeatedHeader = (): ExampleRow => ({
  cells: HEADINGS.map((heading) => cell(heading)),
  fate: { kind: 'excluded', reason: 'phone-not-a-number' },
  odd: ['repeated-header'],
});

/** Under a blank row; AGGREGATE 9 of 6 sums what is no error. */
function total(rows: readonly ExampleRow[]): ExampleRow {
  const sum = rows.reduce((all, row) => all + numberIn(row.cells[4]!), 0);
  const range = `E${HEADER_ROW + 1}:E${HEADER_ROW + rows.length}`;
  const shown = formula(`AGGREGATE(9,6,${range})`, Number(sum.toFixed(2)));
  return {
    cells: [cell(null), cell(null), cell(null), cell('Итого:'), shown, cell(null)],
    fate: { kind: 'excluded', reason: 'phone-empty' },
    odd: ['total'],
  };
}

function numberIn({ value }: ExampleCell): number {
  if (typeof value === 'number') return value;
  const result = typeof value === 'object' && value !== null && 'formula' in value ? value.result : null;
  return typeof result === 'number' ? result : 0;
}

const replaced = (row: ExampleRow, index: number, by: ExampleCell): ExampleRow => ({
  ...row,
  cells: row.cells.with(index, by),
});
