/**
 * The order of answers: what one person says is answered in the order in which it was said; nobody waits for anybody else. Who
 * stops waits for what is under way.
 */
export interface Turns {
  /** Does it when what this person said before is answered. Never rejects: what fails is told to `failed`. */
  after(person: string, work: () => Promise<void>): Promise<void>;
  /** Does it at once. */
  beside(work: () => Promise<void>): Promise<void>;
  /** All that was begun is done. */
  idle(): Promise<void>;
}

export function createTurns(failed: (error: unknown) => void): Turns {
  const last = new Map<string, Promise<void>>();
  const running = new Set<Promise<void>>();

  function tracked(work: Promise<void>): Promise<void> {
    const done = work.catch(failed).finally(() => running.delete(done));
    running.add(done);
    return done;
  }

  return {
    after(person, work) {
      const turn = tracked((last.get(person) ?? Promise.resolve()).then(work));
      last.set(person, turn);
      void turn.then(() => {
        if (last.get(person) === turn) last.delete(person);
      });
      return turn;
    },
    beside: (work) => tracked(work()),
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
