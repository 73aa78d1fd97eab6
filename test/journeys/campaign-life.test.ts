/**
 * A campaign's life with the whole of Herald running: edited after its approval, paused and resumed in mid-send, sent again to
 * those not reached, its start missed while nothing ran. Judged at the operator's own log.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { cancel, pause, resume } from '../../src/campaigns/control.ts';
import { editDraft, sendAgain } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { judge } from '../support/judge.ts';
import { campaignNow, done, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let house: TestHerald;
let operator: RemoteOperator;
let anna: Employee;
let boris: Employee;
const WINDOW = 10;
const RATE = 400;

beforeAll(async () => {
  operator = await spawnOperator({
    accounts: [{ name: 'alfa', password: 'secret' }],
    faults: { undeliveredShare: 0.2, expiredShare: 0, rejectedShare: 0, receiptDelayMs: 20 },
  });
  house = await testHerald({ ROLES: 'bots' });
  house.file('providers.json', JSON.stringify([account(operator.port)]));
  await house.restart({ ROLES: 'bots,worker', PROVIDERS_FILE: `${house.folder}/providers.json` });
  anna = await house.hire('anna', ['author']);
  boris = await house.hire('boris', ['approver']);
}, 40_000);

afterAll(async () => {
  await house.close();
  await operator.stop();
});

const account = (port: number) => ({
  name: 'alfa',
  kind: 'smpp',
  settings: { host: '127.0.0.1', port, systemId: 'alfa' },
  password: 'secret',
  partsPerSecond: RATE,
  window: WINDOW,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: '1.5' }],
});

/** What the operator took from this sender: one sender a test, so that one log judges them all. */
const takenFrom = async (sender: string) =>
  (await operator.log()).filter((one) => one.from === sender && one.messageId);

const finished = (id: string) =>
  until('the end', async () => {
    const now = await campaignNow(house.herald, id);
    const { states } = await house.herald.campaigns.messages.counts(now.frozen!.run);
    return now.state === 'finished' && states.accepted === 0 && now;
  });

test('an edit after the approval voids it, and nothing is sent until somebody approves what is there now', async () => {
  const { herald } = house;
  const start = { kind: 'at', at: new Date(Date.now() + 3_600_000) } as const;
  const draft = await draftOver(house, anna, people(20), { sender: 'EDIT', start });
  const approved = await letOut(herald, anna, boris, draft);
  const oldMark = markOf(approved.submission!.hash);
  const edited = done(
    await editDraft(herald.campaigns, anna, draft._id, {
      text: 'Another text, {{Name}}',
      start: { kind: 'on-approval' },
    }),
  );
  expect(edited).toMatchObject({ state: 'draft', approvedHash: null, revision: 2 });
  await prepare(herald.campaigns, draft._id, 'test', new AbortController().signal);
  const again = done(await submit(herald.campaigns, anna, draft._id));
  expect(await approve(herald.campaigns, boris, draft._id, oldMark)).toMatchObject({
    refusal: { code: 'stale-version' },
  });
  expect(await takenFrom('EDIT')).toEqual([]);

  done(await approve(herald.campaigns, boris, draft._id, markOf(again.submission!.hash)));
  await finished(draft._id);
  const texts = (await takenFrom('EDIT')).map((one) => one.text);
  expect(texts.length).toBe(20);
  expect(texts.every((text) => text?.startsWith('Another text, Client '))).toBe(true);
}, 30_000);

test('paused in mid-send it stands within the promise; resumed it goes on, and nobody is sent to twice or left out', async () => {
  const { herald } = house;
  const draft = await draftOver(house, anna, people(600), { sender: 'PAUSE' });
  await letOut(herald, anna, boris, draft);
  await until('the first hundred', async () => (await takenFrom('PAUSE')).length >= 100);
  const before = (await takenFrom('PAUSE')).length;
  done(await pause(herald.campaigns, boris, draft._id));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const stood = (await takenFrom('PAUSE')).length;
  expect(stood - before).toBeLessThanOrEqual(WINDOW + RATE);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await takenFrom('PAUSE')).length).toBe(stood);
  expect(stood).toBeLessThan(600);

  done(await resume(herald.campaigns, anna, draft._id));
  await finished(draft._id);
  const verdict = judge(await takenFrom('PAUSE'), await messagesNow(herald, draft.frozen!.run));
  expect(verdict).toEqual({ dup: 0, lost: 0, falseSent: 0, wrong: 0, unknown: 0, stuck: 0 });
}, 30_000);

test('again takes those who were not reached, and nobody else', async () => {
  const { herald } = house;
  const draft = await draftOver(house, anna, people(60), { sender: 'AGAIN' });
  await letOut(herald, anna, boris, draft);
  await finished(draft._id);
  const missed = (await messagesNow(herald, draft.frozen!.run)).filter((one) => one.state === 'undelivered');
  expect(missed.length).toBeGreaterThan(0);

  const second = done(await sendAgain(herald.campaigns, anna, draft._id, 'once more'));
  const prepared = await prepare(herald.campaigns, second._id, 'test', new AbortController().signal);
  const phones = (await messagesNow(herald, prepared!.frozen!.run)).map((one) => one.phone).sort();
  expect(phones).toEqual(missed.map((one) => one.phone).sort());
}, 30_000);

test('cancelled in mid-send, what is left never goes out', async () => {
  const { herald } = house;
  const draft = await draftOver(house, anna, people(800), { sender: 'CANCEL' });
  await letOut(herald, anna, boris, draft);
  await until('the first hundred', async () => (await takenFrom('CANCEL')).length >= 100);
  done(await cancel(herald.campaigns, boris, draft._id));
  const states = await until('its end', async () => {
    const { states } = await herald.campaigns.messages.counts(draft.frozen!.run);
    return states.queued + states.submitting + states.accepted === 0 && states;
  });
  expect(states.cancelled).toBeGreaterThan(0);
  expect((await takenFrom('CANCEL')).length).toBe(800 - states.cancelled);
}, 30_000);

test('a start that was missed while nothing ran asks a person instead of sending', async () => {
  const start = { kind: 'at', at: new Date(Date.now() + 8000) } as const;
  const draft = await draftOver(house, anna, people(10), {
    sender: 'MISSED',
    start,
    notAfter: new Date(Date.now() + 86_400_000),
  });
  await letOut(house.herald, anna, boris, draft);
  // The time passes while nothing runs; the least that may be late is set to nothing.
  await house.stop();
  await new Promise((resolve) => setTimeout(resolve, start.at.getTime() - Date.now() + 500));
  await house.restart({
    ROLES: 'bots,worker',
    PROVIDERS_FILE: `${house.folder}/providers.json`,
    MAX_LATE_MINUTES: '0',
  });
  const missed = await until('the tick', async () => {
    const now = await campaignNow(house.herald, draft._id);
    return now.state === 'missed' && now;
  });
  expect(missed.hold?.why).toBe('start-missed');
  expect(await takenFrom('MISSED')).toEqual([]);

  done(await resume(house.herald.campaigns, anna, draft._id));
  await finished(draft._id);
  expect((await takenFrom('MISSED')).length).toBe(10);
}, 40_000);
