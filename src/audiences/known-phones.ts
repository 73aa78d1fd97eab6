/**
 * Phones that an audience has already, for millions of them: a phone is a number of at most 15 digits (ITU-T E.164), which a double
 * holds exactly, so that eight bytes are enough for one and none is ever taken for another.
 */
import type { E164 } from '../messages/phone.ts';

export interface KnownPhones {
  /** Whether the phone is new; it is known from now on. */
  add(phone: E164): boolean;
}

/** More than so much of the table is never in use, so that looking stays short. */
const FULL = 0.5;

export function knownPhones(places = 1024): KnownPhones {
  let table = new Float64Array(places);
  let count = 0;

  function put(phone: number): boolean {
    let at = placeOf(phone, table.length);
    for (; table[at] !== 0; at = (at + 1) & (table.length - 1)) if (table[at] === phone) return false;
    table[at] = phone;
    return true;
  }

  function grow(): void {
    const before = table;
    table = new Float64Array(before.length * 2);
    for (const phone of before) if (phone !== 0) put(phone);
  }

  return {
    add(phone) {
      if (!put(Number(phone.slice(1)))) return false;
      count += 1;
      if (count > table.length * FULL) grow();
      return true;
    },
  };
}

/** Fibonacci hashing over both halves of the number: neighbours lie far from one another. `places` is a power of two. */
function placeOf(phone: number, places: number): number {
  const high = Math.floor(phone / 0x1_0000_0000);
  const mixed = Math.imul((phone | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & (places - 1);
}
