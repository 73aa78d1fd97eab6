/** Days of 24 hours, for how long things are kept; days on a wall clock are in `campaigns/wall-clock.ts`. */

export const DAY_MS = 86_400_000;

/** The instant so many days after `at`. */
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);
