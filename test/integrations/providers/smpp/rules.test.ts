/** The small pure rules of the SMPP account: framing, pace, pauses, deadlines of the link, the table of answers. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { doubled, reconnectDelayMs, restMs, throttle } from '../../../../integrations/providers/backoff.ts';
import {
  isCredentialStatus,
  ownMeanings,
  statusText,
  verdictOf,
} from '../../../../integrations/providers/smpp/answers.ts';
import { glanceEvery, glances } from '../../../../integrations/providers/smpp/glances.ts';
import { linkCheck } from '../../../../integrations/providers/smpp/link-check.ts';
import { frameCutter, messageIdOf } from '../../../../integrations/providers/smpp/wire.ts';
import { pace } from '../../../../src/platform/pace.ts';
import { ID, pdu } from './raw-operator.ts';

describe('the stream of bytes', () => {
  it('is cut into the same PDUs wherever the chunks fall', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 })), (contents, sizes) => {
        const pdus = contents.map((body, i) => pdu(ID.deliver, i, Buffer.from(body)));
        const cutter = frameCutter();
        const seen: Buffer[] = [];
        let stream = Buffer.concat(pdus);
        for (const size of [...sizes, stream.length]) {
          const { frames, broken } = cutter.cut(stream.subarray(0, size));
          stream = stream.subarray(size);
          seen.push(...frames.map(({ bytes }) => Buffer.from(bytes)));
          expect(broken).toBeNull();
        }
        expect(seen).toEqual(pdus);
      }),
    );
  });

  it.each([0, 8, 15, 65_537, 0x7fffffff, 0xffffffff])(
    'is broken at a length of %i, as soon as it is seen',
    (length) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(length);
      const { frames, broken } = frameCutter().cut(Buffer.concat([pdu(ID.enquire, 1), head]));
      expect(frames.map(({ sequence }) => sequence)).toEqual([1]);
      expect(broken).toContain(String(length));
    },
  );

  it.each([
    ['an id', 'abc\0', 'abc'],
    ['an id without its end', 'abc', 'abc'],
    ['nothing', '', ''],
  ])('reads %s from a submit_sm_resp', (_, body, expected) => {
    const [frame] = frameCutter().cut(pdu(ID.submitResp, 7, body)).frames;
    expect(messageIdOf(frame!)).toBe(expected);
  });
});

describe('the pace', () => {
  it('lets no second see more parts than the rate, and loses little of it', () => {
    const rates = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0.5, max: 50, noNaN: true }));
    const steps = fc.array(fc.double({ min: 0.01, max: 120, noNaN: true }), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(rates, steps, (rate, gaps) => {
        const bucket = pace(rate, 0);
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          while (bucket.take(now)) taken.push(now);
        }
        for (let i = 0; i < taken.length; i++) {
          const within = taken.filter((at) => at >= taken[i]! && at < taken[i]! + 999).length;
          expect(within).toBeLessThanOrEqual(Math.max(1, Math.ceil(rate)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('says how long to wait, and then lets one through', () => {
    const bucket = pace(10, 0);
    expect(bucket.take(0)).toBe(true);
    expect(bucket.take(0)).toBe(false);
    const wait = bucket.waitMs(0);
    expect(wait).toBeCloseTo(100);
    expect(bucket.take(wait - 1)).toBe(false);
    expect(bucket.take(wait)).toBe(true);
  });

  it('reaches the rate when it is asked all the time', () => {
    const bucket = pace(1_000, 0);
    let taken = 0;
    for (let now = 0; now < 10_000; now += 5) while (bucket.take(now)) taken++;
    expect(taken).toBeGreaterThan(9_700);
  });

  it('does not go back with a clock that does', () => {
    const bucket = pace(10, 1_000);
    bucket.take(1_000);
    expect(bucket.waitMs(0)).toBeCloseTo(100);
  });
});

describe('delays', () => {
  const delays = { firstMs: 1_000, longestMs: 60_000 };

  it('double up to the longest', () => {
    expect([0, 1, 2, 5, 6, 1_000].map((attempt) => doubled(delays, attempt))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('are anything up to that before connecting again, and at least half of it after being told to slow down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
        const most = doubled(delays, attempt);
        expect(reconnectDelayMs(delays, attempt, () => chance)).toBeLessThanOrEqual(most);
        const rest = restMs(delays, attempt, () => chance);
        expect(rest >= most / 2 && rest <= most).toBe(true);
      }),
    );
  });

  it('of a pause grow by episodes, not by answers, and start anew after a success', () => {
    const pause = throttle(delays, () => 1);
    expect(pause.pauseMs(0)).toBe(0);
    pause.throttled(0, 10);
    expect(pause.pauseMs(10)).toBe(1_000);
    for (let i = 0; i < 50; i++) pause.throttled(5, 20 + i);
    expect(pause.pauseMs(10)).toBe(1_000);
    pause.taken(5); // sent before the pause: says nothing about after it
    pause.throttled(1_010, 1_020);
    expect(pause.pauseMs(1_020)).toBe(2_000);
    pause.taken(3_020);
    pause.throttled(3_030, 3_040);
    expect(pause.pauseMs(3_040)).toBe(1_000);
    expect(pause.pauseMs(9_999)).toBe(0);
  });
});

describe('the link', () => {
  it('is asked after a silence, once, and dead when it goes on', () => {
    const link = linkCheck(30, 10, 0);
    expect([29, 30, 35, 39, 40].map((now) => link.look(now))).toEqual(['fine', 'ask', 'fine', 'fine', 'dead']);
  });

  it('lives by any PDU', () => {
    const link = linkCheck(30, 10, 0);
    expect(link.look(30)).toBe('ask');
    link.heard(39);
    expect([45, 68, 69].map((now) => link.look(now))).toEqual(['fine', 'fine', 'ask']);
  });

  it('is looked at often enough for the shortest deadline, and not more than needed', () => {
    expect(glanceEvery(60_000, 30_000)).toBe(1_000);
    expect(glanceEvery(60_000, 400)).toBe(100);
    expect(glanceEvery(1)).toBe(5);
  });
});

describe('glances at the deadlines', () => {
  it('are left out once when the process was held up, and end when told', async () => {
    const reads: number[] = [];
    const seen: number[] = [];
    const clock = () => {
      reads.push(jumped ? 10_000 : 0);
      return reads.at(-1)!;
    };
    let jumped = false;
    const stop = glances(5, clock, (now) => seen.push(now));
    onTestFinished(stop);
    await vi.waitFor(() => expect(seen).toContain(0));
    jumped = true;
    await vi.waitFor(() => expect(seen).toContain(10_000));
    expect(reads.filter((read) => read === 10_000).length).toBe(seen.filter((at) => at === 10_000).length + 1);
    stop();
    const after = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toHaveLength(after);
  });
});

describe('the answer of the operator', () => {
  const none = ownMeanings({});

  it.each([
    [0x00, 'taken', undefined],
    [0x58, 'later', 'throttled'],
    [0x14, 'later', 'throttled'],
    [0x08, 'later', 'operator-error'],
    [0x64, 'later', 'operator-error'],
    [0x04, 'later', 'not-connected'],
    [0x0b, 'refused', 'bad-number'],
    [0x0a, 'refused', 'bad-sender'],
    [0x01, 'refused', 'bad-text'],
    [0xfe, 'refused', 'blocked'],
    [0x101, 'refused', 'account'],
    [0x45, 'refused', 'operator-error'],
    [0x43, 'refused', 'bad-text'],
    [0x62, 'refused', 'our-fault'],
    [0x0402, 'refused', 'operator-error'],
    [0xff, 'unknown', 'operator-error'],
  ])('0x%s means %s %s', (status, kind, code) => {
    const verdict = verdictOf(status, none);
    expect(verdict.kind).toBe(kind);
    if (verdict.kind !== 'taken') expect(verdict.why.code).toBe(code);
  });

  it('means what the account says it means', () => {
    const own = ownMeanings({
      '0x00000402': { kind: 'refused', code: 'no-credit' },
      '0x45': { kind: 'later', code: 'throttled' },
    });
    expect(verdictOf(0x402, own)).toEqual({ kind: 'refused', why: { code: 'no-credit', detail: '0x00000402' } });
    expect(verdictOf(0x45, own)).toMatchObject({ kind: 'later', why: { detail: 'ESME_RSUBMITFAIL (0x00000045)' } });
  });

  it('is told in its own words', () => {
    expect(statusText(0x0b)).toBe('ESME_RINVDSTADR (0x0000000B)');
    expect(statusText(0x4ff)).toBe('0x000004FF');
    expect([0x0e, 0x0f, 0x0d].map(isCredentialStatus)).toEqual([true, true, false]);
  });
});
