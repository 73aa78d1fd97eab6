/** An operator that answers later than it is waited for: what was called unknown becomes known, and nothing is sent twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa', window: 100, settings: { answerTimeoutMs: 300, lateAnswersMs: 10_000 } }],
    faults: { answerDelayMs: 900, receipts: 'all', undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
  });
});
afterAll(() => one.close());

test('long messages are unknown at first, and delivered by the ids that come late', async () => {
  const text = `{{Name}} ${'x'.repeat(320)}`;
  const campaign = await letOut(
    one.herald,
    one.anna,
    one.boris,
    await draftOver(one.house, one.anna, people(8), { text }),
  );
  const states = async () => (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;
  await until('unknown ones', async () => (await states()).unknown > 0);
  await until('every receipt', async () => (await states()).delivered === 8);
  const parts = Map.groupBy(await one.log(), (entry) => entry.to);
  expect([...parts.values()].map((all) => all.length)).toEqual(Array(8).fill(3));
}, 30_000);
