/** Two small examples: a workbook that cannot be read without asking, and a csv as an old program exports it. */
import { home, ordinaryName } from './people.ts';
import { phoneDigits } from './phones.ts';
import { type Random, seeded } from './random.ts';
import { cell, type ExampleCell, type ExampleRow } from './sheet.ts';

export interface AskTab {
  readonly name: string;
  readonly rows: readonly ExampleRow[];
  /** Hidden rows are hidden by a filter; else by hand. */
  readonly filtered: boolean;
}

export const ASK_HEADINGS = ['Клиент', 'Телефон', 'WhatsApp', 'Город'];

/** Two visible tabs, each with two columns of phones, and rows hidden by a filter on one, by hand on the other. */
export function askTabs(): readonly AskTab[] {
  const random = seeded(7);
  const nextDigits = phoneDigits(random);
  return [
    { name: 'Москва', rows: askRows(random, nextDigits, 18, [4, 9, 10]), filtered: true },
    { name: 'Регионы', rows: askRows(random, nextDigits, 14, [6, 7]), filtered: false },
  ];
}

function askRows(
  random: Random,
  nextDigits: () => string,
  count: number,
  hidden: readonly number[],
): readonly ExampleRow[] {
  return Array.from({ length: count }, (_, index): ExampleRow => {
    const phone = `+7${nextDigits()}`;
    const second = random.next() < 0.6 ? `8${nextDigits()}` : null;
    const isHidden = hidden.includes(index);
    return {
      cells: [cell(ordinaryName(random)), cell(phone), cell(second), cell(home(random).city)],
      fate: { kind: 'recipient', phone },
      odd: isHidden ? ['hidden'] : [],
      hidden: isHidden,
    };
  });
}

export const CSV_HEADINGS = ['Телефон', 'Имя', 'Город', 'Часовой пояс', 'Сумма'];

interface CsvWriting {
  readonly title: string;
  readonly write: (digits: string) => string;
  readonly excluded?: 'phone-digits-lost' | 'phone-empty';
}

/** How the phones of the csv are written, one after the other. */
export const CSV_WRITINGS: readonly CsvWriting[] = [
  { title: 'as it should be', write: (d) => `+7${d}` },
  { title: '8 instead of +7', write: (d) => `8 ${d.slice(0, 3)} ${d.slice(3)}` },
  { title: 'without a country', write: (d) => d },
  { title: 'as a formula that keeps Excel from counting with it', write: (d) => `="+7${d}"` },
  { title: 'with no-break spaces', write: (d) => `+7\u00a0${d.slice(0, 3)}\u00a0${d.slice(3)}` },
  { title: 'scientific, its digits lost', write: () => '7,9E+10', excluded: 'phone-digits-lost' },
  { title: 'nothing', write: () => '', excluded: 'phone-empty' },
];

/** Names with what a csv must quote; all within Windows-1251. */
const CSV_NAMES = ['ООО "Рога; копыта"', 'Ёлкин Семён', "О'Генри", '№ 1 – «Всё для дома»', 'Анна\nПетрова', 'Мария'];

/** Rows of the csv under its headings. */
export function csvRows(): readonly ExampleRow[] {
  const random = seeded(1251);
  const nextDigits = phoneDigits(random);
  return Array.from({ length: 40 }, (_, index): ExampleRow => {
    const digits = nextDigits();
    const writing = CSV_WRITINGS[index % CSV_WRITINGS.length]!;
    const { city, zone } = home(random);
    const sum = (random.int(9_000, 4_800_000) / 100).toFixed(2).replace('.', ',');
    const texts = [
      writing.write(digits),
      CSV_NAMES[index] ?? ordinaryName(random).replace('ü', 'u'),
      city,
      zone ?? '',
      sum,
    ];
    return {
      cells: texts.map((text) => cell(text)),
      fate: writing.excluded
        ? { kind: 'excluded', reason: writing.excluded }
        : { kind: 'recipient', phone: `+7${digits}` },
      odd: [],
    };
  });
}

/** Semicolons, as spreadsheets in Russian write it, since the comma is for decimals; CRLF; a blank line at its end. */
export function csvText(rows: readonly ExampleRow[]): string {
  const lines = [CSV_HEADINGS.map((heading) => cell(heading)), ...rows.map((row) => row.cells)];
  return `${lines.map((cells) => cells.map(field).join(';')).join('\r\n')}\r\n\r\n`;
}

function field({ value }: ExampleCell): string {
  const text = String(value);
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
