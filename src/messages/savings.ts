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
 * septets where one would save a part. Empty for a text in another script, and for GSM-7 that nothing would shorten.
 */
export function whatMakesItLong(text: string): readonly Culprit[] {
  const before = measure(text);
  if (before.encoding === 'gsm7') return before.parts === 1 ? [] : extensions(text, before.parts);
  if (isInOtherScript(text)) return [];
  return typography(text, before.parts);
}

function typography(text: string, partsBefore: number): readonly Culprit[] {
  const chars = charactersOf(text);
  const found = count(chars, (char) => encodingOf(char) === 'ucs2');
  const plain = new Map([...found.keys()].map((char) => [char, plainOf(char)]));
  const keeping = partsOf(chars, (char) => plain.get(char) ?? char);
  const dropping = partsOf(chars, (char) => plain.get(char) ?? (plain.has(char) ? '' : char));
  return [...found].map(([char, times]) => {
    const replacement = plain.get(char) ?? null;
    return { char, replacement, count: times, partsBefore, partsAfter: replacement === null ? dropping : keeping };
  });
}

function extensions(text: string, partsBefore: number): readonly Culprit[] {
  const chars = [...text];
  const found = count(chars, (char) => SINGLE.has(char));
  const partsAfter = partsOf(chars, (char) => SINGLE.get(char) ?? char);
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

const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Characters as a reader sees them. Finding them is slow, and seldom do they have more than one unit. */
const charactersOf = (text: string): readonly string[] =>
  /[\p{M}\p{Cf}]|[^\0-\uffff]/u.test(text)
    ? Array.from(SEGMENTER.segment(text), ({ segment }) => segment)
    : text.split('');

function count(chars: readonly string[], costs: (char: string) => boolean): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const char of chars) if (costs(char)) found.set(char, (found.get(char) ?? 0) + 1);
  return found;
}

const partsOf = (chars: readonly string[], spelling: (char: string) => string): number =>
  measure(chars.map(spelling).join('')).parts;

/** Whether a letter neither of GSM-7, which has Greek capitals, nor Latin is in it. */
function isInOtherScript(text: string): boolean {
  for (const char of text) if (gsm7Units(char) === 0 && OTHER_LETTER.test(char)) return true;
  return false;
}

/** Modifier letters are no script's own: the apostrophe U+02BC is one. */
const OTHER_LETTER = /^(?!\p{Script=Latin}|\p{Lm})\p{L}/u;
