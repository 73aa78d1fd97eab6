/**
 * What is done when every route is dearer than was approved: the messages wait, and those who may decide are asked. A yes lets
 * messages that were approved at up to one price a part go at up to another; what was approved itself is never touched. Pure.
 */
import { createHash } from 'node:crypto';
import { type ApprovalRule, approvalsNeeded } from './approvers.ts';
import type { Campaign, Decision } from './campaign.ts';

/** Messages that were approved at up to `from` a part would go at `to`, micro-units. */
export interface DearerStep {
  readonly from: number;
  readonly to: number;
  /** The account that would carry them. */
  readonly provider: string;
  /** What of them was still queued when it was asked. */
  readonly messages: number;
  readonly parts: number;
}

export interface Dearer {
  /** What is asked; null once it was allowed. */
  readonly asked: {
    readonly steps: readonly DearerStep[];
    readonly at: Date;
    /** Short name of these very steps: what is allowed is what was seen. */
    readonly mark: string;
    readonly decisions: readonly Decision[];
  } | null;
  readonly allowed: readonly (DearerStep & { readonly at: Date; readonly by: readonly string[] })[];
}

/** The highest price a part that a message may be sent at, which was approved at up to `ceiling`. */
export function ceilingNow({ dearer }: Pick<Campaign, 'dearer'>, ceiling: number): number {
  if (!dearer || dearer.allowed.length === 0) return ceiling;
  let highest = ceiling;
  for (const { from, to } of dearer.allowed) if (from === ceiling && to > highest) highest = to;
  return highest;
}

/** A route that is too dear: what was met while sending. */
export type Met = Pick<DearerStep, 'from' | 'to' | 'provider'>;

/** What of it has to be asked: not what was allowed, or is asked already. */
export const toAsk = (campaign: Pick<Campaign, 'dearer'>, met: readonly Met[]): readonly Met[] =>
  met.filter(
    ({ from, to }) =>
      to > ceilingNow(campaign, from) &&
      !campaign.dearer?.asked?.steps.some((step) => step.from === from && step.to >= to),
  );

/** The steps that are asked from now on: the new ones, and those that were asked before for other messages. */
export const stepsWith = (campaign: Pick<Campaign, 'dearer'>, more: readonly DearerStep[]): readonly DearerStep[] => [
  ...(campaign.dearer?.asked?.steps ?? []).filter(({ from }) => !more.some((step) => step.from === from)),
  ...more,
];

export const markOfSteps = (run: string, steps: readonly DearerStep[]): string =>
  createHash('sha256')
    .update(JSON.stringify([run, ...steps.map(({ from, to }) => [from, to]).sort()]))
    .digest('hex')
    .slice(0, 6);

/** What the steps may add to the cost, micro-units. */
export const extraOf = (steps: readonly DearerStep[]): number =>
  steps.reduce((sum, { from, to, parts }) => sum + (to - from) * parts, 0);

/** The campaign as those see it who decide about the steps: four eyes as for its approval, which has no say in who may now. */
export const asAsked = (campaign: Campaign): Campaign => ({
  ...campaign,
  approvals: campaign.dearer?.asked?.decisions ?? [],
});

/** As many must say yes as would have had to approve it at this cost. */
export function decisionsNeeded(
  campaign: Campaign,
  steps: readonly DearerStep[],
  rules: readonly ApprovalRule[],
): number {
  const { frozen } = campaign;
  const dearer = frozen && { ...frozen, ceiling: frozen.ceiling + extraOf(steps) };
  return approvalsNeeded({ ...campaign, frozen: dearer }, rules);
}

/** Whether an answer is waited for. */
export const isAsking = ({ dearer, state }: Pick<Campaign, 'dearer' | 'state'>): boolean =>
  Boolean(dearer?.asked) && (state === 'sending' || state === 'paused');
