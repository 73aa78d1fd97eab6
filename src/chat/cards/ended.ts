/** Cards of a campaign that is over, or whose time passed: what came of it, and what can be done now. */
import type { Campaign } from '../../campaigns/campaign.ts';
import { isWhatWasApproved } from '../../campaigns/terms.ts';
import type { Action, Card, Fact } from '../../staff/card.ts';
import type { CampaignView, Counts } from './campaign.ts';
import {
  coreOf,
  excludedSection,
  leftOutFact,
  originSection,
  subjectOf,
  textSection,
  titleOf,
  wishFacts,
} from './facts.ts';
import { costFact, notReached, outcomeSection, totalOf, wentOut } from './outcome.ts';
import { lookSection, refreshAction } from './source-look.ts';
import { action, type Speech } from './speech.ts';
import { leftLines } from './under-way.ts';

export function finishedCard(view: CampaignView, say: Speech): Card {
  const { campaign, counts } = view;
  const { frozen, finishedAt, zone } = campaign;
  return {
    ...over(view, say),
    // Some phones are always off; what operators did not take, and what nobody knows of, is worth a look.
    tone: counts && counts.states.failed + counts.states.unknown > 0 ? 'attention' : 'good',
    lead: [
      ...(counts ? outcomeLines(counts, say) : []),
      ...(finishedAt ? [say.t('card.finished-at', { when: say.moment(finishedAt, zone) })] : []),
    ],
    facts: [
      ...(counts && frozen ? [costFact(counts, frozen, 'card.cost-actual', say)] : []),
      ...tookFact(campaign, say),
      ...(frozen ? leftOutFact(frozen.excluded, say) : []),
      ...senderFact(campaign, say),
    ],
    actions: afterActions(view, say),
  };
}

/** Delivered of all, then what is not settled: receipts awaited, unknown, not reached. */
export function outcomeLines(counts: Counts, say: Speech): readonly string[] {
  const { accepted, unknown, delivered } = counts.states;
  return [
    say.t('card.finished', { delivered, n: totalOf(counts) }),
    ...(accepted > 0 ? [say.t('card.receipts-awaited', { n: accepted })] : []),
    ...(unknown > 0 ? [say.t('card.unknown-explained', { n: unknown })] : []),
    ...againLines(counts, say),
  ];
}

function againLines(counts: Counts, say: Speech): readonly string[] {
  const n = notReached(counts);
  return n > 0 ? [say.t('card.again-hint', { n })] : [];
}

export function cancelledCard(view: CampaignView, say: Speech): Card {
  const { campaign, counts } = view;
  const { finishedAt, zone, frozen } = campaign;
  const out = counts ? wentOut(counts) : 0;
  return {
    ...over(view, say),
    tone: 'attention',
    lead: [
      ...(finishedAt ? [say.t('card.cancelled-at', { when: say.moment(finishedAt, zone) })] : []),
      out > 0 ? say.t('card.cancelled-some', { n: out }) : say.t('card.cancelled-none'),
      ...(counts && out > 0 && counts.states.unknown > 0
        ? [say.t('card.unknown-explained', { n: counts.states.unknown })]
        : []),
      ...(counts && out > 0 ? againLines(counts, say) : []),
    ],
    facts: [
      ...(counts && frozen && out > 0 ? [costFact(counts, frozen, 'card.cost-actual', say)] : []),
      ...senderFact(campaign, say),
    ],
    actions: afterActions(view, say),
  };
}

function afterActions({ campaign, counts, may }: CampaignView, say: Speech): readonly Action[] {
  const { _id: id } = campaign;
  const ran = counts !== undefined && wentOut(counts) > 0;
  return [
    ...(ran ? [action(say, 'do.results', say.command('results', id), 'primary')] : []),
    ...(may.write && counts && notReached(counts) > 0 ? [action(say, 'do.again', say.command('again', id))] : []),
    ...(may.write ? [action(say, 'do.copy', say.command('copy', id))] : []),
    ...(ran || may.write ? [] : [action(say, 'do.list', say.command('list'))]),
  ];
}

/** Its time passed while nothing could start it: nothing is sent unless a person says so. */
export function missedCard(view: CampaignView, say: Speech): Card {
  const { campaign, may } = view;
  const { _id: id, start, hold, zone } = campaign;
  const mayResume = may.control && canResume(view);
  return {
    subject: subjectOf(campaign),
    title: titleOf(campaign, say),
    tone: 'bad',
    lead: [
      ...(start?.kind === 'at' ? [say.t('card.missed-at', { when: say.moment(start.at, zone) })] : []),
      ...(hold ? [say.t(`hold.${hold.why}`)] : []),
      ...(campaign.frozen ? [coreOf(campaign.frozen, say)] : []),
      ...(canResume(view) ? leftLines(view, say) : []),
      say.t('card.missed-choose'),
    ],
    facts: wishFacts(view, say),
    sections: [
      ...lookSection(view, say),
      ...textSection(campaign, say),
      ...(campaign.frozen ? excludedSection(campaign.frozen.excluded, say) : []),
      originSection(view, say),
    ],
    actions: [
      ...(mayResume ? [action(say, 'do.start-now', say.command('resume', id), 'primary')] : []),
      ...refreshAction(view, say),
      ...(may.write ? [action(say, 'do.reschedule', say.command('schedule', id))] : []),
      ...(may.control ? [action(say, 'do.cancel', say.command('cancel', id), 'danger')] : []),
      ...(may.control || may.write ? [] : [action(say, 'do.show', say.command('show', id))]),
    ],
    ...(!canResume(view) && may.write && { note: say.t('card.new-time-new-approval') }),
  };
}

/** What was approved still stands, and its deadline is ahead. */
function canResume({ campaign, now }: CampaignView): boolean {
  const deadline = campaign.submission?.terms.notAfter;
  return deadline !== undefined && deadline > now && isWhatWasApproved(campaign);
}

/** What came of it; its text and the rows left out were on the cards before, and are in the results. */
function over(view: CampaignView, say: Speech) {
  const { campaign, counts } = view;
  return {
    subject: subjectOf(campaign),
    title: titleOf(campaign, say),
    sections: [
      ...(counts && totalOf(counts) > 0 && campaign.startedAt ? [outcomeSection(counts, say)] : []),
      originSection(view, say),
    ],
  };
}

function tookFact({ startedAt, finishedAt }: Campaign, say: Speech): readonly Fact[] {
  if (!startedAt || !finishedAt) return [];
  return [{ label: say.t('card.took'), value: say.duration(finishedAt.getTime() - startedAt.getTime()) }];
}

const senderFact = ({ sender }: Campaign, say: Speech): readonly Fact[] =>
  sender === null ? [] : [{ label: say.t('card.sender'), value: sender }];
