import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ALPHABET, EXTENSION } from '../../integrations/sandbox/alphabet.ts';
import { decodeMessage, partOf } from '../../integrations/sandbox/decode.ts';
import { encodeInbound } from '../../integrations/sandbox/encode.ts';
import { ESM, type SubmitSm, TLV } from '../../integrations/sandbox/pdus.ts';

const submitOf = (bytes: string | Buffer, dataCoding: number, esmClass: number = ESM.plain): SubmitSm => ({
  sourceTon: 5,
  source: 'Herald',
  destinationTon: 1,
  destination: '79161234567',
  esmClass,
  validityPeriod: '',
  registeredDelivery: 1,
  dataCoding,
  shortMessage: typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes,
  tlvs: new Map(),
});

describe('the text of a submit_sm', () => {
  test.each([
    ['letters of the default alphabet', '48656c6c6f', 0x00, 'gsm7', 'Hello'],
    ['an at sign, which is septet 0', '0002', 0x00, 'gsm7', '@$'],
    ['underscore and capital Greek', '11101718', 0x00, 'gsm7', '_ΔΨΣ'],
    ['the euro sign, behind the escape', '1b65', 0x00, 'gsm7', '€'],
    ['all that stands behind the escape', '1b0a1b141b281b291b2f1b3c1b3d1b3e1b40', 0x00, 'gsm7', '\f^{}\\[~]|'],
    ['UCS-2, high octet first', '041f04400438', 0x08, 'ucs2', 'При'],
    ['a pair of surrogates', 'd83dde00', 0x08, 'ucs2', '😀'],
    ['Latin-1', 'e96e', 0x03, 'latin1', 'én'],
    ['IA5, where the at sign is 0x40', '404142', 0x01, 'ascii', '@AB'],
    ['octets', '00ff', 0x04, 'binary', '00ff'],
    ['octets of the other kind', '00ff', 0x02, 'binary', '00ff'],
    ['GSM with a message class', '48', 0x10, 'gsm7', 'H'],
    ['UCS-2 with a message class', '0048', 0x18, 'ucs2', 'H'],
    ['octets with a message class', '48', 0x14, 'binary', '48'],
    ['GSM in the group of message classes', '48', 0xf0, 'gsm7', 'H'],
    ['octets in the group of message classes', '48', 0xf5, 'binary', '48'],
    ['nothing', '', 0x00, 'gsm7', ''],
  ])('reads %s', (_what, bytes, dataCoding, encoding, text) => {
    expect(decodeMessage(submitOf(bytes, dataCoding))).toEqual({ encoding, text, part: null, flaws: [] });
  });

  test('is in message_payload when sm_length is 0', () => {
    const submit = { ...submitOf('', 0x08), tlvs: new Map([[TLV.message_payload, Buffer.from('041f', 'hex')]]) };
    expect(decodeMessage(submit).text).toBe('П');
  });

  test('knows each of the 127 characters of the alphabet, and the ten of its extension, as another implementation does', () => {
    const other = createRequire(import.meta.url)('smpp').encodings.ASCII as { encode(text: string): Buffer };
    for (const [septet, letter] of [...DEFAULT_ALPHABET.entries()].filter(([septet]) => septet !== 0x1b)) {
      expect([letter, ...other.encode(letter)]).toEqual([letter, septet]);
    }
    for (const [septet, letter] of EXTENSION) expect([letter, ...other.encode(letter)]).toEqual([letter, 0x1b, septet]);
    expect(DEFAULT_ALPHABET).toHaveLength(128);
  });
});

describe('the part of a submit_sm', () => {
  test.each([
    ['a reference of 8 bits', '0500032a0201' + '48', { ref: 42, total: 2, index: 1 }],
    ['a reference of 16 bits', '060804abcd0302' + '48', { ref: 0xabcd, total: 3, index: 2 }],
    ['other elements around it', '0a' + '240101' + '0003070505' + '7000' + '48', { ref: 7, total: 5, index: 5 }],
    ['a header without it', '03240101' + '48', null],
  ])('comes from the user data header: %s', (_what, bytes, part) => {
    expect(decodeMessage(submitOf(bytes, 0x00, ESM.udh))).toEqual({ encoding: 'gsm7', text: 'H', part, flaws: [] });
    expect(partOf(submitOf(bytes, 0x00, ESM.udh))).toEqual(part);
  });

  const sar = (ref: string, total: string, index: string) =>
    new Map([
      [TLV.sar_msg_ref_num, Buffer.from(ref, 'hex')],
      [TLV.sar_total_segments, Buffer.from(total, 'hex')],
      [TLV.sar_segment_seqnum, Buffer.from(index, 'hex')],
    ]);

  test('comes from the sar_ parameters', () => {
    const submit = { ...submitOf('48', 0x00), tlvs: sar('0102', '03', '02') };
    expect(decodeMessage(submit).part).toEqual({ ref: 0x0102, total: 3, index: 2 });
  });

  test('is none when a sar_ parameter has the wrong length', () => {
    expect(decodeMessage({ ...submitOf('48', 0x00), tlvs: sar('01', '03', '02') }).part).toBeNull();
    expect(decodeMessage({ ...submitOf('48', 0x00), tlvs: sar('0102', '', '02') }).part).toBeNull();
    expect(decodeMessage({ ...submitOf('48', 0x00), tlvs: sar('0102', '03', '') }).part).toBeNull();
  });
});

