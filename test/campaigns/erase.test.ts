/** What is kept and how long: everything of a campaign together, never less than it needs, and then nothing of it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel } from '../../src/campaigns/control.ts';
import { copyCampaign, createDraft, editDraft, sendAgain } from '../../src/campaigns/draft.ts';
import { eraseDue } from '../../src/campaigns/erase.ts';
import { keptUntil } from '../../src/campaigns/kept-until.ts';
import { idsOfRun } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { campaignMigrations } from '../../src/campaigns/store.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { daysAfter } from '../../src/platform/days.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { draft as sample } from '../chat/cards/samples.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, MONDAY, never } from './desk.ts';

const DAYS = 30;
let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
let folder: string;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['approver']);
  folder = mkdtempSync(join(tmpdir(), 'herald-erase-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await desk.close();
});
beforeEach(() => {
  desk.clock = MONDAY;
});

const collection = (name: string) => desk.database.db.collection<{ _id: string }>(name);
const end = (_id: string, fields: object = { state: 'finished', finishedAt: MONDAY }) =>
  collection('campaigns').updateOne({ _id }, { $set: fields });
/** Runs the erasure so many days after Monday. */
async function eraseAfter(days: number): Promise<readonly string[]> {
  desk.clock = daysAfter(MONDAY, days);
  const erased = await eraseDue(desk.room, never);
  desk.clock = MONDAY;
  return erased;
}
/** How much is left of it: campaign, messages, batches, rows left out, audience, the lots of its rows. */
async function leftOf({ _id, frozen, audience }: Campaign): Promise<readonly number[]> {
  const run = frozen!.run;
  return Promise.all([
    collection('campaigns').countDocuments({ _id }),
    collection('messages').countDocuments({ _id: idsOfRun(run) }),
    collection('batches').countDocuments({ run }),
    collection('exclusions').countDocuments({ run }),
    collection('audiences').countDocuments({ _id: audience! }),
    collection('audienceLots').countDocuments({ audience }),
  ]);
}
const LIST = ['Phone,Name', '+79161234567,Anna', '+79161234568,', '+79161234569,Vera'].join('\n');
const WHOLE = [1, 2, 1, 1, 1, 1];
const NOTHING = [0, 0, 0, 0, 0, 0];

describe('the date', () => {
  const on = (day: number) => daysAfter(MONDAY, day);
  const base: Campaign = { ...sample('en'), start: null, notAfter: null, createdAt: on(0), changedAt: on(1) };
  test.each<[string, Partial<Campaign>, number]>([
    ['counts from the last change of a draft', {}, 1],
    ['counts from its start where that is later', { start: { kind: 'at', at: on(40) } }, 40],
    ['counts from its deadline where that is later', { start: { kind: 'at', at: on(40) }, notAfter: on(45) }, 45],
    ['counts from the change where start and deadline are over', { notAfter: on(-5) }, 1],
    ['counts from its end once it has one', { finishedAt: on(50), changedAt: on(60), notAfter: on(90) }, 50],
  ])('%s', (_what, fields, from) => {
    expect(keptUntil({ ...base, ...fields }, DAYS)).toEqual(on(from + DAYS));
  });

  test('counts from the end of what was submitted', () => {
    const submission = { terms: { notAfter: on(70) } } as Campaign['submission'];
    expect(keptUntil({ ...base, submission }, DAYS)).toEqual(on(70 + DAYS));
  });

  test('is never before anything that may still be sent', () => {
    const day = fc.integer({ min: -100, max: 1000 }).map(on);
    const start = fc.option(day.map((at) => ({ kind: 'at', at }) as const));
    fc.assert(
      fc.property(day, start, fc.option(day), (changedAt, starts, notAfter) => {
        const until = keptUntil({ ...base, changedAt, start: starts, notAfter }, DAYS);
        for (const at of [changedAt, starts?.at, notAfter]) if (at) expect(until >= daysAfter(at, DAYS)).toBe(true);
      }),
    );
  });

  test('follows every change of the campaign', async () => {
    const draft = await desk.draft(anna, { start: null });
    expect(draft.deleteAfter).toEqual(on(30));
    desk.clock = on(10);
    const edited = done(await editDraft(desk.room, anna, draft._id, { name: 'Autumn' }));
    expect(edited.deleteAfter).toEqual(on(40));
    expect(done(await schedule(desk.room, anna, draft._id, on(100))).deleteAfter).toEqual(on(130));
    expect(done(await cancel(desk.room, anna, draft._id)).deleteAfter).toEqual(on(40));
  });

  test('of a new draft counts from what it was given', async () => {
    const { deleteAfter } = done(await createDraft(desk.room, anna, { start: { kind: 'at', at: on(60) } }));
    expect(deleteAfter).toEqual(on(90));
  });
});

