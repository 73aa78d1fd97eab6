/** How slots and rate are divided: never more binds nor parts a second than allowed, in whatever order workers speak or fall silent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Ledger,
  NOBODY,
  rateAt,
  renew,
  type Standing,
  type Terms,
  withoutHolder,
} from '../../src/dispatch/division.ts';

const LEASE = 6000;
/** What an owner keeps of a lease for itself, from when it asked. */
const OWN = (LEASE * 5) / 6;

interface Session {
  readonly fence: number;
  readonly number: number;
  up: boolean;
}

/** A worker as `sessions.ts` makes it: it uses what it was granted until its own clock says that this is over. */
function workerOf(owner: string) {
  let rate = 0;
  let until = 0;
  let slowedTimes = 0;
  let closed: number[] = [];
  const sessions: Session[] = [];
  const lapse = (now: number) => {
    if (now < until) return;
    rate = 0;
    for (const one of sessions.splice(0)) closed.push(one.fence);
  };
  return {
    owner,
    /** Parts a second that it may put on the wire now. */
    using(now: number) {
      lapse(now);
      return rate;
    },
    binds(now: number) {
      lapse(now);
      return sessions.length;
    },
    word(now: number, isSlowed = false) {
      lapse(now);
      const slots = sessions.map(({ fence, up }) => ({ fence, up, why: '' }));
      return {
        ...{ owner, wants: true, uses: rate, slots, closed: [...closed] },
        ...(isSlowed && { slowedAfter: slowedTimes }),
      };
    },
    hear(standing: Standing, askedAt: number, told: readonly number[]) {
      closed = closed.filter((fence) => !told.includes(fence));
      rate = standing.share;
      until = askedAt + OWN;
      slowedTimes = standing.slowedTimes;
      const holds = new Set(standing.slots.map(({ fence }) => fence));
      const goes = (one: Session) => !holds.has(one.fence) || standing.leave.includes(one.fence);
      for (const one of sessions.filter(goes)) closed.push(one.fence);
      sessions.splice(0, sessions.length, ...sessions.filter((one) => !goes(one)));
      for (const slot of standing.slots) {
        if (closed.includes(slot.fence) || sessions.some(({ fence }) => fence === slot.fence)) continue;
        sessions.push({ ...slot, up: false });
      }
    },
    /** Those are up whose bit is not set. */
    bindUp(bits: number) {
      for (const [at, one] of sessions.entries()) one.up = (bits >> at) % 2 === 0;
    },
  };
}

/** Whole turns of everybody, with every answer heard, until nothing moves any more. */
function settled(terms: Terms, owners: readonly string[], rounds = 8) {
  const workers = owners.map(workerOf);
  let ledger: Ledger = NOBODY;
  let now = 0;
  for (let round = 0; round < rounds; round++) {
    for (const worker of workers) {
      const word = worker.word(now);
      const next = renew(ledger, terms, word, new Date(now), LEASE);
      ledger = next.ledger;
      worker.hear(next.standing, now, word.closed);
      worker.bindUp(0);
      now += 100;
    }
  }
  return workers.map((one) => ({ binds: one.binds(now), rate: one.using(now) }));
}

describe('an account', () => {
  test('is all of a lone worker’s: every bind, and the whole rate', () => {
    expect(settled({ binds: 3, partsPerSecond: 100 }, ['a'])).toEqual([{ binds: 3, rate: 100 }]);
  });

  test('is shared evenly by two, to the last part', () => {
    expect(settled({ binds: 3, partsPerSecond: 101 }, ['a', 'b'])).toEqual([
      { binds: 2, rate: 50 },
      { binds: 1, rate: 51 },
    ]);
  });

  test('with fewer binds than workers leaves some waiting, and the rate to the others', () => {
    const shares = settled({ binds: 2, partsPerSecond: 100 }, ['a', 'b', 'c', 'd']);
    expect(shares.filter(({ binds }) => binds === 1)).toEqual([
      { binds: 1, rate: 50 },
      { binds: 1, rate: 50 },
    ]);
  });

  test('of which each bind has its own limit lets none pass it; what one cannot use is another’s', () => {
    const terms = { binds: 3, partsPerSecond: 500, partsPerSecondPerBind: 200 };
    expect(settled(terms, ['a', 'b'])).toEqual([
      { binds: 2, rate: 300 },
      { binds: 1, rate: 200 },
    ]);
    expect(settled(terms, ['a'])).toEqual([{ binds: 3, rate: 500 }]);
    expect(settled({ ...terms, partsPerSecond: 1000 }, ['a'])).toEqual([{ binds: 3, rate: 600 }]);
  });

  test('that is slow has no more sessions than parts a second', () => {
    expect(settled({ binds: 5, partsPerSecond: 2.5 }, ['a', 'b', 'c'])).toEqual([
      { binds: 1, rate: 1 },
      { binds: 1, rate: 1.5 },
      { binds: 0, rate: 0 },
    ]);
  });
});

