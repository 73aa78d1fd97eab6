import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, decodeUcs2, encodeGsm7, encodeUcs2, encodingOf } from '../../src/messages/encoding.ts';
import { concatenationUdh, MAX_PARTS, measure, splitParts } from '../../src/messages/parts.ts';
import { anyText, gsmText } from './alphabet.ts';

const a = (count: number): string => 'a'.repeat(count);
const ya = (count: number): string => 'Я'.repeat(count);

describe('measuring', () => {
  it.each([
    ['nothing', '', 'gsm7', 0, 1, 160],
    ['one part of GSM-7', a(160), 'gsm7', 160, 1, 160],
    ['a character too many', a(161), 'gsm7', 161, 2, 153],
    ['two full parts', a(306), 'gsm7', 306, 2, 153],
    ['and one more', a(307), 'gsm7', 307, 3, 153],
    ['the euro taking two', `${a(158)}€`, 'gsm7', 160, 1, 160],
    ['the euro making it two parts', `${a(159)}€`, 'gsm7', 161, 2, 153],
    ['the euro on the boundary of part 1', `${a(152)}€${a(152)}`, 'gsm7', 306, 3, 153],
    ['the euro at the end of part 1', `${a(151)}€${a(153)}`, 'gsm7', 306, 2, 153],
    ['one part of UCS-2', ya(70), 'ucs2', 70, 1, 70],
    ['a letter too many', ya(71), 'ucs2', 71, 2, 67],
    ['two full parts of UCS-2', ya(134), 'ucs2', 134, 2, 67],
    ['and one letter more', ya(135), 'ucs2', 135, 3, 67],
    ['an emoji on the boundary', `${ya(66)}😀${ya(66)}`, 'ucs2', 134, 3, 67],
    ['an extension character in UCS-2 being one', `${ya(69)}€`, 'ucs2', 70, 1, 70],
    ['one quote turning Latin into UCS-2', `It’s${a(67)}`, 'ucs2', 71, 2, 67],
  ] as const)('knows %s', (_what, text, encoding, units, parts, perPart) => {
    expect(measure(text)).toEqual({ encoding, units, parts, perPart });
  });

  it('agrees with the split, which loses nothing', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText, anyText), (text) => {
        const { encoding, parts, perPart } = measure(text);
        const split = splitParts(text, encoding);
        expect(encoding).toBe(encodingOf(text));
        expect(split).toHaveLength(parts);
        expect(split.join('')).toBe(text);
        const units = (part: string): number => (encoding === 'gsm7' ? encodeGsm7(part).length : part.length);
        expect(Math.max(...split.map(units))).toBeLessThanOrEqual(perPart);
      }),
    );
  });
});

describe('splitting', () => {
  it('never cuts an escape pair: every part stands for itself', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        const parts = splitParts(text, 'gsm7').map((part) => decodeGsm7(encodeGsm7(part)));
        expect(parts.join('')).toBe(text);
      }),
    );
  });

  it('never cuts a surrogate pair: no part has half of one', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, gsmText), (text) => {
        const parts = splitParts(text, 'ucs2');
        expect(parts.every((part) => part.isWellFormed())).toBe(true);
        expect(parts.map((part) => decodeUcs2(encodeUcs2(part))).join('')).toBe(text);
      }),
    );
  });

  it('may cut between the people of an emoji family, as phones join the parts before they draw', () => {
    const text = `${ya(64)}👨‍👩‍👧${ya(10)}`;
    expect(splitParts(text, 'ucs2')).toEqual([`${ya(64)}👨‍`, `👩‍👧${ya(10)}`]);
  });

  it('carries Latin in UCS-2 when told to', () => {
    expect(splitParts(a(100), 'ucs2')).toEqual([a(67), a(33)]);
  });

  it('refuses GSM-7 for a text that is not, as that is a bug of the caller', () => {
    expect(() => splitParts('Привет', 'gsm7')).toThrow('not GSM-7');
  });

  it('copes with half pairs that came from elsewhere', () => {
    const text = `${ya(66)}\ud83d${ya(66)}\ude00`;
    expect(splitParts(text, 'ucs2').join('')).toBe(text);
  });
});

describe('the concatenation header', () => {
  it('is 05 00 03, reference, total, index', () => {
    expect([...concatenationUdh(0xab, 3, 2)]).toEqual([0x05, 0x00, 0x03, 0xab, 3, 2]);
  });

  it('keeps the low eight bits of a reference that went on counting', () => {
    expect(concatenationUdh(0x1ff, 2, 1)[3]).toBe(0xff);
  });

  it.each([
    [3, 0],
    [3, 4],
    [256, 1],
  ])('knows no part of %i with index %i', (total, index) => {
    expect(() => concatenationUdh(1, total, index)).toThrow('no part');
  });

  it('has room for the longest message', () => {
    for (let index = 1; index <= MAX_PARTS; index++) expect(concatenationUdh(7, MAX_PARTS, index)).toHaveLength(6);
  });
});
