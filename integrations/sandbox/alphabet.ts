/** The GSM 7-bit default alphabet and its extension table, as 3GPP TS 23.038, 6.2.1 prints them; one septet in one octet. */

/** The septet that announces a character of the extension table. */
export const ESCAPE = 0x1b;

/** Characters by septet. Position 0x1b, the escape, holds NUL, which is no character of the alphabet. */
export const DEFAULT_ALPHABET: readonly string[] = [
  ...'@£$¥èéùìòÇ\nØø\rÅå',
  ...'Δ_ΦΓΛΩΠΨΣΘΞ\0ÆæßÉ',
  ...' !"#¤%&\'()*+,-./',
  ...'0123456789:;<=>?',
  ...'¡ABCDEFGHIJKLMNO',
  ...'PQRSTUVWXYZÄÖÑÜ§',
  ...'¿abcdefghijklmno',
  ...'pqrstuvwxyzäöñüà',
];

/** Characters that follow the escape (3GPP TS 23.038, 6.2.1.1). */
export const EXTENSION: ReadonlyMap<number, string> = new Map([
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
]);
