import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { duplicatesIn, type LogEntry, messagesOf, readOperatorLog } from '../../integrations/sandbox/log.ts';
import { createRecorder } from '../../integrations/sandbox/recorder.ts';

const entry = (changes: Partial<LogEntry> = {}): LogEntry => ({
  at: '2026-11-23T10:00:00.000Z',
  mono: 1.5,
  n: 1,
  account: 'herald',
  bind: 'herald/1',
  seq: 2,
  from: 'Herald',
  to: '79161234567',
  sourceTon: 5,
  destinationTon: 1,
  dataCoding: 0,
  encoding: 'gsm7',
  text: 'Hello',
  part: null,
  flaws: [],
  registered: 1,
  validity: '',
  userReference: null,
  unanswered: 1,
  answered: 0,
  messageId: '17',
  overLimit: null,
  ...changes,
});

const part = (index: number, text: string, ref = 1, total = 2, changes: Partial<LogEntry> = {}) =>
  entry({ text, part: { ref, total, index }, ...changes });

const textsOf = (log: readonly LogEntry[]) => messagesOf(log).map(({ text, complete }) => [text, complete]);

describe('the messages of a log', () => {
  test('are its single parts, and the long ones put together, in the order in which they began', () => {
    expect(
      textsOf([part(2, 'there'), entry(), part(1, 'hi '), entry({ part: { ref: 9, total: 1, index: 1 } })]),
    ).toEqual([
      ['hi there', true],
      ['Hello', true],
      ['Hello', true],
    ]);
  });

  test('leave out what was refused, and keep what was taken and never answered', () => {
    expect(textsOf([entry({ answered: 0x58, messageId: null }), entry({ answered: null })])).toEqual([['Hello', true]]);
  });

  test('say when a part is missing', () => {
    expect(textsOf([part(2, 'there')])).toEqual([['there', false]]);
  });

  test('do not join parts of other accounts, senders, numbers, references or totals', () => {
    const second = (changes: Partial<LogEntry>, ref = 1, total = 2) => part(2, 'there', ref, total, changes);
    for (const other of [
      second({ account: 'mts' }),
      second({ from: 'Bank' }),
      second({ to: '79160000000' }),
      second({}, 2),
      second({}, 1, 3),
    ]) {
      expect(messagesOf([part(1, 'hi '), other]).filter(({ complete }) => complete)).toEqual([]);
    }
  });

  test('that were sent twice are two, also when their parts come mixed', () => {
    expect(textsOf([part(1, 'a'), part(2, 'b'), part(1, 'a'), part(2, 'b')])).toEqual([
      ['ab', true],
      ['ab', true],
    ]);
    expect(textsOf([part(1, 'a'), part(1, 'a'), part(2, 'b'), part(2, 'b')])).toEqual([
      ['ab', true],
      ['ab', true],
    ]);
    expect(textsOf([part(1, 'a'), part(1, 'a'), part(2, 'b')])).toEqual([
      ['ab', true],
      ['a', false],
    ]);
  });

  test('have no text when the operator kept none', () => {
    expect(messagesOf([entry({ text: null, encoding: null })])).toMatchObject([{ text: null, complete: true }]);
  });

  test('are found again however their parts are shuffled', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 });
    const shuffled = sizes.chain((totals) => {
      const parts = totals.flatMap((total, ref) =>
        Array.from({ length: total }, (_, i) => part(i + 1, `${ref}.${i} `, ref, total)),
      );
      return fc.tuple(fc.constant(totals), fc.shuffledSubarray(parts, { minLength: parts.length }));
    });
    fc.assert(
      fc.property(shuffled, ([totals, parts]) => {
        const expected = totals.map((total, ref) => Array.from({ length: total }, (_, i) => `${ref}.${i} `).join(''));
        const messages = messagesOf(parts);
        expect(messages.map(({ text }) => text).toSorted()).toEqual(expected.toSorted());
        expect(messages.filter(({ complete }) => !complete)).toEqual([]);
      }),
    );
  });
});

test('duplicates are tokens that more than one message carries', () => {
  const log = [
    entry({ text: 'token 1' }),
    entry({ text: 'token 2' }),
    entry({ text: 'token 1' }),
    entry({ text: 'no' }),
  ];
  const duplicates = duplicatesIn(messagesOf(log), ({ text }) => /token \d/.exec(text ?? '')?.[0] ?? null);
  expect(duplicates.map(({ token, messages }) => [token, messages.length])).toEqual([['token 1', 2]]);
});

describe('the log in a file', () => {
  const fileOf = () => {
    const folder = mkdtempSync(join(tmpdir(), 'operator-log-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return join(folder, 'log.jsonl');
  };

  test.each([false, true])('holds what was flushed, and is read as it was written (fsync %s)', async (fsync) => {
    const path = fileOf();
    const recorder = createRecorder({ path, fsync, keep: 10 });
    recorder.record(entry({ n: 1, text: 'Здравствуйте\n"quoted"' }));
    recorder.record(entry({ n: 2 }));
    expect(readFileSync(path, 'utf8')).toBe('');
    recorder.flush();
    expect(await readOperatorLog(path)).toEqual([entry({ n: 1, text: 'Здравствуйте\n"quoted"' }), entry({ n: 2 })]);
    recorder.close();
  });

  test('is appended to by the next run, which drops a line that was cut short', async () => {
    const path = fileOf();
    const first = createRecorder({ path, fsync: false, keep: 10 });
    first.record(entry({ n: 1 }));
    first.close();
    appendFileSync(path, '{"at":"2026-');
    expect(await readOperatorLog(path)).toEqual([entry({ n: 1 })]);

    const second = createRecorder({ path, fsync: false, keep: 10 });
    second.record(entry({ n: 2 }));
    second.close();
    expect(await readOperatorLog(path)).toEqual([entry({ n: 1 }), entry({ n: 2 })]);
  });

  test('that is broken in the middle is an error, not a shorter log', async () => {
    const path = fileOf();
    appendFileSync(path, `${JSON.stringify(entry())}\nnonsense\n${JSON.stringify(entry())}\n`);
    await expect(readOperatorLog(path)).rejects.toThrow('line 2 is not JSON');
  });
});

test('the log in memory lets go of its oldest entries, and says so', () => {
  const recorder = createRecorder({ path: null, fsync: false, keep: 5 });
  for (let n = 1; n <= 23; n++) recorder.record(entry({ n }));
  recorder.flush();
  const numbers = (since: number) => recorder.entries(since)?.map(({ n }) => n);
  expect(numbers(18)).toEqual([19, 20, 21, 22, 23]);
  expect(numbers(12)).toBeUndefined();
  expect(numbers(21)).toEqual([22, 23]);
  expect(numbers(23)).toEqual([]);
  recorder.close();
});
