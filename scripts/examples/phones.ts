/**
 * The ways in which people write phones and spreadsheets mangle them. Every number is made up: those that can be reached
 * are of +7 900 000-xx-xx and +7 999 000-xx-xx, which the demo's operator alone knows.
 */
import type { ExclusionReason } from '../../src/audiences/row.ts';
import type { Random } from './random.ts';
import { cell, type ExampleCell, formula, NOT_FOUND, type Oddity } from './sheet.ts';

export interface PhoneWriting extends Oddity {
  /** Made of ten digits, such as 9000001234. */
  readonly write: (digits: string, random: Random) => ExampleCell;
  /** Null when the number is read. */
  readonly excluded: ExclusionReason | null;
}

/** Ten digits without the country's 7; `9000000000` would look like a rounded number, so it is none of them. */
export function phoneDigits(random: Random): () => string {
  const all = ['900000', '999000'].flatMap((head) =>
    Array.from({ length: 9999 }, (_, index) => `${head}${String(index + 1).padStart(4, '0')}`),
  );
  const mixed = random.shuffled(all).values();
  return () => mixed.next().value ?? all[0]!;
}

type Groups = readonly [code: string, three: string, two: string, last: string];

/** 9000001234 as 900, 000, 12, 34. */
const groups = (digits: string): Groups => [
  digits.slice(0, 3),
  digits.slice(3, 6),
  digits.slice(6, 8),
  digits.slice(8, 10),
];

