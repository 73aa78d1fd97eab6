/** First in, first out, at the same cost for a million as for one; `Array.shift` moves all that is behind it. */
export interface Queue<T> {
  put(item: T): void;
  take(): T | undefined;
  size(): number;
}

/** What has been taken is let go of once it is this many. */
const TAKEN = 10_000;

export function createQueue<T>(): Queue<T> {
  let items: T[] = [];
  let head = 0;
  return {
    put(item) {
      items.push(item);
    },
    take() {
      if (head === items.length) return undefined;
      const item = items[head++];
      if (head === items.length || head > TAKEN) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    size: () => items.length - head,
  };
}