describe('erasing', () => {
  test('takes all of a campaign at once, and nothing before its day', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    await end(draft._id, { state: 'finished', finishedAt: MONDAY, deleteAfter: daysAfter(MONDAY, DAYS) });
    expect(await eraseAfter(29)).not.toContain(draft._id);
    expect(await leftOf(draft)).toEqual(WHOLE);
    expect(await eraseAfter(30)).toContain(draft._id);
    expect(await leftOf(draft)).toEqual(NOTHING);
    expect(await desk.audit(draft._id)).toContain('campaign.erased');
    expect(await collection('erasures').countDocuments()).toBe(0);
  });

  test('spares an approved campaign whose start is later than the days that things are kept', async () => {
    const start = { kind: 'at', at: daysAfter(MONDAY, 45) } as const;
    const approved = await desk.approved(anna, boris, { start });
    await eraseAfter(44);
    desk.clock = start.at;
    await tick(desk.room);
    const sending = await desk.now(approved._id);
    expect(sending.state).toBe('sending');
    expect((await leftOf(sending)).slice(0, 3)).toEqual([1, 3, 1]);
  });

  test.each(['submitted', 'approved', 'scheduled', 'sending', 'paused'])(
    'spares one that is %s, whatever its date says',
    async (state) => {
      const draft = await desk.draft(anna, {}, LIST);
      await end(draft._id, { state, deleteAfter: MONDAY });
      expect(await eraseAfter(1000)).not.toContain(draft._id);
      expect(await leftOf(draft)).toEqual(WHOLE);
      await end(draft._id);
    },
  );

  test('waits until nothing of a cancelled one is queued any more', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    done(await cancel(desk.room, anna, draft._id));
    expect(await eraseAfter(31)).not.toContain(draft._id);
    await desk.room.store.closeEnd(draft._id);
    expect(await eraseAfter(31)).toContain(draft._id);
  });

  test('counts anew where things are kept longer now than when the date was written', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    await end(draft._id, { state: 'finished', finishedAt: MONDAY, deleteAfter: daysAfter(MONDAY, 1) });
    expect(await eraseAfter(2)).not.toContain(draft._id);
  });

  test('takes what earlier texts have left behind, and nothing of a campaign whose number begins alike', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    for (const _id of [`${draft._id}.99:0000001`, `${draft._id}7.1:0000001`]) {
      await collection('messages').insertOne({ _id, run: _id, person: 'p' } as { _id: string });
    }
    await end(draft._id);
    await eraseAfter(30);
    expect(await leftOf(draft)).toEqual(NOTHING);
    expect(await collection('messages').countDocuments({ _id: `${draft._id}.99:0000001` })).toBe(0);
    expect(await collection('messages').countDocuments({ _id: `${draft._id}7.1:0000001` })).toBe(1);
  });

  test('goes on where it was broken off', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    expect(await desk.room.store.beginErasure(draft)).toBe(true);
    expect((await leftOf(draft)).slice(0, 2)).toEqual([0, 2]);
    await eraseAfter(31);
    expect(await leftOf(draft)).toEqual(NOTHING);
  });

  test('does not take what somebody changed meanwhile', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    done(await editDraft(desk.room, anna, draft._id, { name: 'Mine' }));
    expect(await desk.room.store.beginErasure(draft)).toBe(false);
    expect(await leftOf(await desk.now(draft._id))).toEqual(WHOLE);
  });

  test('takes an uploaded file that nobody has read', async () => {
    const ref = join(folder, 'upload.xlsx');
    writeFileSync(ref, 'phones');
    const source = { ref, name: 'upload.xlsx', answers: {}, uploaded: true };
    const { _id } = done(await createDraft(desk.room, anna, { source }));
    expect(await eraseAfter(31)).toContain(_id);
    expect(existsSync(ref)).toBe(false);
  });

  test('stops when it is told to', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    desk.clock = daysAfter(MONDAY, 31);
    expect(await eraseDue(desk.room, AbortSignal.abort())).toEqual([]);
    expect(await leftOf(draft)).toEqual(WHOLE);
  });
});

