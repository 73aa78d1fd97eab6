/**
 * Phones that an audience has already, for millions of them: a phone is a number of at most 15 digits (ITU-T E.164), which a double
 * holds exactly, so that eight bytes are enough for one and none is ever taken for another.
 */
import type { E164 } from '../messages/phone.ts';

export interface KnownPhones {
  /** Whether the phone is new; it is known from now on. */
  add(phone: E164): boolean;
}

/** More than so much of a table is never in use, so that looking stays short. */
const FULL = 0.5;
/** Many small tables, each of which grows by itself: one large table that grows would hold everything else up for a tenth of a second. */
const TABLES = 512;

/** `places` of each table at first; a power of two. */
export function knownPhones(places = 16): KnownPhones {
  const tables = Array.from({ length: TABLES }, () => phoneTable(places));
  return {
    add(phone) {
      const number = Number(phone.slice(1));
      const mixed = mix(number);
      // Which table is told by other bits than the place in it.
      return tables[mixed >>> 23]!.add(number, mixed);
    },
  };
}

function phoneTable(places: number) {
  let table = new Float64Array(places);
  let count = 0;

  function put(phone: number, mixed: number): boolean {
    let at = mixed & (table.length - 1);
    for (; table[at] !== 0; at = (at + 1) & (table.length - 1)) if (table[at] === phone) return false;
    table[at] = phone;
    return true;
  }

  function grow(): void {
    const before = table;
    table = new Float64Array(before.length * 2);
    for (const phone of before) if (phone !== 0) put(phone, mix(phone));
  }

  return {
    add(phone: number, mixed: number): boolean {
      if (!put(phone, mixed)) return false;
      count += 1;
      if (count > table.length * FULL) grow();
      return true;
    },
  };
}

/** Fibonacci hashing over both halves of the number, 32 bits: neighbours lie far from one another. */
function mix(phone: number): number {
  const high = Math.floor(phone / 0x1_0000_0000);
  const mixed = Math.imul((phone | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
