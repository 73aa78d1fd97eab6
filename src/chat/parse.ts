/**
 * The arguments of a command in pieces: words, texts in quotes, and `name=value`. People write in chats, on phones and Macs, so
 * every kind of quotes is understood, quotes inside of quotes too, and a value without any runs on to the next name.
 */
import { type KeyName, nearestKey, readKey } from './vocabulary.ts';

export interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** Where it begins in the line, its quotes included, and where it has ended. */
  readonly at: number;
  readonly end: number;
}

export interface Arguments {
  readonly words: readonly Piece[];
  readonly named: ReadonlyMap<KeyName, Piece>;
  /** The whole line, for a text that needs no quotes. */
  readonly line: string;
}

export type ArgumentMistake =
  | { readonly code: 'quote-open'; readonly at: number }
  | { readonly code: 'unknown-key'; readonly key: string; readonly nearest: KeyName | null; readonly at: number }
  | { readonly code: 'key-twice'; readonly key: KeyName; readonly at: number }
  /** A word that this command has no use for. */
  | { readonly code: 'left-over'; readonly said: string; readonly at: number };

export type ArgumentReading =
  | { readonly kind: 'arguments'; readonly arguments: Arguments }
  | { readonly kind: 'mistake'; readonly mistake: ArgumentMistake };

/** Reads the line from `from` on. A command without `keys` has a free text in it, where `=` is a letter like others. */
export function readArguments(line: string, from: number, keys: readonly KeyName[]): ArgumentReading {
  const words: Piece[] = [];
  const named = new Map<KeyName, Piece>();
  let at = skipSpace(line, from);
  while (at < line.length) {
    const key = keyAt(line, at, keys);
    if (key.kind === 'unknown') {
      return wrong({ code: 'unknown-key', key: key.written, nearest: nearestKey(key.written, keys), at });
    }
    if (key.kind === 'key' && named.has(key.name)) return wrong({ code: 'key-twice', key: key.name, at });
    const taken = key.kind === 'key' ? takeValue(line, key.end, keys) : takeWord(line, at);
    if (taken === null) return wrong({ code: 'quote-open', at: key.kind === 'key' ? key.end : at });
    if (key.kind === 'key') named.set(key.name, taken);
    else words.push(taken);
    at = skipSpace(line, taken.end);
  }
  return { kind: 'arguments', arguments: { words, named, line } };
}

const wrong = (mistake: ArgumentMistake): ArgumentReading => ({ kind: 'mistake', mistake });

/** The words from `index` on as one text: as it was typed, or without its quotes when it is all in one pair of them. */
export function textFrom({ words, line }: Arguments, index: number): string {
  const [first, more] = [words[index], words[index + 1]];
  if (!first) return '';
  if (!more) return first.text.trim();
  return line.slice(first.at).trim();
}

type KeyAt =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly name: KeyName /** Where its value begins. */; readonly end: number }
  | { readonly kind: 'unknown'; readonly written: string };

const KEY = /(\p{L}[\p{L}\d_-]*)([ \t]*)=[ \t]*/uy;

function keyAt(line: string, at: number, keys: readonly KeyName[]): KeyAt {
  if (keys.length === 0) return { kind: 'none' };
  KEY.lastIndex = at;
  const match = KEY.exec(line);
  if (!match) return { kind: 'none' };
  const name = readKey(match[1]!, keys);
  if (name && keys.includes(name)) return { kind: 'key', name, end: KEY.lastIndex };
  return match[2] === '' ? { kind: 'unknown', written: match[1]! } : { kind: 'none' };
}

/** A word up to the next space, or a text in quotes; null when the quotes are not closed. */
function takeWord(line: string, at: number): Piece | null {
  const quoted = takeQuoted(line, at, (after) => isBoundary(line, after));
  if (quoted !== 'no-quotes') return quoted;
  const text = /\S+/uy;
  text.lastIndex = at;
  const word = text.exec(line)![0];
  return { text: word, quoted: false, at, end: at + word.length };
}

/** In quotes up to those that end the line or stand before the next name, else up to the next name. */
function takeValue(line: string, at: number, keys: readonly KeyName[]): Piece | null {
  const nextName = (after: number): boolean => {
    const next = skipSpace(line, after);
    return next === line.length || (next > after && keyAt(line, next, keys).kind !== 'none');
  };
  const outer = takeQuoted(line, at, nextName);
  if (outer !== 'no-quotes' && outer !== null) return outer;
  const inner = takeQuoted(line, at, (after) => isBoundary(line, after));
  if (inner !== 'no-quotes') return inner;
  // Nothing at all, when the next name follows at once.
  const isEmpty = /\s/u.test(line[at - 1]!) && keyAt(line, at, keys).kind === 'key';
  let end = at;
  while (!isEmpty && end < line.length && !endsRun(line, end, keys)) end++;
  return { text: line.slice(at, end).trim(), quoted: false, at, end };
}

/** A value without quotes ends before a name of this command, or what must be a misspelt one. */
function endsRun(line: string, at: number, keys: readonly KeyName[]): boolean {
  // A run of spaces is looked at where it begins: a long one would be looked through from each of them.
  if (!/\s/u.test(line[at]!) || /\s/u.test(line[at - 1]!)) return false;
  const next = skipSpace(line, at);
  const key = keyAt(line, next, keys);
  return key.kind === 'key' || (key.kind === 'unknown' && nearestKey(key.written, keys) !== null);
}

/** Which quotes close which; a phone's keyboard does not always pair them as printers do. */
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"”“',
  '“': '”“"',
  '”': '”"',
  '„': '“”"',
  '«': '»',
  '‘': "’'",
  '’': "’'",
  "'": "'’",
  '`': '`',
};
/** These begin words as well: `'tis`. */
const APOSTROPHES = "'‘’`";

function takeQuoted(line: string, at: number, closesAt: (after: number) => boolean): Piece | null | 'no-quotes' {
  const opening = line[at] ?? '';
  const closing = CLOSING[opening];
  if (closing === undefined) return 'no-quotes';
  for (let end = at + 1; end < line.length; end++) {
    if (!closing.includes(line[end]!) || line[end - 1] === '\\' || !closesAt(end + 1)) continue;
    const text = line.slice(at + 1, end).replace(/\\(["“”„«»'‘’`])/gu, '$1');
    return { text, quoted: true, at, end: end + 1 };
  }
  return APOSTROPHES.includes(opening) ? 'no-quotes' : null;
}

const isBoundary = (line: string, at: number): boolean => at >= line.length || /\s/u.test(line[at]!);

function skipSpace(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/u.test(line[at]!)) at++;
  return at;
}
