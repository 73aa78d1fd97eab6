/** What the board allows: rules over a picture of campaigns, switches and sessions. */
import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Slot } from '../../src/dispatch/account-store.ts';
import { allowed, type Board, inTurn, isOurs, readBoard } from '../../src/dispatch/board.ts';
import { NO_SHARES } from '../../src/dispatch/delivery.ts';
import { NO_TRIAL } from '../../src/dispatch/trial-period.ts';

const noon = new Date('2026-11-23T09:00:00Z');
const MOSCOW = 'Europe/Moscow';

const campaign = (fields: object = {}): Campaign =>
  ({
    _id: '1',
    kind: 'campaign',
    class: 'marketing',
    state: 'sending',
    window: { from: '09:00', to: '20:00' },
    notAfter: null,
    frozen: { run: '1.1', providers: ['alfa', 'beta'] },
    submission: { terms: { notAfter: new Date('2026-11-23T17:00:00Z'), providers: ['alfa', 'beta'] } },
    ...fields,
  }) as unknown as Campaign;

const board = (fields: Partial<Board> = {}): Board => ({
  running: [campaign()],
  accounts: [],
  healthy: new Set(['alfa', 'beta']),
  breakers: new Map(),
  slots: [],
  shares: NO_SHARES,
  trial: NO_TRIAL,
  stoppedAll: false,
  deploymentMaySend: true,
  readAt: 0,
  ...fields,
});

describe('a run may be sent', () => {
  test.each([
    ['while all is well', board(), {}, true],
    ['not while everything is stopped', board({ stoppedAll: true }), {}, false],
    ['not from a copy of the deployment', board({ deploymentMaySend: false }), {}, false],
    ['on a board of a second ago', board(), { mono: 1000 }, true],
    ['not on an older one', board(), { mono: 1001 }, false],
    ['not when its campaign is not sending', board({ running: [] }), {}, false],
    ['not when it is another revision’s', board(), { run: '1.2' }, false],
    ['not once its time is over', board(), { now: new Date('2026-11-23T17:00:00Z') }, false],
    ['up to the moment before', board(), { now: new Date('2026-11-23T16:59:59.999Z') }, true],
    ['not before the recipient’s day begins', board(), { now: new Date('2026-11-23T05:59:59Z') }, false],
    [
      'where the recipient’s day has begun',
      board(),
      { now: new Date('2026-11-23T05:59:59Z'), zone: 'Asia/Omsk' },
      true,
    ],
    ['not where it is over', board(), { now: new Date('2026-11-23T12:00:00Z'), zone: 'Asia/Kamchatka' }, false],
    ['not without terms', board({ running: [campaign({ submission: null })] }), {}, false],
  ] as const)(
    '%s',
    (_what, on, {
      mono = 0,
      run = '1.1',
      now = noon,
      zone = MOSCOW,
    }: { mono?: number; run?: string; now?: Date; zone?: string }, may) => {
      expect(allowed(on, run, zone, now, mono) !== null).toBe(may);
    },
  );

  test('to an own phone at any hour, until its quarter of an hour is over', () => {
    const direct = campaign({ kind: 'code', submission: null, notAfter: new Date('2026-11-23T23:15:00Z') });
    const on = board({ running: [direct] });
    expect(allowed(on, '1.1', MOSCOW, new Date('2026-11-23T23:00:00Z'), 0)).toBe(direct);
    expect(allowed(on, '1.1', MOSCOW, new Date('2026-11-23T23:15:00Z'), 0)).toBeNull();
  });
});

