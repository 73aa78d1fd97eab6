/**
 * The byte stream of a session cut into PDUs, and their headers (SMPP 3.4, 3.2). It stands in front of every parser:
 * a length that no PDU has is found as soon as its four bytes are there, and nothing after it is read.
 */
import smpp from 'smpp';

/** 3.4, 3.2: a PDU is at least its header. */
const HEADER_BYTES = 16;
/** A message_payload of 64 KB is the longest that the protocol knows (5.3.2.32); nothing real comes near it. */
const LONGEST_PDU = 65_536;

const id = (command: string): number => smpp.commands[command]!.id;

/** command_id of what is read here; an answer is its request's with the highest bit set. */
export const COMMAND = {
  genericNack: id('generic_nack'),
  bindReceiverResp: id('bind_receiver_resp'),
  bindTransmitterResp: id('bind_transmitter_resp'),
  bindTransceiverResp: id('bind_transceiver_resp'),
  submitSmResp: id('submit_sm_resp'),
  deliverSm: id('deliver_sm'),
  dataSm: id('data_sm'),
  enquireLink: id('enquire_link'),
  enquireLinkResp: id('enquire_link_resp'),
  unbind: id('unbind'),
  unbindResp: id('unbind_resp'),
} as const;

/** One whole PDU: its bytes, and the header read from them. */
export interface Frame {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly bytes: Buffer;
}

export const isAnswer = (command: number): boolean => command >= 0x8000_0000;

/** Cuts what arrives. After `broken` nothing else can be read from that stream: its next boundary is not known. */
export interface FrameCutter {
  cut(chunk: Buffer): { readonly frames: readonly Frame[]; readonly broken: string | null };
}

export function frameCutter(): FrameCutter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    cut(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const frames: Frame[] = [];
      let at = 0;
      while (bytes.length - at >= 4) {
        const length = bytes.readUInt32BE(at);
        if (length < HEADER_BYTES || length > LONGEST_PDU) return { frames, broken: `a PDU of length ${length}` };
        if (bytes.length - at < length) break;
        frames.push(frameOf(bytes.subarray(at, at + length)));
        at += length;
      }
      rest = bytes.subarray(at);
      return { frames, broken: null };
    },
  };
}

const frameOf = (bytes: Buffer): Frame => ({
  command: bytes.readUInt32BE(4),
  status: bytes.readUInt32BE(8),
  sequence: bytes.readUInt32BE(12),
  bytes,
});

/** The C-octet string at `at`: up to its NUL, or to the end when the NUL is missing. */
export function cString(bytes: Buffer, at: number): string {
  const nul = bytes.indexOf(0, at);
  return bytes.toString('latin1', at, nul === -1 ? bytes.length : nul);
}

/** message_id of a submit_sm_resp; an operator that leaves the body out has given none. */
export const messageIdOf = (frame: Frame): string => cString(frame.bytes, HEADER_BYTES);

/** The body of a PDU, without its header. */
export const bodyOf = (frame: Frame): Buffer => frame.bytes.subarray(HEADER_BYTES);
