/**
 * Bytes that no operator should send and some do: lengths that cannot be, commands that do not exist, bodies that end too
 * early. After most of them a stream has no meaning any more, and the only right answer is to close it.
 */
import { TLV } from './pdus.ts';
import { COMMAND, HEADER_BYTES, pdu, STATUS } from './wire.ts';

/** Bad bytes by name; `sequence` is one that the other side has not seen. */
const BAD_PDUS = {
  /** command_length 0: a parser that trusts it reads the same bytes for ever, or loses its step. */
  'length-0': (sequence: number) => withLength(0, enquireLink(sequence)),
  /** command_length shorter than the header. */
  'length-8': (sequence: number) => withLength(8, enquireLink(sequence)),
  'length-15': (sequence: number) => withLength(15, enquireLink(sequence)),
  /** command_length of 2 GiB: a parser that trusts it waits for ever, or takes all memory. */
  'length-huge': (sequence: number) => withLength(0x7fffffff, enquireLink(sequence)),
  /** A request that SMPP does not know; to be answered with generic_nack, and nothing else is wrong. */
  'unknown-command': (sequence: number) => pdu(0x00000999, STATUS.ESME_ROK, sequence),
  /** A deliver_sm whose TLV says 64 bytes and has four. */
  'truncated-tlv': (sequence: number) => {
    const tlv = Buffer.from([
      TLV.receipted_message_id >> 8,
      TLV.receipted_message_id & 0xff,
      0,
      64,
      0x31,
      0x32,
      0x33,
      0x34,
    ]);
    return pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, sequence, Buffer.concat([Buffer.alloc(17), tlv]));
  },
  /** A deliver_sm whose sm_length says 200 bytes and has none. */
  'truncated-message': (sequence: number) => {
    const body = Buffer.alloc(17);
    body[16] = 200;
    return pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, sequence, body);
  },
  /** A deliver_sm whose address has no end. */
  'unterminated-string': (sequence: number) =>
    pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, sequence, Buffer.from('\0\x01\x0179160000000', 'latin1')),
  /** An answer to a submit_sm that nobody sent. */
  'orphan-answer': (sequence: number) =>
    pdu(COMMAND.submit_sm_resp, STATUS.ESME_ROK, (sequence ^ 0x40000000) >>> 0, Buffer.from('orphan\0', 'latin1')),
  /** Bytes of another protocol. */
  garbage: () => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'latin1'),
} as const satisfies Readonly<Record<string, (sequence: number) => Buffer>>;

export type BadPdu = keyof typeof BAD_PDUS;

export const BAD_PDU_NAMES = Object.keys(BAD_PDUS) as [BadPdu, ...BadPdu[]];

export const badPdu = (kind: BadPdu, sequence: number): Buffer => BAD_PDUS[kind](sequence);

const enquireLink = (sequence: number): Buffer => pdu(COMMAND.enquire_link, STATUS.ESME_ROK, sequence);

function withLength(length: number, bytes: Buffer): Buffer {
  const lying = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  lying.writeUInt32BE(length, 0);
  return lying;
}
