/**
 * Operators as they are: slow, throttling, silent, contradicting themselves, writing one id in two ways. One Herald, one account
 * after the other, judged at the operator's log.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FaultChange } from '../../integrations/sandbox/faults.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { DraftFields } from '../../src/campaigns/draft.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa', window: 50, settings: { answerTimeoutMs: 1000, lateAnswersMs: 200 } }],
    env: { RECOVERY_SECONDS: '0.2' },
  });
  // What takes minutes in the world takes moments here.
  Object.assign(one.herald.dispatch.timers, { serviceRetryMs: 1500 });
  Object.assign(one.herald.dispatch.receipts, { orphanSettledMs: 500 });
});
afterAll(() => one.close());

let seen = 0;
beforeEach(async () => {
  await one.operator.resetFaults();
  seen = (await one.operator.log()).length;
});

const sent = () => one.operator.log(seen);
const states = async (campaign: Campaign) => (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;

async function begun(count: number, faults: FaultChange, fields: DraftFields = {}): Promise<Campaign> {
  await one.operator.setFaults(faults);
  return letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(count), fields));
}

/** Every message has the final state of its receipt. */
const untilReceipts = (campaign: Campaign) =>
  until(
    'every receipt',
    async () => {
      const now = await states(campaign);
      return now.accepted + now.submitting + now.queued + now.unknown === 0 && now;
    },
    20_000,
  );

describe('throttling', () => {
  test('three submits of ten refused as too fast: all are sent, and no refusal is an attempt', async () => {
    const campaign = await begun(120, { throttleShare: 0.3 });
    await one.untilEnded(campaign);
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, unknown: 0, stuck: 0 });
    const messages = await messagesNow(one.herald, campaign.frozen!.run);
    expect(messages.every((message) => message.state === 'accepted' && message.refusedBy === undefined)).toBe(true);
    expect((await sent()).length).toBeGreaterThan(120);
  }, 120_000);
});

describe('no answer', () => {
  test('is unknown and never sent again; a receipt that fits makes it known', async () => {
    const campaign = await begun(200, {
      noAnswerNext: 5,
      receipts: 'all',
      receiptDelayMs: 2000,
      undeliveredShare: 0,
      expiredShare: 0,
      rejectedShare: 0,
    });
    await until('unknown ones', async () => (await states(campaign)).unknown === 5);
    await one.untilEnded(campaign);
    const now = await untilReceipts(campaign);
    expect(now).toMatchObject({ delivered: 200, unknown: 0 });
    expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0 });
    const known = await messagesNow(one.herald, campaign.frozen!.run);
    expect(known.filter((message) => message.error !== undefined)).toEqual([]);
  }, 120_000);

  test('to a service message: it is sent once more, flagged, and no third time', async () => {
    const campaign = await begun(60, { noAnswerNext: 4 }, { class: 'service' });
    await until('the first unknown', async () => (await states(campaign)).unknown === 4);
    // The second copies of two of them are not answered either.
    await one.operator.setFaults({ noAnswerNext: 2 });
    await one.untilEnded(campaign);
    const messages = await messagesNow(one.herald, campaign.frozen!.run);
    const flagged = messages.filter((message) => message.possibleDuplicate);
    expect(flagged.length).toBe(4);
    expect(flagged.map((message) => message.state).toSorted()).toEqual(['accepted', 'accepted', 'unknown', 'unknown']);
    const copies = Map.groupBy(await sent(), (entry) => entry.to);
    expect([...copies.values()].filter((all) => all.length > 2)).toEqual([]);
    const twice = [...copies].filter(([, all]) => all.length === 2).map(([to]) => `+${to.replace('+', '')}`);
    expect(twice.toSorted()).toEqual(flagged.map((message) => message.phone).toSorted());
  }, 120_000);
});

describe('a connection that dies', () => {
  test('before the answer: unknown, not more than the window, and the rest goes on', async () => {
    const campaign = await begun(300, { dropAfterAcceptNext: 2 });
    await one.untilEnded(campaign);
    const verdict = await one.judge(campaign, seen);
    expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, stuck: 0 });
    expect(verdict.unknown).toBeGreaterThan(0);
    expect(verdict.unknown).toBeLessThanOrEqual(100);
  }, 120_000);
});

describe('receipts', () => {
  const kind = { receipts: 'all', receiptDelayMs: 0 } as const;
  test.each<[string, FaultChange]>([
    ['before the answers', { ...kind, receiptBeforeAnswer: true }],
    ['three times over, the last first', { ...kind, receiptCopies: 3, receiptsReversed: 10 }],
    [
      'in decimal for hexadecimal answers in capitals',
      { ...kind, answerIdBase: 'hex', answerIdUpperCase: true, receiptIdBase: 'decimal' },
    ],
    [
      'in hexadecimal with zeros for decimal answers of 96 bits',
      { ...kind, idBits: 96, answerIdBase: 'decimal', receiptIdBase: 'hex', receiptIdWidth: 32 },
    ],
    [
      'of another base, before the answers, twice',
      { ...kind, receiptBeforeAnswer: true, answerIdBase: 'hex', receiptCopies: 2 },
    ],
  ])(
    '%s',
    async (_what, faults) => {
      const outcomes = { '1': 'undelivered', '2': 'expired', '3': 'rejected' } as const;
      const campaign = await begun(100, {
        ...faults,
        outcomes,
        undeliveredShare: 0,
        expiredShare: 0,
        rejectedShare: 0,
      });
      await untilReceipts(campaign);
      await one.untilEnded(campaign);
      for (const { phone, state } of await messagesNow(one.herald, campaign.frozen!.run)) {
        const last = phone.at(-1) as '1';
        expect([phone, state]).toEqual([phone, outcomes[last] ?? 'delivered']);
      }
      expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0 });
    },
    20_000,
  );

  test('that contradict themselves: the message has one final state, and keeps it', async () => {
    const campaign = await begun(100, { ...kind, contradictFinal: true });
    await untilReceipts(campaign);
    const before = await states(campaign);
    expect(before.delivered + before.undelivered + before.expired + before.rejected).toBe(100);
    await until('the last of them', async () => (await one.operator.state()).accounts[0]!.waiting === 0);
    expect(await states(campaign)).toEqual(before);
  }, 20_000);

  test('for parts of long messages: delivered when all parts are, failed when one is', async () => {
    const text = `{{Name}} ${'x'.repeat(320)}`;
    const faults = { ...kind, outcomePerPart: true, undeliveredShare: 0.2, expiredShare: 0, rejectedShare: 0 };
    const campaign = await begun(60, faults, { text });
    expect(campaign.frozen?.parts).toBe(180);
    const now = await untilReceipts(campaign);
    expect(now.delivered).toBeGreaterThan(0);
    expect(now.undelivered).toBeGreaterThan(0);
    expect(now.delivered + now.undelivered).toBe(60);
    expect((await sent()).length).toBe(180);
  }, 20_000);
});

test('who is refused for the number is told so, and nobody else is held up', async () => {
  const campaign = await begun(50, { submitErrors: { '7': 'ESME_RINVDSTADR' } });
  await one.untilEnded(campaign);
  const messages = await messagesNow(one.herald, campaign.frozen!.run);
  for (const message of messages) expect(message.state).toBe(message.phone.endsWith('7') ? 'failed' : 'accepted');
  expect(messages.find((message) => message.state === 'failed')).toMatchObject({ error: 'bad-number' });
  expect((await campaignNow(one.herald, campaign._id)).hold).toBeNull();
}, 20_000);
