/**
 * Which encoding a table of text is in. A mark decides; else UTF-8 if every byte of the file agrees; else the Cyrillic
 * encodings are told apart by how Russian looks in each, and what is none of them is left to statistics.
 */
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { utf16 } from './file-type.ts';

/** Encodings of Russian text, the likeliest first. */
const CYRILLIC = ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic'] as const;
/** What statistics may answer; of others they are too seldom right. */
const OTHERS: ReadonlySet<string> = new Set([
  'windows-1252',
  'windows-1250',
  'windows-1253',
  'windows-1254',
  'windows-1256',
  'ISO-8859-1',
  'ISO-8859-2',
  'Shift_JIS',
  'Big5',
  'EUC-JP',
  'EUC-KR',
  'GB18030',
]);

/** The encoding by what the first bytes say of themselves; null when they say nothing. */
export function markedEncoding(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  return utf16(head);
}

/** The encoding of bytes that are not UTF-8; `sample` should hold the lines with bytes above 127. */
export function guessEncoding(sample: Buffer): string {
  const scores = CYRILLIC.map((encoding) => ({ encoding, score: russianness(iconv.decode(sample, encoding)) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score > 0) return best.encoding;
  return chardet.analyse(sample).find((match) => OTHERS.has(match.name))?.name ?? 'windows-1252';
}

/** How many of a thousand letters of Russian text are this one. */
const PER_MILLE: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ' +
    'ф3 ъ1 ё1'
  )
    .split(' ')
    .map((entry) => [entry[0], Number(entry.slice(1))]),
);
/** Letters of two alphabets in one word. */
const MIXED = /[a-z](?=[а-яё])|[а-яё](?=[a-z])/gi;
/** Capitals behind small letters, letters of other Cyrillic alphabets, frames, controls, signs that tables seldom hold. */
const STRANGE = /[а-яё](?=[А-ЯЁ])|[ЂЃѓЉЊЌЋЏђљњќћџЎўЈЅѕј]|[\u0080-\u009f\u2320-\u25ff]|[¤¦§¨¬±µ¶†‰≈≤≥÷√∞]/g;
/** One oddity outweighs one letter, and even the most common. */
const ODDITY = 120;

/** Above zero for text that looks Russian: letters count for it as they are common, oddities against it. */
function russianness(text: string): number {
  let letters = 0;
  for (const letter of text.toLowerCase()) letters += PER_MILLE[letter] ?? 0;
  const oddities = (text.match(MIXED)?.length ?? 0) + (text.match(STRANGE)?.length ?? 0);
  return letters - oddities * ODDITY;
}
