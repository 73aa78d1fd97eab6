/** Randomness that a seed repeats: a stream of draws, and a draw that belongs to a text and is always the same. */

/** Draws from [0, 1). */
export type Random = () => number;

/** mulberry32: 32 bits of state, good enough to choose faults with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The draw of a text under a seed: FNV-1a of the text, stirred once more because its low bits alone are poor. */
export function drawOf(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return seededRandom(hash)();
}

/** True for about `share` of the draws; draws nothing when the share is 0. */
export const chance = (share: number, random: Random): boolean => share > 0 && random() < share;
