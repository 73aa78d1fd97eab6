/** Счёт и сроки, о которых говорят все комнаты. После «около» стоит родительный падеж. */
import type { Russian } from '../catalogue.ts';
import type { units as english } from '../en/units.ts';

export const units = {
  'count.messages': { one: '{n} сообщение', few: '{n} сообщения', many: '{n} сообщений', other: '{n} сообщения' },
  'count.parts': { one: '{n} часть', few: '{n} части', many: '{n} частей', other: '{n} части' },
  'count.rows': { one: '{n} строка', few: '{n} строки', many: '{n} строк', other: '{n} строки' },
  'count.recipients': {
    one: '{n} получатель',
    few: '{n} получателя',
    many: '{n} получателей',
    other: '{n} получателя',
  },
  'count.characters': { one: '{n} знак', few: '{n} знака', many: '{n} знаков', other: '{n} знака' },
  'count.campaigns': { one: '{n} кампания', few: '{n} кампании', many: '{n} кампаний', other: '{n} кампании' },

  'span.moment': 'меньше минуты',
  'span.about-minutes': {
    one: 'около {n} минуты',
    few: 'около {n} минут',
    many: 'около {n} минут',
    other: 'около {n} минуты',
  },
  'span.about-hours': {
    one: 'около {n} часа',
    few: 'около {n} часов',
    many: 'около {n} часов',
    other: 'около {n} часа',
  },
  'span.and-minutes': { one: '{n} минуты', few: '{n} минут', many: '{n} минут', other: '{n} минуты' },
  'span.about-days': { one: 'около {n} дня', few: 'около {n} дней', many: 'около {n} дней', other: 'около {n} дня' },
} as const satisfies Russian<typeof english>;
