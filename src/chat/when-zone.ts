/**
 * Zones as people name them beside a time: `10:00 MSK`, `по Москве`, `Berlin time`, `UTC+3`, `Europe/Berlin`. Abbreviations that
 * several countries use (CST, IST) are not guessed.
 */
import { IANAZone } from 'luxon';
import { take, words } from './when-words.ts';

/** An IANA zone, or a fixed distance from UTC in minutes. */
export type Said =
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'offset'; readonly minutes: number };

export interface ZoneReading {
  /** Null where none is named. */
  readonly said: Said | null;
  readonly rest: string;
}

/** Takes the zone out of a text. */
export function readZone(text: string): ZoneReading {
  return byOffset(text) ?? byName(text) ?? byCity(text) ?? byRussianCity(text) ?? { said: null, rest: text };
}

const OFFSET = words('(utc|gmt|мск|msk)(?: ?([+-−]) ?(\\d{1,2})(?::?(\\d{2}))?)?');

/** `UTC+3`; `МСК+4`, as Russian timetables write a zone four hours ahead of Moscow's, which is UTC+3 all the year. */
function byOffset(text: string): ZoneReading | null {
  const taken = take(text, OFFSET);
  if (!taken) return null;
  const [, base, sign, hours, minutes = '0'] = taken.match;
  const moscow = base === 'мск' || base === 'msk';
  if (hours === undefined) return { said: { kind: 'zone', zone: moscow ? 'Europe/Moscow' : 'UTC' }, rest: taken.rest };
  const away = (Number(hours) * 60 + Number(minutes)) * (sign === '+' ? 1 : -1) + (moscow ? 180 : 0);
  if (Math.abs(away) > 14 * 60) return null;
  return { said: { kind: 'offset', minutes: away }, rest: taken.rest };
}

function byName(text: string): ZoneReading | null {
  const taken = take(text, /(?<![\p{L}\p{N}])[a-z]+(?:\/[a-z_+-]+){1,2}(?![\p{L}\p{N}])/u);
  if (!taken || !IANAZone.isValidZone(taken.match[0])) return null;
  const zone = taken.match[0].replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
  return { said: { kind: 'zone', zone }, rest: taken.rest };
}

/** The last word of a zone's name is its city, and no two zones share one. */
const CITIES: ReadonlyMap<string, string> = new Map([
  ...Intl.supportedValuesOf('timeZone').map(
    (zone) => [zone.split('/').at(-1)!.replaceAll('_', ' ').toLowerCase(), zone] as const,
  ),
  ['kyiv', 'Europe/Kyiv'], // the names above are CLDR's, and older
  ['kolkata', 'Asia/Kolkata'],
]);

function byCity(text: string): ZoneReading | null {
  const taken = take(text, words("(?:by )?([a-z'-]+(?: [a-z'-]+){0,2}) time"));
  if (!taken) return null;
  const named = taken.match[1]!.split(' ');
  // "tomorrow new york time": the city is the longest end of the words that is one.
  for (let from = 0; from < named.length; from++) {
    const zone = CITIES.get(named.slice(from).join(' '));
    if (zone) return { said: { kind: 'zone', zone }, rest: `${named.slice(0, from).join(' ')} ${taken.rest}`.trim() };
  }
  return null;
}

/** Dative of the city, beginning of its adjective, zone. */
const RUSSIAN_CITIES = [
  ['калининграду', 'калининград', 'Europe/Kaliningrad'],
  ['москве', 'москов', 'Europe/Moscow'],
  ['самаре', 'самар', 'Europe/Samara'],
  ['екатеринбургу', 'екатеринбург', 'Asia/Yekaterinburg'],
  ['омску', 'ом', 'Asia/Omsk'],
  ['новосибирску', 'новосибир', 'Asia/Novosibirsk'],
  ['красноярску', 'краснояр', 'Asia/Krasnoyarsk'],
  ['иркутску', 'иркут', 'Asia/Irkutsk'],
  ['якутску', 'якут', 'Asia/Yakutsk'],
  ['владивостоку', 'владивосток', 'Asia/Vladivostok'],
  ['магадану', 'магадан', 'Asia/Magadan'],
  ['камчатке', 'камчат', 'Asia/Kamchatka'],
] as const;

function byRussianCity(text: string): ZoneReading | null {
  for (const [dative, adjective, zone] of RUSSIAN_CITIES) {
    const taken = take(text, words(`по ${dative}|(?:по )?${adjective}ско(?:му|е) врем(?:ени|я)`));
    if (taken) return { said: { kind: 'zone', zone }, rest: taken.rest };
  }
  return null;
}
