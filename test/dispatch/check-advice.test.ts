/** What the PDUs of a check say about an account's settings. */
import { describe, expect, it } from 'vitest';
import { adviceOn, type CheckedPdu } from '../../src/dispatch/check-advice.ts';

const AT = new Date('2026-11-23T12:00:30Z');
const submit = (data_coding = '0'): CheckedPdu => ({ at: AT, sent: true, name: 'submit_sm', fields: { data_coding } });
const answer = (message_id: string, command_status = 'ESME_ROK (0x00000000)'): CheckedPdu => ({
  ...{ at: AT, sent: false, name: 'submit_sm_resp' },
  fields: { command_status, message_id },
});
const receipt = (id: string, done = '2611231200'): CheckedPdu => ({
  ...{ at: AT, sent: false, name: 'deliver_sm' },
  fields: { id, stat: 'DELIVRD', 'done date': done },
});
const codes = (pdus: readonly CheckedPdu[], isOver = true) => adviceOn(pdus, isOver).map(({ code }) => code);
const FIVE = ['1001', '1002', '1003', '1004', '1005'];

describe('an answer', () => {
  it.each([
    ['ESME_RINVDCS (0x00000104)', 'data-coding'],
    ['ESME_RINVSRCADR (0x0000000A)', 'sender'],
    ['ESME_RINVDSTADR (0x0000000B)', 'number'],
    ['ESME_RINVESMCLASS (0x00000043)', 'parts'],
    ['ESME_RINVEXPIRY (0x00000062)', 'validity'],
    ['ESME_RTHROTTLED (0x00000058)', 'slower'],
    ['0x00000402', 'status'],
  ])('of %s is about: %s', (status, code) => {
    expect(adviceOn([submit('8'), answer('', status)], false)).toMatchObject([{ code, status }]);
  });

  it('is told once, however often it comes', () => {
    const refused = answer('', 'ESME_RINVSRCADR (0x0000000A)');
    expect(codes([submit(), refused, submit(), refused])).toEqual(['sender']);
  });
});

describe('receipts', () => {
  it.each([
    ['in the same form', FIVE, ['ids-same']],
    ['with zeros before', FIVE.map((id) => `000${id}`), ['ids-same']],
    ['in hexadecimal', FIVE.map((id) => Number(id).toString(16).toUpperCase()), ['ids-other']],
    ['with ids of something else', FIVE.map((id) => `x${id}`), ['ids-none', 'one-receipt']],
    ['for one part of three', FIVE.slice(0, 3), ['ids-same', 'one-receipt']],
  ])('%s', (_, ids, expected) => {
    const pdus = [...FIVE.map((id) => answer(id)), ...ids.map((id) => receipt(id))];
    expect(codes(pdus)).toEqual(expected);
  });

  it('that do not come are told of when nothing more is waited for', () => {
    expect(codes([answer('1')], false)).toEqual([]);
    expect(codes([answer('1')])).toEqual(['no-receipts']);
    expect(codes([])).toEqual([]);
  });

  it('whose clock is of another zone say by how much', () => {
    const pdus = [answer('9001'), receipt('9001', '2611231500')];
    expect(adviceOn(pdus, true)).toContainEqual({ code: 'zone', hours: 3 });
    expect(codes([answer('9001'), receipt('9001', '2611231153')])).toEqual(['ids-same']);
  });
});
