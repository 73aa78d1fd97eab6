/** Cards of a campaign that goes out, or stands still: how far it has come, what it costs, when it ends. */
import type { Action, Card, Fact } from '../../staff/card.ts';
import { expectedEnd, type Remaining, willMakeIt } from '../forecast.ts';
import type { CampaignView } from './campaign.ts';
import { cautionLines } from './cautions.ts';
import { dearerActions, dearerSection } from './dearer.ts';
import { subjectOf, textSection, titleOf, windowFact } from './facts.ts';
import { canaryLines, findingLines } from './guarded.ts';
import { costFact, moreCounts, stillLeft, totalOf } from './outcome.ts';
import { lookSection } from './source-look.ts';
import { action, bar, type Speech } from './speech.ts';

export function sendingCard(view: CampaignView, say: Speech): Card {
  const { campaign, may, nextOpening, stoppedAll, names } = view;
  return {
    ...common(view, say),
    tone: nextOpening || stoppedAll ? 'attention' : 'info',
    lead: [
      ...(stoppedAll
        ? [say.t('card.all-stopped', { name: names(stoppedAll.by), when: say.moment(stoppedAll.at, campaign.zone) })]
        : []),
      progressLine(view, say),
      ...(nextOpening ? [say.t('card.sending-closed', { when: say.moment(nextOpening, campaign.zone) })] : []),
      ...canaryLines(view, say),
      ...cautionLines(view, say),
    ],
    facts: [...progressFacts(view, say), ...(stoppedAll ? [] : endFacts(view, say)), ...planFacts(view, say)],
    actions: [
      ...dearerActions(view, say),
      ...(may.control ? [action(say, 'do.pause', say.command('pause', campaign._id), 'primary')] : []),
      ...commonActions(view, say),
    ],
  };
}

export function pausedCard(view: CampaignView, say: Speech): Card {
  const { campaign, may } = view;
  return {
    ...common(view, say),
    tone: 'attention',
    lead: [...holdLines(view, say), progressLine(view, say), ...leftLines(view, say)],
    facts: [...progressFacts(view, say), ...planFacts(view, say)],
    actions: [
      ...dearerActions(view, say),
      ...(may.control ? [action(say, 'do.resume', say.command('resume', campaign._id), 'primary')] : []),
      ...commonActions(view, say),
    ],
  };
}

const common = (view: CampaignView, say: Speech) => ({
  subject: subjectOf(view.campaign),
  title: titleOf(view.campaign, say),
  sections: [...dearerSection(view, say), ...lookSection(view, say), ...textSection(view.campaign, say)],
});

const commonActions = ({ campaign, may }: CampaignView, say: Speech): readonly Action[] => [
  action(say, 'do.show', say.command('show', campaign._id)),
  ...(may.control ? [action(say, 'do.cancel', say.command('cancel', campaign._id), 'danger')] : []),
];

/** `[#####-----] 512 of 1,024`. */
export function progressLine({ counts }: Pick<CampaignView, 'counts'>, say: Speech): string {
  if (!counts) return say.t('card.progress-unknown');
  const total = totalOf(counts);
  const done = total - stillLeft(counts);
  return say.t('card.bar', { bar: bar(done, total), done, n: total });
}

/** Why it stands still, and who stopped it. */
function holdLines({ campaign, names }: CampaignView, say: Speech): readonly string[] {
  const { hold, zone } = campaign;
  if (!hold) return [];
  const when = say.moment(hold.at, zone);
  if (hold.why === 'by-hand') return [say.t('card.paused-by', { name: names(hold.by), when })];
  const why = hold.finding ? findingLines(hold.finding, hold.at, zone, say) : [say.t(`hold.${hold.why}`)];
  return [say.t('card.paused-by-herald', { when }), ...why];
}

/** How many are left, and how many of those will still be in time. */
export function leftLines(view: CampaignView, say: Speech): readonly string[] {
  const { campaign, counts, now } = view;
  const left = counts ? stillLeft(counts) : (campaign.frozen?.messages ?? 0);
  if (left === 0) return [];
  const n = say.t('card.left-line', { n: left });
  const notAfter = campaign.submission?.terms.notAfter;
  if (!notAfter) return [n];
  const deadline = say.moment(notAfter, campaign.zone);
  const remaining = remainingOf(view);
  if (notAfter <= now) return [n, say.t('card.make-it-none', { deadline })];
  if (!remaining) return [n, say.t('card.make-it-unknown', { deadline })];
  const inTime = willMakeIt(remaining, now, notAfter);
  if (inTime >= left) return [n, say.t('card.make-it-all', { deadline })];
  return [n, say.t('card.make-it-some', { n: inTime, deadline })];
}

/** What is still to be sent, its parts in the proportion of the whole; null when nobody knows the pace. */
function remainingOf({ campaign, counts, ratePerSecond }: CampaignView): Remaining | null {
  const { frozen, window } = campaign;
  if (!frozen || !ratePerSecond || frozen.messages === 0 || frozen.zones.length === 0) return null;
  const messages = counts ? stillLeft(counts) : frozen.messages;
  const parts = (frozen.parts / frozen.messages) * messages;
  return { messages, parts, ratePerSecond, window, zones: frozen.zones };
}

function progressFacts({ campaign, counts }: CampaignView, say: Speech): readonly Fact[] {
  if (!counts || !campaign.frozen) return [];
  return [
    ...moreCounts(counts, say),
    // A paused campaign has said so in its first lines.
    ...(campaign.state === 'sending' ? [{ label: say.t('card.left'), value: say.number(stillLeft(counts)) }] : []),
    costFact(counts, campaign.frozen, 'card.spent', say),
  ];
}

function endFacts(view: CampaignView, say: Speech): readonly Fact[] {
  const { campaign, counts, now } = view;
  if (!counts || stillLeft(counts) === 0) return [];
  const remaining = remainingOf(view);
  const end = remaining && expectedEnd(remaining, now);
  const notAfter = campaign.submission?.terms.notAfter;
  const label = say.t('card.expected-end');
  if (!end) return [{ label, value: say.t('card.expected-end-unknown') }];
  const late = notAfter !== undefined && end > notAfter;
  const value = say.t('card.expected-end-how', {
    when: say.moment(late ? notAfter : end, campaign.zone),
    duration: say.duration((late ? notAfter : end).getTime() - now.getTime()),
  });
  return [{ label, value }];
}

function planFacts({ campaign }: CampaignView, say: Speech): readonly Fact[] {
  const { submission, zone, sender, startedAt } = campaign;
  return [
    ...(startedAt ? [{ label: say.t('card.started'), value: say.moment(startedAt, zone) }] : []),
    ...(submission ? [{ label: say.t('card.not-after'), value: say.moment(submission.terms.notAfter, zone) }] : []),
    windowFact(campaign, say),
    ...(sender === null ? [] : [{ label: say.t('card.sender'), value: sender }]),
  ];
}
