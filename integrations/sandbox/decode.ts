/**
 * What a submit_sm says, read from its bytes by data_coding and user data header alone. It is the judge of Herald's
 * encoder, so it shares nothing with it, guesses nothing, and names every flaw that a handset would show as rubbish.
 */
import { DEFAULT_ALPHABET, ESCAPE, EXTENSION } from './alphabet.ts';
import { ESM, type SubmitSm, TLV } from './pdus.ts';

export type TextEncoding = 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'binary';

/** Which part of a long message this is; `index` counts from 1. */
export interface Part {
  readonly ref: number;
  readonly total: number;
  readonly index: number;
}

/** What is wrong with the bytes, though they can be read. */
export type Flaw =
  | 'bad-udh' // the user data header is longer than the message, or an element longer than the header
  | 'bad-part' // a part number of 0, or above the total
  | 'bad-septet' // an octet above 0x7f where one septet should be, or an extension that does not exist
  | 'split-escape' // the part ends between the escape and its character
  | 'bad-ascii' // an octet above 0x7f, or a control character, in IA5 text
  | 'odd-ucs2' // half a UTF-16 unit at the end
  | 'split-surrogate' // half a surrogate pair
  | 'unknown-coding' // a data_coding that says nothing about text
  | 'too-long'; // more than the 140 octets that one SMS carries

export interface DecodedMessage {
  readonly encoding: TextEncoding;
  /** Hexadecimal for `binary`. */
  readonly text: string;
  readonly part: Part | null;
  readonly flaws: readonly Flaw[];
}

/** Octets of user data in one SMS (3GPP TS 23.040, 9.2.3.16). */
const SMS_OCTETS = 140;

/** `alphabet`: what data_coding 0 means. */
export function decodeMessage(submit: SubmitSm, alphabet: 'gsm7' | 'latin1' | 'ascii' = 'gsm7'): DecodedMessage {
  const flaws: Flaw[] = [];
  const { header, content, part } = unfold(submit, flaws);
  if (part !== null && (part.index < 1 || part.index > part.total)) note('bad-part', flaws);

  const encoding = submit.dataCoding === 0 ? alphabet : encodingOf(submit.dataCoding, flaws);
  const text = TEXT_OF[encoding](content, flaws);
  // A message_payload may be of any length: the operator cuts it up itself.
  const isOneSms = submit.shortMessage.length > 0;
  if (isOneSms && octetsOnAir(header.length, content.length, submit.dataCoding === 0 ? 'gsm7' : encoding) > SMS_OCTETS)
    note('too-long', flaws);
  return { encoding, text, part, flaws };
}

/** Just the part, for a log without texts. */
export const partOf = (submit: SubmitSm): Part | null => unfold(submit, []).part;

interface Unfolded {
  /** The user data header with its length octet; empty when there is none. */
  readonly header: Buffer;
  readonly content: Buffer;
  readonly part: Part | null;
}

function unfold(submit: SubmitSm, flaws: Flaw[]): Unfolded {
  const payload = submit.tlvs.get(TLV.message_payload);
  // 3.4, 5.3.2.32: sm_length is 0 when the message is in message_payload.
  const bytes = submit.shortMessage.length > 0 ? submit.shortMessage : (payload ?? submit.shortMessage);
  const headerLength = (submit.esmClass & ESM.udh) === 0 ? 0 : 1 + (bytes[0] ?? 0);
  if (headerLength > bytes.length) note('bad-udh', flaws);
  const header = bytes.subarray(0, headerLength);
  const part = partOfHeader(header, flaws) ?? partOfTlvs(submit.tlvs);
  return { header, content: bytes.subarray(headerLength), part };
}

/** Concatenation with a reference of 8 bits, and of 16 (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8). */
const CONCATENATION_8 = 0x00;
const CONCATENATION_16 = 0x08;

function partOfHeader(header: Buffer, flaws: Flaw[]): Part | null {
  let part: Part | null = null;
  for (let at = 1; at < header.length; ) {
    const element = header[at];
    const length = header[at + 1] ?? 0;
    const value = header.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    if (at > header.length) {
      note('bad-udh', flaws);
      break;
    }
    if (element === CONCATENATION_8 && length === 3) {
      part = { ref: value.readUInt8(0), total: value.readUInt8(1), index: value.readUInt8(2) };
    }
    if (element === CONCATENATION_16 && length === 4) {
      part = { ref: value.readUInt16BE(0), total: value.readUInt8(2), index: value.readUInt8(3) };
    }
  }
  return part;
}

