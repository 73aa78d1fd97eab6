/** The text of a message that came in, by its data_coding (SMPP 3.4, 5.2.19, and 3GPP TS 23.038, 4): pure. */
import iconv from 'iconv-lite';
import { decodeGsm7, decodeUcs2 } from '../../../src/messages/encoding.ts';

type Decode = (body: Buffer) => string;

const ucs2: Decode = (body) => decodeUcs2(body).toWellFormed();

const SIMPLE: ReadonlyMap<number, Decode> = new Map([
  [0x00, decodeGsm7],
  [0x01, (body) => body.toString('latin1')], // IA5
  [0x03, (body) => body.toString('latin1')],
  [0x06, (body) => iconv.decode(body, 'iso-8859-5')],
  [0x07, (body) => iconv.decode(body, 'iso-8859-8')],
  [0x08, ucs2],
]);

/** Bits 3 and 2 of the general groups with a message class or compression bits, 00xxxxxx. */
const GENERAL: readonly (Decode | null)[] = [decodeGsm7, null, ucs2, null];

/** The text, or null when the bytes are no text (8-bit data, a coding that nobody names). */
export function messageText(dataCoding: number, body: Buffer): string | null {
  const decode = SIMPLE.get(dataCoding) ?? byGroup(dataCoding);
  return decode === null ? null : decode(body);
}

function byGroup(dataCoding: number): Decode | null {
  const group = dataCoding >> 4;
  if (group === 0x1) return GENERAL[(dataCoding >> 2) & 3] ?? null;
  if (group === 0xf) return (dataCoding & 0x04) === 0 ? decodeGsm7 : null;
  return null;
}
