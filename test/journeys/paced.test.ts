/**
 * Two worker processes and an operator that allows three binds, so many parts a second over all and so many on each. One worker is
 * killed in mid-send, and another takes its place. The operator throttles what is more than it allows, and its log is the judge: in
 * no second were there more parts, and never more binds.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogEntry } from '../../integrations/sandbox/log.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, people } from '../support/steps.ts';

const RATE = 120;
const PER_BIND = 50;
const BINDS = 3;
const WINDOW = 10;
/** What an operator that is late itself reads together, parts. */
const LATE = RATE / 4;
const PATIENCE_MS = 120_000;

let one: OperatedHouse;
beforeAll(async () => {
  const allowed = { partsPerSecond: RATE, burst: RATE / 2, bindPartsPerSecond: PER_BIND, bindBurst: PER_BIND / 2 };
  one = await operatedHouse({
    accounts: [
      {
        name: 'alfa',
        ...{ binds: BINDS, partsPerSecond: RATE, partsPerSecondPerBind: PER_BIND, window: WINDOW },
        limits: { ...allowed, maxBinds: BINDS },
      },
    ],
    faults: { answerDelayMs: 20 },
    roles: 'bots',
  });
}, PATIENCE_MS);
afterAll(() => one.close());

/** The most of them within any second of the operator's clock. */
function mostInASecond(entries: readonly LogEntry[]): number {
  let [first, most] = [0, 0];
  for (const [last, { mono }] of entries.entries()) {
    while (mono - entries[first]!.mono >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const sharing = (workers: number) =>
  until(
    `${workers} share the binds`,
    async () => {
      const up = (await one.herald.accounts.liveSlots()).filter((slot) => slot.up && slot.share > 0);
      return up.length === BINDS && new Set(up.map(({ owner }) => owner)).size === workers;
    },
    PATIENCE_MS,
  );

test('neither the rate nor the binds are ever more than allowed, with a worker killed and another in its place', async () => {
  const killed = await one.worker({ LEASE_SECONDS: '4' });
  await sharing(1);
  await one.worker({ LEASE_SECONDS: '4' });
  await sharing(2);
  const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(1500)));
  await until('it is under way', async () => (await one.taken()) >= 400, PATIENCE_MS);
  await killed.kill();
  await sharing(1);
  await one.worker({ LEASE_SECONDS: '4' });
  await until(
    'the end',
    async () => (await one.herald.campaigns.store.campaign({ departments: 'all' }, campaign._id))?.state === 'finished',
    PATIENCE_MS,
  );

  const log = await one.log();
  const state = (await one.operator.state()).accounts[0]!;
  expect(state.counts.overWindow).toBe(0);
  expect(state.binds.length).toBeLessThanOrEqual(BINDS);
  expect(mostInASecond(log)).toBeLessThanOrEqual(RATE + LATE);
  for (const entries of Map.groupBy(log, ({ bind }) => bind).values())
    expect(mostInASecond(entries)).toBeLessThanOrEqual(PER_BIND + LATE);
  const verdict = await one.judge(campaign);
  expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
  expect(verdict.unknown).toBeLessThanOrEqual(2 * WINDOW);
}, 300_000);
