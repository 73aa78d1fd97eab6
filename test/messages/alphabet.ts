/** Characters and texts that the tests of this room draw from. */
import fc from 'fast-check';

export const EXTENSION_CHARS = [...'^{}\\[~]|€\f'];

/** Written out from 3GPP TS 23.038 apart from the code under test. */
const BASIC_CHARS = [
  ...'@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡',
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\n\r',
];

export const GSM_CHARS = [...BASIC_CHARS, ...EXTENSION_CHARS];

/** GSM-7 texts up to several parts, with extension characters often enough to fall on every boundary. */
export const gsmText = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...GSM_CHARS) }, fc.constantFrom(...EXTENSION_CHARS)), {
    maxLength: 500,
    size: 'max',
  })
  .map((chars) => chars.join(''));

/** Texts with letters, emoji of several code points and typography, up to several parts. */
export const anyText = fc
  .array(fc.constantFrom('Я', 'ж', ' ', 'a', '’', '😀', '👨‍👩‍👧', '🇷🇺', '1️⃣', '€', 'é', '\n'), {
    maxLength: 250,
    size: 'max',
  })
  .map((chars) => chars.join(''));
