/**
 * SMPP 3.4 on the wire: frames out of a byte stream, and PDUs into bytes. Written from the specification and not upon the
 * package that Herald sends with, so that a mistake made there is seen here.
 */

/** Bytes of every PDU before its body: command_length, command_id, command_status, sequence_number (3.4, 3.2). */
export const HEADER_BYTES = 16;

/** Longest PDU that is read: 64 KiB of message_payload and some room for the rest. */
const LONGEST_PDU = 70_000;

/** command_id by name (3.4, 5.1.2.1), those that the operator knows. */
export const COMMAND = {
  generic_nack: 0x80000000,
  bind_receiver: 0x00000001,
  bind_receiver_resp: 0x80000001,
  bind_transmitter: 0x00000002,
  bind_transmitter_resp: 0x80000002,
  submit_sm: 0x00000004,
  submit_sm_resp: 0x80000004,
  deliver_sm: 0x00000005,
  deliver_sm_resp: 0x80000005,
  unbind: 0x00000006,
  unbind_resp: 0x80000006,
  bind_transceiver: 0x00000009,
  bind_transceiver_resp: 0x80000009,
  enquire_link: 0x00000015,
  enquire_link_resp: 0x80000015,
} as const;

/** command_status by name (3.4, 5.1.3), those that an operator answers with. */
export const STATUS = {
  ESME_ROK: 0x00,
  ESME_RINVMSGLEN: 0x01,
  ESME_RINVCMDLEN: 0x02,
  ESME_RINVCMDID: 0x03,
  ESME_RINVBNDSTS: 0x04,
  ESME_RALYBND: 0x05,
  ESME_RSYSERR: 0x08,
  ESME_RINVSRCADR: 0x0a,
  ESME_RINVDSTADR: 0x0b,
  ESME_RBINDFAIL: 0x0d,
  ESME_RINVPASWD: 0x0e,
  ESME_RINVSYSID: 0x0f,
  ESME_RMSGQFUL: 0x14,
  ESME_RINVSERTYP: 0x15,
  ESME_RINVESMCLASS: 0x43,
  ESME_RSUBMITFAIL: 0x45,
  ESME_RINVSRCTON: 0x48,
  ESME_RINVDSTTON: 0x50,
  ESME_RTHROTTLED: 0x58,
  ESME_RINVSCHED: 0x61,
  ESME_RINVEXPIRY: 0x62,
  ESME_RX_T_APPN: 0x64,
  ESME_RX_P_APPN: 0x65,
  ESME_RX_R_APPN: 0x66,
  ESME_RINVOPTPARSTREAM: 0xc0,
  ESME_RDELIVERYFAILURE: 0xfe,
  ESME_RUNKNOWNERR: 0xff,
  ESME_RPROHIBITED: 0x101,
  ESME_RINVDCS: 0x104,
} as const;

export type StatusName = keyof typeof STATUS;

/** One PDU as it came: the header read, the body not. */
export interface Frame {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** What a chunk completed; `broken` when a length cannot be, after which the stream has no meaning any more. */
export interface Framed {
  readonly frames: readonly Frame[];
  readonly broken: boolean;
}

/** Cuts a stream into PDUs; one per connection, fed with every chunk in turn. */
export function createFramer(): (chunk: Buffer) => Framed {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at);
      if (length < HEADER_BYTES || length > LONGEST_PDU) return { frames, broken: true };
      if (bytes.length - at < length) break;
      frames.push({
        command: bytes.readUInt32BE(at + 4),
        status: bytes.readUInt32BE(at + 8),
        sequence: bytes.readUInt32BE(at + 12),
        body: bytes.subarray(at + HEADER_BYTES, at + length),
      });
      at += length;
    }
    rest = bytes.subarray(at);
    return { frames, broken: false };
  };
}

const NO_BODY = Buffer.alloc(0);

/** A PDU in bytes; an answer that carries an error has no body (3.4, 4.4.2). */
export function pdu(command: number, status: number, sequence: number, body: Buffer = NO_BODY): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(command, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
  body.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** True for answers: their id has the highest bit set (3.4, 5.1.2). */
export const isAnswer = (command: number): boolean => command >= 0x80000000;

/** The answer's command_id for a request's. */
export const answerTo = (command: number): number => (command | 0x80000000) >>> 0;
