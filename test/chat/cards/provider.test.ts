/** What is said of an operator's account, in each way in which it can be. */
import { describe, expect, it } from 'vitest';
import { type ProviderView, providerCard, standingProviderCard } from '../../../src/chat/cards/provider.ts';
import { offered, understood, wholeText } from './reading.ts';
import { NOW, providerIn, reader } from './samples.ts';

const card = (fields: Partial<ProviderView> = {}) =>
  standingProviderCard({ ...providerIn('en'), ...fields }, reader('en'));
const stop = { by: 'oleg', at: NOW };

describe('an account', () => {
  it.each<[string, Partial<ProviderView>, string, string, RegExp[], string[]]>([
    [
      'takes messages',
      {},
      'good',
      'Operator alfa: connected',
      [/what it carries most cheaply/],
      ['provider', 'status', 'provider'],
    ],
    [
      'takes messages more slowly than it might, as the operator wants it',
      { slowedTo: 49 },
      'good',
      'Operator alfa: connected',
      [/what it carries most cheaply/, /49 of 100 parts a second/],
      ['provider', 'status', 'provider'],
    ],
    [
      'takes none while everything is stopped',
      { stoppedAll: true },
      'attention',
      'Operator alfa: connected',
      [/Everything is stopped/, /What still waits at .* is not sent any more/],
      ['provider', 'status', 'provider'],
    ],
    [
      'was stopped',
      { state: 'switched-off', stop },
      'attention',
      'Operator alfa: switched off',
      [/Stopped by Oleg Sidorov, .*14:30/, /until somebody starts it/, /go through beta/, /What still waits at/],
      ['provider', 'provider', 'status'],
    ],
    [
      'is down, and nobody else is up',
      { state: 'down', downSince: NOW, why: 'no-answer', others: [], unknown: 2 },
      'bad',
      'Operator alfa: not connected',
      [
        /Since .*14:30/,
        /no answer came/,
        /No other operator/,
        /keeps trying/,
        /What still waits/,
        /Of 2 messages nobody knows/,
      ],
      ['provider', 'status', 'provider'],
    ],
    [
      'is down at first',
      { state: 'down', queued: 0 },
      'bad',
      'Operator alfa: not connected',
      [/go through beta/, /keeps/],
      ['provider', 'status', 'provider'],
    ],
    [
      'rests',
      { state: 'resting', restsUntil: NOW },
      'bad',
      'Operator alfa: resting',
      [/Too much of .* rests until .*14:30.* tried with a few/, /go through beta/, /What still waits/],
      ['provider', 'provider', 'status', 'provider'],
    ],
    [
      'is tried',
      { state: 'trying', queued: 0, stoppedAll: true },
      'attention',
      'Operator alfa: being tried',
      [/has rested/, /Everything is stopped/],
      ['provider', 'provider', 'status', 'provider'],
    ],
    [
      'was started by a person while it rested',
      { handsOffUntil: NOW },
      'good',
      'Operator alfa: connected',
      [/most cheaply/, /does not let it rest before .*14:30/],
      ['provider', 'status', 'provider'],
    ],
    [
      'is in no list any more',
      { state: 'not-in-use' },
      'attention',
      'Operator alfa: out of use',
      [/not in the list/, /What still/],
      ['provider', 'status'],
    ],
  ])('that %s says so, and what comes next', (_, fields, tone, title, lead, actions) => {
    const made = card(fields);
    expect([made.tone, made.title, made.lead!.length]).toEqual([tone, title, lead.length]);
    lead.forEach((line, index) => void expect(made.lead![index]).toMatch(line));
    expect(offered(made)).toEqual(actions);
  });

  it('is stopped and started by its buttons, by those who may', () => {
    const last = (made: ReturnType<typeof card>) => understood(made.actions!.at(-1)!.command).words;
    expect(last(card())).toEqual(['alfa', 'stop']);
    expect(understood(card({ state: 'switched-off', stop }).actions![0]!.command).words).toEqual(['alfa', 'start']);
    expect(offered(card({ maySwitch: false }))).toEqual(['provider', 'status']);
    const russian = standingProviderCard({ ...providerIn('ru'), state: 'switched-off', stop }, reader('ru'));
    expect(understood(russian.actions![0]!.command)).toMatchObject({ name: 'provider', words: ['alfa', 'пуск'] });
  });

  it('shows what waits, what nobody knows, and the latest five of what was done', () => {
    const moves = Array.from({ length: 7 }, (_, n) => ({
      at: new Date(NOW.getTime() + n * 60_000),
      by: n === 6 ? 'herald' : 'oleg',
      failed: 0,
      of: 0,
      move: n % 2 === 0 ? ('stopped' as const) : ('started' as const),
    }));
    const made = card({ moves, unknown: 3 });
    expect(made.facts!.map(({ value }) => value)).toEqual([
      '98 % of 600',
      '0.04 s',
      '95 % of 400',
      '3.1 s',
      '311',
      '3',
      '2 of 2',
      '100',
    ]);
    expect(made.sections!.at(-1)!.lines).toHaveLength(5);
    expect(made.sections!.at(-1)!.lines!.at(-1)).toMatch(/14:36.*: stopped \(Herald\)/);
    const rest = { at: NOW, by: 'herald', move: 'rested', failed: 14, of: 20 } as const;
    expect(card({ moves: [rest] }).sections!.at(-1)!.lines![0]).toContain('rests: 14 of 20 failed (Herald)');
    const unmeasured = { ...providerIn('en').lately, taken: 0, failed: 0, answers: 0, delivered: 0, undelivered: 0 };
    expect(card({ lately: unmeasured }).facts).toHaveLength(4);
    expect(card({ campaigns: [] }).sections).toEqual([]);
  });
});

describe('the news', () => {
  const news = { ...providerIn('en'), state: 'down', since: NOW } as const;
  it('of an outage says what waits, what comes next, and offers to stop it', () => {
    const made = providerCard({ ...news, isDown: true, unknown: 1 }, reader('en'));
    expect(wholeText(made)).toMatch(
      /cannot be reached[\s\S]*Since[\s\S]*beta[\s\S]*keeps trying[\s\S]*What still waits/,
    );
    expect(wholeText(made)).toMatch(/Of 1 message nobody knows/);
    expect(offered(made)).toEqual(['provider', 'status', 'provider']);
  });
  it('of its end says that all goes on', () => {
    const made = providerCard({ ...news, state: 'up', isDown: false }, reader('en'));
    expect([made.tone, made.lead!.length]).toEqual(['good', 2]);
  });
});
