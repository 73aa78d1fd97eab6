/** What operators deliver, in the many ways in which they write it: receipts, messages, and neither. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliverSm, readDeliver } from '../../../../integrations/providers/smpp/deliver.ts';
import { messageText } from '../../../../integrations/providers/smpp/inbound-text.ts';
import { readReceiptText, tell } from '../../../../integrations/providers/smpp/receipt.ts';
import { frameCutter } from '../../../../integrations/providers/smpp/wire.ts';
import { deliverBody, ID, pdu, tlv } from './raw-operator.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
const DATA_SM = 0x103;
const read = (body: Buffer, id: number = ID.deliver) => readDeliver(frameCutter().cut(pdu(id, 1, body)).frames[0]!);
const deliver = (over: Parameters<typeof deliverBody>[0]): DeliverSm => {
  const result = read(deliverBody(over));
  if (!result.ok) throw new Error(result.why);
  return result.deliver;
};
const told = (over: Parameters<typeof deliverBody>[0], receiptZone = 'UTC') =>
  tell(deliver(over), { provider: 'acme', receiptZone, now: NOW });
const receiptOf = (over: Parameters<typeof deliverBody>[0], receiptZone?: string) => {
  const what = told(over, receiptZone);
  if (what.kind !== 'receipt') throw new Error(what.kind === 'problem' ? what.why : 'inbound');
  return what.receipt;
};

const TEXT =
  'id:0123456789 sub:001 dlvrd:001 submit date:2611230958 done date:2611230959 stat:DELIVRD err:000 text:Hello';
const ID_TLV = 0x1e;
const STATE_TLV = 0x427;
const ERROR_TLV = 0x423;

describe('a deliver_sm', () => {
  it('is read field by field', () => {
    expect(deliver({ from: '79161234567', to: '1234', esmClass: 4, dataCoding: 8, message: 'ab' })).toMatchObject({
      source: '79161234567',
      destination: '1234',
      esmClass: 4,
      dataCoding: 8,
      body: Buffer.from('ab'),
      part: null,
      receiptedMessageId: null,
      messageState: null,
    });
  });

  it('may carry its message in message_payload', () => {
    expect(deliver({ tlvs: [tlv(0x424, 'long text')] }).body.toString()).toBe('long text');
  });

  it.each([
    ['by an 8-bit header', { esmClass: 0x40, message: Buffer.from([5, 0, 3, 7, 2, 1, 0x61]) }, 7],
    ['by a 16-bit header', { esmClass: 0x40, message: Buffer.from([6, 8, 4, 1, 2, 2, 1, 0x61]) }, 258],
    [
      'by a header with another element first',
      { esmClass: 0x40, message: Buffer.from([8, 0x24, 1, 0, 0, 3, 7, 2, 1, 0x61]) },
      7,
    ],
    ['by sar_ parameters', { message: 'a', tlvs: [tlv(0x20c, '\x00\x09'), tlv(0x20e, '\x02'), tlv(0x20f, '\x01')] }, 9],
  ])('is a part %s', (_, over, reference) => {
    expect(deliver(over)).toMatchObject({ part: { reference, total: 2, index: 1 }, body: Buffer.from('a') });
  });

  it.each([
    ['a total of one', [5, 0, 3, 7, 1, 1]],
    ['part 3 of 2', [5, 0, 3, 7, 2, 3]],
    ['part 0', [5, 0, 3, 7, 2, 0]],
    ['an element longer than the header', [5, 0, 9, 7, 2, 1]],
  ])('is no part with %s', (_, header) => {
    expect(deliver({ esmClass: 0x40, message: Buffer.from([...header, 0x61]) }).part).toBeNull();
  });

  it('keeps what stood before a TLV that is cut short', () => {
    const cut = Buffer.from([0x04, 0x27, 0, 64, 2]);
    expect(deliver({ tlvs: [tlv(ID_TLV, 'abc\0'), cut] })).toMatchObject({
      receiptedMessageId: 'abc',
      messageState: null,
    });
  });

  it('does not read past the end of an id without a NUL', () => {
    expect(deliver({ tlvs: [tlv(ID_TLV, 'abc'), tlv(STATE_TLV, '\x02')] })).toMatchObject({
      receiptedMessageId: 'abc',
      messageState: 2,
    });
  });

  it.each([
    ['an end before its message', Buffer.concat([deliverBody({}).subarray(0, -1), Buffer.from([200, 1, 2])])],
    ['no end to its address', Buffer.from('\0\x01\x0179161234567')],
    ['nothing in it', Buffer.alloc(0)],
    ['a header longer than its message', deliverBody({ esmClass: 0x40, message: Buffer.from([200, 0]) })],
  ])('is a problem with %s', (_, body) => {
    expect(read(body)).toEqual({ ok: false, why: expect.not.stringMatching(/\d{5}/) });
  });

  it('may come as data_sm, whose message is a TLV', () => {
    const body = Buffer.concat([
      Buffer.from('\0\x01\x0179161234567\0\x00\x011234\0\x04\x00\x00', 'latin1'),
      tlv(0x424, TEXT),
    ]);
    expect(read(body, DATA_SM)).toMatchObject({ ok: true, deliver: { source: '79161234567', esmClass: 4 } });
  });

  it('never throws, whatever bytes it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(ID.deliver, DATA_SM), (bytes, id) => {
        const result = read(Buffer.from(bytes), id);
        if (result.ok) tell(result.deliver, { provider: 'acme', receiptZone: 'UTC', now: NOW });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a receipt', () => {
  it('is read from its text', () => {
    expect(receiptOf({ esmClass: 4, message: TEXT })).toEqual({
      provider: 'acme',
      providerMessageId: '0123456789',
      state: 'delivered',
      to: '+79161234567',
      error: null,
      at: new Date('2026-11-23T09:59:00Z'),
    });
  });

  it.each<[string, string, ReturnType<typeof readReceiptText>]>([
    [
      'no spaces',
      'id:12sub:001dlvrd:001submit date:2611230958done date:2611230959stat:UNDELIVerr:12text:',
      { id: '12', stat: 'UNDELIV', err: '12', doneDate: '2611230959' },
    ],
    [
      'many spaces',
      '  id : 12   stat : expired  err :  004 ',
      { id: '12', stat: 'EXPIRED', err: '004', doneDate: null },
    ],
    [
      'another order',
      'stat:REJECTD done date:261123095901 id:ab-CD_1',
      { id: 'ab-CD_1', stat: 'REJECTD', err: null, doneDate: '261123095901' },
    ],
    ['line ends', 'id:7\r\nstat:DELIVRD\r\nerr:000\r\n', { id: '7', stat: 'DELIVRD', err: '000', doneDate: null }],
    [
      'a text that looks like fields',
      'id:7 stat:UNDELIV text:id:8 stat:DELIVRD err:000',
      { id: '7', stat: 'UNDELIV', err: null, doneDate: null },
    ],
    ['fields missing', 'stat:ENROUTE', { id: null, stat: 'ENROUTE', err: null, doneDate: null }],
    ['capitals', 'ID:7 STAT:delivrd ERR:0', { id: '7', stat: 'DELIVRD', err: '0', doneDate: null }],
    ['nothing', '', { id: null, stat: null, err: null, doneDate: null }],
  ])('may be written with %s', (_, text, expected) => {
    expect(readReceiptText(text)).toEqual(expected);
  });

  it.each([
    ['DELIVRD', 'delivered', null],
    ['DELIVERED', 'delivered', null],
    ['EXPIRED', 'expired', null],
    ['UNDELIV', 'undelivered', null],
    ['UNDELIVERABLE', 'undelivered', null],
    ['DELETED', 'undelivered', null],
    ['FAILED', 'undelivered', null],
    ['REJECTD', 'rejected', null],
    ['ENROUTE', 'enroute', null],
    ['ACCEPTD', 'enroute', null],
    ['BUFFRED', 'enroute', null],
    ['UNKNOWN', 'enroute', 'UNKNOWN'],
    ['WHATEVER', 'enroute', 'WHATEVER'],
  ])('says %s for %s', (word, state, error) => {
    expect(receiptOf({ esmClass: 4, message: `id:1 stat:${word}` })).toMatchObject({ state, error });
  });

  it.each([
    [1, 'enroute', null],
    [2, 'delivered', null],
    [3, 'expired', null],
    [4, 'undelivered', null],
    [5, 'undelivered', null],
    [6, 'enroute', null],
    [7, 'enroute', 'UNKNOWN'],
    [8, 'rejected', null],
    [9, 'undelivered', null],
  ])('says message_state %i for %s', (number, state, error) => {
    const tlvs = [tlv(ID_TLV, 'x1\0'), tlv(STATE_TLV, Buffer.from([number]))];
    expect(receiptOf({ esmClass: 4, tlvs })).toMatchObject({ providerMessageId: 'x1', state, error, at: NOW });
  });

  it('believes its TLVs before its text', () => {
    const tlvs = [tlv(ID_TLV, 'FF01\0'), tlv(STATE_TLV, '\x05'), tlv(ERROR_TLV, '\x03\x00\x1b')];
    expect(receiptOf({ esmClass: 4, message: TEXT, tlvs })).toMatchObject({
      providerMessageId: 'FF01',
      state: 'undelivered',
      error: '3:27',
    });
  });

  it('has no error where the operator says zero', () => {
    expect(receiptOf({ esmClass: 4, message: TEXT, tlvs: [tlv(ERROR_TLV, '\x03\x00\x00')] }).error).toBeNull();
    expect(receiptOf({ esmClass: 4, message: 'id:1 stat:UNDELIV err:00a' }).error).toBe('00a');
  });

  it('keeps the underscore of an id, which GSM would make a section sign', () => {
    expect(receiptOf({ esmClass: 4, message: 'id:a_1@x stat:DELIVRD' }).providerMessageId).toBe('a_1@x');
  });

  it('may be written in UCS-2', () => {
    const message = Buffer.from('id:77 stat:DELIVRD', 'utf16le').swap16();
    expect(receiptOf({ esmClass: 4, dataCoding: 8, message }).providerMessageId).toBe('77');
  });

  it('may be intermediate, or say so by its TLV alone', () => {
    expect(receiptOf({ esmClass: 0x20, message: 'id:1 stat:ENROUTE' }).state).toBe('enroute');
    expect(receiptOf({ esmClass: 0, message: TEXT, tlvs: [tlv(ID_TLV, '9\0')] }).providerMessageId).toBe('9');
  });

  it.each([
    ['in the zone of the operator', '2611231159', 'Europe/Moscow', '2026-11-23T08:59:00Z'],
    ['with seconds', '261123095901', 'UTC', '2026-11-23T09:59:01Z'],
    ['with the year in full', '20261123095901', 'UTC', '2026-11-23T09:59:01Z'],
    ['of no day', '2613450959', 'UTC', NOW.toISOString()],
    ['more than a day ahead', '2611250959', 'UTC', NOW.toISOString()],
  ])('takes a date %s', (_, date, zone, at) => {
    expect(receiptOf({ esmClass: 4, message: `id:1 done date:${date} stat:DELIVRD` }, zone).at).toEqual(new Date(at));
  });

  it('names no number when the operator gives none', () => {
    expect(receiptOf({ from: 'Herald', esmClass: 4, message: TEXT }).to).toBeNull();
  });

  it.each([
    ['without an id', 'stat:DELIVRD'],
    ['without a state', 'id:1 err:000'],
    ['of nothing', ''],
  ])('is a problem %s', (_, message) => {
    expect(told({ esmClass: 4, message }).kind).toBe('problem');
  });
});

describe('a message from a customer', () => {
  it('is no receipt, though it is written like one', () => {
    expect(told({ message: TEXT })).toMatchObject({
      kind: 'inbound',
      inbound: { provider: 'acme', from: '+79161234567', to: '1234', text: TEXT, at: NOW, isArrival: true },
    });
  });

  it.each<[string, number, Buffer, string | null]>([
    ['the GSM alphabet', 0, Buffer.from([0x00, 0x1b, 0x65, 0x41]), '@€A'],
    ['ASCII', 1, Buffer.from('@_{'), '@_{'],
    ['Latin-1', 3, Buffer.from([0xe9]), 'é'],
    ['ISO 8859-5', 6, Buffer.from([0xbf, 0xe0]), 'Пр'],
    ['ISO 8859-8', 7, Buffer.from([0xe9]), 'י'],
    ['UCS-2', 8, Buffer.from('Привет 🎉', 'utf16le').swap16(), 'Привет 🎉'],
    ['UCS-2 that lost a byte', 8, Buffer.from([0x04, 0x1f, 0x04]), 'П'],
    ['UCS-2 with half a pair', 8, Buffer.from([0xd8, 0x3c]), '\ufffd'],
    ['GSM of a class', 0xf1, Buffer.from([0x00]), '@'],
    ['UCS-2 of a class', 0x18, Buffer.from([0x04, 0x1f]), 'П'],
    ['8-bit data', 4, Buffer.from([1, 2]), null],
    ['8-bit data of a class', 0xf5, Buffer.from([1, 2]), null],
    ['a reserved coding', 0x1c, Buffer.from([1, 2]), null],
    ['a coding that nobody names', 0x99, Buffer.from([1, 2]), null],
  ])('is read in %s', (_, dataCoding, bytes, text) => {
    expect(messageText(dataCoding, bytes)).toBe(text);
  });

  it.each([
    ['from a name', { from: 'Megafon', message: 'hi' }],
    ['from a short number', { from: '900', message: 'hi' }],
    ['that is no text', { dataCoding: 4, message: '\x01' }],
    ['that only acknowledges', { esmClass: 8, message: 'hi' }],
  ])('is a problem %s', (_, over) => {
    expect(told(over).kind).toBe('problem');
  });
});
