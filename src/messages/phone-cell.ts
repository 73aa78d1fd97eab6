/**
 * From what stands in a cell to the digits of one phone: undoes what spreadsheets and people do to numbers, knows nothing
 * of numbering plans, and gives up rather than guess.
 */

/** Why a cell gives no phone. Codes are stored and shown; they are never reused. */
export type PhoneProblem =
  | 'empty'
  | 'not-a-number' // no digits, stray letters, or digits of no numbering plan
  | 'too-short'
  | 'too-long'
  | 'digits-lost' // a spreadsheet rounded it: 7.9E+10
  | 'several-numbers'
  | 'other-country' // it would be a number of another country, if it had its plus
  | 'not-mobile' // certainly a landline, toll-free, a pager
  | 'not-allowed'; // emergency, short, premium

/** What was done to read it that a person might want to look at. */
export type PhoneDoubt =
  | 'many-zeros' // ends in five zeros or more, as rounded numbers do
  | 'text-dropped' // words beside the number were ignored
  | 'extension-dropped'
  | '8-for-7'
  | 'country-added' // a national number, read in the default country
  | 'read-from-number-cell'
  | 'plus-added'; // began with the default country's code, without a plus

/** A cell as `audiences/source.ts` reads it; `value` is there when the spreadsheet holds a number. */
export interface PhoneCell {
  readonly text: string;
  readonly value?: number | undefined;
}

export type Dialled =
  | {
      readonly kind: 'digits';
      readonly digits: string;
      /** It had a plus or 00, so `digits` begin with a country code. */
      readonly international: boolean;
      readonly doubt: PhoneDoubt | null;
    }
  | { readonly kind: 'unusable'; readonly why: PhoneProblem };

/** Fewer digits are part of a number written in groups; a number of its own has at least these. */
const OWN_NUMBER = 7;
/** Two numbers written in groups have more digits together than the longest number (15, ITU-T E.164) and some. */
const TWO_NUMBERS = 20;
/** Whoever writes more into a cell did not write down a phone; also bounds the time that reading one takes. */
const LONGEST = 256;
/** What needs no reading, and is what most cells of a large list hold. */
const E164 = /^\+[1-9]\d{6,14}$/;
/** Spreadsheets show six significant digits (7.91612E+10), so an 11-digit number loses five. */
const ROUNDED = /^\d{5,}0{5}$/;

