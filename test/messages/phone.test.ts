import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { asE164, type CountryCode, maskPhone, readPhone } from '../../src/messages/phone.ts';

const read = (text: string, country: CountryCode = 'RU') => readPhone({ text }, country);
const usable = (phone: string, doubt: string | null) => ({ kind: 'phone', phone, doubt });
const unusable = (why: string) => ({ kind: 'unusable', why });

const PHONE = '+79161234567';

describe('a number as people write it', () => {
  it.each([
    ['E.164', '+79161234567', null],
    ['spaces and brackets', '+7 (916) 123-45-67', null],
    ['no-break spaces', '+7\u00a0916\u00a0123\u202f45\u00a067', null],
    ['dashes of every length', '+7‐916‑123–45—67', null],
    ['a minus sign for a dash', '+7 916 123−45−67', null],
    ['dots', '+7.916.123.45.67', null],
    ['a plus that stands apart', '+ 7 916 1234567', null],
    ['a plus before a bracket', '+(7)9161234567', null],
    ['invisible marks of a phone book', '\u202a+7\u200b916\u20611234567\u202c', null],
    ['a byte order mark', '\ufeff+79161234567', null],
    ['a soft hyphen', '+7916\u00ad1234567', null],
    ['full-width digits', '＋７（９１６）１２３４５６７', null],
    ['Arabic-Indic digits', '+٧٩١٦١٢٣٤٥٦٧', null],
    ['Eastern Arabic-Indic digits', '+۷۹۱۶۱۲۳۴۵۶۷', null],
    ['a tel link', 'tel:+79161234567', null],
    ['a label', 'моб. тел.: +7 916 123-45-67', null],
    ['a lost plus', '79161234567', 'plus-added'],
    ['00 for the plus', '0079161234567', 'plus-added'],
    ['00 and spaces', '00 7 916 123 45 67', 'plus-added'],
    ['8 for +7', '89161234567', '8-for-7'],
    ['8 for +7, in groups', '8 (916) 123-45-67', '8-for-7'],
    ['8 after a plus', '+8 916 123-45-67', '8-for-7'],
    ['a national number', '916 123-45-67', 'country-added'],
    ['an extension', '+7 916 123-45-67 доб. 12', 'extension-dropped'],
    ['an extension in English', '89161234567 ext. 12', 'extension-dropped'],
    ['an extension by x', '8 916 1234567 x12', 'extension-dropped'],
    ['an extension by a hash', '+79161234567 #12', 'extension-dropped'],
    ['an extension in a tel link', 'tel:+79161234567;ext=5', 'extension-dropped'],
    ['a word beside it', '+79161234567 (мама)', 'text-dropped'],
    ['a name before it', 'Иван 89161234567', 'text-dropped'],
  ])('is read with %s', (_what, text, doubt) => {
    expect(read(text)).toEqual(usable(PHONE, doubt));
  });

  it.each([
    ['nothing', '', 'empty'],
    ['spaces', ' \u00a0\t', 'empty'],
    ['an apostrophe alone', "'", 'empty'],
    ['a dash', '-', 'not-a-number'],
    ['a word', 'нет', 'not-a-number'],
    ['an address of mail', 'ivan1985@mail.ru', 'not-a-number'],
    ['a spreadsheet error', '#N/A', 'not-a-number'],
    ['a letter for a digit', '8916О234567', 'not-a-number'],
    ['an identifier', '79a61b34', 'not-a-number'],
    ['a plus in the middle', '8916+123', 'not-a-number'],
    ['digits of no plan', '+7 116 123-45-67', 'not-a-number'],
    ['a plus 8 of no plan', '+8 901 000', 'not-a-number'],
    ['a digit too few', '8916123456', 'too-short'],
    ['a digit too few, without the plus', '7916123456', 'too-short'],
    ['a digit too few, national', '916123456', 'too-short'],
    ['an essay', `call +79161234567 ${'please '.repeat(40)}`, 'not-a-number'],
    ['a date', '12.05.2026', 'too-short'],
    ['a digit too many after 8', '8 916 123 45 678', 'too-long'],
    ['a digit too many', '+791612345678', 'too-long'],
    ['a digit too many, without the plus', '791612345678', 'too-long'],
    ['a card number', '4276380012345678', 'too-long'],
    ['two numbers and a semicolon', '89161234567; 89161234568', 'several-numbers'],
    ['two numbers and a comma', '8(916)1234567, 8(926)7654321', 'several-numbers'],
    ['two numbers and a space', '89161234567 89161234568', 'several-numbers'],
    ['two numbers in groups', '8 916 123 45 67 8 926 765 43 21', 'several-numbers'],
    ['two numbers on two lines', '+79161234567\r\n+79161234568', 'several-numbers'],
    ['two pluses', '+79161234567+79161234568', 'several-numbers'],
    ['two numbers and a word', '89161234567 или 89161234568', 'several-numbers'],
    ['a landline', '+7 495 123-45-67', 'not-mobile'],
    ['a landline by 8', '8 (495) 123-45-67', 'not-mobile'],
    ['a toll-free number', '8-800-123-45-67', 'not-mobile'],
    ['a premium number', '8 809 123-45-67', 'not-allowed'],
    ['an emergency number', '112', 'not-allowed'],
    ['a short number', '0611', 'not-allowed'],
    ['another country without its plus', '380501234567', 'other-country'],
    ['a Kazakh number without its code', '7771234567', 'too-short'],
  ])('is not read from %s', (_what, text, why) => {
    expect(read(text)).toEqual(unusable(why));
  });
});

