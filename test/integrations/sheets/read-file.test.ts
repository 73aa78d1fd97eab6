import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FILE_LIMITS } from '../../../integrations/sheets/limits.ts';
import { readFile } from '../../../integrations/sheets/read-file.ts';
import type { ReadRequest } from '../../../integrations/sheets/wire.ts';
import { madeFolder } from './made-files.ts';

const file = madeFolder();
writeFileSync(file('people.csv'), 'name;phone\nИван;1\n');
mkdirSync(file('folder'));

const ask = (more: Partial<ReadRequest>) =>
  Array.fromAsync(
    readFile({
      verb: 'rows',
      path: file('people.csv'),
      tab: '',
      revision: '',
      language: 'en',
      limits: FILE_LIMITS,
      ...more,
    }),
  );

describe('a request is refused', () => {
  test.each<[string, Partial<ReadRequest>, object]>([
    ['for what is not there', { path: file('none.csv') }, { code: 'not-found' }],
    ['for what is below a file', { path: file('people.csv/none.csv') }, { code: 'not-found' }],
    ['for a folder', { path: file('folder') }, { code: 'wrong-type', found: 'folder' }],
    ['for a tab that is not there', { verb: 'open', tab: 'A' }, { code: 'no-such-tab', name: 'A', tabs: [''] }],
    ['for a file that has changed', { revision: 'before' }, { code: 'broken' }],
  ])('%s', async (_, request, problem) => {
    const replies = await ask(request);
    expect(replies).toMatchObject([{ kind: 'refused', problem }]);
  });
});

test('rows come between opening and the end', async () => {
  const [opened] = await ask({ verb: 'open' });
  if (opened?.kind !== 'opened') throw new Error('refused');
  const replies = await ask({ revision: opened.revision });
  expect(replies.map((reply) => reply.kind)).toEqual(['rows', 'end']);
});

test('what is wrong with us, and not with the file, is not hidden', async () => {
  await expect(ask({ path: '\0' })).rejects.toThrow(/null bytes/);
});
