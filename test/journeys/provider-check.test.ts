/**
 * An admin checks an account: three texts go to the own phone and to nobody else, over the session that is there; the card shows what
 * passed on the wire and what it says about the settings.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import type { Card } from '../../src/staff/card.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';

const OWN = '+79165550000';
let one: OperatedHouse;
let seen = 0;

beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa' }, { name: 'beta', perPart: '0.5' }],
    faults: { receipts: 'all', receiptIdBase: 'hex', undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 },
    env: { PERSONAL_DATA: 'masked' },
  });
  for (const [id, fields] of [
    ['olga', { phone: { phone: OWN, confirmedAt: new Date() } }],
    ['ivan', {}],
  ] as const) {
    await one.house.hire(id, ['admin'], fields);
    await one.herald.staff.store.link('console', id, id, new Date());
  }
  await one.herald.staff.store.link('console', 'anna', 'anna', new Date());
});
afterAll(() => one.close());
beforeEach(async () => {
  await one.operator.resetFaults();
  await until('both up', async () => (await one.herald.dispatch.accounts.liveSlots()).every((slot) => slot.up), 60_000);
  seen = (await one.operator.log()).length;
});

async function say(who: string, text: string): Promise<Card> {
  const event = { surface: 'console', account: who, displayName: who, conversation: 'home', text };
  return (await one.herald.chat.handle(event))!;
}
const textOf = ({ title, lead = [], sections = [] }: Card) =>
  [title, ...lead, ...sections.flatMap((section) => [section.title, ...(section.lines ?? [])])].join('\n');

test('three texts reach the own phone through this account, and what passed is shown without the phone', async () => {
  const card = await say('olga', 'provider check alfa');
  const sent = messagesOf(await one.operator.log(seen));
  expect(sent.map(({ account, to, complete }) => [account, `+${to}`, complete])).toEqual(
    Array.from({ length: 3 }, () => ['alfa', OWN, true]),
  );
  expect(sent.map(({ parts }) => parts.length)).toEqual([1, 1, 3]);
  expect((await one.operator.state()).accounts.map(({ binds }) => binds.length)).toEqual([1, 1]);
  const said = textOf(card);
  expect(card.tone).toBe('good');
  expect(said).toMatch(
    /was checked[\s\S]*Latin[^\n]*delivered[\s\S]*Cyrillic[^\n]*delivered[\s\S]*Three parts[^\n]*delivered/,
  );
  expect(said).toMatch(/set `receiptIdBase` to `hex-for-decimal`/);
  expect(said).toMatch(
    /→ submit_sm: [^\n]*data_coding=8[\s\S]*← submit_sm_resp: command_status=ESME_ROK[\s\S]*← deliver_sm: [^\n]*stat=DELIVRD/,
  );
  expect(said).not.toContain(OWN.slice(1));
  expect(said).not.toContain(Buffer.from(OWN.slice(1)).toString('hex'));
}, 180_000);

test('asked again a moment later it shows the same and sends nothing; "again" sends anew', async () => {
  expect(textOf(await say('olga', 'provider check alfa'))).toMatch(/was checked/);
  expect(await one.operator.log(seen)).toEqual([]);
  await one.operator.setFaults({ errorShare: 1, errorStatus: 'ESME_RINVDCS' }, 'alfa');
  const card = await say('olga', 'provider check ALFA again');
  expect(card.tone).toBe('attention');
  expect(textOf(card)).toMatch(/answers ESME_RINVDCS[^\n]*to data_coding 0[\s\S]*to data_coding 8/);
}, 180_000);

test('it is stopped by what stops any message, and asks for a right and for a phone', async () => {
  expect(textOf(await say('anna', 'provider check beta'))).toMatch(/admin/i);
  expect(textOf(await say('ivan', 'provider check beta'))).toMatch(/phone/i);
  await say('olga', 'provider beta stop');
  expect(textOf(await say('olga', 'provider check beta'))).toMatch(/Somebody has stopped it/);
  await say('olga', 'stop all');
  expect(textOf(await say('olga', 'оператор проверить beta'))).toMatch(/Everything is stopped/);
  await say('olga', 'go on');
  await say('olga', 'provider beta start');
  expect(textOf(await say('olga', 'provider check gamma'))).toMatch(/gamma/);
  expect(await one.operator.log(seen)).toEqual([]);
}, 60_000);
