/**
 * What people write in a column of time zones, as an IANA zone: names of zones, offsets from UTC or from Moscow, and the
 * main cities and regions of Russia in both languages. What cannot be read is null, never a guess.
 */

/** Hours ahead of Moscow to the zone that Russians mean by it. Russia has no summer time, so the map is one to one. */
const FROM_MOSCOW: Readonly<Record<number, string>> = {
  [-1]: 'Europe/Kaliningrad',
  0: 'Europe/Moscow',
  1: 'Europe/Samara',
  2: 'Asia/Yekaterinburg',
  3: 'Asia/Omsk',
  4: 'Asia/Krasnoyarsk',
  5: 'Asia/Irkutsk',
  6: 'Asia/Yakutsk',
  7: 'Asia/Vladivostok',
  8: 'Asia/Magadan',
  9: 'Asia/Kamchatka',
};

/** Cities and regions; Russian ones without the endings that adjectives and cases give them. */
const PLACES: readonly (readonly [zone: string, names: string])[] = [
  ['Europe/Kaliningrad', 'калининград kaliningrad'],
  [
    'Europe/Moscow',
    'москва московск moscow санкт-петербург петербург спб saint-petersburg st-petersburg ленинградск нижний-новгород ' +
      'нижегородск nizhny-novgorod казань татарстан kazan ростов-на-дону ростовск rostov воронеж voronezh краснодар ' +
      'krasnodar сочи sochi ярославль yaroslavl тула tula рязань ryazan тверь tver мурманск murmansk архангельск ' +
      'arkhangelsk ставрополь stavropol белгород belgorod курск kursk пенза penza крым crimea симферополь simferopol',
  ],
  ['Europe/Volgograd', 'волгоград volgograd'],
  ['Europe/Kirov', 'киров kirov'],
  ['Europe/Samara', 'самара самарск samara тольятти togliatti ижевск удмурт izhevsk'],
  ['Europe/Saratov', 'саратов saratov'],
  ['Europe/Ulyanovsk', 'ульяновск ulyanovsk'],
  ['Europe/Astrakhan', 'астрахан astrakhan'],
  [
    'Asia/Yekaterinburg',
    'екатеринбург свердловск yekaterinburg ekaterinburg челябинск chelyabinsk пермь пермск perm уфа башкир башкортостан ufa тюмень ' +
      'тюменск tyumen оренбург orenburg курган kurgan хмао ханты-мансийск сургут surgut янао магнитогорск magnitogorsk',
  ],
  ['Asia/Omsk', 'омск omsk'],
  ['Asia/Novosibirsk', 'новосибирск novosibirsk'],
  ['Asia/Tomsk', 'томск tomsk'],
  ['Asia/Barnaul', 'барнаул алтай barnaul altai'],
  ['Asia/Novokuznetsk', 'кемеров кузбасс новокузнецк kemerovo novokuznetsk'],
  ['Asia/Krasnoyarsk', 'красноярск krasnoyarsk абакан хакас тыва norilsk норильск'],
  ['Asia/Irkutsk', 'иркутск irkutsk бурят улан-удэ ulan-ude'],
  ['Asia/Chita', 'чита забайкал забайкальск chita'],
  ['Asia/Yakutsk', 'якутск якути саха yakutsk благовещенск амурская blagoveshchensk'],
  ['Asia/Vladivostok', 'владивосток приморск vladivostok хабаровск khabarovsk'],
  ['Asia/Sakhalin', 'южно-сахалинск сахалин sakhalin'],
  ['Asia/Magadan', 'магадан magadan'],
  ['Asia/Kamchatka', 'петропавловск-камчатск камчат kamchatka'],
  ['Asia/Anadyr', 'анадырь чукот anadyr chukotka'],
];

/** The longest first, so that Южно-Сахалинск is not asked whether it is something shorter. */
const BY_PLACE: readonly (readonly [start: string, zone: string])[] = PLACES.flatMap(([zone, names]) =>
  names.split(' ').map((name) => [name, zone] as const),
).sort(([a], [b]) => b.length - a.length);

/** What may follow a name: nothing, an ending (Кировская, but not Кировск, which is elsewhere), or another word. */
const ENDING = /^(?:[аеийоыья]|ия|ье|ка|ь?ск(?:ая|ий|ой|ое)|к?(?:ая|ий|ой|ое))?(?:[^\p{L}]|$)/u;

const ZONE_NAMES: ReadonlyMap<string, string> = new Map(
  Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]),
);

/** The IANA zone that the text of a cell means, or null. */
export function zoneFrom(text: string): string | null {
  const plain = text.normalize('NFKC').replace(/[−–—]/g, '-').replace(/\s+/g, ' ').trim();
  if (plain === '') return null;
  // Екатеринбург (МСК+2), and (UTC+05:00) Екатеринбург as Windows lists zones: either half will do.
  const halves = /^([^()]*)\(([^()]+)\)([^()]*)$/.exec(plain);
  return readZone(plain) ?? (halves ? (readZone(`${halves[1]}${halves[3]}`.trim()) ?? readZone(halves[2]!)) : null);
}

const readZone = (text: string): string | null =>
  ianaZone(text) ?? offsetZone(text.replaceAll(' ', '').toLowerCase()) ?? placeZone(text);

/** Any name or alias of the time zone database, in any case: `europe/moscow`, `US/Eastern`. */
function ianaZone(text: string): string | null {
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+$/.test(text)) return null;
  const known = ZONE_NAMES.get(text.toLowerCase());
  if (known) return known;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** `UTC+5`, `GMT+03:00`, `+05:00`, `МСК+2`; an offset that is not of whole hours has no zone of its own. */
function offsetZone(text: string): string | null {
  const found = /^(utc|gmt|msk|мск|z)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?(?:ч|h)?$/.exec(text);
  if (!found) return null;
  const [, base, sign, hours, minutes] = found;
  if (sign === undefined)
    return base === undefined ? null : base === 'msk' || base === 'мск' ? FROM_MOSCOW[0]! : 'Etc/UTC';
  // `+3` alone may count from UTC or from Moscow; with minutes it is how ISO 8601 writes an offset from UTC.
  if ((base === undefined && minutes === undefined) || base === 'z' || Number(minutes ?? 0) !== 0) return null;
  const offset = Number(hours) * (sign === '-' ? -1 : 1);
  if (base === 'msk' || base === 'мск') return FROM_MOSCOW[offset] ?? null;
  return etcZone(offset);
}

/** The time zone database counts these westwards: Etc/GMT-5 is five hours ahead. They reach from UTC-12 to UTC+14. */
function etcZone(offset: number): string | null {
  if (offset < -12 || offset > 14) return null;
  if (offset === 0) return 'Etc/UTC';
  return `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

function placeZone(text: string): string | null {
  const place = text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/^(?:г|город|the|city of)[. ]+/, '')
    .replace(/[. ]+/g, '-');
  return BY_PLACE.find(([start]) => place.startsWith(start) && ENDING.test(place.slice(start.length)))?.[1] ?? null;
}
