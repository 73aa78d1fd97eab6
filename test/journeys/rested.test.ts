/**
 * An account that answers nothing: it rests before it has eaten the campaign, is tried with a few, and comes back. Judged at the
 * operators' log: whoever may have been sent to is never sent to through the other.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [
      { name: 'cheap', perPart: '1', partsPerSecond: 100, settings: { answerTimeoutMs: 500, lateAnswersMs: 50 } },
      { name: 'dear', perPart: '2', partsPerSecond: 100 },
    ],
    env: { BREAKER_REST_SECONDS: '1', RECOVERY_SECONDS: '0.1' },
  });
  await until('both up', async () => (await one.herald.dispatch.accounts.liveSlots()).every((slot) => slot.up));
});
afterAll(() => one.close());

const by = async (account: string) => (await one.log()).filter((entry) => entry.account === account).length;
const state = async () => (await one.herald.dispatch.health.breakers()).get('cheap')?.state;

async function sendTo(count: number): Promise<void> {
  const draft = await draftOver(one.house, one.anna, people(count));
  await one.untilEnded(await letOut(one.herald, one.anna, one.boris, draft));
}

test('it rests, the dearer one goes on, it is tried with a few, and is back', async () => {
  await one.operator.setFaults({ noAnswerNext: 100_000 }, 'cheap');
  const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(300)));
  await until('a rest', async () => (await state()) === 'resting', 20_000);
  await until('the dearer', async () => (await by('dear')) > 50, 20_000);
  expect(await by('cheap')).toBeLessThan(300);
  await one.operator.resetFaults();
  await one.operator.setFaults({ receipts: 'none' });
  await one.untilEnded(campaign);
  const verdict = await one.judge(campaign);
  expect(verdict).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
  const asked = Map.groupBy(await one.log(), ({ to }) => to.slice(-10));
  for (const message of await messagesNow(one.herald, campaign.frozen!.run)) {
    if (message.state === 'unknown')
      expect(asked.get(message.phone.slice(-10))?.map((entry) => entry.account)).toEqual(['cheap']);
  }
  // With nothing to send, nothing could be tried.
  await sendTo(30);
  await until('its return', async () => (await state()) === 'well');
  const seen = (await one.log()).length;
  await sendTo(30);
  expect((await one.operator.log(seen)).map(({ account }) => account)).toEqual(Array(30).fill('cheap'));
  const moves = (await one.herald.staff.store.auditOf('provider:cheap')).map(({ action }) => action);
  expect(moves.slice(0, 2)).toEqual(['provider.rested', 'provider.tried']);
  expect(moves.at(-1)).toBe('provider.back');
}, 90_000);
