/** Made-up customers, the cities they live in, and the ways in which a sheet writes names and time zones. */
import type { Random } from './random.ts';
import { cell, type ExampleCell, formula, type Oddity } from './sheet.ts';

const MEN = [
  'Иван',
  'Пётр',
  'Сергей',
  'Алексей',
  'Дмитрий',
  'Олег',
  'Тимур',
  'Артём',
  'Михаил',
  'Рустам',
  'Глеб',
  'Лев',
];
const WOMEN = ['Анна', 'Мария', 'Ольга', 'Елена', 'Дарья', 'Зоя', 'Алёна', 'Гульнара', 'Вера', 'Юлия', 'Софья', 'Ия'];
/** With -ич of a man, with -на of a woman. */
const FATHERS = ['Иванов', 'Петров', 'Сергеев', 'Алексеев', 'Олегов', 'Тимуров', 'Михайлов', 'Рустамов', 'Глебов'];
const SURNAMES = [
  ...['Соколов', 'Кузнецов', 'Лебедев', 'Морозов', 'Орлов', 'Гусев', 'Титов', 'Зайцев', 'Беляев', 'Комаров', 'Фомин'],
  ...['Журавлев', 'Щербаков', 'Ахметов', 'Сафин', 'Юсупов', 'Жуков', 'Панов', 'Рябов', 'Носов'],
];
const FOREIGN = [
  ...[
    'John Smith',
    'Maria Garcia',
    'Liu Wei',
    'Emma Müller',
    'Jean Dupont',
    'Olivia Brown',
    'Lars Jensen',
    'Ana Costa',
  ],
  ...['Noah Wilson', 'Sofia Rossi', 'Mehmet Yilmaz', 'Grace Kim'],
];
const MANAGERS = ['Смирнова Е. В.', 'Ковалёв Д. А.', 'J. Taylor', 'Ибрагимова Р.', 'Панина Ю.', "K. O'Neill"];

export const managers: readonly string[] = MANAGERS;

/** A name such as sheets hold: first name, both, or all three; one in seven from abroad. */
export function ordinaryName(random: Random): string {
  if (random.next() < 0.14) return random.pick(FOREIGN);
  const woman = random.next() < 0.5;
  const first = random.pick(woman ? WOMEN : MEN);
  const surname = `${random.pick(SURNAMES)}${woman ? 'а' : ''}`;
  const father = `${random.pick(FATHERS)}${woman ? 'на' : 'ич'}`;
  const share = random.next();
  if (share < 0.5) return first;
  return share < 0.85 ? `${first} ${surname}` : `${surname} ${first} ${father}`;
}

export interface NameOddity extends Oddity {
  readonly write: (random: Random) => ExampleCell;
}

const COMPANIES = [
  'Общество с ограниченной ответственностью «Научно-производственное объединение „Северо-Западная энергетическая компания“», отдел снабжения, Константинопольская-Рождественская Александра Вячеславовна',
  'The International Trading and Shipping Company of the Northern Territories, attention of Bartholomew Featherstonehaugh-Cholmondeley, Purchasing Department, second floor',
  'Индивидуальный предприниматель Преображенский-Воскресенский Святослав Всеволодович (магазин «Всё для дома и сада»)',
];

