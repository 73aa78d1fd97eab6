/**
 * Two operators, one cheaper: it takes all while it is well, and the dearer takes over when it is not; never after an outcome
 * that nobody knows. Judged at both operators' logs.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [
      { name: 'cheap', perPart: '1', partsPerSecond: 300, settings: { answerTimeoutMs: 800, lateAnswersMs: 100 } },
      { name: 'dear', perPart: '2', partsPerSecond: 300 },
    ],
  });
});
afterAll(() => one.close());

let seen = 0;
beforeEach(async () => {
  await one.operator.resetFaults();
  await until('both up', async () => (await one.herald.dispatch.accounts.liveSlots()).every((slot) => slot.up));
  seen = (await one.operator.log()).length;
});

const sent = () => one.operator.log(seen);
const by = async (account: string) =>
  (await sent()).filter((entry) => entry.account === account && entry.messageId !== null).length;

async function begun(count: number, fields = {}): Promise<Campaign> {
  return letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(count), fields));
}

/** What was paid is what the operators took, each at its price. */
async function expectExactCost(campaign: Campaign): Promise<void> {
  const { cost } = await one.herald.campaigns.messages.counts(campaign.frozen!.run);
  expect(cost).toBe(1_000_000 * (await by('cheap')) + 2_000_000 * (await by('dear')));
  expect(cost).toBeLessThanOrEqual(campaign.frozen!.ceiling);
}

test('the cheaper takes all while it is well, at the price of the quote', async () => {
  const campaign = await begun(150);
  expect(campaign.frozen).toMatchObject({ quote: 150_000_000, ceiling: 300_000_000 });
  await one.untilEnded(campaign);
  expect([await by('cheap'), await by('dear')]).toEqual([150, 0]);
  await expectExactCost(campaign);
}, 20_000);

test('the dearer takes over when it goes down, and nobody is sent to twice', async () => {
  const campaign = await begun(500);
  await until('a part of it', async () => (await by('cheap')) > 100);
  await one.operator.setFaults({ refuseBind: 'ESME_RBINDFAIL' }, 'cheap');
  await one.operator.disconnect('cheap');
  await one.untilEnded(campaign);
  const verdict = await one.judge(campaign, seen);
  expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
  expect(verdict.unknown).toBeLessThanOrEqual(20);
  expect(await by('dear')).toBeGreaterThan(100);
  for (const { state, sent } of await messagesNow(one.herald, campaign.frozen!.run))
    if (state === 'accepted') expect(sent?.perPart).toBe(sent?.provider === 'cheap' ? 1_000_000 : 2_000_000);
}, 30_000);

test('never after an outcome that nobody knows', async () => {
  await one.operator.setFaults({ noAnswerNext: 10 }, 'cheap');
  const campaign = await begun(200);
  await one.untilEnded(campaign);
  const verdict = await one.judge(campaign, seen);
  expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, unknown: 10 });
  await expectExactCost(campaign);
}, 30_000);

test('a refusal of the account is asked of the other; a refusal of the number is not', async () => {
  await one.operator.setFaults({ submitErrors: { '3': 'ESME_RINVSRCADR', '4': 'ESME_RINVDSTADR' } }, 'cheap');
  await one.operator.setFaults({ submitErrors: { '13': 'ESME_RPROHIBITED' } }, 'dear');
  const campaign = await begun(100);
  await one.untilEnded(campaign);
  for (const message of await messagesNow(one.herald, campaign.frozen!.run)) {
    const { phone, state, sent, error } = message;
    const expected = phone.endsWith('13')
      ? ['failed', undefined, 'account']
      : phone.endsWith('3')
        ? ['accepted', 'dear', undefined]
        : phone.endsWith('4')
          ? ['failed', 'cheap', 'bad-number']
          : ['accepted', 'cheap', undefined];
    expect([phone, state, sent?.provider, error]).toEqual([phone, ...expected]);
  }
  expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0 });
}, 20_000);

test('taken out of use in mid-run, a campaign that only it may carry waits, and nobody is given up', async () => {
  const [cheap, dear] = await one.herald.dispatch.accounts.accounts();
  const campaign = await begun(300);
  await until('a part of it', async () => (await sent()).length > 50);
  for (const account of [cheap!, dear!]) await one.herald.dispatch.accounts.keep({ ...account, enabled: false });
  await until('silence', async () => {
    const before = (await sent()).length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return (await sent()).length === before;
  });
  expect((await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states.failed).toBe(0);
  for (const account of [cheap!, dear!]) await one.herald.dispatch.accounts.keep(account);
  await one.untilEnded(campaign);
  expect(await one.judge(campaign, seen)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, stuck: 0 });
}, 30_000);
