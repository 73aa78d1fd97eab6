/** What is to be known before a campaign is approved, and while it waits: what would hold it up, or reach people twice. */
import { willMakeIt } from '../forecast.ts';
import type { CampaignView } from './campaign.ts';
import { oneLine, type Speech } from './speech.ts';

export const cautionLines = (view: CampaignView, say: Speech): readonly string[] => [
  ...canaryLine(view, say),
  ...lateLine(view, say),
  ...repeatLines(view, say),
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

/** That not all of it will be out when its time is over, at the pace of the operators that may carry it. */
function lateLine({ campaign, ratePerSecond, now }: CampaignView, say: Speech): readonly string[] {
  const { frozen, submission, start, window, zone, state } = campaign;
  if (state !== 'submitted' || !frozen || !submission || !ratePerSecond || frozen.messages === 0) return [];
  const from = start?.kind === 'at' && start.at > now ? start.at : now;
  const { notAfter } = submission.terms;
  const { messages, parts, zones } = frozen;
  const inTime = willMakeIt({ messages, parts, ratePerSecond, window, zones }, from, notAfter);
  if (inTime >= messages) return [];
  return [say.t('card.wont-make-it', { n: inTime, total: messages, deadline: say.moment(notAfter, zone) })];
}

/** That some of its people have the same text already, or are to get it. */
function repeatLines({ campaign }: CampaignView, say: Speech): readonly string[] {
  if (campaign.startedAt) return [];
  return (campaign.repeats ?? []).map(({ campaign: id, name, at, people, isExact }) => {
    const when = at ? say.moment(at, campaign.zone) : say.t('card.start-none');
    return say.t(isExact ? 'guard.repeat' : 'guard.repeat-about', { n: people, id, name: oneLine(name), when });
  });
}
