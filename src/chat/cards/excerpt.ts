/** The place in a text that is meant, drawn under it: for people who do not count characters. */

/** Characters of the line that are shown. */
const WIDTH = 60;

/** The line and a caret under its character, both numbered from 1; the line is cut where it is too long. */
export function excerptAt(text: string, line: number, column: number): readonly string[] {
  const whole = text.split('\n')[line - 1] ?? '';
  const at = Math.max(0, Math.min(column - 1, whole.length));
  const from = Math.max(0, Math.min(at - Math.floor(WIDTH / 2), whole.length - WIDTH));
  const until = Math.min(whole.length, from + WIDTH);
  const shown = `${from > 0 ? '…' : ''}${whole.slice(from, until)}${until < whole.length ? '…' : ''}`;
  return [shown.replaceAll('\t', ' '), `${' '.repeat(at - from + (from > 0 ? 1 : 0))}^`];
}

/** The same for a place counted in characters from the beginning of the text, from 0. */
export function excerptOf(text: string, index: number): readonly string[] {
  const before = text.slice(0, index).split('\n');
  return excerptAt(text, before.length, before.at(-1)!.length + 1);
}
