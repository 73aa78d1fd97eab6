/** From what a shell hands over to the line of a command: quotes that the shell took off, and paths as the service can find them. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readArguments } from '../../src/chat/parse.ts';
import { DRAFT_KEYS, readCommand } from '../../src/chat/vocabulary.ts';

export interface Options {
  readonly as: string | null;
  readonly json: boolean;
  /** The words of the command; empty: talk on. */
  readonly words: readonly string[];
}

/** `--as anna --json` in any place before the command. */
export function readOptions(argv: readonly string[]): Options {
  let as: string | null = null;
  let json = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--json') json = true;
    else if (word === '--as') as = argv[++at] ?? null;
    else if (word.startsWith('--as=')) as = word.slice('--as='.length);
    else return { as, json, words: argv.slice(at) };
  }
  return { as, json, words: [] };
}

/** One line again: a shell has taken the quotes off `text="Hello you"`. A line that came in one piece is left as it is. */
export function joined(words: readonly string[]): string {
  if (words.length === 1) return words[0]!;
  return words.map(requoted).join(' ');
}

function requoted(word: string): string {
  if (!/\s/u.test(word)) return word;
  const pair = /^(\p{L}[\p{L}\d_-]*)=([\s\S]*)$/u.exec(word);
  const [, key, value = word] = pair ?? [];
  const quoted = `"${value.replaceAll('"', '\\"')}"`;
  return key === undefined ? quoted : `${key}=${quoted}`;
}

const TABLE = /\.(?:xlsx|xlsm|xlsb|xls|ods|csv|tsv|txt)$/iu;

/** The line with the path of its file made absolute: the service runs in another folder than the person. */
export function withPaths(line: string, folder: string): string {
  const whole = unquoted(line.trim());
  if (isFile(whole, folder)) return resolve(folder, whole);
  const command = readCommand(line);
  if (command.kind === 'unknown' || !['new', 'edit', 'audience-check'].includes(command.name)) return line;
  const reading = readArguments(line, command.end, DRAFT_KEYS);
  if (reading.kind === 'mistake') return line;
  const { words, named } = reading.arguments;
  const piece = named.get('source') ?? words.find((word) => isFile(word.text, folder) || TABLE.test(word.text));
  if (!piece || /^[a-z]+:\/\//iu.test(piece.text)) return line;
  return `${line.slice(0, piece.at)}"${resolve(folder, piece.text)}"${line.slice(piece.end).replace(/^(?=\S)/u, ' ')}`;
}

const isFile = (text: string, folder: string): boolean =>
  text !== '' && TABLE.test(text) && existsSync(resolve(folder, text));
const unquoted = (text: string): string => /^(["“«'])(?<inside>.*)["”»']$/u.exec(text)?.groups?.inside ?? text;
