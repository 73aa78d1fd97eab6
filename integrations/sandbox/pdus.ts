/**
 * The bodies of the PDUs that the operator reads and writes. Reading never throws: what cannot be read comes back as the
 * status that SMPP has for it.
 */
import type { StatusName } from './wire.ts';

/** Optional parameters that the operator reads or writes (SMPP 3.4, 5.3.2). */
export const TLV = {
  receipted_message_id: 0x001e,
  user_message_reference: 0x0204,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  message_payload: 0x0424,
  message_state: 0x0427,
} as const;

/** esm_class bits (3.4, 5.2.12). */
export const ESM = { plain: 0x00, receipt: 0x04, intermediate: 0x20, udh: 0x40 } as const;

/** Body of bind_transmitter, bind_receiver and bind_transceiver: the fields that the operator looks at. */
export interface BindRequest {
  readonly systemId: string;
  readonly password: string;
}

/** Body of a submit_sm (3.4, 4.4.1), the message still in bytes. */
export interface SubmitSm {
  readonly sourceTon: number;
  readonly source: string;
  readonly destinationTon: number;
  readonly destination: string;
  readonly esmClass: number;
  readonly validityPeriod: string;
  readonly registeredDelivery: number;
  readonly dataCoding: number;
  readonly shortMessage: Buffer;
  readonly tlvs: ReadonlyMap<number, Buffer>;
}

/** What a body read as, or the status that says why it cannot be read. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly status: StatusName };

/** Reads one field after another; once a field runs over the end, `over` is true and nothing read since counts. */
function fieldsOf(body: Buffer) {
  let at = 0;
  let over = false;
  const take = (length: number): Buffer => {
    if (at + length > body.length) over = true;
    const bytes = body.subarray(at, at + length);
    at += length;
    return bytes;
  };
  return {
    byte: (): number => take(1)[0] ?? 0,
    bytes: take,
    /** A C-octet string: up to and without its NUL. */
    text(): string {
      const end = body.indexOf(0, at);
      if (end === -1) over = true;
      const bytes = body.subarray(at, end === -1 ? body.length : end);
      at += bytes.length + 1;
      return bytes.toString('latin1');
    },
    left: (): number => body.length - at,
    over: (): boolean => over,
  };
}

export function readBind(body: Buffer): Read<BindRequest> {
  const fields = fieldsOf(body);
  const request = { systemId: fields.text(), password: fields.text() };
  fields.text(); // system_type
  fields.bytes(3); // interface_version, addr_ton, addr_npi
  fields.text(); // address_range
  return fields.over() ? { ok: false, status: 'ESME_RINVCMDLEN' } : { ok: true, value: request };
}

export function readSubmit(body: Buffer): Read<SubmitSm> {
  const fields = fieldsOf(body);
  fields.text(); // service_type
  const sourceTon = fields.byte();
  fields.byte(); // source_addr_npi
  const source = fields.text();
  const destinationTon = fields.byte();
  fields.byte(); // dest_addr_npi
  const destination = fields.text();
  const esmClass = fields.byte();
  fields.bytes(2); // protocol_id, priority_flag
  fields.text(); // schedule_delivery_time
  const validityPeriod = fields.text();
  const registeredDelivery = fields.byte();
  fields.byte(); // replace_if_present_flag
  const dataCoding = fields.byte();
  fields.byte(); // sm_default_msg_id
  if (fields.over()) return { ok: false, status: 'ESME_RINVCMDLEN' };
  const shortMessage = fields.bytes(fields.byte());
  if (fields.over()) return { ok: false, status: 'ESME_RINVMSGLEN' };
  const tlvs = readTlvs(fields);
  if (tlvs === null) return { ok: false, status: 'ESME_RINVOPTPARSTREAM' };
  return {
    ok: true,
    value: {
      sourceTon,
      source,
      destinationTon,
      destination,
      esmClass,
      validityPeriod,
      registeredDelivery,
      dataCoding,
      shortMessage,
      tlvs,
    },
  };
}

const NO_TLVS: ReadonlyMap<number, Buffer> = new Map();

function readTlvs(fields: ReturnType<typeof fieldsOf>): ReadonlyMap<number, Buffer> | null {
  if (fields.left() === 0) return NO_TLVS;
  const tlvs = new Map<number, Buffer>();
  while (fields.left() > 0) {
    const head = fields.bytes(4);
    if (fields.over()) return null;
    const value = fields.bytes(head.readUInt16BE(2));
    if (fields.over()) return null;
    tlvs.set(head.readUInt16BE(0), value);
  }
  return tlvs;
}

/** The body of submit_sm_resp and of a bind's answer: one C-octet string, the message's id or the operator's name. */
export const oneString = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');

/** What a deliver_sm says: a receipt or a customer's SMS. */
export interface DeliverSm {
  readonly from: string;
  /** As the number looks when it is not said. */
  readonly fromTon?: number;
  readonly to: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  /** The bytes of the message, a user data header included; 254 at most. */
  readonly message: Buffer;
  readonly tlvs: readonly Buffer[];
}

const TON = { unknown: 0, international: 1, alphanumeric: 5 } as const;
const NPI = { unknown: 0, isdn: 1 } as const;
/** Numbers of up to this many digits are short codes, which belong to no country. */
const SHORT_CODE_DIGITS = 6;

/** Writes the body of a deliver_sm (3.4, 4.6.1). */
export function writeDeliver(deliver: DeliverSm): Buffer {
  const head = Buffer.from(`\0${address(deliver.from, deliver.fromTon)}${address(deliver.to)}`, 'latin1');
  const flags = Buffer.alloc(10);
  flags[0] = deliver.esmClass;
  flags[7] = deliver.dataCoding;
  flags[9] = deliver.message.length;
  return Buffer.concat([head, flags, deliver.message, ...deliver.tlvs]);
}

/** TON, NPI and the address as a C-octet string. */
function address(value: string, said?: number): string {
  if (!/^\+?\d+$/.test(value)) return `${String.fromCharCode(TON.alphanumeric, NPI.unknown)}${value}\0`;
  const ton = said ?? (value.length > SHORT_CODE_DIGITS ? TON.international : TON.unknown);
  return `${String.fromCharCode(ton, NPI.isdn)}${value}\0`;
}

/** An optional parameter in bytes. */
export function tlv(tag: number, value: Buffer): Buffer {
  const head = Buffer.allocUnsafe(4);
  head.writeUInt16BE(tag, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}
