/** A row of the matrix: one fault, done to a Herald that sends, and what must hold afterwards. */
import type { Verdict } from './checker.ts';
import type { Ground } from './scene.ts';

export interface Row {
  /** Its number in the matrix. */
  readonly number: number;
  readonly name: string;
  /** Why this machine cannot run it, or null. */
  readonly lacks?: () => Promise<string | null>;
  run(ground: Ground): Promise<Finding>;
}

export interface Finding {
  readonly verdict: Verdict;
  /** The most that may be unknown: windows of what was killed or cut. */
  readonly unknownAtMost: number;
  /** What else must hold in this row, and does not. */
  readonly broken?: readonly string[];
}

/** Sentences of what does not hold. */
export const unless = (...claims: readonly (readonly [holds: boolean, otherwise: string])[]): readonly string[] =>
  claims.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
