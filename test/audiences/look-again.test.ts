/** What a second look at a source finds: by keys, after whatever people did to the sheet; and what it does not believe. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AudienceRoom, freezeAudience, lookAt } from '../../src/audiences/freeze.ts';
import { lookAgain, type SecondLook, type SeenAgain } from '../../src/audiences/look-again.ts';
import type { Answers } from '../../src/audiences/questions.ts';
import { type Audience, audienceMigrations, audienceStore } from '../../src/audiences/store.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { createLists, type Lists, type Sheet } from '../chat/list-source.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

const never = new AbortController().signal;
let database: FreshDatabase;
let lists: Lists;
let room: AudienceRoom;
let numbers = 0;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, [...audienceMigrations], { log: silentLog });
  lists = createLists();
  room = {
    store: audienceStore(database),
    sources: [lists.source],
    personKey: (phone) => `key of ${phone}`,
    country: 'RU',
    now: () => new Date('2026-11-23T09:00:00Z'),
    nextId: async () => `a${++numbers}`,
    retentionDays: 30,
  };
});
afterAll(() => database.drop());

const phone = (n: number) => `+7916123450${n}`;
const PEOPLE = [
  'Phone,Name,Note',
  `${phone(1)},Anna,x`,
  `${phone(2)},Boris,`,
  `${phone(3)},Vera,`,
  ',Nobody,',
  `${phone(1)},Anna again,`,
].join('\n');

async function frozen(content = PEOPLE, answers: Answers = {}): Promise<{ sheet: Sheet; audience: Audience }> {
  const sheet = lists.sheet(`sheet ${++numbers}`, content);
  return { sheet, audience: await freeze(sheet.ref, answers) };
}

async function freeze(ref: string, answers: Answers = {}): Promise<Audience> {
  const look = await lookAt(room, ref, answers, 'ann', never);
  if (look.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(look)}`);
  const order = { source: look.source, ref, name: 'people', plan: look.plan, department: 'sales', by: 'anna' };
  const made = await freezeAudience(room, { ...order, zone: 'Europe/Moscow' }, never);
  if (made.kind === 'refused') throw new Error(JSON.stringify(made.problem));
  return made.audience;
}

const look = (audience: Audience, more: Partial<SecondLook> = {}): Promise<SeenAgain> =>
  lookAgain(room, { audience, answers: {}, used: ['Name'], known: null, onlyThese: false, ...more }, never);

/** `-2,3 ~4 +5`: rows removed, changed, added, by their numbers. */
function told(seen: SeenAgain): string {
  if (seen.kind !== 'changed') return seen.kind;
  const { removed, changed, added } = seen.changes;
  const part = (sign: string, { count, numbers }: typeof removed) =>
    count === 0 ? [] : [`${sign}${numbers.join(',')}${count > numbers.length ? `…${count}` : ''}`];
  return [...part('-', removed), ...part('~', changed), ...part('+', added)].join(' ');
}

const edit = (from: string, to: string) => (sheet: Sheet) => {
  const row = sheet.rows.find(({ line }) => line.includes(from))!;
  row.line = row.line.replace(from, to);
};

