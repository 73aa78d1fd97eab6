/** The progress card, judged by the chats that show it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { createProgress } from '../../src/chat/progress.ts';
import { PEOPLE, textOf } from './office.ts';
import { openReached, type Reached } from './reached.ts';

let reached: Reached;
let people: string;
beforeEach(async () => {
  reached = await openReached({ defaultSender: 'ACME' });
  people = reached.office.list('people', PEOPLE);
  await reached.office.hire('anna', ['author']);
  await reached.office.hire('boris', ['approver']);
  await reached.office.hire('dina', ['viewer']);
  for (const who of ['anna', 'boris', 'dina']) await reached.link('telegram', who);
});
afterEach(() => reached.close());

/** A campaign that is sending, and of which everybody was told. */
async function started(): Promise<string> {
  const { office } = reached;
  const { subject } = await office.say('anna', `new ${people} name="Black Friday" text="Hello" start=now`);
  const id = subject.replace('campaign:', '');
  await office.say('anna', `submit ${id}`);
  await office.say('boris', `approve ${id} ${markOf((await office.campaign(id)).submission!.hash)}`);
  await tick(office.room.campaigns);
  await expect.poll(async () => (await office.campaign(id)).state, { timeout: 10_000 }).toBe('sending');
  return id;
}
const cardOf = (who: string, id: string) =>
  reached.telegram.messages.filter((one) => one.key === `progress:${id}:${who}` && one.to === `place of ${who}`);
const commands = (who: string, id: string) =>
  cardOf(who, id)
    .at(-1)!
    .card.actions!.map((action) => action.command);
const sent = (id: string, seq: number) =>
  reached.office.database.db
    .collection<{ _id: string }>('messages')
    .find({ _id: { $regex: `^${id}\\.` } })
    .sort({ _id: 1 })
    .skip(seq)
    .limit(1)
    .next()
    .then((message) =>
      reached.office.database.db
        .collection<{ _id: string }>('messages')
        .updateOne({ _id: message!._id }, { $set: { state: 'delivered' } }),
    );

async function round(): Promise<void> {
  await reached.progress();
  await reached.quiet();
}

test('of one campaign that fails holds up that of no other', async () => {
  const [broken, whole] = [await started(), await started()];
  const { database } = reached.office;
  await database.db.collection<{ _id: string }>('campaigns').updateOne({ _id: broken }, { $set: { editors: null } });
  await database.db.collection<{ _id: string }>('postings').deleteMany({ _id: { $regex: `^progress:${whole}:` } });
  await round();
  await expect.poll(() => cardOf('anna', whole).length, { timeout: 10_000 }).toBeGreaterThan(0);
});

test('is one for each person whom the campaign concerns, edited while it sends, with what can be done', async () => {
  const id = await started();
  await round();
  for (const who of ['anna', 'boris']) {
    expect(cardOf(who, id)).toHaveLength(1);
    expect(commands(who, id)).toEqual(expect.arrayContaining([`pause ${id}`, `cancel ${id}`]));
  }
  expect(cardOf('dina', id)).toEqual([]);
  // The news of the start were this card, for whom they were meant.
  expect(reached.telegram.seenBy('anna').filter((title) => title.includes('Started'))).toEqual([]);
  expect(await reached.office.room.staff.store.noticesFor('anna')).toEqual([]);

  await sent(id, 0);
  await round();
  const [card] = cardOf('anna', id);
  expect(card!.titles.length).toBe(2);
  expect(textOf(card!.card)).toContain('1 of 2');
});

test('is not edited when nothing changed', async () => {
  const id = await started();
  await round();
  await round();
  await round();
  expect(cardOf('anna', id)[0]!.titles).toHaveLength(1);
});

test('offers to go on while it stands still, and its last edit says how it ended', async () => {
  const { office } = reached;
  const id = await started();
  await round();
  await office.say('boris', `pause ${id}`);
  await round();
  expect(commands('anna', id)).toContain(`resume ${id}`);
  await office.say('boris', `resume ${id}`);
  await round();
  expect(commands('anna', id)).toContain(`pause ${id}`);
  await office.say('anna', `cancel ${id}`);
  expect((await office.campaign(id)).state).toBe('cancelled');
  await round();
  expect(cardOf('anna', id)).toHaveLength(1);
  expect(cardOf('anna', id)[0]!.titles.at(-1)).toMatch(/cancelled/i);
  expect(commands('anna', id)).not.toContain(`pause ${id}`);
  const edits = cardOf('anna', id)[0]!.titles.length;
  office.clock = new Date(office.clock.getTime() + 3_600_000);
  await round();
  expect(cardOf('anna', id)[0]!.titles).toHaveLength(edits);
  expect(await office.room.postings.live()).toEqual([]);
});

test('moves to another chat when its own takes nothing any more', async () => {
  const { telegram, slack } = reached;
  await reached.link('slack', 'anna');
  await reached.saidIn('telegram', 'anna', 1);
  const id = await started();
  await round();
  expect(cardOf('anna', id)).toHaveLength(1);
  telegram.fate = (call) => (call.verb === 'update' ? { kind: 'gone', why: 'blocked' } : 'ok');
  await sent(id, 0);
  await round();
  await round();
  expect(slack.messages.map((one) => textOf(one.card)).at(-1)).toContain('1 of 2');
});

test('is left as it stands for who may not see the campaign any more', async () => {
  const id = await started();
  await round();
  await reached.office.room.staff.store.change('anna', { department: 'risk' });
  await sent(id, 0);
  await round();
  expect(cardOf('anna', id)[0]!.titles).toHaveLength(1);
  expect(cardOf('boris', id)[0]!.titles).toHaveLength(2);
});

test('of a campaign that is over before it could be told is told all the same', async () => {
  await reached.rest();
  const id = await started();
  await reached.office.room.campaigns.store.change(await reached.office.campaign(id), {
    state: 'finished',
    finishedAt: reached.office.clock,
  });
  reached.work();
  await round();
  expect(cardOf('anna', id)[0]!.titles.at(-1)).toMatch(/finished/i);
});

test('counts a campaign that takes long to count less often, unless it changes', async () => {
  const { office } = reached;
  let time = 0;
  const progress = createProgress(office.room, { surfaces: ['telegram'], mono: () => (time += 1000) });
  const id = await started();
  const after = async () => {
    await progress.round();
    await reached.quiet();
    return cardOf('anna', id)[0]?.titles.length;
  };
  expect(await after()).toBe(1);
  await sent(id, 0);
  expect(await after()).toBe(1);
  time += 60_000;
  expect(await after()).toBe(2);
  await office.say('boris', `pause ${id}`);
  expect(await after()).toBe(3);
});
