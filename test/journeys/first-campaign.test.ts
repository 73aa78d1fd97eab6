/** The whole way once: an audience from a file, four eyes, an operator, receipts, results beside the source. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messagesOf, readOperatorLog } from '../../integrations/sandbox/log.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import { createDraft } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { done } from '../support/carried-out.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';

let house: TestHerald;
beforeAll(async () => {
  house = await testHerald();
});
afterAll(() => house.close());

test('a campaign goes from a file to an operator and back', async () => {
  const { herald } = house;
  const anna = await house.hire('anna', ['author']);
  const boris = await house.hire('boris', ['approver']);
  const rows = Array.from({ length: 60 }, (_, i) => `+7900000${String(1000 + i)},Клиент ${i}`);
  const path = house.file('customers.csv', ['Phone,Name', ...rows, '+7900000,Nobody', '+79000001000,Twice'].join('\n'));

  const room = herald.campaigns;
  const source = { ref: path, name: 'customers.csv', answers: {}, uploaded: false };
  const draft = done(
    await createDraft(room, anna, {
      source,
      text: 'Здравствуйте, {{Name}}!',
      sender: 'HERALD',
      start: { kind: 'on-approval' },
    }),
  );
  const prepared = await prepare(room, draft._id, 'test', new AbortController().signal);
  expect(prepared?.problem).toBeNull();
  expect(prepared?.frozen).toMatchObject({ messages: 60, excluded: { 'phone-too-short': 1, duplicate: 1 } });

  const submitted = done(await submit(room, anna, draft._id));
  const mark = markOf(submitted.submission!.hash);
  expect(await approve(room, anna, draft._id, mark)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'own-campaign' },
  });
  done(await approve(room, boris, draft._id, mark));

  const run = submitted.frozen!.run;
  await until(
    'every receipt',
    async () =>
      (await room.messages.counts(run)).states.accepted === 0 &&
      (await room.store.campaign({ departments: 'all' }, draft._id))?.state === 'finished',
  );
  const { states } = await room.messages.counts(run);
  expect(states.queued + states.submitting + states.unknown).toBe(0);

  const seen = messagesOf(await readOperatorLog(herald.sandbox()!.logFile)).filter((one) => one.from === 'HERALD');
  expect(seen.length).toBe(60);
  expect(new Set(seen.map((one) => one.to)).size).toBe(60);
  expect(seen.find((one) => one.to.endsWith('79000001000'))?.text).toBe('Здравствуйте, Клиент 0!');
  const written = await until('the results', () => herald.results.store.last(run));
  expect(written.rows).toBe(60);
}, 40_000);
