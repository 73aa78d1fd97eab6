/** Cards of a campaign on its way to its start: submitted, approved, scheduled. */
import { markOf } from '../../campaigns/approve.ts';
import { nextOpening } from '../../campaigns/window.ts';
import type { Action, Card, Fact } from '../../staff/card.ts';
import { timeFor, willMakeIt } from '../forecast.ts';
import type { CampaignView } from './campaign.ts';
import { cautionLines } from './cautions.ts';
import {
  classFact,
  coreOf,
  excludedSection,
  numbersSection,
  originSection,
  routesSection,
  startOf,
  subjectOf,
  textSection,
  titleOf,
  windowFact,
} from './facts.ts';
import { lookSection, refreshAction } from './source-look.ts';
import { action, type Speech } from './speech.ts';

/** What is asked for, exactly; approve and reject for those who may decide, the way back for those who may write. */
export function submittedCard(view: CampaignView, say: Speech): Card {
  const { campaign, may } = view;
  const { approvals } = campaign;
  const given = approvals.length;
  return {
    ...common(view, say),
    tone: may.decide ? 'attention' : 'info',
    lead: [
      ...coreLine(view, say),
      say.t(may.decide ? 'card.waiting-for-you' : 'card.waiting'),
      ...(view.approvalsNeeded > 1 ? [say.t('card.approvals', { given, n: view.approvalsNeeded })] : []),
      ...(campaign.start?.kind === 'at' ? [say.t('card.decide-before')] : []),
      ...cautionLines(view, say),
    ],
    actions: [
      ...(may.decide ? decisions(view, say) : []),
      ...(campaign.frozen ? [action(say, 'do.preview', say.command('preview', campaign._id))] : []),
      ...refreshAction(view, say),
      ...(may.write ? [action(say, 'do.withdraw', say.command('withdraw', campaign._id))] : []),
      ...(campaign.frozen ? [] : [action(say, 'do.show', say.command('show', campaign._id))]),
    ],
    note: say.t('card.binding'),
  };
}

function decisions({ campaign }: CampaignView, say: Speech): readonly Action[] {
  const { _id: id, submission } = campaign;
  if (!submission) return [];
  return [
    action(say, 'do.approve', say.command('approve', id, markOf(submission.hash)), 'primary'),
    action(say, 'do.reject', say.command('reject', id), 'danger'),
  ];
}

/** Approved without a time of its own. */
export function approvedCard(view: CampaignView, say: Speech): Card {
  const { campaign, may, now } = view;
  const deadline = campaign.submission?.terms.notAfter;
  const late = deadline !== undefined && deadline <= now;
  return {
    ...common(view, say),
    tone: 'attention',
    lead: [
      ...(deadline
        ? [say.t(late ? 'card.approved-late' : 'card.approved', { deadline: say.moment(deadline, campaign.zone) })]
        : []),
      ...coreLine(view, say),
      ...cautionLines(view, say),
    ],
    actions: [
      ...(may.write ? [action(say, 'do.schedule', say.command('schedule', campaign._id), 'primary')] : []),
      ...waitingActions(view, say),
    ],
  };
}

export function scheduledCard(view: CampaignView, say: Speech): Card {
  const { campaign, may } = view;
  return {
    ...common(view, say),
    tone: 'good',
    lead: [...startLines(view, say), ...coreLine(view, say), ...paceLines(view, say), ...cautionLines(view, say)],
    actions: [
      ...(may.write ? [action(say, 'do.reschedule', say.command('schedule', campaign._id))] : []),
      ...waitingActions(view, say),
    ],
  };
}

const waitingActions = (view: CampaignView, say: Speech): readonly Action[] => {
  const { campaign, may } = view;
  return [
    action(say, 'do.preview', say.command('preview', campaign._id)),
    ...refreshAction(view, say),
    ...(may.write ? [action(say, 'do.withdraw', say.command('withdraw', campaign._id))] : []),
    ...(may.control ? [action(say, 'do.cancel', say.command('cancel', campaign._id), 'danger')] : []),
  ];
};

