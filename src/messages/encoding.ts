/**
 * The two alphabets of SMS (3GPP TS 23.038): the 7-bit default alphabet with its extension table, and UCS-2.
 * A text is GSM-7 when every character of it is in the tables, else UCS-2; nothing is ever replaced here.
 */

export type Encoding = 'gsm7' | 'ucs2';

const ESC = 0x1b;

/** 3GPP TS 23.038 6.2.1, septets 0x00-0x7F in order. 0x1B (escape to the extension table) is a hole, kept as NUL. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\0ÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** 3GPP TS 23.038 6.2.1.1: what follows the escape. */
const EXTENSION: readonly (readonly [number, string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
];

/** By UTF-16 unit: how many septets it takes, and the septet itself. The last unit in the tables is the euro, U+20AC. */
const UNITS = new Uint8Array(0x20ad);
const SEPTET = new Uint8Array(0x20ad);
const EXTENDED = new Map<number, string>(EXTENSION);

for (let septet = 0; septet < BASIC.length; septet++) {
  if (septet === ESC) continue;
  UNITS[BASIC.charCodeAt(septet)] = 1;
  SEPTET[BASIC.charCodeAt(septet)] = septet;
}
for (const [septet, char] of EXTENSION) {
  UNITS[char.charCodeAt(0)] = 2;
  SEPTET[char.charCodeAt(0)] = septet;
}

/** Septets that a UTF-16 unit takes in GSM-7: 1, 2 with its escape, or 0 when it is not in the tables. */
export const gsm7UnitsAt = (text: string, index: number): number => UNITS[text.charCodeAt(index)] ?? 0;

/** Septets that a character takes in GSM-7: 1, 2 with its escape, or 0 when it is not in the tables. */
export function gsm7Units(char: string): 0 | 1 | 2 {
  if (char.length !== 1) return 0;
  return gsm7UnitsAt(char, 0) as 0 | 1 | 2;
}

/** The cheapest alphabet that carries the text as it is. */
export function encodingOf(text: string): Encoding {
  for (let i = 0; i < text.length; i++) if (gsm7UnitsAt(text, i) === 0) return 'ucs2';
  return 'gsm7';
}

/** Unpacked GSM-7: one septet per byte, an escape before each extension character. Throws on a text that is not GSM-7. */
export function encodeGsm7(text: string): Buffer {
  const septets = Buffer.allocUnsafe(septetsOf(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    if (gsm7UnitsAt(text, i) === 2) septets[at++] = ESC;
    septets[at++] = SEPTET[text.charCodeAt(i)]!;
  }
  return septets;
}

function septetsOf(text: string): number {
  let septets = 0;
  for (let i = 0; i < text.length; i++) {
    const units = gsm7UnitsAt(text, i);
    if (units === 0) throw new Error(`U+${text.charCodeAt(i).toString(16).padStart(4, '0')} is not in GSM 03.38`);
    septets += units;
  }
  return septets;
}

/**
 * The text of unpacked septets. What an operator sends is taken as it comes: an escape before a septet without extension
 * shows the septet of the default alphabet, an escape before nothing or another escape a space (TS 23.038 6.2.1.1), and
 * a byte above 0x7F the replacement character.
 */
export function decodeGsm7(septets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < septets.length; i++) {
    const septet = septets[i]!;
    if (septet !== ESC) {
      text += basic(septet);
      continue;
    }
    const next = septets[i + 1];
    if (next === undefined) text += ' ';
    else text += EXTENDED.get(next) ?? (next === ESC ? ' ' : basic(next));
    i++;
  }
  return text;
}

const basic = (septet: number): string => (septet < BASIC.length ? BASIC[septet]! : '\uFFFD');

/** UTF-16, big end first (TS 23.038 6.2.3; characters beyond the BMP as surrogate pairs, as phones show them). */
export const encodeUcs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** The text of UTF-16BE bytes; an odd last byte is dropped. */
export function decodeUcs2(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode((bytes[i]! << 8) | bytes[i + 1]!);
  return text;
}
