import { TelegramError } from 'telegraf';
import { describe, expect, test } from 'vitest';
import { type CallFailure, failureOf } from '../../../bots/telegram/outcome.ts';

const answered = (error_code: number, description: string, parameters?: object) =>
  new TelegramError({ error_code, description, parameters } as TelegramError['response']);

const SAID: readonly (readonly [number, string, CallFailure])[] = [
  [400, 'Bad Request: message is not modified: specified new message content…', { kind: 'unchanged' }],
  [400, 'Bad Request: message to edit not found', { kind: 'stale' }],
  [400, "Bad Request: message can't be edited", { kind: 'stale' }],
  [400, 'Bad Request: MESSAGE_ID_INVALID', { kind: 'stale' }],
  [400, 'Bad Request: chat not found', { kind: 'gone', why: 'no-such-place' }],
  [400, 'Bad Request: PEER_ID_INVALID', { kind: 'gone', why: 'no-such-place' }],
  [403, 'Forbidden: user is deactivated', { kind: 'gone', why: 'no-such-place' }],
  [403, 'Forbidden: bot was blocked by the user', { kind: 'gone', why: 'blocked' }],
  [403, 'Forbidden: bot was kicked from the group chat', { kind: 'gone', why: 'blocked' }],
  [403, 'Forbidden: bot is not a member of the channel chat', { kind: 'gone', why: 'blocked' }],
  [403, "Forbidden: bot can't initiate conversation with a user", { kind: 'gone', why: 'no-right' }],
  [400, 'Bad Request: not enough rights to send text messages to the chat', { kind: 'gone', why: 'no-right' }],
  [403, 'Forbidden: something new', { kind: 'gone', why: 'no-right' }],
  [400, "Bad Request: can't parse entities", { kind: 'refused', why: "400 Bad Request: can't parse entities" }],
  [401, 'Unauthorized', { kind: 'later', afterMs: 60_000, wide: 'surface' }],
  [404, 'Not Found', { kind: 'later', afterMs: 60_000, wide: 'surface' }],
  [502, 'Bad Gateway', { kind: 'unknown', why: '502 Bad Gateway' }],
  [429, 'Too Many Requests', { kind: 'later', afterMs: 5_000, wide: 'place' }],
];

describe('what Telegram says', () => {
  test.each(SAID)('%i %s', (code, description, outcome) => {
    expect(failureOf(answered(code, description))).toEqual(outcome);
  });

  test('is obeyed where it says for how long', () => {
    const error = answered(429, 'Too Many Requests: retry after 10072', { retry_after: 10_072 });
    expect(failureOf(error)).toEqual({ kind: 'later', afterMs: 10_072_000, wide: 'place' });
  });

  test('tells where a group has gone', () => {
    const error = answered(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1_001_234 });
    expect(failureOf(error)).toEqual({ kind: 'moved', to: '-1001234' });
  });
});

describe('a connection that breaks', () => {
  test('before anything was said is no doubt', () => {
    expect(failureOf(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))).toMatchObject({ kind: 'later' });
  });
  test('later than that leaves nobody sure', () => {
    expect(failureOf(Object.assign(new Error('no'), { code: 'ECONNRESET' }))).toEqual({
      kind: 'unknown',
      why: 'ECONNRESET',
    });
    expect(failureOf(Object.assign(new Error('no'), { name: 'AbortError' }))).toEqual({
      kind: 'unknown',
      why: 'AbortError',
    });
  });
});
