/**
 * Phones: E.164 or nothing. A cell of a spreadsheet is read in the campaign's default country, and no other country is
 * ever guessed; what was done to read it is told, and what cannot be read has a reason.
 *
 * The `max` metadata of libphonenumber-js is the one that tells a landline or a premium number from a number that does
 * not exist (`mobile` knows mobiles only, `min` knows no types), and a person must be told which.
 */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  type NumberType,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max';
import { type PhoneCell, type PhoneDoubt, type PhoneProblem, readDigits } from './phone-cell.ts';

export type { CountryCode } from 'libphonenumber-js/max';
export type { PhoneCell, PhoneDoubt, PhoneProblem } from './phone-cell.ts';

/** `+` and up to 15 digits of a number that its country's plan knows. */
export type E164 = string & { readonly __e164: true };

export type PhoneReading =
  | { readonly kind: 'phone'; readonly phone: E164; readonly doubt: PhoneDoubt | null }
  | { readonly kind: 'unusable'; readonly why: PhoneProblem };

const unusable = (why: PhoneProblem): PhoneReading => ({ kind: 'unusable', why });

/** The text itself when it is a valid number in E.164, else null: no spaces, no repairs. */
export function asE164(text: string): E164 | null {
  if (!/^\+[1-9]\d{6,14}$/.test(text)) return null;
  const number = lookUp(text);
  return number?.phone === text ? number.phone : null;
}

/** Reads the phone in a cell; a number without a plus is a number of `country`. */
export function readPhone(cell: PhoneCell, country: CountryCode): PhoneReading {
  const dialled = readDigits(cell);
  if (dialled.kind === 'unusable') return dialled;
  const read = dialled.international ? abroad(dialled.digits, country) : atHome(dialled.digits, country);
  if (read.kind === 'unusable') return read;
  return { ...read, doubt: graver(dialled.doubt, read.doubt) };
}

/** With a plus: the country is said, but for the `+8 916…` of people who put a plus before a Russian trunk 8. */
function abroad(digits: string, country: CountryCode): PhoneReading {
  // No country code begins with 89 (ITU-T E.164, list of assigned codes), so nothing else can be meant.
  if (/^89\d{9}$/.test(digits) && getCountryCallingCode(country) === '7') {
    const number = lookUp(`+7${digits.slice(1)}`);
    return number ? accept(number, '8-for-7') : unusable('not-a-number');
  }
  const number = lookUp(`+${digits}`);
  return number ? accept(number, null) : unusable(lengthProblem(`+${digits}`, country));
}

/** Without a plus: national, or international when it begins with the code of the default country. */
function atHome(digits: string, country: CountryCode): PhoneReading {
  if (/^\d{3,6}$/.test(digits)) return unusable('not-allowed');
  const code = getCountryCallingCode(country);
  const number = lookUp(digits, country);
  if (number?.code !== code) {
    if (number || lookUp(`+${digits}`)) return unusable('other-country');
    return unusable(lengthProblem(asMeant(digits, code), country));
  }
  if (number.phone === `+${digits}`) return accept(number, 'plus-added');
  // 7771234567 in Russia: a Kazakh number without its code, or a Russian one that lost a digit. Not ours to choose.
  if (digits.startsWith(code) && number.country !== country) return unusable('too-short');
  return accept(number, code === '7' && /^8\d{10}$/.test(digits) ? '8-for-7' : 'country-added');
}

/** Digits that begin with the country's code, or the 8 that stands for it, were meant to be a whole number. */
function asMeant(digits: string, code: string): string {
  if (digits.startsWith(code)) return `+${digits}`;
  return code === '7' && digits.startsWith('8') ? `+7${digits.slice(1)}` : digits;
}

/** A number that its country's numbering plan lists. */
interface Listed {
  readonly phone: E164;
  readonly code: string;
  readonly country: CountryCode | undefined;
  /** Undefined in the few plans that tell no types. */
  readonly type: NumberType;
}

/**
 * All of Russia's plan that begins with 9 is mobile, and nothing else is, but for 9300, some of which is not given out: a hundred times
 * sooner said than looked up. A test holds it to the metadata.
 */
const RUSSIAN_MOBILE = /^\+79(?!300)\d{9}$/;

/** Finding the type is most of the cost of a look-up, and a number that has one is valid, so it is asked for once. */
function lookUp(text: string, country?: CountryCode): Listed | null {
  if (RUSSIAN_MOBILE.test(text)) return { phone: text as E164, code: '7', country: 'RU', type: 'MOBILE' };
  const number = parsePhoneNumberFromString(text, country);
  if (!number) return null;
  const type = number.getType();
  if (type === undefined && !number.isValid()) return null;
  return { phone: number.number as string as E164, code: number.countryCallingCode, country: number.country, type };
}

/** Only numbers that an SMS may be sent to. */
function accept(number: Listed, doubt: PhoneDoubt | null): PhoneReading {
  switch (number.type) {
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
    case 'PERSONAL_NUMBER': // redirects at the receiver's or the sender's cost, a known way of fraud
      return unusable('not-allowed');
    case 'FIXED_LINE':
    case 'TOLL_FREE':
    case 'UAN':
    case 'VOICEMAIL':
    case 'PAGER':
      return unusable('not-mobile');
    case 'MOBILE':
    case 'FIXED_LINE_OR_MOBILE':
    case 'VOIP': // some take SMS; the operator says when not
    case undefined:
      return { kind: 'phone', phone: number.phone, doubt };
  }
}

function lengthProblem(number: string, country: CountryCode): PhoneProblem {
  switch (validatePhoneNumberLength(number, country)) {
    case 'TOO_SHORT':
      return 'too-short';
    case 'TOO_LONG':
    case 'INVALID_LENGTH': // in a gap between lengths (Russia has 10 and 14): digits too many for what people have
      return 'too-long';
    case 'INVALID_COUNTRY':
    case 'NOT_A_NUMBER':
    case undefined:
      return 'not-a-number';
  }
}

/** What a person should look at first; a plus that was missing is the least of it. */
const GRAVITY: readonly PhoneDoubt[] = [
  'many-zeros',
  'text-dropped',
  'extension-dropped',
  '8-for-7',
  'country-added',
  'read-from-number-cell',
  'plus-added',
];

function graver(a: PhoneDoubt | null, b: PhoneDoubt | null): PhoneDoubt | null {
  if (a === null || b === null) return a ?? b;
  return GRAVITY.indexOf(a) <= GRAVITY.indexOf(b) ? a : b;
}

const CALLING_CODES: ReadonlySet<string> = new Set(getCountries().map((country) => getCountryCallingCode(country)));

/** For logs and chats: `+7***1234`. Shows nothing when so little is hidden that the rest could be found by trying. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  const code = [1, 2, 3].map((length) => digits.slice(0, length)).find((head) => CALLING_CODES.has(head));
  if (!phone.startsWith('+') || code === undefined || digits.length - code.length < 8) return '***';
  return `+${code}***${digits.slice(-4)}`;
}
