import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../src/campaigns/campaign.ts';
import { type NoticeKind, noticeCard } from '../../../src/chat/cards/notice.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { offered } from './reading.ts';
import { draft, inState, NOW, reader, viewOf } from './samples.ts';

const NOBODY = { write: false, decide: false, control: false };

describe('a notice', () => {
  const kinds: readonly NoticeKind[] = [
    'waiting',
    'reminder',
    'half-approved',
    'approved',
    'rejected',
    'withdrawn',
    'scheduled',
    'started',
    'paused',
    'resumed',
    'finished',
    'cancelled',
    'missed',
    'numbers',
  ];
  it.each(kinds.flatMap((kind) => LOCALES.map((locale) => [kind, locale] as const)))(
    '“%s” names the campaign in its title, in %s',
    (kind, locale) => {
      const card = noticeCard({ ...viewOf(locale, inState(locale, 'submitted')), kind, by: 'oleg' }, reader(locale));
      expect(card.title).toContain(locale === 'en' ? '12 “Black Friday”' : '12 «Чёрная пятница»');
      expect(card.title).not.toMatch(/\{|undefined/);
    },
  );

  it('that asks to decide begins with people, cost and time', () => {
    const view = { ...viewOf('en', inState('en', 'submitted'), { may: { ...NOBODY, decide: true } }), by: 'maria' };
    const card = noticeCard({ ...view, kind: 'waiting' }, reader('en'));
    expect(card.lead!.slice(0, 2)).toEqual([
      '612 recipients, 1,224 parts, no more than 3,182.40 RUB',
      'Starts: Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3)',
    ]);
    expect(offered(card).slice(0, 2)).toEqual(['approve', 'reject']);
  });

  it('of what has happened repeats nothing but says how to see the rest', () => {
    for (const [kind, state] of [
      ['approved', 'scheduled'],
      ['started', 'sending'],
      ['rejected', 'draft'],
    ] as const) {
      const card = noticeCard({ ...viewOf('en', inState('en', state)), kind, by: 'oleg' }, reader('en'));
      expect(card.sections).toEqual([]);
      expect(offered(card)).toContain('show');
    }
  });

  it('that reminds is a message of its own, each time', () => {
    const subject = (reminders: number) =>
      noticeCard(
        { ...viewOf('en', inState('en', 'submitted', { reminders })), kind: 'reminder', by: null },
        reader('en'),
      ).subject;
    expect(new Set([subject(1), subject(2), 'campaign:12']).size).toBe(3);
  });

  it('says how many approvals are still needed', () => {
    const approvals = [{ by: 'oleg', inPlaceOf: null, at: NOW }];
    const view = viewOf('ru', inState('ru', 'submitted', { approvals }), { approvalsNeeded: 3 });
    expect(noticeCard({ ...view, kind: 'half-approved', by: 'oleg' }, reader('ru')).title).toBe(
      'Согласовано (Олег Сидоров), нужно ещё 2 согласования: кампания 12 «Чёрная пятница»',
    );
  });

  it('about numbers says when there is a question instead', () => {
    const title = (campaign: Campaign) =>
      noticeCard({ ...viewOf('en', campaign), kind: 'numbers', by: null }, reader('en')).title;
    expect(title(draft('en'))).toMatch(/^Counted/);
    expect(title(draft('en', { problem: { kind: 'nobody' } }))).toMatch(/^Something to answer/);
  });
});
