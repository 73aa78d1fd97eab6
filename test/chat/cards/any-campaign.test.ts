import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAMPAIGN_STATES, type FrozenRun } from '../../../src/campaigns/campaign.ts';
import { MESSAGE_STATES, type MessageCounts } from '../../../src/campaigns/messages.ts';
import { campaignCard } from '../../../src/chat/cards/campaign.ts';
import { LOCALES, type Locale, texts } from '../../../src/texts/index.ts';
import { offered, textsOf } from './reading.ts';
import { counts, draft, frozenRun, inState, reader, submissionOf, viewOf } from './samples.ts';

const NOBODY = { write: false, decide: false, control: false };
const EVERYTHING = { write: true, decide: true, control: true };

describe('any campaign', () => {
  const NAMES = [
    'Spring',
    'Весна',
    '  two\nlines ',
    '{{Name}} {id}',
    '"quoted" «так»',
    '`code`',
    '🎉',
    '<b>&amp;',
    '$& $1',
  ];
  const ZONES = ['Europe/Moscow', 'Asia/Vladivostok', 'UTC', 'America/St_Johns', 'Europe/Berlin'];
  const count = fc.integer({ min: 0, max: 2_000_000 });
  const micros = fc.integer({ min: 0, max: 9_000_000_000_000 });
  const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  const decision = fc.record({
    by: fc.constantFrom('oleg', 'zed'),
    inPlaceOf: fc.constantFrom(null, 'anna'),
    at: instant,
  });

  const run = (locale: Locale) =>
    fc
      .record({
        messages: fc.integer({ min: 1, max: 2_000_000 }),
        parts: fc.integer({ min: 1, max: 9_000_000 }),
        quote: micros,
        ceiling: micros,
        zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1 }),
        excluded: fc.dictionary(fc.constantFrom('phone-empty', 'duplicate', 'hidden', 'of-tomorrow'), count),
        byParts: fc.dictionary(fc.constantFrom('1', '2', '21'), count),
        encodings: fc.record({ gsm7: count, ucs2: count }),
        savings: fc.array(
          fc.record({
            char: fc.constantFrom('’', '\u200b', '😀', '\u00a0', 'ё'),
            replacement: fc.constantFrom(null, '', ' ', '\n', "'"),
            messages: count,
            partsSaved: count,
          }),
          { maxLength: 5 },
        ),
        routes: fc.array(
          fc.record({ provider: fc.constantFrom('alfa', 'beta'), messages: count, parts: count, cost: micros }),
          { maxLength: 3 },
        ),
      })
      .map((fields): FrozenRun => frozenRun(locale, fields));

  const counted = fc
    .record(
      Object.fromEntries(MESSAGE_STATES.map((state) => [state, count])) as Record<keyof MessageCounts, typeof count>,
    )
    .chain((states) => micros.map((cost) => counts(states, cost)));

  const view = fc.constantFrom(...LOCALES).chain((locale) =>
    fc
      .record({
        state: fc.constantFrom(...CAMPAIGN_STATES),
        frozen: run(locale),
        name: fc.constantFrom(...NAMES),
        zone: fc.constantFrom(...ZONES),
        start: fc.oneof(
          fc.constant(null),
          fc.constant({ kind: 'on-approval' } as const),
          instant.map((at) => ({ kind: 'at', at }) as const),
        ),
        class: fc.constantFrom('marketing', 'service'),
        purpose: fc.constantFrom('offers', 'service-notice', 'own words'),
        lacking: fc.constantFrom(
          ...([
            {},
            { text: null },
            { sender: null, frozen: null },
            { audience: null, source: null, frozen: null },
          ] as const),
        ),
        rejection: fc.option(decision.map((one) => ({ ...one, reason: 'too dear', revision: 2 }))),
        hold: fc.option(
          fc.record({
            why: fc.constantFrom('by-hand', 'start-missed', 'undecided', 'not-what-was-approved', 'too-late'),
            by: fc.constantFrom('oleg', 'herald'),
            at: instant,
          }),
        ),
        now: instant,
        counts: fc.option(counted, { nil: undefined }),
        may: fc.constantFrom(NOBODY, EVERYTHING, { ...NOBODY, decide: true }, { ...NOBODY, control: true }),
        approvalsNeeded: fc.integer({ min: 1, max: 3 }),
        ratePerSecond: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
        readerZone: fc.constantFrom(...ZONES),
      })
      .map(({ state, frozen, lacking, now, counts, may, approvalsNeeded, ratePerSecond, readerZone, ...fields }) => {
        const wished = draft(locale, { ...fields, frozen });
        const campaign =
          state === 'draft'
            ? { ...wished, ...lacking }
            : inState(locale, state, { ...fields, frozen, submission: submissionOf(wished) });
        const more = { now, counts, may, approvalsNeeded, ratePerSecond };
        return { view: viewOf(locale, campaign, more), reader: reader(locale, { zone: readerZone }) };
      }),
  );

  it('has a card of whole sentences, with something to do that the chat understands', () => {
    fc.assert(
      fc.property(view, ({ view, reader }) => {
        const card = campaignCard(view, reader);
        for (const text of textsOf(card)) expect(text).not.toMatch(/undefined|NaN|\[object|Infinity|Invalid/);
        expect(card.title).not.toContain('\n');
        expect(offered(card).length).toBeGreaterThan(0);
        expect(offered(card).includes('approve')).toBe(view.campaign.state === 'submitted' && view.may.decide);
        expect(card.title).toContain(texts(reader.locale).t(`campaign-state.${view.campaign.state}`));
      }),
      { numRuns: 300 },
    );
  });

  it('shows the exact highest cost wherever it is decided about', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LOCALES),
        micros,
        fc.integer({ min: 1, max: 2_000_000 }),
        (locale, ceiling, messages) => {
          const campaign = inState(locale, 'submitted', { frozen: frozenRun(locale, { ceiling, messages }) });
          const { lead } = campaignCard(viewOf(locale, campaign), reader(locale));
          expect(lead![0]).toContain(texts(locale).money({ micros: ceiling, currency: 'RUB' }));
          expect(lead![0]).toContain(texts(locale).t('count.recipients', { n: messages }));
        },
      ),
      { numRuns: 100 },
    );
  });
});
