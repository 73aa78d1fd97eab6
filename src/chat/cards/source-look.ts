/** What has become of a campaign's list since it was read: what was removed, changed and added, and what could not be seen. */
import type { NamedRows } from '../../audiences/changes.ts';
import type { Unseen } from '../../audiences/look-again.ts';
import type { SourceSeen } from '../../campaigns/campaign.ts';
import { isOpen } from '../../campaigns/life.ts';
import { lookOf } from '../../campaigns/look-again.ts';
import type { Action, Section } from '../../staff/card.ts';
import type { TextKey } from '../../texts/index.ts';
import type { CampaignView } from './campaign.ts';
import { action, type Speech } from './speech.ts';

/** Nothing where nothing has changed. */
export function lookSection(view: CampaignView, say: Speech): readonly Section[] {
  const { campaign } = view;
  const look = lookOf(campaign);
  if (!look) return [];
  const { unseen, seen, at } = look;
  const lines = [
    ...(seen ? seenLines(seen, campaign.state === 'missed', say) : []),
    ...(unseen ? unseenLines(unseen, say.moment(at, campaign.zone), seen, say) : []),
    ...(mayRefresh(view) ? [say.t('card.look-again', { command: say.typed('refresh', campaign._id) })] : []),
  ];
  return lines.length === 0 ? [] : [{ title: say.t('card.look-title'), lines }];
}

export const refreshAction = (view: CampaignView, say: Speech): readonly Action[] =>
  mayRefresh(view) ? [action(say, 'do.refresh', say.command('refresh', view.campaign._id))] : [];

/** Where there is something else to be read, and whoever reads this may have it read. */
function mayRefresh({ campaign, may }: CampaignView): boolean {
  const seen = lookOf(campaign)?.seen;
  if (!seen || seen.kind === 'same' || campaign.source?.rowsOf) return false;
  return may.write && isOpen('edit', campaign.state);
}

/** Of a list that was last seen without most of its rows, a person is asked anyway. */
function unseenLines(unseen: Unseen, when: string, seen: SourceSeen | null, say: Speech): readonly string[] {
  const line = say.t('card.look-unseen', { when, why: say.t(UNSEEN[unseen] ?? 'unseen.broken') });
  return seen?.kind === 'shrunk' ? [line] : [`${line} ${say.t('card.look-unseen-sent')}`];
}

function seenLines(seen: SourceSeen, isMissed: boolean, say: Speech): readonly string[] {
  switch (seen.kind) {
    case 'same':
      return [];
    case 'other-file':
      return [say.t('card.look-other-file')];
    case 'shrunk':
      return [say.t(isMissed ? 'card.look-shrunk-at-start' : 'card.look-shrunk', { left: seen.left, n: seen.of })];
    case 'changed':
      return [
        ...rowsLine('card.look-removed', seen.removed, say),
        ...rowsLine('card.look-changed', seen.changed, say),
        ...rowsLine('card.look-added', seen.added, say),
      ];
  }
}

type RowsKey = 'card.look-removed' | 'card.look-changed' | 'card.look-added';

function rowsLine(key: RowsKey, { count, numbers }: NamedRows, say: Speech): readonly string[] {
  if (count === 0) return [];
  const more = count - numbers.length;
  const list = numbers.map((number) => say.number(number)).join(', ');
  const rows =
    more > 0
      ? say.t('row-numbers-more', { rows: list, n: more })
      : say.t(count === 1 ? 'row-number' : 'row-numbers', { rows: list });
  return [say.t(key, { n: count, rows })];
}

const UNSEEN: Partial<Record<Unseen, Extract<TextKey, `unseen.${string}`>>> = {
  'not-shared': 'unseen.not-shared',
  'not-permitted': 'unseen.not-shared',
  'not-yours': 'unseen.not-shared',
  'read-only': 'unseen.not-shared',
  'not-found': 'unseen.not-there',
  'no-such-tab': 'unseen.not-there',
  unavailable: 'unseen.no-answer',
  'timed-out': 'unseen.no-answer',
  'unclear-columns': 'unseen.columns',
};