describe('a share', () => {
  const terms = { binds: 2, partsPerSecond: 100 };
  const [a, b] = [workerOf('a'), workerOf('b')];
  let ledger = NOBODY;
  const turn = (worker: typeof a, now: number) => {
    const word = worker.word(now);
    const next = renew(ledger, terms, word, new Date(now), LEASE);
    ledger = next.ledger;
    worker.hear(next.standing, now, word.closed);
    worker.bindUp(0);
    return next.standing;
  };

  test('grows only by what another has given up and said so, and is free when a lease has run out', () => {
    turn(a, 0);
    expect(turn(a, 1).share).toBe(100);
    expect(turn(b, 2)).toMatchObject({ share: 0, slots: [] });
    expect(turn(a, 3)).toMatchObject({ leave: [2] });
    turn(a, 4);
    expect(turn(b, 5)).toMatchObject({ share: 0, slots: [{ number: 2, fence: 3 }] });
    // Up, but the whole rate may still be in use.
    expect(turn(b, 6).share).toBe(0);
    expect(turn(a, 7).share).toBe(50);
    expect(turn(b, 8).share).toBe(0);
    turn(a, 9);
    expect(turn(b, 10).share).toBe(50);
    // `a` is not heard of again.
    expect(turn(b, 4000).share).toBe(50);
    expect(turn(b, 9 + LEASE).share).toBe(50);
    turn(b, 10 + LEASE);
    expect(turn(b, 11 + LEASE)).toMatchObject({ share: 100, slots: [{ number: 2 }, { number: 1 }] });
  });

  test('of one that ends is free at once', () => {
    ledger = withoutHolder(ledger, 'b');
    expect(ledger.holders.map(({ owner }) => owner)).toEqual([]);
    expect(turn(a, 20_000)).toMatchObject({ slots: [{}, {}] });
  });
});

describe('an operator that complains', () => {
  const terms = { binds: 2, partsPerSecond: 100 };
  test('is heard once for what several were told together, and the rate comes back slowly', () => {
    const [a, b] = [workerOf('a'), workerOf('b')];
    let ledger = NOBODY;
    for (const worker of [a, b]) {
      const next = renew(ledger, terms, worker.word(0, true), new Date(0), LEASE);
      ledger = next.ledger;
    }
    expect(ledger.slowed).toMatchObject({ to: 70, nth: 1 });
    expect(rateAt(ledger, terms, new Date(5000))).toBe(80);
    expect(rateAt(ledger, terms, new Date(60_000))).toBe(100);
    const { standing } = renew(ledger, terms, a.word(0), new Date(0), LEASE);
    a.hear(standing, 0, []);
    ledger = renew(ledger, terms, a.word(1000, true), new Date(1000), LEASE).ledger;
    expect(ledger.slowed?.nth).toBe(2);
    expect(ledger.slowed?.to).toBeCloseTo(72 * 0.7);
  });

  test('never stops the account for good', () => {
    let ledger = NOBODY;
    for (let nth = 0; nth < 50; nth++) {
      const word = { ...workerOf('a').word(0), slowedAfter: nth };
      ledger = renew(ledger, terms, word, new Date(0), LEASE).ledger;
    }
    expect(ledger.slowed).toMatchObject({ to: 25, nth: 50 });
  });
});

describe('whoever renews, dies, joins or complains, and whichever answers are lost', () => {
  const step = fc.record({
    who: fc.integer({ min: 0, max: 2 }),
    does: fc.oneof(
      { weight: 8, arbitrary: fc.constant('renew' as const) },
      { weight: 3, arbitrary: fc.constant('renew-unheard' as const) },
      { weight: 2, arbitrary: fc.constantFrom('sleep' as const, 'heard-late' as const) },
      { weight: 1, arbitrary: fc.constantFrom('dies' as const, 'slowed' as const) },
    ),
    ms: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 1500 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: LEASE * 2 }) },
    ),
    up: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 15 }) }),
  });
  const allows = fc.record({
    binds: fc.integer({ min: 1, max: 5 }),
    partsPerSecond: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.5, max: 20, noNaN: true })),
    partsPerSecondPerBind: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  });

  test('there are never more binds nor parts a second than allowed, and no slot is two workers’', () => {
    fc.assert(
      fc.property(
        allows,
        fc.array(step, { minLength: 60, maxLength: 120 }),
        ({ partsPerSecondPerBind, ...rest }, steps) => {
          const terms: Terms = { ...rest, ...(partsPerSecondPerBind && { partsPerSecondPerBind }) };
          let incarnation = 0;
          const workers = [0, 1, 2].map((n) => workerOf(`w${n}`));
          let ledger = NOBODY;
          let now = 0;
          for (const { who, does, ms, up } of steps) {
            const worker = workers[who]!;
            const askedAt = now;
            switch (does) {
              case 'sleep':
                now += ms;
                break;
              case 'dies':
                // kill -9, and another in its place that knows nothing.
                workers[who] = workerOf(`w${who}.${++incarnation}`);
                break;
              default: {
                const word = worker.word(now, does === 'slowed');
                if (does === 'heard-late') now += ms;
                const next = renew(ledger, terms, word, new Date(now), LEASE);
                ledger = next.ledger;
                if (does !== 'renew-unheard') worker.hear(next.standing, askedAt, word.closed);
                worker.bindUp(up);
              }
            }
            const using = workers.reduce((sum, one) => sum + one.using(now), 0);
            const binds = workers.reduce((sum, one) => sum + one.binds(now), 0);
            expect(using).toBeLessThanOrEqual(terms.partsPerSecond + 1e-9);
            expect(binds).toBeLessThanOrEqual(terms.binds);
            for (const one of workers)
              expect(one.using(now)).toBeLessThanOrEqual(
                terms.binds * (partsPerSecondPerBind ?? Number.POSITIVE_INFINITY),
              );
            const numbers = ledger.holders.flatMap(({ slots }) => slots.map(({ number }) => number));
            expect(new Set(numbers).size).toBe(numbers.length);
            const fences = ledger.holders.flatMap(({ slots }) => slots.map(({ fence }) => fence));
            expect(new Set(fences).size).toBe(fences.length);
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 120_000);
});
