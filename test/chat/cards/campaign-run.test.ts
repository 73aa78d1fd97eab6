import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../src/campaigns/campaign.ts';
import { type CampaignView, campaignCard } from '../../../src/chat/cards/campaign.ts';
import type { Locale } from '../../../src/texts/index.ts';
import { offered } from './reading.ts';
import { AT_THE_END, counts, HALF_WAY, inState, NOW, reader, viewOf } from './samples.ts';

const DURING = new Date('2026-11-24T07:00:31Z');

const cardOf = (locale: Locale, campaign: Campaign, more: Partial<CampaignView> = {}) =>
  campaignCard(viewOf(locale, campaign, more), reader(locale));
const leadOf = (locale: Locale, campaign: Campaign, more: Partial<CampaignView> = {}) =>
  (cardOf(locale, campaign, more).lead ?? []).map((line) => line.replaceAll('\u00a0', ' '));

describe('the card of a campaign that runs', () => {
  it('shows how far it has come, what it cost and when it ends', () => {
    const card = cardOf('en', inState('en', 'sending'), { counts: HALF_WAY, now: DURING });
    expect(card.lead).toEqual(['[#########-----------] 301 of 612 messages']);
    const facts = Object.fromEntries(card.facts!.map(({ label, value }) => [label, value]));
    expect(facts).toMatchObject({
      Delivered: '233',
      'Not known: it may have been sent': '1',
      'Still to send': '311',
      'Spent so far': '1,447.00 RUB; expected were 2,942.40 RUB, at most 3,182.40 RUB',
      'Expected end': 'Tue 24 Nov 2026, 10:01 (Europe/Moscow, UTC+3), in about 1 minute',
    });
    expect(offered(card)).toEqual(['pause', 'show', 'cancel']);
  });

  it('never shows a full bar before all is done, nor an empty one after it', () => {
    const at = (queued: number, delivered: number) =>
      leadOf('en', inState('en', 'sending'), { counts: counts({ queued, delivered }, 0) })[0];
    expect(at(1, 9999)).toBe('[###################-] 9,999 of 10,000 messages');
    expect(at(0, 1)).toBe('[####################] 1 of 1 message');
    expect(at(5, 0)).toBe('[--------------------] 0 of 5 messages');
  });

  it('says when the hours open again', () => {
    const nextOpening = new Date('2026-11-25T06:00:00Z');
    const card = cardOf('en', inState('en', 'sending'), {
      counts: HALF_WAY,
      nextOpening,
      now: new Date('2026-11-24T18:00:00Z'),
    });
    expect(card.lead).toContain(
      'The sending hours are over. It goes on Wed 25 Nov 2026, 09:00 (Europe/Moscow, UTC+3).',
    );
  });

  it('says that all sending is stopped, and promises no end then', () => {
    const stoppedAll = { by: 'maria', at: DURING };
    const card = cardOf('en', inState('en', 'sending'), { counts: HALF_WAY, stoppedAll, now: DURING });
    expect(card.tone).toBe('attention');
    expect(card.lead![0]).toMatch(/^All sending was stopped by Maria Ivanova, /u);
    expect(card.facts!.map(({ label }) => label)).not.toContain('Expected end');
  });

  it('does not promise an end without an operator, nor one after the deadline', () => {
    const endAt = (ratePerSecond: number) =>
      cardOf('en', inState('en', 'sending'), { counts: HALF_WAY, ratePerSecond, now: DURING }).facts!.find(
        ({ label }) => label === 'Expected end',
      )!.value;
    expect(endAt(0)).toBe('not known: no operator is connected');
    expect(endAt(0.001)).toBe('Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3), in about 10 hours');
  });

  it('is without numbers until they are counted', () => {
    expect(leadOf('en', inState('en', 'sending'))).toEqual(['How far it has come is being counted.']);
  });

  it('that is paused says by whom, and how many will still be in time', () => {
    const at = (now: string, ratePerSecond: number | undefined) =>
      leadOf('en', inState('en', 'paused'), { counts: HALF_WAY, now: new Date(now), ratePerSecond }).slice(0, 4);
    expect(at('2026-11-24T08:00:00Z', 10)).toEqual([
      'Paused by Oleg Sidorov, Tue 24 Nov 2026, 10:01 (Europe/Moscow, UTC+3). Nothing goes out until somebody resumes it.',
      '[#########-----------] 301 of 612 messages',
      '311 messages are still to be sent.',
      'Sent from now on, all of them go out before Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3).',
    ]);
    expect(at('2026-11-24T16:59:00Z', 4)[3]).toMatch(
      /^Sent from now on, about 120 of them go out before .* would be too late\.$/,
    );
    expect(at('2026-11-24T16:59:00Z', undefined)[3]).toBe(
      'They may go out until Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3).',
    );
    expect(at('2026-11-24T18:00:00Z', 10)[3]).toMatch(/^None of them can go out any more/);
  });

  it('that was stopped by Herald says why', () => {
    const hold = { why: 'not-what-was-approved', by: 'herald', at: DURING } as const;
    expect(leadOf('en', inState('en', 'paused', { hold }), { counts: HALF_WAY })).toEqual(
      expect.arrayContaining([
        'Stopped by Herald, Tue 24 Nov 2026, 10:00 (Europe/Moscow, UTC+3).',
        'What was to be sent was no longer what had been approved, so nothing was sent.',
      ]),
    );
  });
});