const dashed = (digits: string): string => groups(digits).slice(1).join('-');
const plus7 = (digits: string): string => `+7 ${digits.slice(0, 3)} ${dashed(digits)}`;
const eight = (digits: string): string => `8 ${digits.slice(0, 3)} ${dashed(digits)}`;
const fullWidth = (text: string): string =>
  text.replace(/[+\d]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

const read = (
  code: string,
  rows: number,
  title: string,
  write: (digits: string, random: Random) => ExampleCell,
): PhoneWriting => ({ code, rows, title, write, excluded: null });

const refused = (
  excluded: ExclusionReason,
  code: string,
  rows: number,
  title: string,
  write: (digits: string, random: Random) => ExampleCell,
): PhoneWriting => ({ code, rows, title, write, excluded });

/** Written so that the number can be told. */
const READ: readonly PhoneWriting[] = [
  read('plain', 105, 'as it should be', (d) => cell(`+7${d}`)),
  read('brackets', 90, 'brackets and dashes', (d) => cell(`+7 (${d.slice(0, 3)}) ${dashed(d)}`)),
  read('eight', 70, '8 instead of +7', (d) => cell(eight(d))),
  read('eight-tight', 30, '8, brackets, no spaces', (d) => cell(`8(${d.slice(0, 3)})${d.slice(3)}`)),
  read('national', 25, 'without a country', (d) => cell(groups(d).join(' '))),
  read('lost-plus', 25, 'the plus is lost', (d) => cell(`7${d}`)),
  read('number', 40, 'a number instead of text', (d) => cell(Number(`7${d}`))),
  read('number-scientific', 18, 'a number that the sheet shows as 7.90E+10', (d) => cell(Number(`7${d}`), '0.00E+00')),
  read('number-eight', 14, 'a number that begins with 8', (d) => cell(Number(`8${d}`))),
  read('number-national', 10, 'a number without a country', (d) => cell(Number(d))),
  read('no-break-spaces', 14, 'no-break spaces, from a web page', (d) => cell(plus7(d).replaceAll(' ', '\u00a0'))),
  read('dashes', 10, 'dashes that are not hyphens', (d, r) =>
    cell(`+7-${groups(d).join('-')}`.replaceAll('-', r.pick(['–', '‑', '−']))),
  ),
  read('dots', 6, 'dots', (d) => cell(`+7.${groups(d).join('.')}`)),
  read('apostrophe', 8, 'an apostrophe that was to keep it text', (d) => cell(`'+7${d}`)),
  read('label', 10, 'a word before it', (d, r) => cell(`${r.pick(['тел. ', 'моб.: ', 'Mobile: ', 'т.'])}${eight(d)}`)),
  read('remark', 6, 'a remark behind it', (d, r) =>
    cell(`${eight(d)} ${r.pick(['(жена)', 'WhatsApp', 'звонить вечером'])}`),
  ),
  read('extension', 4, 'an extension', (d, r) => cell(`${plus7(d)} доб. ${r.int(10, 99)}`)),
  read('plus-eight', 4, 'a plus before the 8', (d) => cell(`+${eight(d)}`)),
  read('double-zero', 3, '00 instead of a plus', (d) => cell(`007 ${groups(d).join(' ')}`)),
  read('full-width', 3, 'full-width digits', (d) => cell(fullWidth(`+7${d}`))),
  read('decimal', 4, 'a decimal zero, from an export', (d) => cell(`7${d}.0`)),
  read('scientific-text', 3, 'scientific, but with every digit', (d) => cell(`7.${d}E+10`)),
  read('spaces-around', 5, 'spaces and tabs around it', (d) => cell(`  ${plus7(d)}\t`)),
  read('line-break', 3, 'a line break in the middle', (d) => cell(plus7(d).replace(' 000', '\n000'))),
  read('formula', 6, 'a formula whose result is text', (d) => formula(`"+7"&"${d}"`, `+7${d}`)),
  read('formula-number', 3, 'a formula whose result is a number', (d) => formula(`70000000000+${d}`, Number(`7${d}`))),
  read('rich-text', 6, 'partly bold', (d) =>
    cell({ richText: [{ text: `+7 ${d.slice(0, 3)} ` }, { text: dashed(d), font: { bold: true } }] }),
  ),
  read('link', 6, 'a link', (d) => cell({ text: plus7(d), hyperlink: `tel:+7${d}` })),
];

/** Written so that nobody can tell the number, or that no SMS can reach it. */
const REFUSED: readonly PhoneWriting[] = [
  refused('phone-empty', 'empty', 6, 'nothing in the cell', () => cell(null)),
  refused('phone-not-a-number', 'words', 5, 'words', (_, r) =>
    cell(r.pick(['нет', '—', 'уточнить', 'отказался', '?'])),
  ),
  refused('phone-not-a-number', 'email', 2, 'an e-mail address', (_, r) =>
    cell(`${r.pick(['anna', 'ivan'])}@example.test`),
  ),
  refused('phone-not-a-number', 'letters', 2, 'the letter O for zero', (d) => cell(plus7(d).replace('000', 'OOO'))),
  refused('phone-not-a-number', 'date', 1, 'a date', () => cell(new Date('2026-09-01T00:00:00Z'), 'dd.mm.yyyy')),
  refused('phone-digits-lost', 'scientific-lost', 5, 'scientific, its digits lost', () => cell('7.9E+10')),
  refused('phone-digits-lost', 'scientific-comma', 2, 'the same with a comma', () => cell('7,9E+10')),
  refused('phone-digits-lost', 'rounded', 4, 'a number that was rounded', (d) =>
    cell(Number(`7${d.slice(0, 5)}00000`), '0'),
  ),
  refused('phone-too-short', 'too-short', 7, 'digits are missing', (d, r) =>
    cell(r.pick([plus7(d).slice(0, -1), eight(d).slice(0, -3), `230${dashed(d).slice(3)}`])),
  ),
  refused('phone-too-long', 'too-long', 4, 'a digit too many', (d, r) =>
    cell(`${r.pick([plus7(d), eight(d)])}${r.int(1, 9)}`),
  ),
  refused('phone-not-mobile', 'landline', 8, 'a landline', (d, r) =>
    cell(`${r.pick(['+7 495', '8 (812)', '+7 (343)'])} ${dashed(d)}`),
  ),
  refused('phone-not-mobile', 'toll-free', 2, 'a toll-free number', (d) => cell(`8 800 ${dashed(d)}`)),
  refused('phone-several-numbers', 'two-numbers', 6, 'two numbers in one cell', (d, r) =>
    cell(`${plus7(d)}${r.pick([', ', ' / ', '; ', '\n'])}8 999 ${dashed(d)}`),
  ),
  refused('phone-not-allowed', 'emergency', 1, 'an emergency number', () => cell('112')),
  refused('phone-other-country', 'other-country', 2, 'another country, its plus lost', (d) =>
    cell(`380 50 ${dashed(d)}`),
  ),
  refused('cell-error', 'error', 4, 'an error of a formula', (_, r) =>
    r.next() < 0.5 ? cell(NOT_FOUND) : formula('VLOOKUP("нет",Справочник!A:C,2,FALSE)', NOT_FOUND),
  ),
];

export const PHONE_WRITINGS: readonly PhoneWriting[] = [...READ, ...REFUSED];
