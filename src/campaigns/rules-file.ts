/**
 * Reads the rules of approval from a file that an admin keeps (JSON, see docs/approval.md). A file with a problem stops the
 * start: a rule that is silently not applied would let a campaign out.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ApprovalRule } from './approvers.ts';
import { CAMPAIGN_CLASSES } from './campaign.ts';

const rule = z
  .strictObject({
    department: z.string().min(1).optional(),
    class: z.enum(CAMPAIGN_CLASSES).optional(),
    abovePeople: z.int().min(0).optional(),
    /** In whole units of the currency. */
    aboveCost: z
      .int()
      .min(0)
      .transform((units) => units * 1_000_000)
      .optional(),
    approvers: z.array(z.string().min(1)).min(1).optional(),
    needed: z.int().min(1).max(5).default(1),
  })
  .refine((one) => !one.approvers || new Set(one.approvers).size >= one.needed, {
    path: ['needed'],
    message: 'more approvals are needed than there are approvers',
  });

/** The rules of the file; none without a file. Throws with every problem and its place. */
export function readRules(file: string | null): readonly ApprovalRule[] {
  if (file === null) return [];
  const reading = z.array(rule).safeParse(contentOf(file));
  if (reading.success) return reading.data as ApprovalRule[];
  const problems = reading.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} cannot be used:\n  ${problems.join('\n  ')}`);
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON`, { cause });
  }
}