describe('a flaw in the bytes is named', () => {
  const times = (bytes: string, count: number) => bytes.repeat(count);
  test.each([
    ['a header longer than the message', '7f0003', 0x00, ESM.udh, ['bad-udh']],
    ['an element longer than its header', '0500ff2a0201', 0x00, ESM.udh, ['bad-udh']],
    ['part 0', '0500032a0200' + '48', 0x00, ESM.udh, ['bad-part']],
    ['part 3 of 2', '0500032a0203' + '48', 0x00, ESM.udh, ['bad-part']],
    ['an octet that is no septet', '4880', 0x00, ESM.plain, ['bad-septet']],
    ['an extension that does not exist', '1b41', 0x00, ESM.plain, ['bad-septet']],
    ['an escape at the end', '481b', 0x00, ESM.plain, ['split-escape']],
    ['a control character in IA5', '0041', 0x01, ESM.plain, ['bad-ascii']],
    ['half a unit of UTF-16', '004800', 0x08, ESM.plain, ['odd-ucs2']],
    ['half a pair of surrogates', 'd83d', 0x08, ESM.plain, ['split-surrogate']],
    ['a data_coding that says nothing', '48', 0x06, ESM.plain, ['unknown-coding']],
    ['a reserved general coding', '48', 0x1c, ESM.plain, []],
    ['160 septets alone', times('48', 160), 0x00, ESM.plain, []],
    ['161 septets alone', times('48', 161), 0x00, ESM.plain, ['too-long']],
    ['153 septets in a part', `0500032a0201${times('48', 153)}`, 0x00, ESM.udh, []],
    ['154 septets in a part', `0500032a0201${times('48', 154)}`, 0x00, ESM.udh, ['too-long']],
    ['152 septets in a part with a reference of 16 bits', `060804002a0201${times('48', 152)}`, 0x00, ESM.udh, []],
    [
      '153 septets in a part with a reference of 16 bits',
      `060804002a0201${times('48', 153)}`,
      0x00,
      ESM.udh,
      ['too-long'],
    ],
    ['70 units alone', times('0048', 70), 0x08, ESM.plain, []],
    ['71 units alone', times('0048', 71), 0x08, ESM.plain, ['too-long']],
    ['67 units in a part', `0500032a0201${times('0048', 67)}`, 0x08, ESM.udh, []],
    ['68 units in a part', `0500032a0201${times('0048', 68)}`, 0x08, ESM.udh, ['too-long']],
  ])('%s', (_what, bytes, dataCoding, esmClass, flaws) => {
    expect(decodeMessage(submitOf(bytes, dataCoding, esmClass)).flaws).toEqual(flaws);
  });

  test('but a message_payload may be of any length', () => {
    const long = Buffer.alloc(1_000, 0x48);
    expect(decodeMessage({ ...submitOf('', 0x00), tlvs: new Map([[TLV.message_payload, long]]) }).flaws).toEqual([]);
  });

  test('and no bytes at all make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), fc.nat(255), fc.nat(255), (bytes, dataCoding, esmClass) => {
        const { text } = decodeMessage(submitOf(Buffer.from(bytes), dataCoding, esmClass));
        expect(text).toBeTypeOf('string');
      }),
    );
  });
});

describe("a customer's text", () => {
  const letter = fc.oneof(
    fc.constantFrom(...DEFAULT_ALPHABET.filter((character) => character !== '\0'), ...EXTENSION.values()),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
  );

  test('comes out of its parts as it went in, whole in each of them', () => {
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 400 }), fc.nat(1_000), (letters, ref) => {
        const text = letters.join('');
        const decoded = encodeInbound(text, ref).map(({ message, dataCoding, esmClass }) =>
          decodeMessage(submitOf(message, dataCoding, esmClass)),
        );
        expect(decoded.map((part) => part.text).join('')).toBe(text);
        expect(decoded.flatMap((part) => part.flaws)).toEqual([]);
        if (decoded.length === 1) return;
        const expected = decoded.map((_, i) => ({ ref: ref & 0xff, total: decoded.length, index: i + 1 }));
        expect(decoded.map((part) => part.part)).toEqual(expected);
      }),
    );
  });

  test.each([
    ['160 letters', 'a'.repeat(160), 1],
    ['161 letters', 'a'.repeat(161), 2],
    ['80 euro signs', '€'.repeat(80), 1],
    ['81 euro signs', '€'.repeat(81), 2],
    ['70 Russian letters', 'я'.repeat(70), 1],
    ['71 Russian letters', 'я'.repeat(71), 2],
  ])('of %s takes as few parts as it fits', (_what, text, parts) => {
    expect(encodeInbound(text, 1)).toHaveLength(parts);
  });
});
