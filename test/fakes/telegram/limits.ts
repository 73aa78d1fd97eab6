/** How many messages Telegram takes: about one a second into a chat after a short burst, and some thirty a second in all. */
export interface Limits {
  /** Messages that a chat takes at once before it is one a second. */
  readonly burst: number;
  readonly perSecond: number;
}

export function createLimits(now: () => number = Date.now) {
  let limits: Limits | null = null;
  const chats = new Map<number, Bucket>();
  let all: Bucket | null = null;

  return {
    set(given: Limits | null): void {
      limits = given;
      chats.clear();
      all = given && createBucket(given.perSecond, given.perSecond, now);
    },
    /** Whole seconds to wait; 0 when the message may be shown, and is counted. */
    wait(chat: number): number {
      if (!limits || !all) return 0;
      const own = chats.get(chat) ?? createBucket(limits.burst, 1, now);
      chats.set(chat, own);
      const seconds = Math.max(own.wait(), all.wait());
      if (seconds > 0) return Math.ceil(seconds);
      own.take();
      all.take();
      return 0;
    },
  };
}

type Bucket = ReturnType<typeof createBucket>;

function createBucket(size: number, perSecond: number, now: () => number) {
  let left = size;
  let at = now();
  const fill = () => {
    left = Math.min(size, left + ((now() - at) / 1000) * perSecond);
    at = now();
  };
  return {
    wait(): number {
      fill();
      return left >= 1 ? 0 : (1 - left) / perSecond;
    },
    take: () => void left--,
  };
}
