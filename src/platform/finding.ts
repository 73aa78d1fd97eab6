/** What a look at something outside came to, for the person who sets it up: it is well, or what is wrong and what to do. */
export interface Finding {
  /** `off`: it is not set up, which is no fault. */
  readonly state: 'well' | 'wrong' | 'off';
  /** A sentence in the reader's language. */
  readonly says: string;
  /** What to do about it. */
  readonly advice?: string;
}
