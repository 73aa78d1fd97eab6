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
