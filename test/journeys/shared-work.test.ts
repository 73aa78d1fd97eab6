/**
 * Workers as processes: two that share a run, one that is frozen past its lease and wakes up again, one that is asked to end.
 * Judged at the operator's log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, people } from '../support/steps.ts';
import type { WorkerProcess } from '../support/worker-process.ts';

/** What a worker may have on the wire, through two binds when it is alone. */
const BINDS = 2;
const WINDOW = 20;
let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa', partsPerSecond: 500, window: WINDOW / BINDS, binds: BINDS }],
    faults: { answerDelayMs: 20 },
    roles: 'bots',
  });
});
afterAll(() => one.close());

let workers: WorkerProcess[] = [];
let seen = 0;
beforeEach(async () => {
  seen = (await one.operator.log()).length;
});
afterEach(async () => {
  for (const worker of workers) await worker.kill();
  workers = [];
});

async function working(count: number): Promise<void> {
  for (let n = 0; n < count; n++) workers.push(await one.worker());
  await until('each has its binds', async () => {
    const slots = await one.herald.accounts.liveSlots();
    return new Set(slots.filter(({ up }) => up).map(({ owner }) => owner)).size === count;
  });
}

async function begun(count: number): Promise<Campaign> {
  return letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(count)));
}

const sent = () => one.operator.log(seen);
const untilSent = (count: number) => until(`${count} submits`, async () => (await sent()).length >= count, 20_000);
const states = async (campaign: Campaign) => (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;

describe('two workers', () => {
  test('share one run through binds of their own, and nobody is sent to twice', async () => {
    await working(2);
    const campaign = await begun(1200);
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({
      dup: 0,
      lost: 0,
      falseSent: 0,
      wrong: 0,
      unknown: 0,
      stuck: 0,
    });
    const binds = Map.groupBy(await sent(), (entry) => entry.bind);
    expect(binds.size).toBe(2);
    for (const entries of binds.values()) expect(entries.length).toBeGreaterThan(200);
  }, 120_000);
});

describe('a worker that is frozen past its lease', () => {
  test('is taken over, and sends nothing twice when it wakes up', async () => {
    await working(2);
    const campaign = await begun(1500);
    await untilSent(200);
    workers[0]!.freeze();
    // The lease is a second and a half.
    await sleep(2500);
    workers[0]!.wake();
    await one.untilEnded(campaign);
    const verdict = await one.judge(campaign, seen);
    expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
    expect(verdict.unknown).toBeLessThanOrEqual(WINDOW);
  }, 120_000);

  test('and never wakes up: the other finishes without it', async () => {
    await working(2);
    const campaign = await begun(800);
    await untilSent(150);
    workers[1]!.freeze();
    await one.untilEnded(campaign);
    const verdict = await one.judge(campaign, seen);
    expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, stuck: 0 });
    expect(verdict.unknown).toBeLessThanOrEqual(WINDOW);
  }, 120_000);
});

describe('a worker that is asked to end', () => {
  test('leaves nothing unknown, and the next goes on at once', async () => {
    await working(1);
    const campaign = await begun(900);
    await untilSent(200);
    const asked = performance.now();
    await workers[0]!.kill('SIGTERM');
    expect(performance.now() - asked).toBeLessThan(5000);
    const at = await states(campaign);
    expect(at.submitting + at.unknown).toBe(0);
    expect(at.accepted).toBe((await sent()).length);
    await working(1);
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, unknown: 0, stuck: 0 });
  }, 120_000);
});