const LABEL = /^(?:т|тел|телефон|моб|мобильный|сот|сотовый|tel|telephone|phone|mob|mobile|cell)$/iu;
const EXTENSION = /^(?:доб|добавочный|вн|внутр|внутренний|x|х|ext|extn|extension)$/iu;
const TOKEN = /\+[ (]*\d[\d ().-]*|\d[\d ().-]*|\p{L}+|[^ ]/gu;

const unusable = (why: PhoneProblem): Dialled => ({ kind: 'unusable', why });

/** The digits in a cell, or why there are none to use. */
export function readDigits(cell: PhoneCell): Dialled {
  if (cell.value !== undefined) return fromNumber(cell.value);
  if (E164.test(cell.text)) return { kind: 'digits', digits: cell.text.slice(1), international: true, doubt: null };
  if (cell.text.length > LONGEST) return unusable('not-a-number');
  const text = plain(cell.text);
  if (text === '') return unusable('empty');
  const scientific = /^\+?(\d+)(?:[.,](\d+))?[eе]\+?(\d{1,2})$/i.exec(text);
  if (scientific) return fromScientific(scientific[1]!, scientific[2] ?? '', Number(scientific[3]));
  return fromText(text);
}

/** A number cell keeps up to 15 digits, but what was rounded before it got there looks like 79161200000. */
function fromNumber(value: number): Dialled {
  if (!Number.isInteger(value) || value < 0) return unusable('not-a-number');
  if (!Number.isSafeInteger(value)) return unusable('too-long');
  const digits = String(value);
  if (ROUNDED.test(digits)) return unusable('digits-lost');
  return { kind: 'digits', digits, international: false, doubt: 'read-from-number-cell' };
}

/** `7.9161234567E+10` says every digit; `7.9E+10` does not, and `7.916123456E+10` may not. */
function fromScientific(whole: string, fraction: string, exponent: number): Dialled {
  if (fraction.length !== exponent) return unusable('digits-lost');
  return { kind: 'digits', digits: whole + fraction, international: false, doubt: 'read-from-number-cell' };
}

function fromText(text: string): Dialled {
  const found = sortTokens(text);
  if (found === 'letters-between') return unusable('not-a-number');
  if (found === 'several') return unusable('several-numbers');
  const { numbers, doubt } = found;
  if (numbers.length === 0) return unusable('not-a-number');
  const joined = numbers.join('');
  const plus = joined.startsWith('+');
  const digits = digitsOf(joined);
  if (digits.length < OWN_NUMBER && doubt === 'text-dropped') return unusable('not-a-number');
  const zeros = !plus && ROUNDED.test(digits) ? 'many-zeros' : null;
  if (!plus && digits.startsWith('00')) {
    return { kind: 'digits', digits: digits.slice(2), international: true, doubt: doubt ?? 'plus-added' };
  }
  return { kind: 'digits', digits, international: plus, doubt: zeros ?? doubt };
}

/** Tells the number from labels, extensions and words around it. */
function sortTokens(
  text: string,
): { numbers: readonly string[]; doubt: PhoneDoubt | null } | 'several' | 'letters-between' {
  const numbers: string[] = [];
  let doubt: PhoneDoubt | null = null;
  let lettersSince = false;
  let between = false;
  let extension = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^[+\d]/.test(token) && /\d/.test(token)) {
      if (extension) {
        doubt ??= 'extension-dropped';
        extension = false;
        continue;
      }
      if (numbers.length > 0 && lettersSince) between = true;
      numbers.push(token.trim());
      lettersSince = false;
    } else if (numbers.length > 0 && (token === '#' || EXTENSION.test(token))) {
      extension = true;
    } else if (/^\p{L}/u.test(token)) {
      lettersSince = true;
      if (!LABEL.test(token)) doubt = 'text-dropped';
    }
  }
  if (numbers.some(holdsSeveral) || numbers.filter((n) => digitsOf(n).length >= OWN_NUMBER).length > 1)
    return 'several';
  if (between || numbers.slice(1).some((n) => n.startsWith('+'))) return 'letters-between';
  return { numbers, doubt };
}

/** Two numbers with nothing but a space between them. */
function holdsSeveral(number: string): boolean {
  if (!number.includes(' ')) return false;
  if (digitsOf(number).length >= TWO_NUMBERS) return true;
  return number.split(/ +/).filter((group) => digitsOf(group).length >= OWN_NUMBER).length > 1;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Zeros of the digits that people's keyboards have beside ASCII: full-width, Arabic-Indic, Eastern Arabic-Indic. */
const ZEROS = [0xff10, 0x0660, 0x06f0];

/** ASCII digits, pluses, dashes, brackets and spaces; invisible characters, quotes and a formula's wrapping gone. */
function plain(text: string): string {
  const ascii = text
    .replace(/[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - ZEROS.find((zero) => code >= zero && code < zero + 10)!);
    })
    .replace(/\p{Cf}/gu, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]/g, ' ')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\uff0b/g, '+')
    .replace(/\uff08/g, '(')
    .replace(/\uff09/g, ')')
    .replace(/\uff0e/g, '.')
    .replace(/^[\s='"`´‘’]+|[\s'"`´‘’]+$/g, '');
  // 79161234567.0 is what a number becomes when a program writes it as text.
  return /^\+?\d{7,}[.,]0{1,2}$/.test(ascii) ? ascii.replace(/[.,]0+$/, '') : ascii;
}
