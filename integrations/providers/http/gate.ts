/** Lets a fixed number of things happen at once, the others in the order in which they came. */
export interface Gate {
  through<T>(work: () => Promise<T>): Promise<T>;
}

export function gate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async through(work) {
      if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else inside++;
      try {
        return await work();
      } finally {
        // The place goes to the next without being given back: nobody slips in between.
        const next = waiting.shift();
        if (next) next();
        else inside--;
      }
    },
  };
}