export const NAME_ODDITIES: readonly NameOddity[] = [
  name('straight-apostrophe', 3, 'an apostrophe', (r) => cell(r.pick(["Patrick O'Brien", "Sinéad O'Connor"]))),
  name('curly-apostrophe', 4, 'a typographic apostrophe, which no SMS alphabet of 7 bits has', (r) =>
    cell(r.pick(['Beverly D’Angelo', 'Conan O’Doyle'])),
  ),
  name('yo', 8, 'the letter ё', (r) => cell(r.pick(['Ёлкин Семён', 'Артём Ёжиков', 'Алёна Королёва', 'Пётр Фёдоров']))),
  name('emoji', 4, 'an emoji, two units of UTF-16', (r) => cell(r.pick(['Анна 🎁', 'Max 🚀', 'Зоя 👩‍👧']))),
  name('long', 8, 'so long that the message takes more parts', (r) => cell(r.pick(COMPANIES))),
  name('formula', 3, 'a formula', (r) => {
    const first = r.pick(WOMEN);
    return formula(`PROPER("${first.toLowerCase()}")`, first);
  }),
  name('rich-text', 3, 'partly bold', (r) =>
    cell({
      richText: [{ text: r.pick(MEN) }, { text: ' Комаров', font: { bold: true, color: { argb: 'FFCC0000' } } }],
    }),
  ),
  name('link', 2, 'a link', (r) =>
    cell({ text: r.pick(['Игорь', 'Kate']), hyperlink: 'mailto:customer@example.test' }),
  ),
  name('spaces-around', 5, 'spaces around it', (r) => cell(`  ${r.pick(MEN)} `)),
  name('empty', 6, 'nothing in the cell: left out when the text says the name and allows for no other', () =>
    cell(null),
  ),
  name('like-formula', 2, 'text that looks like a formula', (r) => cell(r.pick(['=Иван', '+Мария', '@olga']))),
  name('like-template', 1, 'text that looks like a template', () => cell('{{Сумма}}')),
  name('ampersand', 2, 'characters that XML and HTML escape', (r) => cell(r.pick(['Рога & Копыта', 'A<B> "C"']))),
  name('decomposed', 2, 'й of two characters, as macOS writes it', () => cell('Андрей Майский'.normalize('NFD'))),
  name('mixed-script', 2, 'a Latin C in a Cyrillic name', () => cell('Cергей')),
  name('capitals', 5, 'capitals', (r) => cell(`${r.pick(SURNAMES)} ${r.pick(MEN)}`.toUpperCase())),
];

function name(code: string, rows: number, title: string, write: NameOddity['write']): NameOddity {
  return { code: `name-${code}`, rows, title, write };
}

interface City {
  readonly names: readonly string[];
  readonly zone: string;
  /** The zone as people write it. */
  readonly spoken: readonly string[];
  /** How often it comes up. */
  readonly weight: number;
}

const CITIES: readonly City[] = [
  city(10, 'Europe/Moscow', 'Москва|Moscow|г. Москва', 'МСК|Москва|UTC+3|MSK'),
  city(5, 'Europe/Moscow', 'Казань|Kazan', 'МСК'),
  city(4, 'Europe/Moscow', 'Санкт-Петербург|СПб|St Petersburg', 'МСК|europe/moscow'),
  city(4, 'Asia/Yekaterinburg', 'Екатеринбург|Yekaterinburg|Екб', 'МСК+2|Екатеринбург|(UTC+05:00) Екатеринбург'),
  city(3, 'Asia/Novosibirsk', 'Новосибирск|Novosibirsk', 'МСК+4|UTC+7'),
  city(2, 'Europe/Samara', 'Самара|Samara', 'МСК+1|Самара'),
  city(2, 'Europe/Kaliningrad', 'Калининград|Kaliningrad', 'МСК-1|UTC+02:00'),
  city(2, 'Asia/Omsk', 'Омск|Omsk', 'Омск'),
  city(2, 'Asia/Krasnoyarsk', 'Красноярск|Krasnoyarsk', 'МСК+4'),
  city(1, 'Asia/Irkutsk', 'Иркутск|Irkutsk', 'UTC+8'),
  city(1, 'Asia/Yakutsk', 'Якутск|Yakutsk', 'МСК+6'),
  city(2, 'Asia/Vladivostok', 'Владивосток|Vladivostok', 'Владивосток|МСК+7'),
  city(1, 'Asia/Magadan', 'Магадан', 'МСК+8'),
  city(1, 'Asia/Kamchatka', 'Петропавловск-Камчатский', 'МСК+9'),
];

function city(weight: number, zone: string, names: string, spoken: string): City {
  return { weight, zone, names: names.split('|'), spoken: spoken.split('|') };
}

const BY_WEIGHT = CITIES.flatMap((one) => Array.from({ length: one.weight }, () => one));

/** A city and its time zone: by its name in the time zone database, as people say it, or not at all. */
export function home(random: Random): {
  readonly city: string;
  readonly zone: string | null;
  readonly odd: string | null;
} {
  const { names, zone, spoken } = random.pick(BY_WEIGHT);
  const share = random.next();
  if (share < 0.12) return { city: random.pick(names), zone: null, odd: 'zone-empty' };
  if (share < 0.3) return { city: random.pick(names), zone: random.pick(spoken), odd: 'zone-spoken' };
  return { city: random.pick(names), zone, odd: null };
}

/** Zones that nobody can be sure of. */
export const BAD_ZONES = ['местное', 'UTC+5:30', 'как у нас', '+3', 'Europe/Moskva'];
