/** A price that has risen since the approval: nothing goes out, an approver is asked and allows it, and all goes out at that price. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowDearer } from '../../src/campaigns/allow-dearer.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({ accounts: [{ name: 'only', perPart: '1', partsPerSecond: 300 }] });
}, 120_000);
afterAll(() => one.close());

test('waits, asks, and goes at the price that was allowed and no other', async () => {
  const { herald } = one;
  const draft = await draftOver(one.house, one.anna, people(60));
  const { prices } = herald.dispatch.accounts;
  const [head] = await prices.headsOf(['only']);
  const list = (await prices.list('only', head!.number))!;
  const dearer = list.prices.map((price) => ({ ...price, perPart: { ...price.perPart, micros: 1_200_000 } }));
  const now = new Date();
  expect(await prices.append({ ...list, number: 2, version: '2', validFrom: now, takenAt: now, prices: dearer })).toBe(
    true,
  );
  const campaign = await letOut(herald, one.anna, one.boris, draft);
  expect(campaign.frozen?.ceiling).toBe(60_000_000);
  const asked = await until(
    'the question',
    async () => (await campaignNow(herald, campaign._id)).dearer?.asked ?? false,
    60_000,
  );
  expect(asked.steps).toEqual([{ from: 1_000_000, to: 1_200_000, provider: 'only', messages: 60, parts: 60 }]);
  expect(await one.taken()).toBe(0);

  const allowed = await allowDearer(herald.campaigns, one.boris, campaign._id, asked.mark);
  expect(allowed.kind).toBe('done');
  await one.untilEnded(campaign);
  const messages = await messagesNow(herald, campaign.frozen!.run);
  expect(messages.every(({ state, sent }) => state === 'accepted' && sent?.perPart === 1_200_000)).toBe(true);
  expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
}, 120_000);
