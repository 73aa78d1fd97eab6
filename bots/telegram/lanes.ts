/**
 * What is said in one chat is taken up in its order, one after the other; chats do not wait for each other. Nothing that is taken
 * up here ends anything else by failing.
 */
export interface Lanes {
  /** Resolves when it is done; never rejects. */
  run(chat: string, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

export function createLanes(failed: (error: unknown) => void): Lanes {
  const last = new Map<string, Promise<void>>();
  return {
    run(chat, work) {
      const done = (last.get(chat) ?? Promise.resolve()).then(work).catch(failed);
      last.set(chat, done);
      return done.finally(() => {
        if (last.get(chat) === done) last.delete(chat);
      });
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