describe('somebody works in the sheet:', () => {
  test.each<[string, (sheet: Sheet) => void, string]>([
    ['nothing', () => {}, 'same'],
    ['sorts', (sheet) => sheet.rows.reverse(), 'same'],
    ['writes a note', edit('Vera,', 'Vera,called twice'), 'same'],
    ['writes the phone in another way', edit(phone(2), '8 916 123-45-02'), 'same'],
    ['hides a row', edit(phone(2), `~${phone(2)}`), 'same'],
    ['deletes a row', (sheet) => sheet.rows.splice(1, 1), '-3'],
    ['deletes a row and sorts', (sheet) => sheet.rows.splice(1, 1) && sheet.rows.reverse(), '-3'],
    ['empties a row', (sheet) => (sheet.rows[1]!.line = ',,'), '-3'],
    ['changes a name', edit('Boris', 'Bob'), '~3'],
    ['changes a phone', edit(phone(2), phone(7)), '~3'],
    ['deletes a phone', edit(phone(2), ''), '~3'],
    ['gives somebody a phone', edit(',Nobody', `${phone(8)},Nobody`), '~5'],
    ['makes the second of two another person', edit(`${phone(1)},Anna again`, `${phone(9)},Anna again`), '~6'],
    ['adds a row', (sheet) => sheet.rows.push(sheet.row(`${phone(5)},Gleb,`)), '+7'],
    ['adds a row in between', (sheet) => sheet.rows.splice(0, 0, sheet.row(`${phone(5)},Gleb,`)), '+2'],
    ['adds a row that is hidden', (sheet) => sheet.rows.push(sheet.row(`~${phone(5)},Gleb,`)), 'same'],
    ['copies a row', (sheet) => sheet.rows.push({ ...sheet.rows[0]! }), '+7'],
    ['copies a row and mends the copy', (sheet) => sheet.rows.push({ key: 'k1', line: `${phone(4)},Olga,` }), '+7'],
    [
      'copies a row above itself and mends the copy',
      (sheet) => sheet.rows.unshift({ key: 'k1', line: `${phone(4)},Olga,` }),
      '+2',
    ],
    ['loses the key of a row', (sheet) => (sheet.rows[1]!.key = ''), 'same'],
    ['loses the key of a row and changes it', (sheet) => (sheet.rows[1] = sheet.row(`${phone(2)},Bob,`)), '-3 +3'],
    ['deletes the first of two', (sheet) => sheet.rows.splice(0, 1), '-2 ~5'],
    [
      'deletes the first of two that say the same',
      (sheet) => edit('Anna again', 'Anna')(sheet) === undefined && sheet.rows.splice(0, 1),
      'same',
    ],
    ['changes all columns about', (sheet) => turnColumns(sheet), 'same'],
    ['writes a title above the headings', (sheet) => titled(sheet), 'same'],
    [
      'does all of it',
      (sheet) => {
        edit('Vera', 'Vera Pavlovna')(sheet);
        sheet.rows.splice(1, 1);
        sheet.rows.unshift(sheet.row(`${phone(5)},Gleb,`));
        sheet.rows.reverse();
      },
      '-3 ~4 +6',
    ],
  ])('%s', async (_, work, expected) => {
    const { sheet, audience } = await frozen();
    work(sheet);
    expect(told(await look(audience))).toBe(expected);
  });

  function turnColumns(sheet: Sheet): void {
    const turned = (line: string) => line.split(',').reverse().join(',');
    sheet.headings = turned(sheet.headings);
    for (const row of sheet.rows) row.line = turned(row.line);
  }

  function titled(sheet: Sheet): void {
    sheet.rows.unshift({ key: '', line: sheet.headings });
    sheet.headings = 'Our dear customers';
  }

  test('rows that were hidden and left out are no news when they are shown', async () => {
    const { sheet, audience } = await frozen(PEOPLE.replace(`${phone(3)}`, `~${phone(3)}`), {
      hiddenRows: 'leave-out',
    });
    edit('~', '')(sheet);
    edit('Anna again', 'Anna the second')(sheet);
    expect(told(await look(audience, { answers: { hiddenRows: 'leave-out' } }))).toBe('same');
    edit('Boris', 'Bob')(sheet);
    expect(told(await look(audience, { answers: { hiddenRows: 'leave-out' } }))).toBe('~3');
  });

  test('only the first few rows are named, all are counted', async () => {
    const { sheet, audience } = await frozen(
      ['Phone,Name', ...Array.from({ length: 20 }, (_, n) => `+791612346${10 + n},Name ${n}`)].join('\n'),
    );
    sheet.rows.splice(2, 8);
    expect(told(await look(audience))).toBe('-4,5,6,7,8…8');
  });

  test('that the source has other rows is no news of an audience that is some of them', async () => {
    const { sheet, audience } = await frozen();
    sheet.rows.push(sheet.row(`${phone(5)},Gleb,`));
    expect(told(await look(audience, { onlyThese: true }))).toBe('same');
  });

  test('what is known is not read again', async () => {
    const { sheet, audience } = await frozen();
    sheet.rows.splice(1, 1);
    const seen = await look(audience);
    if (seen.kind !== 'changed') throw new Error(seen.kind);
    const { read } = sheet;
    expect(await look(audience, { known: seen.revision })).toEqual({ kind: 'known' });
    expect(sheet.read).toBe(read);
  });

  test('whatever is sorted, deleted, changed and added is found, and nothing else', async () => {
    const line = (n: number, name: string) => `+791612347${10 + n},${name}`;
    const done = fc.record({
      deleted: fc.uniqueArray(fc.nat(11), { maxLength: 6 }),
      changed: fc.uniqueArray(fc.nat(11), { maxLength: 12 }),
      added: fc.nat(4),
      order: fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(done, async ({ deleted, changed, added, order }) => {
        const all = Array.from({ length: 12 }, (_, n) => line(n, `Name ${n}`));
        const { sheet, audience } = await frozen(['Phone,Name', ...all].join('\n'));
        for (const n of changed) sheet.rows[n]!.line = line(n, `Other ${n}`);
        sheet.rows = sheet.rows.filter((_, n) => !deleted.includes(n));
        for (let n = 0; n < added; n++) sheet.rows.push(sheet.row(line(50 + n, 'New')));
        const place = new Map(sheet.rows.map((row, n) => [row, order[n]!]));
        sheet.rows.sort((a, b) => place.get(a)! - place.get(b)!);
        const seen = await look(audience);
        const left = changed.filter((n) => !deleted.includes(n));
        if (deleted.length + left.length + added === 0) expect(seen.kind).toBe('same');
        else {
          expect(seen).toMatchObject({
            kind: 'changed',
            changes: {
              gone: deleted.toSorted((a, b) => a - b).map((n) => `${audience._id}:${String(n + 1).padStart(7, '0')}`),
              removed: { count: deleted.length },
              changed: { count: left.length },
              added: { count: added },
            },
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is not believed', () => {
  test('a source without one row, or with less than half of them', async () => {
    const { sheet, audience } = await frozen();
    const all = [...sheet.rows];
    sheet.rows = [];
    expect(await look(audience)).toMatchObject({ kind: 'shrunk', left: 0, of: 5 });
    sheet.rows = all.slice(0, 2);
    expect(await look(audience)).toMatchObject({ kind: 'shrunk', left: 2, of: 5 });
    sheet.rows = all.slice(0, 3);
    expect(told(await look(audience))).toBe('-5,6');
    sheet.fails = { code: 'empty' };
    expect(await look(audience)).toMatchObject({ kind: 'shrunk', left: 0, of: 5 });
  });

  test('rows that have lost all their keys', async () => {
    const { sheet, audience } = await frozen();
    for (const row of sheet.rows) Object.assign(row, { key: '', line: row.line.replace('+7916', '+7917') });
    expect(await look(audience)).toMatchObject({ kind: 'shrunk', left: 0 });
  });

  test('a source that breaks off, that may not be read, or that is not there any more', async () => {
    const { sheet, audience } = await frozen();
    sheet.rows.splice(0, 2);
    sheet.fails = 'midway';
    expect(await look(audience)).toEqual({ kind: 'unseen', why: 'unavailable' });
    sheet.fails = { code: 'not-shared', share: 'herald@example.com' };
    expect(await look(audience)).toEqual({ kind: 'unseen', why: 'not-shared' });
    const gone = { ...audience, source: { ...audience.source, ref: 'people.pdf' } };
    expect(await look(gone)).toEqual({ kind: 'unseen', why: 'wrong-type' });
  });

  test('columns of which none is the phone any more', async () => {
    const { sheet, audience } = await frozen();
    sheet.headings = 'A,B,C';
    for (const row of sheet.rows) row.line = 'one,two,three';
    expect(await look(audience)).toEqual({ kind: 'unseen', why: 'unclear-columns' });
  });
});

test('rows without lasting keys are not looked for: that the file has changed is all that is known', async () => {
  const audience = await freeze(lists.keep('plain', PEOPLE));
  expect(await look(audience)).toMatchObject({ kind: 'same' });
  lists.keep('plain', PEOPLE.replace('Boris', 'Bob'));
  expect(await look(audience)).toMatchObject({ kind: 'other-file' });
});

test('an audience without one row has nothing to lose', async () => {
  const { sheet, audience } = await frozen(`Phone,Name\n${phone(1)},Anna`);
  const none = { ...audience, _id: 'a0', revision: 'other', counts: { ...audience.counts, rows: 0 } };
  sheet.rows.push(sheet.row(`${phone(2)},Boris`));
  expect(await look(none)).toMatchObject({ kind: 'other-file' });
});
