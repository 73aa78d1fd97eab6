/** What Google's refusals are taken for: what may be tried again, and what a person has to do something about. */
import { describe, expect, test } from 'vitest';
import { readServiceAccount } from '../../../../integrations/sheets/google/client.ts';
import { troubleOf } from '../../../../integrations/sheets/google/trouble.ts';

const refusal = (status: number, data: unknown, headers = {}) => ({
  status,
  response: { status, data, headers: new Headers(headers) },
});
const sheets = (code: number, status: string, message = '') => refusal(code, { error: { code, status, message } });
const drive = (code: number, reason: string) => refusal(code, { error: { code, message: '', errors: [{ reason }] } });

describe('a refusal of Google', () => {
  test.each([
    ['too many requests', sheets(429, 'RESOURCE_EXHAUSTED'), { kind: 'later', untouched: true, afterMs: null }],
    [
      'with a time to wait',
      refusal(429, {}, { 'Retry-After': '7' }),
      { kind: 'later', untouched: true, afterMs: 7000 },
    ],
    [
      'too many requests to Drive',
      drive(403, 'userRateLimitExceeded'),
      { kind: 'later', untouched: true, afterMs: null },
    ],
    ['not now', sheets(503, 'UNAVAILABLE'), { kind: 'later', untouched: false, afterMs: null }],
    ['a page of a proxy', refusal(502, '<html>'), { kind: 'later', untouched: false, afterMs: null }],
    ['no answer', { code: 'ECONNRESET' }, { kind: 'later', untouched: false, afterMs: null }],
    ['not shared', sheets(403, 'PERMISSION_DENIED', 'The caller does not have permission'), { kind: 'forbidden' }],
    [
      'an API that is switched off',
      sheets(403, 'PERMISSION_DENIED', 'Google Sheets API has not been used in project 1 before or it is disabled.'),
      { kind: 'broken' },
    ],
    ['not there', drive(404, 'notFound'), { kind: 'not-found' }],
    [
      'an Office file',
      sheets(400, 'FAILED_PRECONDITION', 'This operation is not supported for this document'),
      { kind: 'not-a-sheet' },
    ],
    [
      'too many cells',
      sheets(
        400,
        'INVALID_ARGUMENT',
        'This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
      ),
      { kind: 'full' },
    ],
    [
      'a row that is gone',
      sheets(400, 'INVALID_ARGUMENT', 'Range (A!A9) exceeds grid limits. Max rows: 5'),
      { kind: 'moved' },
    ],
    ['nonsense of ours', sheets(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.'), { kind: 'broken' }],
    ['somebody who is not in the company', refusal(400, { error: 'invalid_grant' }), { kind: 'not-yours' }],
    ['delegation that was not granted', refusal(401, { error: 'unauthorized_client' }), { kind: 'broken' }],
    [
      'a token endpoint that is down',
      refusal(503, { error: 'internal_failure' }),
      { kind: 'later', untouched: false, afterMs: null },
    ],
    ['a bug', new TypeError('x is not a function'), { kind: 'broken' }],
    ['nothing that was thrown by Google', 'text', { kind: 'broken' }],
  ])('for %s is taken for what it is', (_, thrown, trouble) => {
    expect(troubleOf(thrown)).toEqual(trouble);
  });
});

test('a file that is no key of a service account is refused by its name', () => {
  expect(() => readServiceAccount('nowhere.json')).toThrow('nowhere.json is not the key file');
  expect(() => readServiceAccount('package.json')).toThrow('package.json is not the key file');
});
