/** What a check found, as lines to compare; nowhere among them may a secret stand. */
import { expect } from 'vitest';
import type { Finding } from '../../src/platform/finding.ts';

export type Line = readonly [state: Finding['state'], says: string, advice?: string];

export async function findings(found: AsyncIterable<Finding>, secrets: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const { state, says, advice } of found) {
    expect(says).not.toBe('');
    expect(advice === undefined).toBe(state !== 'wrong');
    lines.push(advice === undefined ? [state, says] : [state, says, advice]);
  }
  for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
  return lines;
}
