/** Message ids as operators write them: one number, in whatever base, case, width and size the switches say. */

export type IdBits = 32 | 64 | 96;

export interface IdForm {
  readonly base: 'decimal' | 'hex';
  readonly upperCase: boolean;
  /** Leading zeros up to this many characters. */
  readonly width: number;
}

const FIRST_YEAR = Date.UTC(2020, 0, 1);

/**
 * Where ids of an operator begin that started at `startedAt`: far enough apart that a restart repeats none, as long as
 * fewer than 1024 messages a second are taken with 32 bits, or a million a millisecond with more.
 */
export function firstId(bits: IdBits, startedAt: Date): bigint {
  const age = startedAt.getTime() - FIRST_YEAR;
  if (bits === 32) return (1n << 31n) + BigInt(Math.floor(age / 1000) % 2 ** 20) * 1024n;
  return (1n << BigInt(bits - 2)) + (BigInt(age) << 20n);
}

/** The id in characters. */
export function writeId(id: bigint, form: IdForm): string {
  const digits = form.base === 'decimal' ? id.toString() : id.toString(16);
  return (form.upperCase ? digits.toUpperCase() : digits).padStart(form.width, '0');
}
