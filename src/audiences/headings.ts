/**
 * What a heading says about its column, by its words in English and Russian. A heading alone decides little: the cells
 * below it have a say in `columns.ts`.
 */

export type HeadingSense =
  | 'phone' // it says phone
  | 'maybe-phone' // number, contact: a phone if the cells are
  | 'zone'
  | 'name'
  | 'known'; // a word that headings have, and customers' data seldom

/** Longer texts are titles and remarks. */
const LONGEST_HEADING = 60;

/** Matches words that begin so; a `$` ends the word there. Russian words are given without their endings. */
const words = (list: string): RegExp =>
  new RegExp(`(?:^| )(?:${list.replaceAll('$', '(?= |$)').replaceAll(' ', '|')})`);

const PHONE = words(
  'phone telephone mobile cell$ cellphone cellular tel$ mob$ msisdn whatsapp whats$ sms$ телефон тел$ моб$ мобильн мобил$ сотов ' +
    'мсисдн вотсап ватсап смс$',
);
const MAYBE_PHONE = words('number$ numbers$ num$ nr$ no$ номер contact контакт абонент');
/** Words that make a phone's heading say something else: its model, its operator, when it was checked. */
const ABOUT_PHONE = words(
  'model модел brand марк type$ тип$ operator оператор status статус valid checked провер date дата consent соглас tariff ' +
    'тариф plan$ count колич region регион',
);
const OTHER_NUMBER = words(
  'id$ order заказ contract договор account счет card карт invoice накладн passport паспорт инн$ inn$ снилс ticket заявк ' +
    'row$ строк п$ tab$ табельн policy полис house дом$ flat квартир index индекс vin$',
);
const ZONE = words('timezone tz$ utc$ gmt$ таймзон');
const ZONE_PHRASE = /(?:^| )(?:time zone|час(?:ов[а-я]*)? пояс|врем[а-я]* (?:зон|пояс)|тайм зон)/;
const NAME = words('name surname forename имя$ фио$ фамили отчеств клиент$ customer$ client$ получател');
const NAME_PHRASE = /(?:^| )ф и о(?: |$)/;
const KNOWN = words(
  'id$ n$ no$ city город region регион област district район email mail почт address адрес sum$ amount total$ сумм price цен ' +
    'date дата day$ день$ birth рожден debt долг задолж discount скидк balance баланс comment коммент примеч note status статус ' +
    'code$ код$ promo промо plan$ tariff тариф branch филиал department отдел подраздел contract договор order заказ card карт ' +
    'account счет company компан организац gender пол$ age$ возраст link ссылк url$ group групп segment сегмент manager ' +
    'менеджер product товар услуг service bonus бонус points балл language язык title country стран consent соглас п$ инн$',
);

/** Words of a heading in small letters with single spaces between: `PhoneNumber`, `phone_number` and `Phone №` alike. */
export function headingWords(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What the heading says, or null when it says nothing known. */
export function headingSense(text: string): HeadingSense | null {
  if (text.length > LONGEST_HEADING) return null;
  const plain = headingWords(text);
  if (plain === '') return null;
  if (ZONE.test(plain) || ZONE_PHRASE.test(plain)) return 'zone';
  if (PHONE.test(plain)) return ABOUT_PHONE.test(plain) || OTHER_NUMBER.test(plain) ? 'known' : 'phone';
  if (OTHER_NUMBER.test(plain)) return 'known';
  if (MAYBE_PHONE.test(plain)) return 'maybe-phone';
  if (NAME.test(plain) || NAME_PHRASE.test(plain)) return 'name';
  return KNOWN.test(plain) ? 'known' : null;
}
