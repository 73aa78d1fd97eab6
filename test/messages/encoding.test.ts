import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, decodeUcs2, encodeGsm7, encodeUcs2, encodingOf, gsm7Units } from '../../src/messages/encoding.ts';
import { EXTENSION_CHARS, GSM_CHARS, gsmText } from './alphabet.ts';

describe('the GSM 03.38 alphabet', () => {
  it('has 127 characters of one septet and ten of two', () => {
    const all = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
    expect(all.filter((char) => gsm7Units(char) === 1)).toHaveLength(127);
    expect(all.filter((char) => gsm7Units(char) === 2).sort()).toEqual([...EXTENSION_CHARS].sort());
  });

  // Spot checks against the tables of 3GPP TS 23.038, 6.2.1 and 6.2.1.1.
  it.each([
    ['@', [0x00]],
    ['£', [0x01]],
    ['$', [0x02]],
    ['Ç', [0x09]],
    ['\n', [0x0a]],
    ['\r', [0x0d]],
    ['Δ', [0x10]],
    ['_', [0x11]],
    ['Ξ', [0x1a]],
    ['Æ', [0x1c]],
    ['É', [0x1f]],
    [' ', [0x20]],
    ['¤', [0x24]],
    ['A', [0x41]],
    ['¡', [0x40]],
    ['Ä', [0x5b]],
    ['§', [0x5f]],
    ['¿', [0x60]],
    ['z', [0x7a]],
    ['à', [0x7f]],
    ['€', [0x1b, 0x65]],
    ['[', [0x1b, 0x3c]],
    ['\\', [0x1b, 0x2f]],
    ['|', [0x1b, 0x40]],
    ['\f', [0x1b, 0x0a]],
    ["O'Brien", [0x4f, 0x27, 0x42, 0x72, 0x69, 0x65, 0x6e]],
  ])('encodes %j', (text, septets) => {
    expect([...encodeGsm7(text)]).toEqual(septets);
    expect(decodeGsm7(Uint8Array.from(septets))).toBe(text);
  });

  it('gives every character back', () => {
    for (const char of GSM_CHARS) expect(decodeGsm7(encodeGsm7(char))).toBe(char);
  });

  it('gives every text back, and needs as many septets as its characters say', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        const septets = encodeGsm7(text);
        expect(decodeGsm7(septets)).toBe(text);
        expect(septets.length).toBe([...text].reduce((sum, char) => sum + gsm7Units(char), 0));
        expect(septets.every((septet) => septet < 0x80)).toBe(true);
        expect(encodingOf(text)).toBe('gsm7');
      }),
    );
  });

  it.each(['ç', '`', 'ё', '’', '\t', '\u001b', '\0', '😀', '', 'ab'])('has no %j', (char) => {
    expect(gsm7Units(char)).toBe(0);
  });

  it('refuses to encode what it does not have, as that is a bug of the caller', () => {
    expect(() => encodeGsm7('Привет')).toThrow('U+041f is not in GSM 03.38');
  });

  it.each([
    ['an escape before a septet without extension shows that septet', [0x1b, 0x41], 'A'],
    ['an escape before an escape is a space', [0x1b, 0x1b, 0x41], ' A'],
    ['an escape at the end is a space', [0x41, 0x1b], 'A '],
    ['a byte above 0x7F is the replacement character', [0x41, 0x80], 'A\ufffd'],
    ['an escape before such a byte likewise', [0x1b, 0xff], '\ufffd'],
  ])('when decoding, %s', (_rule, septets, text) => {
    expect(decodeGsm7(Uint8Array.from(septets))).toBe(text);
  });
});

describe('UCS-2', () => {
  it.each([
    ['Я', [0x04, 0x2f]],
    ['😀', [0xd8, 0x3d, 0xde, 0x00]],
  ])('encodes %j big end first', (text, bytes) => {
    expect([...encodeUcs2(text)]).toEqual(bytes);
  });

  it('gives every text back, half pairs too', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(decodeUcs2(encodeUcs2(text))).toBe(text);
      }),
    );
  });

  it('drops an odd byte at the end', () => {
    expect(decodeUcs2(Uint8Array.of(0x04, 0x2f, 0x04))).toBe('Я');
  });

  it.each(['Привет', 'It’s', 'ok 👍', 'naïve ç', 'a\u00a0b'])('is what %j needs', (text) => {
    expect(encodingOf(text)).toBe('ucs2');
  });
});
