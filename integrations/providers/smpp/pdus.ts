/**
 * PDUs as bytes. Most are the package's; the two that a busy session is made of, submit_sm and deliver_sm_resp, are written here: the
 * package takes ten times as long over them. A test holds them to the package's bytes.
 */
import smpp, { type PduFields } from 'smpp';

/** What a submit_sm says (SMPP 3.4, 4.4.1); the fields that it leaves out are 0 or empty. */
export interface SubmitFields {
  readonly source_addr_ton: number;
  readonly source_addr_npi: number;
  /** Addresses and times are of ASCII. */
  readonly source_addr: string;
  readonly dest_addr_ton: number;
  readonly dest_addr_npi: number;
  readonly destination_addr: string;
  readonly esm_class: number;
  readonly validity_period: string;
  readonly registered_delivery: number;
  readonly data_coding: number;
  /** At most 254 octets. */
  readonly short_message: Buffer;
  readonly sar_msg_ref_num?: number;
  readonly sar_total_segments?: number;
  readonly sar_segment_seqnum?: number;
  readonly message_payload?: Buffer;
}

export const pdu = (command: string, fields: PduFields): Buffer => new smpp.PDU(command, fields).toBuffer();

const HEADER_BYTES = 16;
const SUBMIT_SM = 0x00000004;
const DELIVER_SM_RESP = 0x80000005;
/** Of the body: ten fields of one octet, and the ends of five strings of which two are always empty. */
const FIXED_BYTES = 17;
/** 5.3.1: the tag and the length. */
const TLV_HEADER_BYTES = 4;
/** 5.3.2.22 to 24. */
const [SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM] = [0x020c, 0x020e, 0x020f];
/** 5.3.2.32. */
const MESSAGE_PAYLOAD = 0x0424;

export function submitSm(fields: SubmitFields, sequence: number): Buffer {
  const { source_addr, destination_addr, validity_period, short_message, message_payload } = fields;
  const tlvs = tlvsOf(fields);
  const strings = source_addr.length + destination_addr.length + validity_period.length;
  const length =
    HEADER_BYTES + FIXED_BYTES + strings + short_message.length + sizeOf(tlvs) + payloadBytes(message_payload);
  const bytes = Buffer.allocUnsafe(length);
  let at = headerInto(bytes, SUBMIT_SM, 0, sequence);
  bytes[at++] = 0; // service_type
  bytes[at++] = fields.source_addr_ton;
  bytes[at++] = fields.source_addr_npi;
  at = stringInto(bytes, at, source_addr);
  bytes[at++] = fields.dest_addr_ton;
  bytes[at++] = fields.dest_addr_npi;
  at = stringInto(bytes, at, destination_addr);
  bytes[at++] = fields.esm_class;
  bytes[at++] = 0; // protocol_id
  bytes[at++] = 0; // priority_flag
  bytes[at++] = 0; // schedule_delivery_time
  at = stringInto(bytes, at, validity_period);
  bytes[at++] = fields.registered_delivery;
  bytes[at++] = 0; // replace_if_present_flag
  bytes[at++] = fields.data_coding;
  bytes[at++] = 0; // sm_default_msg_id
  bytes[at++] = short_message.length;
  at += short_message.copy(bytes, at);
  for (const { tag, size, value } of tlvs) {
    at = tlvInto(bytes, at, tag, size);
    at = bytes.writeUIntBE(value, at, size);
  }
  if (message_payload) message_payload.copy(bytes, tlvInto(bytes, at, MESSAGE_PAYLOAD, message_payload.length));
  return bytes;
}

/** 4.6.2: the header, and a message_id that is unused and empty; with an error, the header alone. */
export function deliverResp(sequence: number, status: number): Buffer {
  const bytes = Buffer.alloc(status === 0 ? HEADER_BYTES + 1 : HEADER_BYTES);
  headerInto(bytes, DELIVER_SM_RESP, status, sequence);
  return bytes;
}

/** 3.2. Returns where the body begins. */
function headerInto(bytes: Buffer, command: number, status: number, sequence: number): number {
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(command, 4);
  bytes.writeUInt32BE(status, 8);
  return bytes.writeUInt32BE(sequence, 12);
}

/** 3.1: a C-octet string ends in a NUL. */
function stringInto(bytes: Buffer, at: number, text: string): number {
  const end = at + bytes.write(text, at, 'latin1');
  bytes[end] = 0;
  return end + 1;
}

function tlvInto(bytes: Buffer, at: number, tag: number, length: number): number {
  return bytes.writeUInt16BE(length, bytes.writeUInt16BE(tag, at));
}

interface Tlv {
  readonly tag: number;
  /** Octets of its value. */
  readonly size: number;
  readonly value: number;
}

const NONE: readonly Tlv[] = [];

function tlvsOf({ sar_msg_ref_num, sar_total_segments, sar_segment_seqnum }: SubmitFields): readonly Tlv[] {
  if (sar_msg_ref_num === undefined) return NONE;
  return [
    { tag: SAR_MSG_REF_NUM, size: 2, value: sar_msg_ref_num },
    { tag: SAR_TOTAL_SEGMENTS, size: 1, value: sar_total_segments ?? 1 },
    { tag: SAR_SEGMENT_SEQNUM, size: 1, value: sar_segment_seqnum ?? 1 },
  ];
}

const sizeOf = (tlvs: readonly Tlv[]): number => tlvs.reduce((sum, { size }) => sum + TLV_HEADER_BYTES + size, 0);

const payloadBytes = (payload: Buffer | undefined): number => (payload ? TLV_HEADER_BYTES + payload.length : 0);
