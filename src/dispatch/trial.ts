/** How many messages this worker may still try an account with that comes back from a rest. */
export interface Trial {
  /** Takes one of the tries of this epoch. */
  take(provider: string, epoch: number): void;
  isLeft(provider: string, epoch: number): boolean;
}

export function createTrial(tries: number): Trial {
  const used = new Map<string, { readonly epoch: number; readonly count: number }>();
  const usedIn = (provider: string, epoch: number): number => {
    const known = used.get(provider);
    return known?.epoch === epoch ? known.count : 0;
  };
  return {
    take: (provider, epoch) => void used.set(provider, { epoch, count: usedIn(provider, epoch) + 1 }),
    isLeft: (provider, epoch) => usedIn(provider, epoch) < tries,
  };
}
