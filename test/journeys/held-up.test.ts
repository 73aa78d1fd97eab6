/**
 * A run that is stopped in its midst, in every way in which people and time stop one. Judged at the operator's log: nothing goes
 * out more than a second after the stop, nothing twice, and nothing is lost.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel, pause, resume } from '../../src/campaigns/control.ts';
import { editDraft } from '../../src/campaigns/draft.ts';
import { suppress } from '../../src/customers/suppress.ts';
import { startProvider, stopProvider } from '../../src/dispatch/switch.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, done, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
/** Slow enough that a run of 400 takes two seconds; the window is no limit. */
beforeAll(async () => {
  one = await operatedHouse({ accounts: [{ name: 'alfa', partsPerSecond: 200, window: 400 }] });
});
afterAll(() => one.close());

let seen = 0;
beforeEach(async () => {
  seen = (await one.log()).length;
});
/** What the operator was sent in this test. */
const sent = async () => one.operator.log(seen);

const states = async (campaign: Campaign) => (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;

/** A run of which about a quarter is sent. */
async function inMidSend(count = 400): Promise<Campaign> {
  const draft = await draftOver(one.house, one.anna, people(count));
  const campaign = await letOut(one.herald, one.anna, one.boris, draft);
  await until('a quarter of it', async () => (await sent()).length >= count / 4);
  return campaign;
}

/** Sees to it that nothing is sent from a second after now on, and how much was sent by then. */
async function silentFromNow(): Promise<number> {
  await sleep(1000);
  const before = (await sent()).length;
  await sleep(300);
  expect((await sent()).length).toBe(before);
  return before;
}

describe('pause', () => {
  test('holds within a second, also what waits for its turn; resume sends the rest, none twice', async () => {
    const campaign = await inMidSend();
    done(await pause(one.herald.campaigns, one.boris, campaign._id));
    const before = await silentFromNow();
    expect(before).toBeLessThan(400);
    // What was taken says so half a second after it was sent.
    await until('what is queued to be all that was not sent', async () => {
      const at = await states(campaign);
      return at.submitting === 0 && at.queued === 400 - before;
    });
    done(await resume(one.herald.campaigns, one.boris, campaign._id));
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({
      dup: 0,
      lost: 0,
      falseSent: 0,
      wrong: 0,
      unknown: 0,
      stuck: 0,
    });
    expect((await sent()).length).toBe(400);
  }, 25_000);
});

describe('the switch that stops everything', () => {
  test('holds within a second, and lets go again', async () => {
    const campaign = await inMidSend();
    await one.herald.dispatch.accounts.switchOff('all', 'olga', new Date());
    const before = await silentFromNow();
    expect(before).toBeLessThan(400);
    expect((await campaignNow(one.herald, campaign._id)).state).toBe('sending');
    await one.herald.dispatch.accounts.switchOn('all');
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, unknown: 0 });
  }, 25_000);

  test('of one provider holds as well', async () => {
    const campaign = await inMidSend(300);
    const { accounts, health, breaker, campaigns, now } = one.herald.dispatch;
    const desk = { accounts, health, database: campaigns.database, staff: campaigns.staff, now, terms: breaker };
    expect(await stopProvider(desk, one.boris, 'alfa')).toBe(true);
    expect(await silentFromNow()).toBeLessThan(300);
    expect(await startProvider(desk, one.anna, 'alfa')).toBe(false);
    expect(await startProvider(desk, one.boris, 'alfa')).toBe(true);
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, unknown: 0 });
  }, 25_000);
});

describe('cancel', () => {
  test('ends it within a second: what is not sent never will be', async () => {
    const campaign = await inMidSend();
    done(await cancel(one.herald.campaigns, one.anna, campaign._id));
    const before = await silentFromNow();
    const at = await until('an outcome for everybody', async () => {
      const now = await states(campaign);
      return now.queued + now.submitting === 0 && now;
    });
    expect(at).toMatchObject({ cancelled: 400 - before, accepted: before, unknown: 0 });
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0 });
  }, 20_000);
});

describe('the end of its time', () => {
  /** A run of 1500, which takes longer than it is given. */
  async function withLittleTime(ms: number): Promise<{ campaign: Campaign; notAfter: Date }> {
    const draft = await draftOver(one.house, one.anna, people(1500));
    // The time begins once the numbers are made, however long that took.
    const notAfter = new Date(Date.now() + ms);
    const edited = done(await editDraft(one.herald.campaigns, one.anna, draft._id, { notAfter }));
    const campaign = await letOut(one.herald, one.anna, one.boris, edited);
    await until('some of it', async () => (await sent()).length >= 20);
    return { campaign, notAfter };
  }

  test('in mid-run: the rest is missed', async () => {
    const { campaign, notAfter } = await withLittleTime(4000);
    const ended = await one.untilEnded(campaign);
    expect(ended.hold).toMatchObject({ why: 'too-late' });
    const log = await sent();
    // The operator’s clock is this machine’s.
    expect(Math.max(...log.map((entry) => Date.parse(entry.at)))).toBeLessThan(notAfter.getTime() + 1000);
    const at = await states(campaign);
    expect(at.accepted).toBe(log.length);
    expect(at.missed + at.failed).toBe(1500 - log.length);
    expect(at.missed).toBeGreaterThan(0);
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, stuck: 0, unknown: 0 });
  }, 25_000);

  test('while it is paused: missed as well', async () => {
    const { campaign } = await withLittleTime(4500);
    done(await pause(one.herald.campaigns, one.anna, campaign._id));
    await one.untilEnded(campaign);
    const at = await states(campaign);
    expect(at.missed + at.accepted).toBe(1500);
    expect(at.accepted).toBe((await sent()).length);
  }, 20_000);
});

describe('a number that is suppressed', () => {
  test('in mid-run is not sent to', async () => {
    const campaign = await inMidSend();
    const last = (await messagesNow(one.herald, campaign.frozen!.run)).at(-1)!;
    await suppress(one.herald.customers, one.boris, last.phone as E164, 'opt-out', 'asked on the phone');
    await one.untilEnded(campaign);
    expect((await sent()).filter((entry) => entry.to.endsWith(last.phone.slice(1)))).toEqual([]);
    expect(await states(campaign)).toMatchObject({ suppressed: 1, accepted: 399 });
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0 });
  }, 25_000);
});
