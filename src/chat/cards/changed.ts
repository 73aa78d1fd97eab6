/** What changed in a campaign since its reader was last shown it: before a decision is asked for once more. */
import type { Fact, Section } from '../../staff/card.ts';
import type { Change, StartThen } from '../changes.ts';
import type { NoticeView } from './notice.ts';
import type { Speech } from './speech.ts';

export function changedSection({ kind, changes, campaign }: NoticeView, say: Speech): readonly Section[] {
  if (!changes) return [];
  const title = say.t('changed.title');
  if (changes.length > 0) return [{ title, facts: changes.map((change) => factOf(change, campaign.zone, say)) }];
  // A reminder of the same needs no word on it; a request made anew does.
  return kind === 'waiting' ? [{ title, lines: [say.t('changed.nothing')] }] : [];
}

function factOf(change: Change, zone: string, say: Speech): Fact {
  const label = say.t(`changed.${change.what}`);
  const fromTo = (before: string, after: string): Fact => ({
    label,
    value: say.t('changed.from-to', { before, after }),
  });
  switch (change.what) {
    case 'text':
      return { label, value: say.t('changed.text-how') };
    case 'sender':
      return fromTo(change.before, change.after);
    case 'start': {
      const start = (at: StartThen) => startThen(at, zone, say);
      return fromTo(start(change.before), start(change.after));
    }
    case 'people': {
      const { before, after } = change;
      return before === after
        ? { label, value: say.t('changed.people-how') }
        : fromTo(say.number(before), say.number(after));
    }
    case 'cost': {
      const money = (micros: number) => say.money({ micros, currency: change.currency });
      return fromTo(money(change.before), money(change.after));
    }
  }
}

function startThen(at: StartThen, zone: string, say: Speech): string {
  if (at === null) return say.t('card.start-none');
  return at === 'on-approval' ? say.t('card.start-on-approval') : say.moment(at, zone);
}
