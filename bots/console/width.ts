/**
 * Text as a terminal lays it out: how many columns it takes, wrapped to a width, and free of what would command the terminal.
 */

const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Scripts and signs that terminals give two columns (Unicode TR 11, East Asian Width W and F, as far as people write them). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|^.\ufe0f/u;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (/^[\u0020-\u007e\u00a0-\u02ff\u0400-\u04ff\u2010-\u2026]*$/u.test(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(segment)) continue;
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/**
 * Names, texts and operators' words come from outside: a control character among them could move the cursor or paint over what
 * stands there, and one that turns the direction of writing could show another number than there is.
 */
export const harmless = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '    ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** A command in backticks is kept in one piece, so that it can be copied; else words are. */
const PIECES = /(?:`[^`\n]+`[^ ]*|[^ ]+|^) */gu;

/** Lines of at most `width` columns; only a piece that is longer by itself sticks out. Spaces stay but where a line ends. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line.trimEnd()];
  const lines: string[] = [];
  let current = '';
  for (const [piece] of line.matchAll(PIECES)) {
    if (current.trim() !== '' && widthOf(current + piece.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = '';
    }
    current += piece;
  }
  return current.trim() === '' ? lines : [...lines, current.trimEnd()];
}
