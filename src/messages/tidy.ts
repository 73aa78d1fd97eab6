/** Puts a text that a person typed or pasted into the one form in which it is measured, approved and sent. */

/**
 * NFC, line ends as LF, no control characters (a tab becomes a space), no spaces at the ends of lines, no empty end.
 * Half a surrogate pair becomes U+FFFD, because no encoding on the way could carry it. Nothing that is visible changes.
 */
export function tidyText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)\p{Cc}/gu, '')
    .split('\n') // and not a regular expression, which takes a square of the time over a long run of spaces
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()
    .normalize('NFC'); // after the rest: what stood between a letter and its accent may be gone now
}
