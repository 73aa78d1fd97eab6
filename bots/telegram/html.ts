/**
 * Text with a few marks as Telegram's HTML. Lines are marked, measured and cut as plain text and become HTML last, so that
 * whatever people write stays the letters that it is, and no tag is ever left open.
 */
import { harmless } from '../console/width.ts';

export type Mark = 'b' | 'i' | 'code';

export interface Span {
  readonly text: string;
  readonly mark?: Mark;
}

export interface Line {
  readonly spans: readonly Span[];
  /** In letters of one width, spaces kept. */
  readonly isPre?: boolean;
}

export const EMPTY: Line = { spans: [] };

/** A text whose commands stand in backticks: a tap copies them. What is around them has the mark. */
export function marked(text: string, mark?: Mark): readonly Span[] {
  return harmless(text)
    .split(/(`[^`\n]+`)/u)
    .filter((piece) => piece !== '')
    .map((piece): Span => {
      if (/^`[^`\n]+`$/u.test(piece)) return { text: piece.slice(1, -1), mark: 'code' };
      return mark ? { text: piece, mark } : { text: piece };
    });
}

/** Lines of a text that may have several of its own. */
export const linesOf = (text: string, mark?: Mark): readonly Line[] =>
  text.split('\n').map((line) => ({ spans: marked(line, mark) }));

export const preLine = (text: string): Line => ({ spans: [{ text: harmless(text) }], isPre: true });

/** Telegram counts UTF-16 units after the markup was taken away, as JavaScript does. */
export const lengthOf = ({ spans }: Line): number => spans.reduce((sum, { text }) => sum + text.length, 0);

/** As many lines as fit into `room`, the last one cut where it must be. */
export function cut(lines: readonly Line[], room: number): readonly Line[] {
  const fitting: Line[] = [];
  let left = room;
  for (const line of lines) {
    const length = lengthOf(line) + 1;
    if (length > left) return left > LEAST_OF_A_LINE ? [...fitting, shortened(line, left - 2)] : fitting;
    fitting.push(line);
    left -= length;
  }
  return fitting;
}

/** Less of a line says nothing. */
const LEAST_OF_A_LINE = 80;

function shortened(line: Line, room: number): Line {
  const spans: Span[] = [];
  let left = room;
  for (const span of line.spans) {
    spans.push({ ...span, text: wholeLetters(span.text, left) });
    left -= span.text.length;
    if (left <= 0) break;
  }
  return { ...line, spans: [...spans, { text: '…' }] };
}

/** The beginning of a text, with no half of a surrogate pair at its end. */
export const wholeLetters = (text: string, most: number): string =>
  text.slice(0, most).replace(/[\ud800-\udbff]$/u, '');

export function toHtml(lines: readonly Line[]): string {
  const parts: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.findIndex((line, index) => index >= at && (line.isPre ?? false) !== (lines[at]!.isPre ?? false));
    const run = lines.slice(at, end === -1 ? lines.length : end);
    const html = run.map(({ spans }) => spans.map(spanHtml).join('')).join('\n');
    parts.push(lines[at]!.isPre ? `<pre>${html}</pre>` : html);
    at += run.length;
  }
  return parts.join('\n');
}

const spanHtml = ({ text, mark }: Span): string => (mark ? `<${mark}>${escaped(text)}</${mark}>` : escaped(text));

const escaped = (text: string): string =>
  text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
