import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chance, drawOf, seededRandom } from '../../integrations/sandbox/chance.ts';
import { byLastDigits, NO_FAULTS, parseFaults, withChange } from '../../integrations/sandbox/faults.ts';
import { firstId, writeId } from '../../integrations/sandbox/ids.ts';
import { createQueue } from '../../integrations/sandbox/queue.ts';
import { createRateLimit } from '../../integrations/sandbox/rate.ts';
import { createWheel } from '../../integrations/sandbox/wheel.ts';

describe('chance', () => {
  test('repeats itself by its seed', () => {
    const draws = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    expect(drawOf(1, '79161234567')).toBe(drawOf(1, '79161234567'));
    expect(drawOf(1, '79161234567')).not.toBe(drawOf(2, '79161234567'));
  });

  test('hits a share of neighbouring numbers as often as it says', () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => String(79160000000 + i));
    const hits = numbers.filter((number) => drawOf(1, number) < 0.05).length;
    expect(hits).toBeGreaterThan(400);
    expect(hits).toBeLessThan(600);
  });

  test('of 0 never happens, and of 1 always', () => {
    const random = seededRandom(1);
    expect(Array.from({ length: 100 }, () => chance(0, random))).not.toContain(true);
    expect(Array.from({ length: 100 }, () => chance(1, random))).not.toContain(false);
  });
});

describe('a message id', () => {
  test.each([
    [255n, { base: 'decimal', upperCase: false, width: 0 }, '255'],
    [255n, { base: 'decimal', upperCase: false, width: 10 }, '0000000255'],
    [255n, { base: 'hex', upperCase: false, width: 0 }, 'ff'],
    [255n, { base: 'hex', upperCase: true, width: 8 }, '000000FF'],
    [2n ** 95n + 1n, { base: 'hex', upperCase: false, width: 0 }, '800000000000000000000001'],
  ] as const)('%i as %j is %s', (id, form, written) => {
    expect(writeId(id, form)).toBe(written);
  });

  test.each([32, 64, 96] as const)('of %i bits needs all of them, and a restart repeats none', (bits) => {
    const first = firstId(bits, new Date('2026-11-23T10:00:00Z'));
    expect(first.toString(2).length).toBeGreaterThan(bits - 3);
    expect(first.toString(2).length).toBeLessThanOrEqual(bits);
    expect(firstId(bits, new Date('2026-11-23T10:00:05Z')) - first).toBeGreaterThanOrEqual(5_000n);
  });
});

describe('the rate limit', () => {
  const limitAt = (perSecond: number, burst: number) => {
    let at = 0;
    const take = createRateLimit(perSecond, burst, () => at);
    return (ms: number) => {
      at = ms;
      return take();
    };
  };

  test('lets a burst through, and then one part for each share of a second', () => {
    const take = limitAt(10, 3);
    expect([0, 0, 0, 0, 99, 100, 100, 200].map(take)).toEqual([true, true, true, false, false, true, false, true]);
  });

  test('does not save up more than a burst', () => {
    const take = limitAt(10, 2);
    expect([60_000, 60_000, 60_000].map(take)).toEqual([true, true, false]);
  });

  test('of 0 is none', () => {
    const take = limitAt(0, 0);
    expect(Array.from({ length: 1_000 }, () => take(0))).not.toContain(false);
  });
});

test('a queue gives back what was put, in its order', () => {
  const queue = createQueue<number>();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 25_000; i++) queue.put(i);
    expect(queue.size()).toBe(25_000);
    expect(Array.from({ length: 25_001 }, () => queue.take())).toEqual([...Array(25_000).keys(), undefined]);
  }
});

test('the wheel does things in the order of their time, none too early, and rests when nothing waits', async () => {
  const now = () => performance.now();
  const wheel = createWheel(now, 2);
  const began = now();
  const done: { ms: number; late: number }[] = [];
  const delays = [30, 0, 12, 12, 5, 20];
  await new Promise<void>((resolve) => {
    for (const ms of delays) {
      wheel.after(ms, () => {
        done.push({ ms, late: now() - began - ms });
        if (done.length === delays.length) resolve();
      });
    }
  });
  expect(done.map(({ ms }) => ms)).toEqual(delays.toSorted((a, b) => a - b));
  expect(done.filter(({ late }) => late < 0)).toEqual([]);

  wheel.after(1, () => done.push({ ms: 1, late: 0 }));
  wheel.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toHaveLength(delays.length);
});

describe('a change of switches', () => {
  test.each([
    [{ answerDelayMs: 5 }, true],
    [{ submitErrors: { '00': 'ESME_RINVDSTADR' } }, true],
    [{ refuseConnections: true }, true],
    [{}, true],
    [{ answerDelayMs: -1 }, false],
    [{ answerDelayMs: '5' }, false],
    [{ noAnswerShare: 1.1 }, false],
    [{ idBits: 33 }, false],
    [{ errorStatus: 'ESME_NONSENSE' }, false],
    [{ submitErrors: { abc: 'ESME_RSYSERR' } }, false],
    [{ noSuchSwitch: 1 }, false],
    ['nonsense', false],
  ])('%j is one: %s', (input, ok) => {
    expect(parseFaults(input, false).ok).toBe(ok);
  });

  test('of one account may not touch the connections', () => {
    expect(parseFaults({ refuseConnections: true }, true)).toEqual({
      ok: false,
      why: expect.stringContaining('refuseConnections'),
    });
    expect(parseFaults({ ignoreBind: true }, true).ok).toBe(true);
  });

  test('says nothing of the switches that it leaves alone', () => {
    expect(parseFaults({ ignoreBind: true }, true)).toEqual({ ok: true, change: { ignoreBind: true } });
    expect(withChange(NO_FAULTS, { ignoreBind: true, blackHole: true })).toEqual({ ...NO_FAULTS, ignoreBind: true });
  });
});

test('of several last digits the longest count', () => {
  const table = { '7': 'seven', '67': 'sixty-seven', '8': 'eight' };
  expect(['79161234567', '79161234507', '79161234500'].map((number) => byLastDigits(table, number))).toEqual([
    'sixty-seven',
    'seven',
    undefined,
  ]);
  fc.assert(fc.property(fc.string(), (number) => byLastDigits({}, number) === undefined));
});
