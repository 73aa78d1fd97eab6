/** Settings said without an equals sign, as people speak: `language ru`, `deputy maria until friday 18:00`. */
import { type Arguments, textFrom } from './parse.ts';
import { type KeyName, readKey } from './vocabulary.ts';

export type Spoken =
  | { readonly kind: 'pairs'; readonly named: ReadonlyMap<KeyName, string> }
  /** The words do not begin with a name. */
  | { readonly kind: 'left-over'; readonly index: number };

/** What was written as `name=value`, and what was only said: a name, and all that follows up to the next. */
export function spokenPairs(args: Arguments, keys: readonly KeyName[]): Spoken {
  const named = new Map<KeyName, string>([...args.named].map(([key, piece]) => [key, piece.text.trim()]));
  const { words } = args;
  const keyAt = (index: number): KeyName | null => {
    const word = words[index];
    const key = word && !word.quoted ? readKey(word.text) : null;
    return key && keys.includes(key) ? key : null;
  };
  for (let index = 0; index < words.length; ) {
    const key = keyAt(index);
    if (!key) return { kind: 'left-over', index };
    let end = index + 1;
    while (end < words.length && !keyAt(end)) end++;
    named.set(key, textFrom({ ...args, words: words.slice(0, end), line: lineTo(args, end) }, index + 1));
    index = end;
  }
  return { kind: 'pairs', named };
}

const lineTo = ({ line, words }: Arguments, end: number): string => line.slice(0, words[end]?.at ?? line.length);