describe('a number as spreadsheets mangle it', () => {
  it.each([
    ['a leading apostrophe', "'+79161234567", null],
    ['a formula around it', '="79161234567"', 'plus-added'],
    ['a decimal end', '79161234567.0', 'plus-added'],
    ['a decimal end in Russian', '79161234567,00', 'plus-added'],
    ['thousands by comma', '79,161,234,567', 'plus-added'],
    ['thousands by space', '79\u00a0161\u00a0234\u00a0567', 'plus-added'],
    ['all digits in scientific form', '7.9161234567E+10', 'read-from-number-cell'],
    ['all digits in scientific form, in Russian', '7,9161234567Е+10', 'read-from-number-cell'],
    ['a line broken by the cell', '+7916123\n4567', null],
  ])('is read with %s', (_what, text, doubt) => {
    expect(read(text)).toEqual(usable(PHONE, doubt));
  });

  it.each(['7.9E+10', '7,91612E+10', '7.916123456E+10', '8e10', '+7.9E10'])(
    'has lost its digits in the text %s',
    (text) => {
      expect(read(text)).toEqual(unusable('digits-lost'));
    },
  );

  it.each([
    ['with the code', 79161234567, PHONE, 'read-from-number-cell'],
    ['with 8', 89161234567, PHONE, '8-for-7'],
    ['national', 9161234567, PHONE, 'country-added'],
  ])('is read from a number cell %s, whatever it shows', (_what, value, phone, doubt) => {
    expect(readPhone({ text: '7.9E+10', value }, 'RU')).toEqual(usable(phone, doubt));
  });

  it.each([
    ['rounded before it got there', 79000000000, 'digits-lost'],
    ['rounded to six digits', 79161200000, 'digits-lost'],
    ['a fraction', 7916.5, 'not-a-number'],
    ['negative', -79161234567, 'not-a-number'],
    ['beyond what a number holds', 1e20, 'too-long'],
    ['not a number at all', Number.NaN, 'not-a-number'],
    ['zero', 0, 'too-short'],
    ['a short number', 112, 'not-allowed'],
  ])('is not read from a number cell that is %s', (_what, value, why) => {
    expect(readPhone({ text: '', value }, 'RU')).toEqual(unusable(why));
  });

  it('is doubted when it ends in five zeros and has no plus to vouch for it', () => {
    expect(read('89161200000')).toEqual(usable('+79161200000', 'many-zeros'));
    expect(read('+79161200000')).toEqual(usable('+79161200000', null));
  });
});

