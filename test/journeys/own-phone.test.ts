/** A test and a code to an employee's own phone go the way of every message, at any hour, and to nobody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendCode, sendTest } from '../../src/dispatch/direct.ts';
import type { E164 } from '../../src/messages/phone.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, done, draftOver, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
let anna: Employee;
const OWN = '+79165550000' as E164;
beforeAll(async () => {
  // A window that is never open today: own phones do not wait for it.
  one = await operatedHouse({
    accounts: [{ name: 'alfa', senders: ['HERALD'] }],
    env: { SENDING_WINDOW: '00:00-00:01' },
  });
  anna = { ...one.anna, phone: { phone: OWN, confirmedAt: new Date() } };
});
afterAll(() => one.close());

describe('a test', () => {
  test('is the first message as its recipient would get it, to the own phone only', async () => {
    const draft = await draftOver(one.house, anna, people(30));
    const sent = done(await sendTest(one.herald.dispatch, anna, draft, 'full'));
    const ended = await until('the end', async () => {
      const now = await campaignNow(one.herald, sent._id);
      return now.state === 'finished' && now;
    });
    expect(ended).toMatchObject({ kind: 'test', createdBy: 'anna', class: 'service' });
    const log = await one.operator.log();
    expect(log.map((entry) => [entry.to.replace('+', ''), entry.text])).toEqual([
      [OWN.slice(1), 'Dear Client 0, hello'],
    ]);
    // The operator is told until when it is worth anything.
    expect(log[0]!.validity).not.toBe('');
    expect((await messagesNow(one.herald, sent.frozen!.run))[0]).toMatchObject({
      state: 'accepted',
      sent: { costCentre: 'sales' },
    });
    expect(await one.herald.campaigns.store.list({ departments: 'all' })).toMatchObject([{ _id: draft._id }]);
    expect((await one.herald.campaigns.messages.counts(draft.frozen!.run)).states.queued).toBe(30);
  }, 20_000);

  test('shows nothing of a customer where that is the rule', async () => {
    const before = (await one.operator.log()).length;
    const draft = await draftOver(one.house, anna, people(3), { text: 'Dear {{name}}{{#if Name}}, hello{{/if}}' });
    done(await sendTest(one.herald.dispatch, anna, draft, 'none'));
    await until('the test', async () => (await one.operator.log(before)).length === 1);
    expect((await one.operator.log(before))[0]!.text).toBe('Dear [name], hello');
  }, 20_000);

  test('needs an own phone, and numbers', async () => {
    const draft = await draftOver(one.house, anna, people(2));
    const refused = async (by: Employee, campaign = draft) => {
      const verdict = await sendTest(one.herald.dispatch, by, campaign, 'full');
      return verdict.kind === 'refused' && verdict.refusal.code;
    };
    expect(await refused(one.anna)).toBe('no-own-phone');
    expect(await refused({ ...anna, phone: { phone: 'none', confirmedAt: new Date() } })).toBe('no-own-phone');
    expect(await refused(anna, { ...draft, frozen: null })).toBe('lacking');
    await one.herald.campaigns.messages.drop(draft.frozen!.run);
    expect(await refused(anna)).toBe('lacking');
  }, 20_000);
});

describe('a code', () => {
  test('goes out at once, and none where nobody carries it', async () => {
    const before = (await one.operator.log()).length;
    done(await sendCode(one.herald.dispatch, one.anna, { phone: OWN, text: 'Your code: 123456', sender: 'HERALD' }));
    await until('the code', async () => (await one.operator.log(before)).length === 1);
    expect((await one.operator.log(before))[0]!.text).toBe('Your code: 123456');
    const other = await sendCode(one.herald.dispatch, one.anna, { phone: OWN, text: 'x', sender: 'OTHER' });
    expect(other).toMatchObject({ kind: 'refused', refusal: { code: 'no-route' } });
  }, 20_000);
});
