import fc from 'fast-check';
import smpp from 'smpp';
import { describe, expect, test } from 'vitest';
import { ESM, readBind, readSubmit, TLV, tlv, writeDeliver } from '../../integrations/sandbox/pdus.ts';
import {
  answerTo,
  COMMAND,
  createFramer,
  HEADER_BYTES,
  isAnswer,
  pdu,
  STATUS,
} from '../../integrations/sandbox/wire.ts';

describe('a stream is cut into PDUs', () => {
  const frame = fc.record({
    command: fc.nat(0xffffffff),
    status: fc.nat(0xffffffff),
    sequence: fc.nat(0xffffffff),
    body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  });

  test('however it arrives', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (sent, cuts) => {
          const stream = Buffer.concat(sent.map((one) => pdu(one.command, one.status, one.sequence, one.body)));
          const framer = createFramer();
          const received = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const length = cuts[i % cuts.length]!;
            const { frames, broken } = framer(stream.subarray(at, at + length));
            expect(broken).toBe(false);
            received.push(...frames);
            at += length;
          }
          expect(received).toEqual(sent);
        },
      ),
    );
  });

  test.each([0, 8, 15, 70_001, 0x7fffffff, 0xffffffff])(
    'until a length of %i, after which nothing can be read',
    (length) => {
      const lying = pdu(COMMAND.enquire_link, STATUS.ESME_ROK, 2);
      lying.writeUInt32BE(length);
      const { frames, broken } = createFramer()(Buffer.concat([pdu(COMMAND.enquire_link, STATUS.ESME_ROK, 1), lying]));
      expect(frames.map(({ sequence }) => sequence)).toEqual([1]);
      expect(broken).toBe(true);
    },
  );

  test('and answers are told from requests by their highest bit', () => {
    expect([COMMAND.submit_sm, COMMAND.generic_nack, COMMAND.deliver_sm_resp].map(isAnswer)).toEqual([
      false,
      true,
      true,
    ]);
    expect(answerTo(COMMAND.bind_transceiver)).toBe(COMMAND.bind_transceiver_resp);
  });
});

/** The body as the client's package writes it. */
const bodyOf = (command: string, fields: object): Buffer =>
  new smpp.PDU(command, fields).toBuffer().subarray(HEADER_BYTES);

describe('a submit_sm written by another implementation', () => {
  const body = () =>
    bodyOf('submit_sm', {
      service_type: 'CMT',
      source_addr_ton: 5,
      source_addr: 'Herald',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '79161234567',
      esm_class: 0x40,
      validity_period: '261123120000000+',
      registered_delivery: 1,
      data_coding: 8,
      short_message: Buffer.from('0500032a0201041f', 'hex'),
      user_message_reference: 513,
    });

  test('reads as it was meant', () => {
    expect(readSubmit(body())).toEqual({
      ok: true,
      value: {
        sourceTon: 5,
        source: 'Herald',
        destinationTon: 1,
        destination: '79161234567',
        esmClass: 0x40,
        validityPeriod: '261123120000000+',
        registeredDelivery: 1,
        dataCoding: 8,
        shortMessage: Buffer.from('0500032a0201041f', 'hex'),
        tlvs: new Map([[TLV.user_message_reference, Buffer.from([2, 1])]]),
      },
    });
  });

  test('cut short anywhere, has the status that SMPP has for it', () => {
    const whole = body();
    const optionalAt = whole.length - 6;
    const lengthAt = optionalAt - 9;
    for (let length = 0; length < whole.length; length++) {
      const status =
        length < lengthAt ? 'ESME_RINVCMDLEN' : length < optionalAt ? 'ESME_RINVMSGLEN' : 'ESME_RINVOPTPARSTREAM';
      const read = readSubmit(whole.subarray(0, length));
      // Cut where the optional parameters begin, it is whole again.
      if (length === optionalAt) expect(read.ok).toBe(true);
      else expect([length, read]).toEqual([length, { ok: false, status }]);
    }
  });
});

test('a bind written by another implementation reads as it was meant', () => {
  const body = bodyOf('bind_transceiver', { system_id: 'herald', password: 'secret', address_range: '7916' });
  expect(readBind(body)).toEqual({ ok: true, value: { systemId: 'herald', password: 'secret' } });
  for (let length = 0; length < body.length; length++) {
    expect(readBind(body.subarray(0, length))).toEqual({ ok: false, status: 'ESME_RINVCMDLEN' });
  }
});

test.each([
  ['79161234567', 1, 1],
  ['1234', 0, 1],
  ['Herald', 5, 0],
])('a deliver_sm from %s is read by another implementation as it was meant', (from, ton, npi) => {
  const body = writeDeliver({
    from,
    to: 'Herald',
    esmClass: ESM.receipt,
    dataCoding: 8,
    message: Buffer.from('041f', 'hex'),
    tlvs: [tlv(TLV.receipted_message_id, Buffer.from('17\0')), tlv(TLV.message_state, Buffer.from([2]))],
  });
  const read = new smpp.PDU(pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, 5, body));
  expect(read).toMatchObject({
    command: 'deliver_sm',
    sequence_number: 5,
    source_addr: from,
    source_addr_ton: ton,
    source_addr_npi: npi,
    destination_addr: 'Herald',
    esm_class: 4,
    data_coding: 8,
    short_message: { message: 'П' },
    receipted_message_id: '17',
    message_state: 2,
  });
});
