/**
 * Readings that cost much, for many who ask the same: one for all who ask at once, and one that rests in between.
 */

/**
 * One reading for many who ask the same at once. What anybody is told was read after they asked: who asks while a reading is under
 * way waits for the next, together with all others who do.
 */
export function sharedReading<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  const next = new Map<string, Promise<T>>();

  async function begin(key: string): Promise<T> {
    // Also what fails is over.
    await underWay.get(key)?.catch(() => {});
    const reading = next.get(key)!;
    next.delete(key);
    underWay.set(key, reading);
    try {
      return await read(key);
    } finally {
      underWay.delete(key);
    }
  }

  return (key) => {
    const known = next.get(key);
    if (known) return known;
    // Begun a moment later, so that it is known by then which one it is.
    const reading = Promise.resolve(key).then(begin);
    next.set(key, reading);
    return reading;
  };
}

/** For how long what was read is good enough, by how long reading it took; ms. */
export type Rest = (tookMs: number) => number;

/**
 * A reading that is told again while it rests: of what takes seconds to read, people are told what was so a moment ago, and the database
 * is left to whoever sends. `mono`: milliseconds of a clock that only goes forward.
 */
export function restedReading<T>(
  read: (key: string) => Promise<T>,
  mono: () => number,
  rest: Rest,
): (key: string) => Promise<T> {
  const resting = new Map<string, { readonly found: T; readonly until: number }>();

  return async (key) => {
    for (const [known, { until }] of resting) if (until <= mono()) resting.delete(known);
    const known = resting.get(key);
    if (known) return known.found;
    const began = mono();
    const found = await read(key);
    const ms = rest(mono() - began);
    if (ms > 0) resting.set(key, { found, until: mono() + ms });
    return found;
  };
}
