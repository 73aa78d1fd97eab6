/** A customer's SMS as an operator hands it over: the text as deliver_sm messages, in as few parts as it fits. */
import { DEFAULT_ALPHABET, ESCAPE, EXTENSION } from './alphabet.ts';
import { ESM } from './pdus.ts';

/** One part of an inbound SMS, ready for a deliver_sm. */
export interface EncodedPart {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly message: Buffer;
}

const GSM = { dataCoding: 0, alone: 160, inParts: 153 } as const;
/** In octets, two for each UTF-16 unit. */
const UCS2 = { dataCoding: 8, alone: 140, inParts: 134 } as const;

/** `ref` tells the parts of one message from those of another; its low eight bits are used. */
export function encodeInbound(text: string, ref: number): readonly EncodedPart[] {
  const letters = [...text];
  const septets = letters.map(gsmBytes);
  const gsm = septets.every((bytes): bytes is Buffer => bytes !== null);
  const pieces = gsm ? septets : letters.map((letter) => Buffer.from(letter, 'utf16le').swap16());
  const { dataCoding, alone, inParts } = gsm ? GSM : UCS2;

  const whole = Buffer.concat(pieces);
  if (whole.length <= alone) return [{ esmClass: ESM.plain, dataCoding, message: whole }];
  const contents = fill(pieces, inParts);
  return contents.map((content, i) => ({
    esmClass: ESM.udh,
    dataCoding,
    message: Buffer.concat([Buffer.from([5, 0, 3, ref & 0xff, contents.length, i + 1]), content]),
  }));
}

/** Puts whole letters, never half of one, into parts of at most `room` octets. */
function fill(pieces: readonly Buffer[], room: number): readonly Buffer[] {
  const parts: Buffer[][] = [[]];
  let used = 0;
  for (const piece of pieces) {
    if (used + piece.length > room) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)!.push(piece);
    used += piece.length;
  }
  return parts.map((part) => Buffer.concat(part));
}

const SEPTETS: ReadonlyMap<string, Buffer> = new Map([
  ...DEFAULT_ALPHABET.map((letter, septet): [string, Buffer] => [letter, Buffer.from([septet])]).filter(
    ([letter]) => letter !== '\0',
  ),
  ...[...EXTENSION].map(([septet, letter]): [string, Buffer] => [letter, Buffer.from([ESCAPE, septet])]),
]);

const gsmBytes = (letter: string): Buffer | null => SEPTETS.get(letter) ?? null;
