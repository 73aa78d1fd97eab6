/**
 * The campaign's life as one table: which step is open in which state, and what stands in its way. Pure.
 *
 *   draft -> submitted -> approved -> scheduled -> sending <-> paused -> finished
 *              |             `-> (any edit) draft                `-> cancelled        missed
 *              `-> rejected, which is a draft again with its reason
 */
import type { Campaign, CampaignState } from './campaign.ts';

export type Step =
  | 'edit'
  | 'submit'
  | 'withdraw'
  | 'approve'
  | 'reject'
  | 'schedule'
  | 'start'
  | 'pause'
  | 'resume'
  | 'finish'
  | 'cancel'
  | 'miss';

const OPEN_IN: Record<Step, readonly CampaignState[]> = {
  edit: ['draft', 'submitted', 'approved', 'scheduled', 'missed'],
  submit: ['draft'],
  withdraw: ['submitted', 'approved', 'scheduled', 'missed'],
  approve: ['submitted'],
  reject: ['submitted'],
  schedule: ['draft', 'submitted', 'approved', 'scheduled', 'missed'],
  start: ['scheduled'],
  pause: ['sending'],
  resume: ['paused', 'missed'],
  finish: ['sending', 'paused', 'cancelled'],
  cancel: ['draft', 'submitted', 'approved', 'scheduled', 'sending', 'paused', 'missed'],
  miss: ['submitted', 'approved', 'scheduled'],
};

export const isOpen = (step: Step, state: CampaignState): boolean => OPEN_IN[step].includes(state);

/** What a draft still lacks before it can be submitted; empty when nothing. */
export type Lack = 'text' | 'sender' | 'audience' | 'numbers' | 'nobody' | 'problem';

export function lacks(campaign: Campaign): readonly Lack[] {
  const missing: Lack[] = [];
  if (!campaign.source && !campaign.audience) missing.push('audience');
  if (campaign.text === null) missing.push('text');
  if (campaign.sender === null) missing.push('sender');
  if (missing.length > 0) return missing;
  if (campaign.problem) return [campaign.problem.kind === 'nobody' ? 'nobody' : 'problem'];
  if (campaign.frozen?.revision !== campaign.revision) return ['numbers'];
  return campaign.frozen.messages === 0 ? ['nobody'] : [];
}
