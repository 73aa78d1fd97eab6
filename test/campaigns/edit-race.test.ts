/** Edits that meet other changes of the same draft: Herald's own counting troubles nobody, another person's edit is told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDraft, type DraftFields, editDraft } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { CampaignRoom } from '../../src/campaigns/room.ts';
import { type Employee, WHOLE_COMPANY } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, done, PEOPLE } from './desk.ts';

const never = new AbortController().signal;
let desk: CampaignDesk;
let ann: Employee;
let bob: Employee;
beforeAll(async () => {
  desk = await campaignDesk();
  ann = await desk.hire('ann', ['author']);
  bob = await desk.hire('bob', ['author']);
});
afterAll(() => desk.database.drop());

async function uncounted(): Promise<string> {
  const source = { ref: desk.lists.keep('people', PEOPLE), name: 'people.xlsx', answers: {}, uploaded: false };
  return done(await createDraft(desk.room, ann, { source, text: 'Hello {{Name}}', sender: 'HERALD' }))._id;
}

/** The same room, where something happens between an edit's reading and its writing: once, or every time. */
function withMeanwhile(meanwhile: () => Promise<unknown>, times = 1): CampaignRoom {
  let left = times;
  const { store } = desk.room;
  return {
    ...desk.room,
    store: {
      ...store,
      async campaign(scope, id) {
        const found = await store.campaign(scope, id);
        if (left-- > 0) await meanwhile();
        return found;
      },
    },
  };
}

test.each<[string, DraftFields]>([
  ['a name', { name: 'Winter' }],
  ['a text', { text: 'Good day, {{Name}}' }],
])('%s set while the numbers are being made is kept', async (_, fields) => {
  const id = await uncounted();
  const room = withMeanwhile(() => prepare(desk.room, id, 'test', never));
  expect(done(await editDraft(room, ann, id, fields))).toMatchObject(fields);
  expect((await prepare(desk.room, id, 'test', never))?.frozen?.messages).toBeGreaterThan(0);
});

test('an edit that meets another person’s is refused, and that one is kept', async () => {
  const id = await uncounted();
  const room = withMeanwhile(() => editDraft(desk.room, bob, id, { text: 'From Bob' }));
  expect(await editDraft(room, ann, id, { text: 'From Ann' })).toMatchObject({
    kind: 'refused',
    refusal: { code: 'changed-meanwhile' },
  });
  expect((await desk.room.store.campaign(WHOLE_COMPANY, id))?.text).toBe('From Bob');
});