describe('the card of a campaign that is over', () => {
  it('counts every message, and explains those of which nobody knows', () => {
    const card = cardOf('ru', inState('ru', 'finished'), { counts: AT_THE_END });
    expect(card.lead!.slice(0, 4)).toEqual([
      'Доставлено 571 из 612 сообщений.',
      'Ждём отчётов о доставке ещё 9 сообщений.',
      'Про 2 сообщения нельзя сказать, ушли ли они; повторно они не отправляются.',
      '29 сообщений не дошли, их можно отправить ещё раз новой кампанией.',
    ]);
    const { rows } = card.sections![0]!.table!;
    expect(rows.at(-1)).toEqual(['612', '100 %', 'Всего']);
    expect(rows.slice(0, -1).reduce((sum, [count]) => sum + Number(count), 0)).toBe(612);
    expect(offered(card)).toEqual(['results', 'again', 'copy']);
  });

  it('rounds a share down, so that nothing short of all is 100 %', () => {
    const card = cardOf('en', inState('en', 'finished'), { counts: counts({ delivered: 99_999, unknown: 1 }, 0) });
    expect(card.sections![0]!.table!.rows.map((row) => row[1])).toEqual(['99.9 %', 'under 0.1 %', '100 %']);
  });

  it('is good when all were delivered, and then there is nothing to send again', () => {
    const card = cardOf('en', inState('en', 'finished'), { counts: counts({ delivered: 612 }, 5) });
    expect([card.tone, card.lead![0]]).toEqual(['good', '612 of 612 messages delivered.']);
    expect(offered(card)).toEqual(['results', 'copy']);
  });

  it('repeats of what was approved neither the text nor the reasons, but how many rows were left out', () => {
    for (const state of ['finished', 'cancelled'] as const) {
      const card = cardOf('en', inState('en', state), { counts: AT_THE_END });
      expect(card.sections!.map(({ title }) => title)).toEqual(['What became of the messages', 'Where it comes from']);
    }
    const card = cardOf('en', inState('en', 'finished'), { counts: AT_THE_END });
    expect(card.facts).toContainEqual({ label: 'Left out', value: '28 rows' });
  });

  it('that was cancelled says whether anything had gone out', () => {
    const some = counts({ delivered: 3, unknown: 1, cancelled: 608 }, 10);
    expect(leadOf('en', inState('en', 'cancelled'), { counts: some })).toEqual([
      'Cancelled Tue 24 Nov 2026, 10:04 (Europe/Moscow, UTC+3).',
      '4 messages had gone out before.',
      'Of 1 message nobody can say whether it was sent; it is not sent again.',
      '608 messages did not get through and can be sent again as a new campaign.',
    ]);
    expect(leadOf('en', inState('en', 'cancelled', { startedAt: null }))[1]).toBe('Nothing had been sent.');
  });

  it('that was missed offers to start it now only while what was approved allows it', () => {
    const missed = inState('en', 'missed', { hold: { why: 'start-missed', by: 'herald', at: NOW } });
    const late = new Date('2026-11-24T11:00:00Z');
    expect(offered(cardOf('en', missed, { now: late }))).toEqual(['resume', 'schedule', 'cancel']);
    expect(leadOf('en', missed, { now: late })).toContain(
      'Sent from now on, all of them go out before Tue 24 Nov 2026, 20:00 (Europe/Moscow, UTC+3).',
    );
    const tooLate = cardOf('en', missed, { now: new Date('2026-11-24T18:00:00Z') });
    expect([offered(tooLate), tooLate.note]).toEqual([['schedule', 'cancel'], 'A new time has to be approved again.']);
    const undecided = {
      ...missed,
      approvals: [],
      approvedHash: null,
      hold: { why: 'undecided', by: 'herald', at: NOW },
    } as const;
    expect(offered(cardOf('en', undecided, { now: late }))).toEqual(['schedule', 'cancel']);
    expect(leadOf('en', undecided, { now: late })).toContain('Nobody had decided about it when it was to start.');
  });
});
