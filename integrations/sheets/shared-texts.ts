/**
 * The texts that cells of a workbook share, by the million: kept as bytes in a few large pieces, since as many strings would take
 * several times the memory. What is taken out is what was put in.
 */

export interface SharedTexts {
  /** The text with this number, from 0; undefined where there is none. */
  at(index: number): string | undefined;
}

export interface SharedTextsWriter extends SharedTexts {
  add(text: string): void;
}

/** Bytes of one piece; a text never lies across two. */
const PIECE = 1 << 20;
/** No character of UTF-16 takes more bytes in UTF-8. */
const BYTES_A_UNIT = 3;
const LONGEST = 0xffff;

export function sharedTexts(): SharedTextsWriter {
  const pieces: Buffer[] = [];
  /** Texts that bytes cannot hold, or not so many of them: half a surrogate pair, or more than fits into a cell. */
  const apart = new Map<number, string>();
  let places = new Uint32Array(1024);
  let lengths = new Uint16Array(1024);
  let count = 0;
  let used = 0;

  function keep(text: string): void {
    const most = text.length * BYTES_A_UNIT;
    if (most > LONGEST || !text.isWellFormed()) {
      apart.set(count, text);
      return;
    }
    if (pieces.length === 0 || used + most > PIECE) {
      pieces.push(Buffer.allocUnsafeSlow(PIECE));
      used = 0;
    }
    places[count] = (pieces.length - 1) * PIECE + used;
    lengths[count] = pieces.at(-1)!.write(text, used);
    used += lengths[count]!;
  }

  return {
    add(text) {
      if (count === places.length) [places, lengths] = [doubled(places), doubled(lengths)];
      keep(text);
      count += 1;
    },
    at(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count) return undefined;
      const whole = apart.get(index);
      if (whole !== undefined) return whole;
      const from = places[index]! % PIECE;
      return pieces[Math.floor(places[index]! / PIECE)]?.toString('utf8', from, from + lengths[index]!) ?? '';
    },
  };
}

function doubled<T extends Uint32Array | Uint16Array>(numbers: T): T {
  const larger = new (numbers.constructor as new (length: number) => T)(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
