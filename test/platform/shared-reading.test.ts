import { expect, test } from 'vitest';
import { restedReading, sharedReading } from '../../src/platform/shared-reading.ts';

/** A reading that ends when it is told to, and the keys that were read. */
function readings() {
  const begun: { readonly key: string; end(value: string): void; fail(error: Error): void }[] = [];
  const read = sharedReading((key) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    begun.push({ key, end: resolve, fail: reject });
    return promise;
  });
  return { begun, read };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

test('those who ask at once are told what one reading found', async () => {
  const { begun, read } = readings();
  const answers = [read('a'), read('a')];
  await soon();
  begun[0]!.end('one');
  expect(await Promise.all(answers)).toEqual(['one', 'one']);
  expect(begun).toHaveLength(1);
});

test('who asks while it is being read is told what is read afterwards, with all others who do', async () => {
  const { begun, read } = readings();
  const first = read('a');
  await soon();
  const later = [read('a'), read('a')];
  await soon();
  expect(begun).toHaveLength(1);
  begun[0]!.end('before');
  expect(await first).toBe('before');
  await soon();
  const last = read('a');
  begun[1]!.end('after');
  expect(await Promise.all(later)).toEqual(['after', 'after']);
  await soon();
  begun[2]!.end('last');
  expect(await last).toBe('last');
});

test('what is asked of different things is read side by side', async () => {
  const { begun, read } = readings();
  const [a, b] = [read('a'), read('b')];
  await soon();
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
  begun[1]!.end('of b');
  begun[0]!.end('of a');
  expect([await a, await b]).toEqual(['of a', 'of b']);
});

test('a reading that fails fails for those who asked for it, and for nobody after them', async () => {
  const { begun, read } = readings();
  const first = read('a');
  await soon();
  const second = read('a');
  begun[0]!.fail(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await soon();
  begun[1]!.end('well');
  expect(await second).toBe('well');
});

test('what takes long to read is told again for ten times as long, and then read anew', async () => {
  let now = 0;
  let reads = 0;
  const slow = async () => {
    now += 500;
    return ++reads;
  };
  const read = restedReading(
    slow,
    () => now,
    (tookMs) => 10 * tookMs,
  );
  expect(await read('a')).toBe(1);
  now += 4999;
  expect(await read('a')).toBe(1);
  expect(await read('b')).toBe(2);
  now += 1;
  expect(await read('a')).toBe(3);
});

test('what is read quickly is read each time', async () => {
  let reads = 0;
  const read = restedReading(
    async () => ++reads,
    () => 0,
    () => 0,
  );
  expect([await read('a'), await read('a')]).toEqual([1, 2]);
});
