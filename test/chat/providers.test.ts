/** Looking at an operator's account, stopping and starting it, in a chat: who may, what is written down, what status says. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdSlots } from '../support/slots.ts';
import { commandsOf, type Office, openOffice, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('olga', ['admin'], { locale: 'ru' });
  await office.hire('nina', []);
  const accounts = office.database.db.collection<{ _id: string }>('accountsAtOperators');
  const fields = { enabled: true, binds: 1, partsPerSecond: 100 };
  await accounts.insertMany(['alfa', 'beta'].map((_id) => ({ _id, ...fields })));
  for (const name of ['alfa', 'beta']) await holdSlots(office.room.accounts, name, 'me');
});
afterAll(() => office.close());
beforeEach(() => office.room.accounts.switchOn('provider:alfa'));

const off = async () => (await office.room.accounts.switchedOff()).map(({ _id, by }) => [_id, by]);
const audit = async () =>
  (await office.room.staff.store.auditOf('provider:alfa')).map(({ actor, action }) => [actor, action]);

test('who may stop everything stops one, everybody sees by whom, and it is written down', async () => {
  const stopped = await office.say('boris', 'provider alfa stop');
  expect(textOf(stopped)).toMatch(/Operator alfa: switched off[\s\S]*Stopped by Boris[\s\S]*through beta/);
  expect(await off()).toEqual([['provider:alfa', 'boris']]);
  expect(textOf(await office.say('anna', 'status'))).toMatch(/switched off[\s\S]*Boris, Mon 23 Nov 2026/);
  expect(commandsOf(await office.say('anna', 'status'))).toContain('provider alfa');
  const started = await office.say('olga', 'Оператор ALFA пуск');
  expect(textOf(started)).toMatch(/Оператор alfa: на связи[\s\S]*остановлен \(Boris\)[\s\S]*пущен \(Olga\)/);
  expect(await off()).toEqual([]);
  expect(await audit()).toEqual([
    ['boris', 'provider.stopped'],
    ['olga', 'provider.started'],
  ]);
});

test('the words may stand in any order, and the first stop is the one that counts', async () => {
  await office.say('boris', 'provider stop alfa');
  await office.say('olga', 'оператор alfa останови');
  expect(await off()).toEqual([['provider:alfa', 'boris']]);
});

test('an author looks, and stops nothing; whoever sees nothing does not even look', async () => {
  const look = await office.say('anna', 'provider alfa');
  expect(look.title).toBe('Operator alfa: connected');
  expect(commandsOf(look)).toEqual(['provider alfa', 'status']);
  expect(textOf(await office.say('anna', 'provider alfa stop'))).toMatch(/approver/i);
  expect(textOf(await office.say('anna', 'provider alfa start'))).toMatch(/approver/i);
  expect(textOf(await office.say('nina', 'provider alfa'))).not.toMatch(/connected/);
  expect(await off()).toEqual([]);
});

test('of one whose operator says that Herald is too fast, how fast it is for the time being', async () => {
  const ledgers = office.database.db.collection<{ _id: string }>('bindSlots');
  await ledgers.updateOne({ _id: 'alfa' }, { $set: { slowed: { to: 49, at: office.room.now(), nth: 1 } } });
  expect(textOf(await office.say('anna', 'provider alfa'))).toContain('at the moment 49 of 100 parts a second');
  expect(textOf(await office.say('olga', 'оператор alfa'))).toContain('сейчас через него идёт 49 из 100 частей');
  await ledgers.updateOne({ _id: 'alfa' }, { $set: { slowed: null } });
  expect(textOf(await office.say('anna', 'provider alfa'))).not.toContain('at the moment');
});

test('a name that is missing or unknown is asked for, among those there are', async () => {
  const which = await office.say('boris', 'provider stop');
  expect(which.title).toContain('Which operator?');
  expect(commandsOf(which)).toEqual(['provider alfa stop', 'provider beta stop']);
  expect(commandsOf(await office.say('boris', 'provider'))).toEqual(['provider alfa', 'provider beta']);
  expect(textOf(await office.say('boris', 'provider gamma stop'))).toContain('alfa, beta');
  expect(textOf(await office.say('boris', 'provider alfa stop now'))).toContain('now');
  expect(await off()).toEqual([]);
});

test('of one that is down since a while and of one out of use it says so', async () => {
  const { db } = office.database;
  await holdSlots(office.room.accounts, 'beta', 'me', { up: false, why: 'no-answer' });
  const since = new Date('2026-11-23T08:30:00Z');
  await db
    .collection<{ _id: string }>('providerHealth')
    .insertOne({ _id: 'beta', ...{ isUp: false, since, toldDown: true } });
  expect(textOf(await office.say('anna', 'provider beta'))).toMatch(
    /not connected[\s\S]*Since .*11:30[\s\S]*no answer/,
  );
  await db
    .collection<{ _id: string }>('accountsAtOperators')
    .updateOne({ _id: 'beta' }, { $set: { enabled: false }, $inc: { revision: 1 } });
  expect((await office.say('boris', 'provider beta')).title).toBe('Operator beta: out of use');
});

test('one that rests is started by a person, whatever failed, and is left alone then', async () => {
  const { campaigns, health, now } = office.room;
  const since = new Date(now().getTime() - 1000);
  const rests = { epoch: 1, state: 'resting', since, restMs: 30_000, handsOffUntil: null } as const;
  await campaigns.database.inTransaction((session) => health.moveBreaker('alfa', 0, rests, session));
  expect((await office.say('anna', 'provider alfa')).title).toBe('Operator alfa: resting');
  expect(textOf(await office.say('anna', 'status'))).toContain('resting');
  const started = await office.say('boris', 'provider alfa start');
  expect(textOf(started)).toMatch(/Operator alfa: connected[\s\S]*does not let it rest before/);
});

test('an admin takes one live that is in trial; others see that it is, and are told whose it is to end', async () => {
  expect(textOf(await office.say('anna', 'provider alfa'))).toMatch(/in trial[\s\S]*provider alfa live/);
  expect(textOf(await office.say('anna', 'status'))).toMatch(/In trial: alfa/);
  const refused = await office.say('boris', 'provider alfa live');
  expect(textOf(refused)).toMatch(/admin/i);
  expect(commandsOf(await office.say('boris', 'provider alfa'))).not.toContain('provider alfa live');
  expect(commandsOf(await office.say('olga', 'оператор alfa'))).toContain('оператор alfa боевой');
  const taken = await office.say('olga', 'оператор alfa боевой');
  expect(textOf(taken)).toMatch(/введён в работу \(Olga\)/);
  expect(textOf(taken)).not.toMatch(/испытании/);
  expect(commandsOf(taken)).not.toContain('оператор alfa боевой');
  expect((await audit()).at(-1)).toEqual(['olga', 'provider.live']);
});
