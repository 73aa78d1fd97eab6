/**
 * Watches what was handed to providers and is perhaps not on a wire yet: as soon as something forbids to send it, its signal
 * is aborted, and what has not begun comes back.
 */

export interface Watch {
  readonly signal: AbortSignal;
  /** Asks at once, for whoever cannot wait for the next round. */
  look(): void;
  end(): void;
}

export interface Watchman {
  /** Aborts the signal at the first look at which `mayGoOn` is false; the first look is now. */
  watch(mayGoOn: () => boolean): Watch;
  /** Looks at everything that is watched; called several times a second. */
  look(): void;
}

export function createWatchman(): Watchman {
  const watched = new Map<AbortController, () => boolean>();

  const lookAt = (controller: AbortController, mayGoOn: () => boolean): void => {
    if (!mayGoOn()) controller.abort();
  };

  return {
    watch(mayGoOn) {
      const controller = new AbortController();
      watched.set(controller, mayGoOn);
      lookAt(controller, mayGoOn);
      return {
        signal: controller.signal,
        look: () => lookAt(controller, mayGoOn),
        end: () => void watched.delete(controller),
      };
    },
    look() {
      for (const [controller, mayGoOn] of watched) lookAt(controller, mayGoOn);
    },
  };
}
