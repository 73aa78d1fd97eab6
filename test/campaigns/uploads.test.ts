/** An uploaded list is Herald's own copy of many phones: it is deleted as soon as nobody will read it any more. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AudienceWish } from '../../src/campaigns/campaign.ts';
import { cancel } from '../../src/campaigns/control.ts';
import { createDraft, editDraft } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { CampaignRoom } from '../../src/campaigns/room.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, never, PEOPLE } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
let folder: string;
let files = 0;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['viewer']);
  folder = mkdtempSync(join(tmpdir(), 'herald-uploads-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await desk.close();
});

/** A file in the folder, and the same list in memory, where the room's source reads it. */
function uploaded(fields: Partial<AudienceWish> = {}): AudienceWish {
  const ref = desk.lists.keep(join(folder, `upload-${++files}`), PEOPLE);
  writeFileSync(ref, PEOPLE);
  return { ref, name: 'people.csv', answers: {}, uploaded: true, ...fields };
}
const draftOf = async (source: AudienceWish) =>
  done(await createDraft(desk.room, anna, { source, text: 'Dear {{Name}}, hello', sender: 'HERALD' }));

test('cancelled before it was read, also in the midst of reading', async () => {
  const before = uploaded();
  done(await cancel(desk.room, anna, (await draftOf(before))._id));
  expect(existsSync(before.ref)).toBe(false);

  const during = uploaded();
  const { _id } = await draftOf(during);
  const { source: list } = desk.lists;
  const source: typeof list = {
    ...list,
    async open(ref, tab, signal) {
      const opening = await list.open(ref, tab, signal);
      done(await cancel(desk.room, anna, _id));
      return opening;
    },
  };
  const room: CampaignRoom = { ...desk.room, reading: { ...desk.room.reading, sources: [source] } };
  expect(await prepare(room, _id, 'test', never)).toMatchObject({ state: 'cancelled', audience: null });
  expect(existsSync(during.ref)).toBe(false);
  expect(await desk.database.db.collection('audiences').countDocuments({ 'source.ref': during.ref })).toBe(0);
});

test('stays while it is to be read, whatever else is changed or refused', async () => {
  const source = uploaded();
  const { _id } = await draftOf(source);
  done(await editDraft(desk.room, anna, _id, { name: 'Autumn' }));
  done(await editDraft(desk.room, anna, _id, { source: { ...source, answers: { hiddenRows: 'take' } } }));
  expect(codeOf(await cancel(desk.room, boris, _id))).toBe('not-allowed');
  expect(existsSync(source.ref)).toBe(true);
  await prepare(desk.room, _id, 'test', never);
  expect(existsSync(source.ref)).toBe(false);
});

test('goes when another list takes its place', async () => {
  const [first, second] = [uploaded(), uploaded()];
  const { _id } = await draftOf(first);
  done(await editDraft(desk.room, anna, _id, { source: second }));
  expect([first, second].map(({ ref }) => existsSync(ref))).toEqual([false, true]);
});

test('a list that nobody uploaded is not touched', async () => {
  const own = uploaded({ uploaded: false });
  const { _id } = await draftOf(own);
  done(await editDraft(desk.room, anna, _id, { source: uploaded() }));
  done(await editDraft(desk.room, anna, _id, { source: own }));
  done(await cancel(desk.room, anna, _id));
  expect(existsSync(own.ref)).toBe(true);
});
