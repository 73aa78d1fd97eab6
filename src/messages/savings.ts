/**
 * Which characters make a text longer than it looks, and what a plainer spelling would save. Only typography is ever
 * suggested: letters stay what they are, and a text in Cyrillic or another script is no mistake.
 */
import { encodingOf, gsm7Units } from './encoding.ts';
import { measure } from './parts.ts';

/** A character (as a reader sees one: an emoji family is one) that costs. */
export interface Culprit {
  readonly char: string;
  /** What to write instead, possibly nothing at all; null when only the author can say. */
  readonly replacement: string | null;
  readonly count: number;
  readonly partsBefore: number;
  /** Parts once every listed character with a replacement is replaced; where there is none, once those are left out too. */
  readonly partsAfter: number;
}

/** Typography by its plain spelling. Spaces, dashes and invisible characters are told by their Unicode category. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  [
    ["'", '‘’‚‛′´`ʼ‹›'],
    ['"', '“”„‟«»″'],
    ['...', '…'],
    ['-', '−•·▪●'],
    ['x', '×'],
    ['No.', '№'],
  ].flatMap(([plain, fancy]) => [...fancy!].map((char) => [char, plain!] as const)),
);

/** Characters of the extension table that have a stand-in of one septet. */
const SINGLE: ReadonlyMap<string, string> = new Map([
  ['[', '('],
  [']', ')'],
  ['{', '('],
  ['}', ')'],
  ['~', '-'],
  ['|', '/'],
]);

/**
 * What forces UCS-2 on a text that would be GSM-7 but for typography and pictures, or, in a GSM-7 text, what takes two
 * septets where one would save a part. Empty for a text in another script, and for one that nothing would shorten.
 */
export function whatMakesItLong(text: string): readonly Culprit[] {
  const before = measure(text);
  if (before.encoding === 'gsm7') return before.parts === 1 ? [] : extensions(text, before.parts);
  if (isInOtherScript(text)) return [];
  const found = count(text, (char) => encodingOf(char) === 'ucs2');
  const plainer = respell(text, (char) => (found.has(char) ? (plainOf(char) ?? char) : char));
  const bare = respell(text, (char) => (found.has(char) ? (plainOf(char) ?? '') : char));
  return [...found].map(([char, times]) => ({
    char,
    replacement: plainOf(char),
    count: times,
    partsBefore: before.parts,
    partsAfter: measure(plainOf(char) === null ? bare : plainer).parts,
  }));
}

function extensions(text: string, partsBefore: number): readonly Culprit[] {
  const found = count(text, (char) => gsm7Units(char) === 2 && SINGLE.has(char));
  const partsAfter = measure(respell(text, (char) => SINGLE.get(char) ?? char)).parts;
  if (partsAfter === partsBefore) return [];
  return [...found].map(([char, times]) => ({
    char,
    replacement: SINGLE.get(char)!,
    count: times,
    partsBefore,
    partsAfter,
  }));
}

/** The plain spelling of a character outside GSM-7, or null. An accent that GSM-7 has is only stored otherwise. */
function plainOf(char: string): string | null {
  const plain = PLAIN.get(char);
  if (plain !== undefined) return plain;
  if (/^\p{Pd}$/u.test(char)) return '-';
  if (/^\p{Zs}$|^\t$/u.test(char)) return ' ';
  if (/^[\p{Zl}\p{Zp}]$/u.test(char)) return '\n';
  if (/^[\p{Cf}\p{Mn}\p{Cc}]+$/u.test(char)) return '';
  const composed = char.normalize('NFC').replace(/\p{Cf}/gu, '');
  return composed !== char && encodingOf(composed) === 'gsm7' ? composed : null;
}

const CHARACTERS = new Intl.Segmenter('und', { granularity: 'grapheme' });

function count(text: string, costs: (char: string) => boolean): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { segment } of CHARACTERS.segment(text)) {
    if (costs(segment)) found.set(segment, (found.get(segment) ?? 0) + 1);
  }
  return found;
}

const respell = (text: string, spelling: (char: string) => string): string =>
  Array.from(CHARACTERS.segment(text), ({ segment }) => spelling(segment)).join('');

/** Whether a letter neither of GSM-7, which has Greek capitals, nor Latin is in it. */
function isInOtherScript(text: string): boolean {
  for (const char of text) if (gsm7Units(char) === 0 && OTHER_LETTER.test(char)) return true;
  return false;
}

/** Modifier letters are no script's own: the apostrophe U+02BC is one. */
const OTHER_LETTER = /^(?!\p{Script=Latin}|\p{Lm})\p{L}/u;
