import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { uploadsIn } from '../../src/platform/uploads.ts';

const root = mkdtempSync(join(tmpdir(), 'herald-uploads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('an upload', () => {
  test('is kept whole, under a name of its own, for this account only', async () => {
    const folder = join(root, 'whole');
    const uploads = uploadsIn(folder, 100);
    const taken = await uploads.take('клиенты.csv', chunks('Phone\n', '+79000000001\n'));
    const again = await uploads.take('клиенты.csv', chunks('x'));
    if (taken.kind !== 'taken' || again.kind !== 'taken') throw new Error('not taken');
    expect(taken.name).toBe('клиенты.csv');
    expect(readFileSync(taken.path, 'utf8')).toBe('Phone\n+79000000001\n');
    expect(statSync(taken.path).mode & 0o777).toBe(0o600);
    expect(taken.path).toMatch(/-клиенты\.csv$/u);
    expect(again.path).not.toBe(taken.path);
  });

  test('of exactly the limit is taken, of one byte more is not, and leaves nothing', async () => {
    const folder = join(root, 'large');
    const uploads = uploadsIn(folder, 6);
    expect(await uploads.take('a.csv', chunks('abc', 'defg', 'never read'))).toEqual({
      kind: 'too-large',
      limitBytes: 6,
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(await uploads.take('a.csv', chunks('abc', 'def'))).toMatchObject({ kind: 'taken' });
  });

  test('that breaks off in its middle leaves nothing', async () => {
    const folder = join(root, 'broken');
    async function* broken() {
      yield Buffer.from('Phone');
      throw new Error('the line was cut');
    }
    await expect(uploadsIn(folder, 100).take('a.csv', broken())).rejects.toThrow('the line was cut');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\olga\\list.xlsx', 'list.xlsx'],
    ['a\u0000\u001b[31m\u202ecsv.exe', 'a[31mcsv.exe'],
    ['..', 'file'],
    ['', 'file'],
    [`${'я'.repeat(300)}.xlsx`, `${'я'.repeat(115)}.xlsx`],
  ])('called %j is shown as %j', async (given, shown) => {
    expect(await uploadsIn(join(root, 'names'), 100).take(given, chunks('x'))).toMatchObject({ name: shown });
  });

  test('stays in its folder, whatever it is called', async () => {
    const folder = join(root, 'any');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (name) => {
        const taken = await uploadsIn(folder, 100).take(name, chunks('x'));
        if (taken.kind !== 'taken') throw new Error('not taken');
        expect(dirname(taken.path)).toBe(folder);
        expect(statSync(taken.path).isFile()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
