/**
 * A deliver_sm or data_sm as its bytes say it (SMPP 3.4, 4.6.1 and 4.7.1): pure. The package's own reader is not used
 * for these: it decodes bodies by a wrong table, loses their bytes, reads past the end of a receipted_message_id that
 * has no NUL, and throws on what is cut short.
 */
import { bodyOf, COMMAND, cString, type Frame } from './wire.ts';

/** Which part of a long message this is; `index` counts from 1. */
export interface PartMark {
  readonly reference: number;
  readonly total: number;
  readonly index: number;
}

export interface DeliverSm {
  readonly source: string;
  readonly sourceTon: number;
  readonly destination: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  /** The message without its user data header; a view of the bytes read. */
  readonly body: Buffer;
  readonly part: PartMark | null;
  /** 5.3.2.12; the id of the message that a receipt is about. */
  readonly receiptedMessageId: string | null;
  /** 5.3.2.35 */
  readonly messageState: number | null;
  /** 5.3.2.31: network type and error code, such as `3:27`. */
  readonly networkError: string | null;
}

export type DeliverRead =
  | { readonly ok: true; readonly deliver: DeliverSm }
  /** It cannot be read; `why` says nothing of what it contains. */
  | { readonly ok: false; readonly why: string };

const TLV = {
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarIndex: 0x020f,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

const ESM_UDHI = 0x40;

export function readDeliver(frame: Frame): DeliverRead {
  const read = reader(bodyOf(frame));
  read.text(); // service_type
  const sourceTon = read.byte();
  read.byte(); // source_addr_npi
  const source = read.text();
  read.skip(2); // dest_addr_ton, dest_addr_npi
  const destination = read.text();
  const esmClass = read.byte();
  const isData = frame.command === COMMAND.dataSm;
  if (!isData) {
    read.skip(2); // protocol_id, priority_flag
    read.text(); // schedule_delivery_time
    read.text(); // validity_period
  }
  read.skip(isData ? 1 : 2); // registered_delivery, replace_if_present_flag
  const dataCoding = read.byte();
  if (!isData) read.byte(); // sm_default_msg_id
  const shortMessage = isData ? Buffer.alloc(0) : read.bytes(read.byte());
  if (read.isOver()) return { ok: false, why: 'it ends before its message does' };

  const tlvs = readTlvs(read.rest());
  const whole = shortMessage.length > 0 ? shortMessage : (tlvs.get(TLV.messagePayload) ?? shortMessage);
  const headerBytes = (esmClass & ESM_UDHI) === 0 || whole.length === 0 ? 0 : 1 + whole[0]!;
  if (headerBytes > whole.length) return { ok: false, why: 'its user data header is longer than its message' };

  const deliver = {
    source,
    sourceTon,
    destination,
    esmClass,
    dataCoding,
    body: whole.subarray(headerBytes),
    part: partOfHeader(whole.subarray(0, headerBytes)) ?? partOfTlvs(tlvs),
    receiptedMessageId: idOf(tlvs.get(TLV.receiptedMessageId)),
    messageState: tlvs.get(TLV.messageState)?.[0] ?? null,
    networkError: networkErrorOf(tlvs.get(TLV.networkErrorCode)),
  };
  return { ok: true, deliver };
}

/** Reads forward; beyond the end it gives zeros and empty texts, and remembers it. */
function reader(bytes: Buffer) {
  let at = 0;
  return {
    byte: () => bytes[at++] ?? 0,
    skip(count: number) {
      at += count;
    },
    text() {
      const text = cString(bytes, at);
      at += text.length + 1;
      return text;
    },
    bytes(count: number) {
      at += count;
      return bytes.subarray(at - count, at);
    },
    isOver: () => at > bytes.length,
    rest: () => bytes.subarray(at),
  };
}

/** 3.2.4.1: tag, length, value. One that is cut short ends the reading; what stood before it is kept. */
function readTlvs(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const tlvs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) break;
    tlvs.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, end));
    at = end;
  }
  return tlvs;
}

/** A C-octet string by the book; many operators leave its NUL out, so its length is what counts. */
function idOf(value: Buffer | undefined): string | null {
  if (!value) return null;
  const id = cString(value, 0).trim();
  return id === '' ? null : id;
}

/** Code 0 is no error. */
const networkErrorOf = (value: Buffer | undefined): string | null =>
  value?.length === 3 && value.readUInt16BE(1) !== 0 ? `${value.readUInt8(0)}:${value.readUInt16BE(1)}` : null;

/** TS 23.040, 9.2.3.24.1 and 9.2.3.24.8: concatenation with a reference of 8 and of 16 bits. */
function partOfHeader(header: Buffer): PartMark | null {
  for (let at = 1; at + 1 < header.length; ) {
    const element = header[at];
    const end = at + 2 + header[at + 1]!;
    if (end > header.length) break;
    const value = header.subarray(at + 2, end);
    at = end;
    if (element === 0x00 && value.length === 3) return mark(value.readUInt8(0), value.readUInt8(1), value.readUInt8(2));
    if (element === 0x08 && value.length === 4)
      return mark(value.readUInt16BE(0), value.readUInt8(2), value.readUInt8(3));
  }
  return null;
}

/** 5.3.2.22 to 5.3.2.24 */
function partOfTlvs(tlvs: ReadonlyMap<number, Buffer>): PartMark | null {
  const reference = tlvs.get(TLV.sarReference);
  const total = tlvs.get(TLV.sarTotal);
  const index = tlvs.get(TLV.sarIndex);
  if (reference?.length !== 2 || total?.length !== 1 || index?.length !== 1) return null;
  return mark(reference.readUInt16BE(0), total[0]!, index[0]!);
}

/** TS 23.040: an element with an impossible part number shall be ignored; and one of one is no part. */
const mark = (reference: number, total: number, index: number): PartMark | null =>
  total < 2 || index < 1 || index > total ? null : { reference, total, index };
