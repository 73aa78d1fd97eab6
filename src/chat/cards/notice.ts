/** What people are told without asking: a campaign waits for them, was decided about, began, stopped, ended. */
import type { Card } from '../../staff/card.ts';
import type { Change } from '../changes.ts';
import type { Reader } from '../reader.ts';
import { type CampaignView, campaignCard } from './campaign.ts';
import { changedSection } from './changed.ts';
import { nameOf, startOf } from './facts.ts';
import { action, oneLine, type Speech, speechFor } from './speech.ts';

export type NoticeKind =
  | 'waiting' // to those who may decide
  | 'reminder' // to those who may decide, again
  | 'half-approved'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'scheduled'
  | 'started'
  | 'paused'
  | 'resumed'
  | 'finished'
  | 'cancelled'
  | 'missed'
  | 'list-changed' // of one that waits: its card says which rows
  | 'dearer' // only routes dearer than was approved are left: may they be taken?
  | 'dearer-allowed'
  | 'numbers'; // the numbers of a draft are ready, or something stands in their way

export interface NoticeView extends CampaignView {
  readonly kind: NoticeKind;
  /** Handle of who did it; null when time did. */
  readonly by: string | null;
  /** Since the reader was last shown it; undefined where that never was. */
  readonly changes?: readonly Change[] | undefined;
}

/** Who is to decide, or to go on with a draft, gets the whole card; of anything else the news is enough, and `show` has the rest. */
const WHOLE: ReadonlySet<NoticeKind> = new Set(['waiting', 'reminder', 'half-approved', 'numbers', 'missed', 'dearer']);

/** The campaign's card under a title that says what happened; what it is about comes first, as the person may have forgotten. */
export function noticeCard(view: NoticeView, reader: Reader): Card {
  const say = speechFor(reader);
  const { campaign, kind, by, names } = view;
  const card = campaignCard(view, reader);
  const who = by === null || by === 'herald' ? say.t('notice.herald') : oneLine(names(by));
  return {
    ...card,
    // A reminder is a new message: one that replaced the first would ring no bell.
    subject: subjectOf(kind, card.subject, campaign),
    title: titleOf(view, { id: campaign._id, name: nameOf(campaign), by: who }, say),
    lead: withStart(view, card.lead ?? [], say),
    ...(WHOLE.has(kind)
      ? { sections: [...changedSection(view, say), ...(card.sections ?? [])] }
      : news(card, kind, say.command('show', campaign._id), say)),
  };
}

function subjectOf(kind: NoticeKind, subject: string, { reminders, dearer }: CampaignView['campaign']): string {
  if (kind === 'reminder') return `${subject}:reminder:${reminders}`;
  return kind === 'dearer' ? `${subject}:dearer:${dearer?.asked?.mark}` : subject;
}

/** Without what was on the card before: only what became of its messages is new, or of its list. */
function news(
  { sections = [], actions = [] }: Card,
  kind: NoticeKind,
  show: string,
  say: Speech,
): Pick<Card, 'sections' | 'actions'> {
  const about = say.t(kind === 'list-changed' ? 'card.look-title' : 'card.results-title');
  const isThere = actions.some(({ command }) => command === show);
  return {
    sections: sections.filter(({ title }) => title === about),
    actions: isThere ? actions : [...actions, action(say, 'do.open', show)],
  };
}

function titleOf(view: NoticeView, given: { id: string; name: string; by: string }, say: Speech): string {
  const { kind, campaign, approvalsNeeded } = view;
  switch (kind) {
    case 'half-approved':
      return say.t('notice.half-approved', { ...given, n: Math.max(1, approvalsNeeded - campaign.approvals.length) });
    case 'numbers':
      return say.t(campaign.problem ? 'notice.numbers-problem' : 'notice.numbers', given);
    default:
      return say.t(`notice.${kind}`, given);
  }
}

/** For those who are asked to decide: how many and at what cost is the first line of the card, when it starts the second. */
function withStart(
  { kind, campaign }: NoticeView,
  [first, ...more]: readonly string[],
  say: Speech,
): readonly string[] {
  if (first === undefined || (kind !== 'waiting' && kind !== 'reminder')) return [...(first ? [first] : []), ...more];
  return [first, `${say.t('card.start')}: ${startOf(campaign, say)}`, ...more];
}
