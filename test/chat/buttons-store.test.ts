import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ButtonsStore, buttonId, buttonMigrations, buttonsStore } from '../../src/chat/buttons-store.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

const MONDAY = new Date('2026-11-23T09:00:00Z');
const DAY_MS = 86_400_000;

let database: FreshDatabase;
let buttons: ButtonsStore;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, buttonMigrations, { log: silentLog });
  buttons = buttonsStore(database);
});
afterAll(() => database.drop());

const deleteAfter = async (command: string): Promise<Date> => {
  const buttonsKept = database.db.collection<{ _id: string; deleteAfter: Date }>('buttons');
  return (await buttonsKept.findOne({ _id: buttonId(command) }))!.deleteAfter;
};

test('a command is found by its id, whoever kept it', async () => {
  await buttons.keep(['approve 12 a1b2c3', 'отклонить 12', 'approve 12 a1b2c3'], MONDAY);
  await buttonsStore(database).keep(['approve 12 a1b2c3'], MONDAY);
  expect(await buttons.command(buttonId('approve 12 a1b2c3'))).toBe('approve 12 a1b2c3');
  expect(await buttons.command(buttonId('отклонить 12'))).toBe('отклонить 12');
  expect(await buttons.command('0123456789abcdef')).toBeNull();
  expect(await buttons.keep([], MONDAY)).toBeUndefined();
});

test('a button that is shown again is kept longer, and never shorter', async () => {
  await buttons.keep(['show 12'], MONDAY);
  const first = await deleteAfter('show 12');
  await buttons.keep(['show 12'], new Date(MONDAY.getTime() + DAY_MS));
  const second = await deleteAfter('show 12');
  expect(second.getTime() - first.getTime()).toBe(DAY_MS);
  await buttons.keep(['show 12'], MONDAY);
  expect(await deleteAfter('show 12')).toEqual(second);
  const indexes = await database.db.collection('buttons').indexes();
  expect(indexes.find(({ key }) => key.deleteAfter)).toMatchObject({ expireAfterSeconds: 0 });
});

test('an id is 16 letters that fit into a link, and follows from the command', () => {
  fc.assert(
    fc.property(fc.string(), (command) => {
      expect(buttonId(command)).toMatch(/^[\w-]{16}$/);
      expect(buttonId(command)).toBe(buttonId(command));
    }),
  );
});
