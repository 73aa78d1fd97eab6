/**
 * Words of time, English and Russian, that need no calendar: now, as soon as it is approved, some time, in Moscow. Texts here are
 * lower case with single spaces, as `plainText` makes them.
 */

/** Lower case, ё as е, one space between words, no full stop at the end. */
export const plainText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[’`]/g, "'")
    .replace(/(\d)t(?=\d{1,2}:)/g, '$1 ') // 2026-11-24T10:00
    .replace(/\s+/g, ' ')
    .replace(/[\s.!]+$/, '')
    .trim();

/** A piece of a text and what is left without it. */
export interface Taken {
  readonly match: RegExpExecArray;
  readonly rest: string;
}

/** Takes the first match out of a text; its groups say what it was. */
export function take(text: string, pattern: RegExp): Taken | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const rest = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
  return { match, rest: rest.replace(/\s+/g, ' ').trim() };
}

/** A pattern of whole words: `\b` knows Latin letters only. */
export const words = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'u');

/** Numbers that people write out. */
export const NUMERALS: Readonly<Record<string, number>> = {
  ...numbered('one two three four five six seven eight nine ten'),
  ...numbered('один два три четыре пять шесть семь восемь девять десять'),
  ...{ a: 1, an: 1, одну: 1, две: 2 },
};

function numbered(list: string): Record<string, number> {
  return Object.fromEntries(list.split(' ').map((word, at) => [word, at + 1]));
}

const whole = (...sources: string[]): RegExp => new RegExp(`^(?:${sources.join('|')})$`, 'u');

const NOW = whole(
  '(?:right )?now|immediately|at once|straight away|right away',
  '(?:прямо |вот )?сейчас(?: же)?|немедленно|сразу|сию минуту',
);

const APPROVED = whole(
  "(?:as soon as|once|when|whenever|after)(?: it'?s?| it is| it has been| it gets)? approved",
  '(?:right |immediately |as soon as |straight )?(?:after|upon|on) (?:the )?approval',
  'as soon as possible after approval',
  '(?:сразу,? )?(?:как только|как|когда|после того,? как)(?: ее| его)? (?:будет )?(?:одобр|соглас|утвер)[а-я]+',
  '(?:сразу |тут же )?(?:после|по) (?:одобрени|согласовани|утверждени)[яю]',
);

/** Whether it shall begin as soon as it may. */
export const meansNow = (text: string): boolean => NOW.test(text) || APPROVED.test(text);

const VAGUE = words(
  [
    'soon|later|asap|as soon as possible|some ?time|any ?time|whenever|midnight|next (?:week|month|year)|this (?:week|month)',
    '(?:the )?weekend|(?:the )?end of|morning|afternoon|evening|night|tonight',
    'скоро|попозже|позже|потом|как-нибудь|в ближайшее время|когда-нибудь|полночь|полуночь|выходн[а-я]+|недел[а-я]+|месяц[а-я]*|конец|конце',
    'утром|утра|днем|вечером|вечера|ночью|ночи|с утра|к вечеру|через день|пару|несколько',
  ].join('|'),
);

/** Whether it names a time that nobody could set a clock by. */
export const isVague = (text: string): boolean => VAGUE.test(text);

/** A second time where there should be one: `10:00-12:00`, `с 10 до 12`. */
const RANGE = new RegExp(
  [
    '(?<![\\d.:/-])\\d{1,2}(?:[:.]\\d{2})?(?: ?[ap]m)? ?[-–—] ?\\d{1,2}(?:[:.]\\d{2}|(?![\\d.:/-]))',
    '(?<!\\p{L})(?:с|from|between) .*\\d.* (?:до|по|to|till|until|and) \\d',
  ].join('|'),
  'u',
);

export const isRange = (text: string): boolean => RANGE.test(text);

/** Words that carry no meaning of their own between a day and a time. */
const FILLERS = new Set(
  'on at the of in and coming в во и на г год года число числа ближайший ближайшая ближайшую ближайшее . - – —'.split(
    ' ',
  ),
);

/** What is left of a text when words without a meaning of their own are gone. */
export const withoutFillers = (text: string): string =>
  text
    .split(/[\s,]+/)
    .filter((word) => word !== '' && !FILLERS.has(word))
    .join(' ');
