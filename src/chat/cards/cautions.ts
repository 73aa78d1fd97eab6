/** What is to be known before a campaign is approved, and while it waits: what would hold it up, or reach people twice. */
import type { CampaignView } from './campaign.ts';
import type { Speech } from './speech.ts';

export const cautionLines = (view: CampaignView, say: Speech): readonly string[] => [
  ...canaryLine(view, say),
  ...trialLines(view, say),
];

/** Of one that is being sent, its own card says how far that is. */
const canaryLine = ({ canary, campaign }: CampaignView, say: Speech): readonly string[] =>
  canary === undefined || campaign.startedAt ? [] : [say.t('guard.canary-plan', { n: canary })];

/** That operators of it are in trial; how a trial ends for all the same, as the approver may know whom to ask. */
function trialLines({ trials = [] }: CampaignView, say: Speech): readonly string[] {
  const [first] = trials;
  if (first === undefined) return [];
  const command = say.typed('provider', first, say.t('word.live'));
  return [`${say.t('guard.trial', { list: say.list(trials) })} ${say.t('guard.trial-ends', { command })}`];
}
