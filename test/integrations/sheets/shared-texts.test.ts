/** Shared texts as bytes are the texts that an array of them would have. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedTexts } from '../../../integrations/sheets/shared-texts.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  // Halves of surrogate pairs, which no bytes of UTF-8 hold.
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 5 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', ' ', '\0', '\uFEFFmark', 'я'.repeat(21_845), 'я'.repeat(21_846), 'x'.repeat(200_000)),
);

test('as those of an array, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
      const shared = sharedTexts();
      for (const one of texts) shared.add(one);
      expect(texts.map((_, i) => shared.at(i))).toEqual(texts);
      for (const nowhere of [texts.length, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        expect(shared.at(nowhere)).toBeUndefined();
    }),
  );
});

test('also when they fill many pieces', () => {
  const textOf = (n: number) => `Клиент ${n} ${'ю'.repeat(n % 90)}`;
  const shared = sharedTexts();
  for (let n = 0; n < 50_000; n++) shared.add(textOf(n));
  const wrong = Array.from({ length: 50_000 }, (_, n) => n).filter((n) => shared.at(n) !== textOf(n));
  expect(wrong).toEqual([]);
});