function startLines({ campaign, now }: CampaignView, say: Speech): readonly string[] {
  if (campaign.start?.kind !== 'at') return [say.t('card.starts-now')];
  const { at } = campaign.start;
  const wait = at.getTime() - now.getTime();
  const when =
    wait > 0
      ? `${say.t('card.starts', { when: say.moment(at, campaign.zone) })} ${say.t('card.starts-in', { duration: say.duration(wait) })}`
      : say.t('card.starts-now');
  const open = firstOpening(campaign, new Date(Math.max(at.getTime(), now.getTime())));
  if (open === null) return [when];
  return [when, say.t('card.first-open', { when: say.moment(open, campaign.zone) })];
}

/** When the first may go out, if that is later than `from`. */
function firstOpening({ window, frozen }: CampaignView['campaign'], from: Date): Date | null {
  const zones = frozen?.zones ?? [];
  if (zones.length === 0) return null;
  const first = Math.min(...zones.map((zone) => nextOpening(window, zone, from).getTime()));
  return first > from.getTime() ? new Date(first) : null;
}

/** How long sending takes, and whether the deadline leaves time for all of it. */
function paceLines({ campaign, ratePerSecond, now }: CampaignView, say: Speech): readonly string[] {
  const { frozen, submission, start, window, zone } = campaign;
  if (!frozen || frozen.messages === 0 || !submission) return [];
  if (!ratePerSecond) return [say.t('card.no-operator')];
  const takes = say.t('card.takes', { duration: say.duration(timeFor(frozen.parts, ratePerSecond)), n: ratePerSecond });
  const { messages, parts, zones } = frozen;
  const from = start?.kind === 'at' && start.at > now ? start.at : now;
  const { notAfter } = submission.terms;
  const inTime = willMakeIt({ messages, parts, ratePerSecond, window, zones }, from, notAfter);
  if (inTime >= messages) return [takes];
  return [takes, say.t('card.wont-make-it', { n: inTime, total: messages, deadline: say.moment(notAfter, zone) })];
}

/** Title, facts and sections that the three have in common. */
function common(view: CampaignView, say: Speech) {
  const { campaign } = view;
  const { frozen } = campaign;
  return {
    subject: subjectOf(campaign),
    title: titleOf(campaign, say),
    facts: termFacts(view, say),
    sections: [
      ...lookSection(view, say),
      ...textSection(campaign, say),
      ...(frozen ? numbersSection(frozen, say) : []),
      ...(frozen ? excludedSection(frozen.excluded, say) : []),
      ...(frozen ? routesSection(frozen, say) : []),
      originSection(view, say),
    ],
  };
}

function termFacts({ campaign }: CampaignView, say: Speech): readonly Fact[] {
  const { submission, zone } = campaign;
  const terms = submission?.terms;
  // A start that was moved within the approved time: both are told.
  const moved = terms && campaign.start?.kind === 'at' && campaign.start.at.getTime() !== terms.notBefore.getTime();
  return [
    ...(submission ? [{ label: say.t('card.version'), value: markOf(submission.hash) }] : []),
    ...(campaign.sender === null ? [] : [{ label: say.t('card.sender'), value: terms?.sender ?? campaign.sender }]),
    { label: say.t('card.start'), value: startOf(campaign, say) },
    ...(moved && terms ? [{ label: say.t('card.not-before'), value: say.moment(terms.notBefore, zone) }] : []),
    ...(terms ? [{ label: say.t('card.not-after'), value: say.moment(terms.notAfter, zone) }] : []),
    windowFact(campaign, say),
    classFact(campaign, say),
    ...(terms ? [{ label: say.t('card.operators'), value: say.list(terms.providers, 'or') }] : []),
  ];
}

const coreLine = ({ campaign }: CampaignView, say: Speech): readonly string[] =>
  campaign.frozen ? [coreOf(campaign.frozen, say)] : [];
