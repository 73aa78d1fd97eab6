/**
 * When a campaign is sent. A move within the approved terms needs no new approval; a move outside them voids it.
 */
import type { Employee } from '../staff/employee.ts';
import { editorsWith } from './approvers.ts';
import type { Campaign } from './campaign.ts';
import { UNDECIDED } from './draft.ts';
import { isOpen } from './life.ts';
import { type CampaignRoom, campaignFor, change, refuse, type Verdict } from './room.ts';
import { isWhatWasApproved } from './terms.ts';
import { beyondCaps } from './within-caps.ts';

export async function schedule(room: CampaignRoom, by: Employee, id: string, when: Date): Promise<Verdict> {
  const found = await campaignFor(room, by, id, 'write');
  if (found.kind === 'refused') return found;
  const { campaign } = found;
  if (!isOpen('schedule', campaign.state)) return refuse({ code: 'wrong-state', state: campaign.state });
  if (when <= room.now()) return refuse({ code: 'past' });
  if (campaign.notAfter && when >= campaign.notAfter)
    return refuse({ code: 'after-deadline', notAfter: campaign.notAfter });
  const start = { kind: 'at', at: when } as const;
  const editors = editorsWith(campaign.editors, by.id);
  const told = { by: by.id, action: 'campaign.scheduled', detail: { at: when } };
  if (staysWithinTerms(campaign, when)) {
    const over = await beyondCaps(room, campaign, campaign.submission!.by, when);
    if (over) return refuse(over);
    return change(
      room,
      campaign,
      { start, editors, state: 'scheduled', hold: null },
      { ...told, event: 'campaign.scheduled' },
    );
  }
  return change(room, campaign, { ...UNDECIDED, start, state: 'draft', editedBy: by.id, editors }, told);
}

/** Whether the approval that stands allows a start at `when`. */
export function staysWithinTerms(campaign: Campaign, when: Date): boolean {
  if (!isWhatWasApproved(campaign)) return false;
  const { notBefore, notAfter } = campaign.submission!.terms;
  return when >= notBefore && when < notAfter;
}
