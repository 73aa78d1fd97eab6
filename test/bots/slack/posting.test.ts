import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { type User, userOf } from '../../fakes/slack/people.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, openBench } from './bench.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

let bench: Bench;
afterEach(() => bench.close());

async function open() {
  bench = await openBench({ mode: 'http', database });
  const surface = await bench.start(listeningCore());
  const anna = userOf(bench.slack, 'Anna');
  return { surface, anna, place: (await surface.placeOf(anna.account))! };
}

/** What people write meanwhile. */
const chatter = ({ direct, id }: User, count: number) => {
  for (let n = 0; n < count; n++) bench.slack.world.message({ channel: direct.id, user: id, text: `line ${n}` });
};

test('what was posted is found by its key, under much that was written since, and in a thread', async () => {
  const { surface, anna, place } = await open();
  const first = await surface.post(place, cardAbout('campaign:1', 'One'), 'k1');
  const thread = `${bench.slack.team.id}:${anna.direct.id}:${anna.sees()[0]!.id}`;
  const second = await surface.post(thread, cardAbout('campaign:2', 'Two'), 'k2');
  chatter(anna, 500);
  if (first.kind !== 'posted' || second.kind !== 'posted') throw new Error('not posted');
  expect(await surface.find!(place, 'k1')).toEqual(first.ref);
  expect(await surface.find!(thread, 'k2')).toEqual(second.ref);
  expect(await surface.find!(place, 'k2')).toBeNull();
  expect(anna.sees()[1]).toMatchObject({ thread: anna.sees()[0]!.id });
  expect(await surface.update(second.ref, cardAbout('campaign:2', 'Three'))).toEqual(second);
});

test('a search that could not look at everything does not say that nothing was posted', async () => {
  const { surface, anna, place } = await open();
  await surface.post(place, cardAbout('campaign:1', 'One'), 'k1');
  chatter(anna, 1000);
  await expect(surface.find!(place, 'k1')).rejects.toThrow('too much was written');
});

test('a person’s place is known without asking Slack, and is none once the person is gone', async () => {
  const { surface, anna, place } = await open();
  const methods = () => bench.slack.calls.map(({ method }) => method);
  expect(methods()).not.toContain('conversations.open');
  const posted = await surface.post(place, cardAbout('campaign:1', 'One'), 'k1');
  expect(posted).toMatchObject({ ref: { to: `${bench.slack.team.id}:${anna.direct.id}` } });
  anna.leaves();
  expect(await surface.find!(place, 'k1')).toBeNull();
});

test('in a place that there is not nothing was posted, and where Herald may not look it does not guess', async () => {
  const { surface, anna } = await open();
  const { slack } = bench;
  const general = slack.world.addChannel(slack.team, 'general', [anna.id, slack.team.botUser]);
  const place = (channel: string) => `${slack.team.id}:${channel}`;
  expect(await surface.find!(place('D0NOTHING'), 'k')).toBeNull();
  expect(await surface.find!('no place', 'k')).toBeNull();
  await expect(surface.find!(place(general.id), 'k')).rejects.toThrow('missing_scope');
  expect(await surface.update({ surface: 'slack', to: 'no place', id: '1.1' }, cardAbout('a', 'A'))).toEqual({
    kind: 'gone',
    why: 'no-such-place',
  });
  general.isArchived = true;
  expect(await surface.post(place(general.id), cardAbout('a', 'A'), 'k')).toEqual({
    kind: 'gone',
    why: 'no-such-place',
  });
});