describe('the board is read', () => {
  const slot = (account: string, up: boolean): Slot => ({
    _id: `${account}#1`,
    account,
    owner: 'one',
    fence: 1,
    until: noon,
    up,
    why: '',
    share: 10,
    slowed: null,
  });
  const sources = (off: readonly string[], rests: readonly string[]) => ({
    campaigns: { inStates: async (states: readonly string[]) => (states.join() === 'sending' ? [campaign()] : []) },
    accounts: {
      accounts: async () => [
        { name: 'alfa', enabled: true },
        { name: 'beta', enabled: false },
      ],
      liveSlots: async () => [slot('alfa', true), slot('beta', false), slot('gamma', true)],
      switchedOff: async () => off.map((_id) => ({ _id, by: 'olga', at: noon })),
    },
    health: { breakers: async () => new Map([['gamma', { state: rests.includes('gamma') ? 'resting' : 'trying' }]]) },
    trialOf: async () => NO_TRIAL,
    shares: NO_SHARES,
    maySend: () => true,
    mono: () => 7,
  });
  const read = (off: readonly string[] = [], rests: readonly string[] = []) =>
    readBoard(sources(off, rests) as unknown as Parameters<typeof readBoard>[0]);

  test('with who is up, in use, not switched off and not resting', async () => {
    const on = await read();
    expect([...on.healthy]).toEqual(['alfa', 'gamma']);
    expect(on.accounts.map((one) => one.name)).toEqual(['alfa']);
    expect([on.stoppedAll, on.deploymentMaySend, on.readAt, on.running.length]).toEqual([false, true, 7, 1]);
    expect([...(await read(['provider:alfa'])).healthy]).toEqual(['gamma']);
    expect([...(await read([], ['gamma'])).healthy]).toEqual(['alfa']);
    expect((await read(['all'])).stoppedAll).toBe(true);
  });
});

describe('turns', () => {
  const named = (run: string, of: string) => campaign({ class: of, frozen: { run } });
  const order = (running: readonly Campaign[], served: Record<string, number> = {}) =>
    inTurn(running, new Map(Object.entries(served))).map((one) => one.frozen!.run);

  test('service first, then who waits the longest, then who is new', () => {
    const running = [named('a', 'marketing'), named('b', 'service'), named('c', 'marketing'), named('d', 'marketing')];
    expect(order(running)).toEqual(['b', 'a', 'c', 'd']);
    expect(order(running, { a: 3, b: 4, c: 2 })).toEqual(['b', 'd', 'c', 'a']);
  });

  test('all of ten campaigns are served when places are few', () => {
    const running = Array.from({ length: 10 }, (_, n) => named(String(n), 'marketing'));
    const served: Record<string, number> = {};
    for (let turn = 1; turn <= 30; turn++) served[order(running, served)[0]!] = turn;
    expect(Object.values(served).every((turn) => turn > 20)).toBe(true);
  });
});

describe('whose pieces', () => {
  const slots = (...held: (readonly [owner: string, account: string, up?: boolean])[]): Slot[] =>
    held.map(([owner, account, up = true]) => {
      const session = { _id: '', fence: 1, until: noon, why: '', share: 10, slowed: null };
      return { ...session, account, owner, up };
    });
  const ours = (on: Board, ...up: string[]) => isOurs(on, campaign(), 'me', (account) => up.includes(account));

  test.each([
    ['mine, when all that are well are up here', board(), ['alfa', 'beta'], true],
    ['mine, when the one that is well is up here', board({ healthy: new Set(['beta']) }), ['beta'], true],
    ['nobody’s, when none is well', board({ healthy: new Set() }), ['alfa', 'beta'], false],
    ['not mine, when none is up here', board(), [], false],
    ['not mine, when only one that the approval does not allow is up here', board(), ['gamma'], false],
    ['another’s, who has them all', board({ slots: slots(['you', 'alfa'], ['you', 'beta']) }), ['alfa'], false],
    [
      'mine as well, when nobody has them all: or none would ever send',
      board({ slots: slots(['me', 'alfa'], ['you', 'beta']) }),
      ['alfa'],
      true,
    ],
    [
      'mine, when the other’s is down',
      board({ slots: slots(['you', 'alfa'], ['you', 'beta', false]) }),
      ['alfa'],
      true,
    ],
    ['mine, when two others have one each', board({ slots: slots(['you', 'alfa'], ['they', 'beta']) }), ['alfa'], true],
  ] as const)('%s', (_what, on, up, mine) => {
    expect(ours(on, ...up)).toBe(mine);
  });

  test('of a message to an own phone, by what was frozen', () => {
    const direct = campaign({ kind: 'test', submission: null });
    expect(isOurs(board(), direct, 'me', () => true)).toBe(true);
    expect(isOurs(board(), campaign({ submission: null, frozen: null }), 'me', () => true)).toBe(false);
  });
});
