/** The PDUs that are written by hand, against those of the package; and what is written to a socket in one turn of the event loop. */
import { type AddressInfo, connect, createServer } from 'node:net';
import fc from 'fast-check';
import smpp from 'smpp';
import { describe, expect, it } from 'vitest';
import { pduWriter } from '../../../../integrations/providers/smpp/pdu-writer.ts';
import { deliverResp, pdu, submitSm } from '../../../../integrations/providers/smpp/pdus.ts';
import { toSubmits } from '../../../../integrations/providers/smpp/submit.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { quickSettings } from './quick.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
const SEQUENCE = fc.integer({ min: 1, max: 0x7fff_ffff });
const TEXTS = fc.oneof(
  fc.constantFrom(
    'hi',
    'Dear Client, hello',
    'привет',
    'a'.repeat(160),
    'a'.repeat(161),
    'я'.repeat(70),
    'я'.repeat(300),
  ),
  fc.string({ unit: fc.constantFrom('a', '€', 'ё', '😀', '\n', '@', '['), minLength: 1, maxLength: 400 }),
);

describe('a submit_sm written by hand', () => {
  it('is octet for octet what the package makes of the same fields', () => {
    fc.assert(
      fc.property(
        SEQUENCE,
        TEXTS,
        fc.constantFrom('udh' as const, 'udh16' as const, 'sar' as const, 'payload' as const),
        fc.constantFrom('Herald', '1234', '+79161234567'),
        fc.option(fc.date({ min: NOW, max: new Date('2030-01-01'), noInvalidDate: true }), { nil: undefined }),
        (sequence, text, concatenation, sender, validUntil) => {
          const sms = outbound(text, { sender, ...(validUntil && { validUntil }) });
          const made = toSubmits(sms, quickSettings({ port: 1, concatenation }), 0x1a7, NOW);
          if (!made.ok) throw new Error(made.why.detail);
          for (const fields of made.parts) {
            const theirs = new smpp.PDU('submit_sm', { ...fields, sequence_number: sequence }).toBuffer();
            expect(submitSm(fields, sequence).toString('hex')).toBe(theirs.toString('hex'));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a deliver_sm_resp written by hand', () => {
  it('is what the package makes of it; with an error it has no body', () => {
    fc.assert(
      fc.property(SEQUENCE, fc.constantFrom(0, 8, 0x58), (sequence, status) => {
        const theirs = pdu('deliver_sm_resp', { sequence_number: sequence, command_status: status });
        expect(deliverResp(sequence, status).toString('hex')).toBe(theirs.toString('hex'));
      }),
    );
  });
});

describe('what is written to a socket', () => {
  it('arrives whole and in order, also what was written in the very turn in which it was ended', async () => {
    const arrived = Promise.withResolvers<Buffer>();
    const server = createServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk)).on('end', () => arrived.resolve(Buffer.concat(chunks)));
    });
    const { port } = await new Promise<AddressInfo>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)),
    );
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const write = pduWriter(socket);
    for (let sequence = 1; sequence <= 1000; sequence++) write(deliverResp(sequence, 0));
    socket.end();
    write(deliverResp(1001, 0));
    const sequences = (await arrived.promise)
      .toString('hex')
      .match(/.{34}/g)!
      .map((one) => Number.parseInt(one.slice(24, 32), 16));
    expect(sequences).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1));
    server.close();
  });
});
