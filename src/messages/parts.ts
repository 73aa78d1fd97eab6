/**
 * How many SMS a text becomes, and where it is cut. Counting and cutting are one rule, so what was priced is what is sent;
 * no cut falls inside an escape pair or a surrogate pair.
 */
import { type Encoding, gsm7UnitsAt } from './encoding.ts';

/** A text as the operator will charge it. */
export interface Measure {
  readonly encoding: Encoding;
  /** Septets in GSM-7 (extension characters are two), UTF-16 units in UCS-2. */
  readonly units: number;
  readonly parts: number;
  /** Units that one part of this message holds. */
  readonly perPart: number;
}

/** The longest message that is sent. */
export const MAX_PARTS = 10;

/** 140 bytes: 160 septets or 70 UTF-16 units (TS 23.038); six bytes less beside a concatenation header: 153 and 67. */
const CAPACITY = { gsm7: { single: 160, joined: 153 }, ucs2: { single: 70, joined: 67 } } as const;

/** Measures a text as it is, in the cheapest encoding that carries it. An empty text is one part. */
export function measure(text: string): Measure {
  const septets = septetsOf(text);
  const encoding: Encoding = septets === null ? 'ucs2' : 'gsm7';
  const units = septets ?? text.length;
  const { single, joined } = CAPACITY[encoding];
  if (units <= single) return { encoding, units, parts: 1, perPart: single };
  let parts = 0;
  for (let from = 0; from < text.length; from = cutAfter(text, from, encoding)) parts++;
  return { encoding, units, parts, perPart: joined };
}

/**
 * The texts of the parts, which joined are the text. Throws when `encoding` cannot carry it. `room`: units beside a header that
 * is longer than the usual.
 */
export function splitParts(text: string, encoding: Encoding, room?: number): readonly string[] {
  const units = encoding === 'gsm7' ? septetsOf(text) : text.length;
  if (units === null) throw new Error('the text is not GSM-7');
  if (units <= CAPACITY[encoding].single) return [text];
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = cutAfter(text, from, encoding, room);
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

/**
 * The user data header of part `index` (from 1) of `total`: TS 23.040 9.2.3.24.1, concatenated short messages with an
 * 8-bit reference. All parts of a message carry one `reference`.
 */
export function concatenationUdh(reference: number, total: number, index: number): Uint8Array {
  if (index < 1 || index > total || total > 255) throw new Error(`no part ${index} of ${total}`);
  return Uint8Array.of(0x05, 0x00, 0x03, reference & 0xff, total, index);
}

/** Units beside a header with a reference of 16 bits, which is an octet longer (TS 23.040 9.2.3.24.8). */
export const ROOM_16 = { gsm7: 152, ucs2: 66 } as const;

/** The same with a reference of 16 bits. */
export function concatenationUdh16(reference: number, total: number, index: number): Uint8Array {
  if (index < 1 || index > total || total > 255) throw new Error(`no part ${index} of ${total}`);
  return Uint8Array.of(0x06, 0x08, 0x04, (reference >> 8) & 0xff, reference & 0xff, total, index);
}

/** Septets of the text, or null when it is not GSM-7. */
function septetsOf(text: string): number | null {
  let septets = 0;
  for (let i = 0; i < text.length; i++) {
    const units = gsm7UnitsAt(text, i);
    if (units === 0) return null;
    septets += units;
  }
  return septets;
}

/** Where the part that begins at `from` ends: as much as fits, pairs kept whole. */
function cutAfter(text: string, from: number, encoding: Encoding, room: number = CAPACITY[encoding].joined): number {
  if (encoding === 'ucs2') {
    const to = Math.min(from + room, text.length);
    return to < text.length && isPair(text, to - 1) ? to - 1 : to;
  }
  let used = 0;
  for (let at = from; at < text.length; at++) {
    used += gsm7UnitsAt(text, at);
    if (used > room) return at;
  }
  return text.length;
}

const isPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
