/**
 * Who may decide about a campaign, and how many must: pure rules. Four eyes always: whoever wrote any of it cannot approve it,
 * nor can anybody in that person's place.
 */
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { Campaign, CampaignClass } from './campaign.ts';

/** A rule applies where all that it names is true; of several, the one that asks for most approvals counts. */
export interface ApprovalRule {
  readonly department?: string;
  readonly class?: CampaignClass;
  /** Applies to campaigns to more people than this. */
  readonly abovePeople?: number;
  /** Applies to campaigns that may cost more than this, micro-units. */
  readonly aboveCost?: number;
  /** Only these may decide; without it, every approver who sees the department. */
  readonly approvers?: readonly string[];
  /** Approvals needed. */
  readonly needed: number;
}

/** The rules that apply to a campaign with its numbers made. */
export function rulesFor(campaign: Campaign, rules: readonly ApprovalRule[]): readonly ApprovalRule[] {
  const people = campaign.frozen?.messages ?? 0;
  const cost = campaign.frozen?.ceiling ?? 0;
  return rules.filter(
    (rule) =>
      (rule.department === undefined || rule.department === campaign.department) &&
      (rule.class === undefined || rule.class === campaign.class) &&
      (rule.abovePeople === undefined || people > rule.abovePeople) &&
      (rule.aboveCost === undefined || cost > rule.aboveCost),
  );
}

/** How many different people must approve it: one at least. */
export const approvalsNeeded = (campaign: Campaign, rules: readonly ApprovalRule[]): number =>
  Math.max(1, ...rulesFor(campaign, rules).map((rule) => rule.needed));

export type Authority =
  | { readonly kind: 'may'; readonly inPlaceOf: string | null }
  | { readonly kind: 'may-not'; readonly why: 'own-campaign' | 'not-an-approver' | 'decided-already' };

/**
 * Whether `employee` may decide now: by the own role, else in the place of one of `principals`, the approvers who named this
 * person their deputy for this time.
 */
export function authorityOf(
  campaign: Campaign,
  employee: Employee,
  principals: readonly Employee[],
  rules: readonly ApprovalRule[],
): Authority {
  if (wrote(campaign, employee.id)) return { kind: 'may-not', why: 'own-campaign' };
  if (hasDecided(campaign, employee.id)) return { kind: 'may-not', why: 'decided-already' };
  if (isApprover(campaign, employee, rules)) return { kind: 'may', inPlaceOf: null };
  const principal = principals.find(
    (one) => isApprover(campaign, one, rules) && !wrote(campaign, one.id) && !hasDecided(campaign, one.id),
  );
  if (principal && employee.active) return { kind: 'may', inPlaceOf: principal.id };
  return { kind: 'may-not', why: 'not-an-approver' };
}

/** Of the whole staff, those who have named `deputy` to decide in their place at `now`. */
export const principalsOf = (deputy: string, everyone: readonly Employee[], now: Date): readonly Employee[] =>
  everyone.filter((one) => one.deputy?.deputy === deputy && one.deputy.until > now);

export function isApprover(campaign: Campaign, employee: Employee, rules: readonly ApprovalRule[]): boolean {
  if (!may(employee, 'decide', campaign.department)) return false;
  return rulesFor(campaign, rules).every((rule) => !rule.approvers || rule.approvers.includes(employee.id));
}

/** In person or by a deputy: one authority counts once, or two approvals would be one person's. */
const hasDecided = (campaign: Campaign, id: string): boolean =>
  campaign.approvals.some((one) => one.by === id || one.inPlaceOf === id);

/** The editors of a campaign that `by` has edited as well. */
export const editorsWith = (editors: readonly string[], by: string): readonly string[] => [
  ...new Set([...editors, by]),
];

const wrote = (campaign: Campaign, id: string): boolean =>
  campaign.editors.includes(id) || campaign.submission?.by === id;