describe('the default country', () => {
  it.each([
    ['KZ', '87021234567', '+77021234567', '8-for-7'],
    ['RU', '87771234567', '+77771234567', '8-for-7'],
    ['RU', '+380501234567', '+380501234567', null],
    ['RU', '+1 212 555 1234', '+12125551234', null],
    ['US', '(212) 555-1234', '+12125551234', 'country-added'],
    ['US', '416 555 1234', '+14165551234', 'country-added'],
    ['GB', '07400 123456', '+447400123456', 'country-added'],
    ['GB', '+44 (0)7400 123456', '+447400123456', null],
    ['DE', '0049 1512 3456789', '+4915123456789', 'plus-added'],
    ['IT', '391 234 5678', '+393912345678', 'country-added'],
  ] as const)('of %s reads %s', (country, text, phone, doubt) => {
    expect(read(text, country)).toEqual(usable(phone, doubt));
  });

  it.each([
    ['GB', '070 1234 5678', 'not-allowed'], // a personal number, redirected at a cost
    ['UA', '79161234567', 'other-country'],
    ['UA', '+8 916 123 45 67', 'not-a-number'],
    ['RU', '810 49 1512 3456789', 'other-country'], // dialled from Russia
    ['US', '011 7 916 123 45 67', 'other-country'], // dialled from the United States
  ] as const)('of %s does not read %s', (country, text, why) => {
    expect(read(text, country)).toEqual(unusable(why));
  });
});

describe('reading', () => {
  const mobile = fc.integer({ min: 9160000000, max: 9169999999 });

  it('finds the same phone however it is written', () => {
    const separators = fc.constantFrom('', ' ', '-', '\u00a0', '–', '.');
    const prefix = fc.constantFrom('+7', '8', '7', '007', "'+7", '+ 7 ');
    fc.assert(
      fc.property(mobile, prefix, separators, (national, start, between) => {
        const digits = String(national);
        const text = [start + digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 8), digits.slice(8)].join(
          between,
        );
        expect(read(text)).toMatchObject({ kind: 'phone', phone: `+7${national}` });
      }),
    );
  });

  it('gives E.164 or a reason for any text at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[+\d ().,;e-]{0,30}$/)), (text) => {
        const reading = read(text);
        if (reading.kind === 'phone') expect(asE164(reading.phone)).toBe(reading.phone);
        else expect(reading.why).not.toBe('');
      }),
    );
  });

  it('keeps what it once read', () => {
    fc.assert(
      fc.property(mobile, (national) => {
        expect(read(`+7${national}`)).toEqual(usable(`+7${national}`, null));
      }),
    );
  });
});

describe('E.164', () => {
  it.each(['+79161234567', '+12125551234', '+74951234567'])('is %s', (text) => {
    expect(asE164(text)).toBe(text);
  });

  it.each([
    '79161234567',
    '+7 916 1234567',
    '+71161234567',
    '+7916123456',
    '+0',
    '',
    '＋79161234567',
    '+79161234567\n',
  ])('is not %j', (text) => {
    expect(asE164(text)).toBeNull();
  });
});

describe('the mask', () => {
  it.each([
    ['+79161231234', '+7***1234'],
    ['+380501231234', '+380***1234'],
    ['+12125551234', '+1***1234'],
    ['79161231234', '***'],
    ['+6831234', '***'],
    ['call me', '***'],
    ['', '***'],
  ])('of %j is %s', (phone, mask) => {
    expect(maskPhone(phone)).toBe(mask);
  });
});

it('takes for mobiles of Russia what the plan lists as such, and every one of them', () => {
  // Said without looking it up, so the plan has to go on saying it.
  const edges = [9000000000, 9299999999, 9301000000, 9999999999].map((national): [number] => [national]);
  const mobiles = fc
    .integer({ min: 9000000000, max: 9999999999 })
    .filter((national) => !`${national}`.startsWith('9300'));
  fc.assert(
    fc.property(mobiles, (national) => {
      const listed = parsePhoneNumberFromString(`+7${national}`);
      expect([listed?.getType(), listed?.country, listed?.number]).toEqual(['MOBILE', 'RU', `+7${national}`]);
      expect(read(`+7${national}`)).toEqual(usable(`+7${national}`, null));
    }),
    { numRuns: 2000, examples: edges },
  );
  expect(read('+79300000000')).toMatchObject({ kind: 'unusable' });
});