describe('an audience', () => {
  test('that a copy uses stays as long as the copy', async () => {
    const source = { ref: desk.lists.keep('shared', LIST), name: 'shared.csv', answers: {}, uploaded: true };
    const first = await desk.draft(anna, { source });
    desk.clock = daysAfter(MONDAY, 20);
    const { _id } = done(await copyCampaign(desk.room, anna, first._id, 'Copy'));
    expect(await eraseAfter(31)).toContain(first._id);
    expect((await leftOf(first)).slice(4)).toEqual([1, 1]);
    const copied = (await prepare(desk.room, _id, 'test', never))!;
    expect(copied.frozen).toMatchObject({ messages: 2, excluded: { 'missing-value': 1 } });
    await eraseAfter(60);
    expect(await leftOf(copied)).toEqual(NOTHING);
  });

  test('that is to be sent to again stays until that is read', async () => {
    const first = await desk.draft(anna, {}, LIST);
    await collection('messages').updateMany({ _id: idsOfRun(first.frozen!.run) }, { $set: { state: 'failed' } });
    await end(first._id);
    desk.clock = daysAfter(MONDAY, 20);
    const again = done(await sendAgain(desk.room, anna, first._id, 'Again'));
    await collection('audiences').updateOne({ _id: first.audience! }, { $set: { deleteAfter: MONDAY } });
    await eraseAfter(21);
    expect((await prepare(desk.room, again._id, 'test', never))?.frozen?.messages).toBe(2);
  });

  test('that no campaign uses any more goes on its own day', async () => {
    const { _id, audience } = await desk.draft(anna, {}, LIST);
    const source = { ref: desk.lists.keep('other', LIST), name: 'other.csv', answers: {}, uploaded: false };
    done(await editDraft(desk.room, anna, _id, { source }));
    await eraseAfter(29);
    expect(await collection('audienceLots').countDocuments({ audience })).toBe(1);
    await eraseAfter(30);
    expect(await collection('audienceLots').countDocuments({ audience })).toBe(0);
  });

  test('of which rows are lost makes no numbers, and says so', async () => {
    const draft = await desk.draft(anna, {}, LIST);
    const audience = draft.audience!;
    done(await editDraft(desk.room, anna, draft._id, { text: 'Other, {{Name}}' }));
    await collection('audienceLots').deleteOne({ _id: `${audience}:0000001` });
    await expect(prepare(desk.room, draft._id, 'test', never)).rejects.toThrow('3 recipients');
    expect((await desk.now(draft._id)).frozen).toBeNull();
    await desk.room.audiences.drop(audience);
    expect((await prepare(desk.room, draft._id, 'test', never))?.problem).toMatchObject({ detail: 'audience-gone' });
  });

  test('of which rows are lost is not sent to again in part', async () => {
    const first = await desk.draft(anna, {}, LIST);
    await collection('messages').updateMany({ _id: idsOfRun(first.frozen!.run) }, { $set: { state: 'failed' } });
    await end(first._id);
    const again = done(await sendAgain(desk.room, anna, first._id, 'Again'));
    await collection('audienceLots').deleteOne({ _id: `${first.audience}:0000001` });
    const left = await prepare(desk.room, again._id, 'test', never);
    expect(left).toMatchObject({ audience: null, problem: { kind: 'broken', detail: 'audience-gone' } });
    done(await cancel(desk.room, anna, again._id));
    const gone = done(await sendAgain(desk.room, anna, first._id, 'Again'));
    await desk.room.audiences.drop(first.audience!);
    expect((await prepare(desk.room, gone._id, 'test', never))?.problem).toMatchObject({ detail: 'audience-gone' });
    expect(codeOf(await cancel(desk.room, anna, gone._id))).toBeNull();
  });
});

test('MongoDB itself deletes nothing of a campaign: its parts would go one by one', async () => {
  for (const name of ['campaigns', 'messages', 'batches', 'exclusions', 'audiences', 'audienceLots']) {
    const indexes = await collection(name).indexes();
    expect([name, indexes.filter((index) => index.expireAfterSeconds !== undefined)]).toEqual([name, []]);
  }
  // A migration that was broken off is begun again.
  await campaignMigrations.at(-1)!.up(desk.database);
});
