/**
 * An account at an operator that nobody has taken live: it reaches the confirmed phones of employees, and nobody else, whatever is
 * approved. Judged at the operator's log.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendCode, sendTest } from '../../src/dispatch/direct.ts';
import { takeLive } from '../../src/dispatch/trial-period.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, done, draftOver, letOut, people } from '../support/steps.ts';

let one: OperatedHouse;
/** The phone of the 7th of the people, and one that is confirmed but whose owner has left. */
const OWN = '+79001000006' as E164;
const LEFT = '+79001000009' as E164;
const CODE = '+79165550000' as E164;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa' }, { name: 'tried', perPart: '0.5' }],
    // One is at the sandbox operator; the other seems to be at a real one.
    faultsOf: { tried: { systemId: 'SMSC' } },
  });
  const confirmedAt = new Date();
  await one.house.hire('nina', ['author'], { phone: { phone: OWN, confirmedAt } });
  await one.house.hire('left', ['author'], { phone: { phone: LEFT, confirmedAt }, active: false });
  await one.house.hire('olga', ['admin']);
  await until('both up', async () => (await one.herald.dispatch.accounts.liveSlots()).every((slot) => slot.up));
});
afterAll(() => one.close());

const through = async (account: string) =>
  (await one.log()).filter((entry) => entry.account === account).map(({ to }) => `+${to.replace('+', '')}`);
const desk = () => {
  const { accounts, campaigns, now } = one.herald.dispatch;
  return { accounts, database: campaigns.database, staff: campaigns.staff, now };
};

test('only employees are reached through it, at the cheaper price; the others go through the one that needs no trial', async () => {
  const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(40)));
  await one.untilEnded(campaign);
  expect(await through('tried')).toEqual([OWN]);
  expect(await through('alfa')).toHaveLength(39);
  expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0 });
}, 60_000);

test('a test to the own phone goes out, and a code to a phone that is to be confirmed', async () => {
  const { accounts } = one.herald.dispatch;
  const alfa = (await accounts.accounts()).find(({ name }) => name === 'alfa')!;
  await accounts.keep({ ...alfa, enabled: false });
  const nina = (await one.herald.staff.store.employee('nina'))!;
  const draft = await draftOver(one.house, one.anna, people(3));
  const before = (await through('tried')).length;
  done(await sendTest(one.herald.dispatch, nina, draft, 'full'));
  done(await sendCode(one.herald.dispatch, one.anna, { phone: CODE, text: 'Your code: 123456', sender: 'HERALD' }));
  await until('both', async () => (await through('tried')).length === before + 2, 60_000);
  expect((await through('tried')).slice(before).sort()).toEqual([OWN, CODE].sort());
}, 60_000);

test('what is for others waits, nothing of it is given up, and goes as soon as an admin has taken it live', async () => {
  const before = (await through('tried')).length;
  const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(40)));
  await until('the one colleague', async () => (await through('tried')).length > before, 60_000);
  await until(
    'rounds in which nothing could be sent',
    async () => {
      const held = await one.herald.database.db.collection('batches').findOne({ run: campaign.frozen!.run });
      return (held?.fence ?? 0) >= 3;
    },
    60_000,
  );
  expect((await through('tried')).slice(before)).toEqual([OWN]);
  expect((await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states).toMatchObject({
    queued: 39,
    failed: 0,
  });
  expect((await campaignNow(one.herald, campaign._id)).state).toBe('sending');
  expect(await takeLive(desk(), one.boris, 'tried')).toBe(false);
  const olga = (await one.herald.staff.store.employee('olga'))!;
  expect(await takeLive(desk(), olga, 'tried')).toBe(true);
  expect(await takeLive(desk(), olga, 'tried')).toBe(true);
  await one.untilEnded(campaign);
  expect((await through('tried')).slice(before)).toHaveLength(40);
  expect(await one.judge(campaign, before + 39)).toMatchObject({ dup: 0, lost: 0, falseSent: 0 });
  const audit = await one.herald.staff.store.auditOf('provider:tried');
  expect(audit.map(({ actor, action }) => [actor, action])).toEqual([['olga', 'provider.live']]);
}, 90_000);

test('it stays live when its account is read from the file again', async () => {
  await one.house.restart();
  const tried = (await one.house.herald.dispatch.accounts.accounts()).find(({ name }) => name === 'tried');
  expect(tried?.live).toMatchObject({ by: 'olga' });
}, 60_000);
