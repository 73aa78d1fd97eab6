/** What becomes of a file that came with what was said: it is a campaign's list, or it goes at once. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChat } from '../../src/chat/chat.ts';
import { type Office, openOffice, PEOPLE } from './office.ts';

let office: Office;
beforeAll(async () => {
  // Lists are not read behind an answer here.
  office = await openOffice({ waitMs: 60_000 });
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('olga', ['admin']);
});
afterAll(() => office.close());

let files = 0;
const upload = (content = PEOPLE) => {
  const name = `people-${++files}.csv`;
  return { name, path: office.file(name, content) };
};

test.each([
  ['anna', 'thanks a lot'],
  ['anna', 'list'],
  ['anna', 'audience check'],
  ['anna', 'new text="Hello {{Name"'],
  ['boris', ''],
  ['olga', 'staff import'],
])('of %s, who says “%s” with it, it is not kept', async (who, text) => {
  const file = upload();
  await office.raw({ account: who, text, file });
  expect(existsSync(file.path)).toBe(false);
});

test('what waits for an answer about it is kept until it was read', async () => {
  const file = upload('Name,Phone,Mobile\nAnna,+79161234567,+79161234569\nBoris,+79161234568,+79161234570\n');
  const { subject } = await office.say('anna', '', { file });
  expect(existsSync(file.path)).toBe(true);
  await office.say('anna', `edit ${subject.replace('campaign:', '')} phone=Mobile`);
  await expect.poll(() => existsSync(file.path)).toBe(false);
});

test('an answer is given also when the disk or the database does not let it go', async () => {
  const file = upload();
  const store = { ...office.room.campaigns.store, takesUpload: () => Promise.reject(new Error('no')) };
  const chat = createChat({ ...office.room, campaigns: { ...office.room.campaigns, store } });
  const event = { surface: 'console', account: 'anna', displayName: '', conversation: 'broken' };
  expect(await chat.handle({ ...event, text: 'list', file })).not.toBeNull();
  expect(existsSync(file.path)).toBe(true);
  await chat.stop();
});
