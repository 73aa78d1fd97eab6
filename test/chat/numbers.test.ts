/** The numbering plan brought in by commands, over the chat core: shown first, taken over by an admin's word, kept as history. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planMigrations } from '../../src/dispatch/plan-store.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { commandsOf, type Office, openOffice, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await migrate(office.database, planMigrations, { log: silentLog });
  await office.hire('olga', ['admin'], { name: 'Olga' });
  await office.hire('vera', ['admin'], { locale: 'ru' });
  await office.hire('boris', ['author']);
});
afterAll(() => office.close());

let files = 0;
const sheet = (rows: string) => office.list(`plan-${++files}`, `Prefix,Operator,Network,Region,Zone\n${rows}`);
const apply = (card: Awaited<ReturnType<typeof office.say>>) =>
  commandsOf(card).find((one) => /apply|применить/u.test(one))!;

test('a plan is shown, taken over, told of a number, and the next one is told apart from it', async () => {
  expect(textOf(await office.say('olga', 'numbers'))).toMatch(/There is no numbering plan/);
  const first = await office.say('olga', `numbers import ${sheet('7900,Alfa,999-01,Omsk,\n7901,Beta,,Moscow,\n')}`);
  expect(textOf(first)).toMatch(
    /A numbering plan: “.*plan-1.*”[\s\S]*Ranges\n2\nOperators\n2[\s\S]*without a network\n1/,
  );
  expect(await office.room.plans.plan()).toBeNull();
  expect(textOf(await office.say('olga', apply(first)))).toMatch(/Numbering plan 1 is taken over/);
  expect(textOf(await office.say('olga', 'numbers +79001234567'))).toMatch(
    /Alfa[\s\S]*999-01[\s\S]*Omsk[\s\S]*Asia\/Omsk/,
  );
  expect(textOf(await office.say('olga', 'numbers 8 902 123-45-67'))).toMatch(/not in the numbering plan/);

  const next = await office.say('vera', `импорт номеров ${sheet('7900,Gamma,,,\n7905,Delta,,,\n')}`);
  expect(textOf(next)).toMatch(
    /По сравнению с планом 1[\s\S]*Новые диапазоны\n1\n[\s\S]*у других\n1\n[\s\S]*больше нет\n1/u,
  );
  expect(next.sections?.[1]?.table?.rows).toEqual([['+7900', 'Alfa, Omsk', 'Gamma']]);
  const other = await office.say('olga', `numbers import ${sheet('7900,Other,,,\n')}`);
  expect(textOf(await office.say('vera', apply(next)))).toMatch(/План нумерации 2 действует/u);
  expect(textOf(await office.say('olga', apply(other)))).toMatch(/Another numbering plan was taken over/);
  expect(textOf(await office.say('olga', apply(first)))).toMatch(/no numbering plan .* to apply/);
  const held = await office.say('olga', 'numbers');
  expect(held.sections?.[0]?.table?.rows.map(([number]) => number)).toEqual(['2', '1']);
  const audit = await office.database.db.collection('audit').find({ action: 'numbers.applied' }).toArray();
  expect(audit.map(({ detail }) => detail.number)).toEqual([1, 2]);
});

test('rows that cannot be read, columns that are missing and who may not', async () => {
  expect(textOf(await office.say('olga', `numbers import ${sheet('x,Alfa,,,\n7900,,,,\n')}`))).toMatch(
    /2 rows that I cannot read[\s\S]*“x” is no range[\s\S]*The operator of 7900 is missing/,
  );
  expect(textOf(await office.say('olga', `numbers import ${sheet('')}`))).toMatch(/no ranges/);
  const missing = await office.say('olga', `numbers import ${office.list('none', 'Name,Phone\nA,1\n')}`);
  expect(textOf(missing)).toMatch(/Prefix, Operator[\s\S]*Instead of a prefix/);
  for (const command of ['numbers', `numbers import ${sheet('7900,Alfa,,,\n')}`, 'numbers apply 123'])
    expect(textOf(await office.say('boris', command))).toMatch(/takes the role of administrator/);
  expect(textOf(await office.say('olga', 'numbers import'))).toMatch(/file/i);
  expect(textOf(await office.say('olga', 'numbers apply'))).toMatch(/number/);
  expect(textOf(await office.say('olga', 'numbers 12'))).toMatch(/too short/);
});

test('a plan of many thousands of ranges is read, kept in pieces and found again', async () => {
  const rows = Array.from({ length: 12_000 }, (_, n) => `7900${String(n).padStart(5, '0')},Operator ${n % 7},,Omsk,`);
  const card = await office.say('olga', `numbers import ${sheet(`${rows.join('\n')}\n`)}`);
  await office.say('olga', apply(card));
  expect((await office.room.plans.current())?.ranges).toBe(12_000);
  const plan = await office.room.plans.plan();
  expect(plan?.find('+79001199950' as never)?.operator).toBe(`Operator ${11_999 % 7}`);
  expect(await office.room.plans.plan()).toBe(plan);
});