/** Concatenation by the sar_ parameters (3.4, 5.3.2.22 to 24). */
function partOfTlvs(tlvs: ReadonlyMap<number, Buffer>): Part | null {
  const ref = tlvs.get(TLV.sar_msg_ref_num);
  const total = tlvs.get(TLV.sar_total_segments);
  const index = tlvs.get(TLV.sar_segment_seqnum);
  if (ref?.length !== 2 || total?.length !== 1 || index?.length !== 1) return null;
  return { ref: ref.readUInt16BE(0), total: total.readUInt8(0), index: index.readUInt8(0) };
}

/** data_coding (3.4, 5.2.19), whose upper half may be that of GSM (3GPP TS 23.038, 4). */
function encodingOf(dataCoding: number, flaws: Flaw[]): TextEncoding {
  const simple = SIMPLE_CODINGS.get(dataCoding);
  if (simple !== undefined) return simple;
  const group = dataCoding >> 4;
  if (group === 0x1) return GSM_GENERAL[(dataCoding >> 2) & 3] ?? 'binary';
  if (group === 0xf) return (dataCoding & 0x04) === 0 ? 'gsm7' : 'binary';
  note('unknown-coding', flaws);
  return 'binary';
}

const SIMPLE_CODINGS: ReadonlyMap<number, TextEncoding> = new Map([
  [0x00, 'gsm7'],
  [0x01, 'ascii'],
  [0x02, 'binary'],
  [0x03, 'latin1'],
  [0x04, 'binary'],
  [0x08, 'ucs2'],
]);

/** Bits 3 and 2 of the general group with a message class, 0001xxxx. */
const GSM_GENERAL: readonly TextEncoding[] = ['gsm7', 'binary', 'ucs2'];

const TEXT_OF: Readonly<Record<TextEncoding, (bytes: Buffer, flaws: Flaw[]) => string>> = {
  gsm7: gsmText,
  ascii: asciiText,
  latin1: (bytes) => bytes.toString('latin1'),
  ucs2: ucs2Text,
  binary: (bytes) => bytes.toString('hex'),
};

const UNREADABLE = '\ufffd';

function gsmText(bytes: Buffer, flaws: Flaw[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const septet = bytes[i]!;
    if (septet !== ESCAPE) {
      text += DEFAULT_ALPHABET[septet] ?? unreadable('bad-septet', flaws);
      continue;
    }
    const extension = bytes[++i];
    if (extension === undefined) text += unreadable('split-escape', flaws);
    else text += EXTENSION.get(extension) ?? unreadable('bad-septet', flaws);
  }
  return text;
}

function asciiText(bytes: Buffer, flaws: Flaw[]): string {
  let text = '';
  for (const octet of bytes) {
    const printable = (octet >= 0x20 && octet < 0x7f) || octet === 0x0a || octet === 0x0d;
    text += printable ? String.fromCharCode(octet) : unreadable('bad-ascii', flaws);
  }
  return text;
}

function ucs2Text(bytes: Buffer, flaws: Flaw[]): string {
  const whole = bytes.length & ~1;
  const text = Buffer.from(bytes.subarray(0, whole)).swap16().toString('utf16le');
  if (!text.isWellFormed()) note('split-surrogate', flaws);
  if (whole === bytes.length) return text;
  return text + unreadable('odd-ucs2', flaws);
}

function unreadable(flaw: Flaw, flaws: Flaw[]): string {
  note(flaw, flaws);
  return UNREADABLE;
}

function note(flaw: Flaw, flaws: Flaw[]): void {
  if (!flaws.includes(flaw)) flaws.push(flaw);
}

/** Octets that the message takes in the air, where septets are packed and the header is filled up to a septet. */
function octetsOnAir(headerLength: number, contentLength: number, encoding: TextEncoding): number {
  if (encoding !== 'gsm7') return headerLength + contentLength;
  const headerSeptets = Math.ceil((headerLength * 8) / 7);
  return Math.ceil(((headerSeptets + contentLength) * 7) / 8);
}
