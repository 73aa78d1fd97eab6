/**
 * Thousands of receipts posted at once, one by one, while a campaign is being sent: each that was answered is kept, none is lost,
 * also where a gateway says one twice, and the sending goes on.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webhookPlace } from '../../src/dispatch/account.ts';
import { readAccounts } from '../../src/dispatch/accounts-file.ts';
import { gatewayPath } from '../../src/web/gateways.ts';
import { postAll } from '../bench/posts.ts';
import { GATE, plantTaken } from '../bench/receipt-post.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, messagesNow, people } from '../support/steps.ts';

const RUN = '900001.1';
const RECEIPTS = 4000;

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({ accounts: [{ name: 'alfa', partsPerSecond: 50 }], roles: 'worker,bots,web' });
  await one.herald.accounts.keep(gate());
  await plantTaken(one.herald, RUN, RECEIPTS);
});
afterAll(() => one.close());

test('none is lost, and what is under way goes on', async () => {
  await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(1000)));
  await one.untilTaken(1);
  const before = await one.taken();
  const order = {
    port: Number(new URL(one.house.url).port),
    path: `${gatewayPath(GATE.name)}/receipts`,
    connections: 200,
    from: 1,
    count: RECEIPTS,
  };
  const [first, again] = await Promise.all([postAll(order), postAll({ ...order, connections: 20, count: 400 })]);
  // Judged at once: what was answered is durable by then.
  const states = (await messagesNow(one.herald, RUN)).map(({ state }) => state);
  expect(states.filter((state) => state !== 'delivered')).toEqual([]);
  expect([first.statuses, again.statuses]).toEqual([{ 200: RECEIPTS }, { 200: 400 }]);
  expect(await one.herald.database.db.collection('orphanReceipts').countDocuments()).toBe(0);
  await one.untilTaken(before + 1);
}, 120_000);

/** The account that posts, as an admin's file has it, and its secret sealed. */
function gate() {
  const reading = readAccounts(JSON.stringify([GATE]));
  if (reading.kind === 'problems') throw new Error(reading.problems.join('\n'));
  const [{ password: _password, webhookSecret, prices, ...rest }] = [reading.accounts[0]!];
  return {
    ...rest,
    secret: null,
    webhookSecret: one.herald.keyring.seal(webhookSecret!, webhookPlace(rest.name)),
    prices: prices.map(({ prefix, perPart, chargedOn }) => ({
      prefix,
      perPart: { micros: perPart, currency: rest.currency },
      chargedOn,
    })),
  };
}
