/** Кампания, маршруты которой стали дороже согласованного. */
import type { Russian } from '../catalogue.ts';
import type { dearer as english } from '../en/dearer.ts';

export const dearer = {
  'help.allow-price.does': 'Разрешает отправить сообщения кампании дороже, чем согласовано.',
  'help.allow-price.how': '`разрешить цену <кампания> <метка с карточки>`',
  'help.allow-price.examples': '`разрешить цену 12`\n`разрешить цену 12 3fa90c`',
  'do.allow-price': 'Разрешить эту цену',
  'dearer.title': 'Дороже, чем согласовано',
  'dearer.approved': 'Согласовано до',
  'dearer.now': 'Сейчас',
  'dearer.messages': 'Сообщений',
  'dearer.extra': 'Это не больше чем на {money} дороже согласованного. Текст и получатели остаются согласованными.',
  'dearer.waits': 'Без ответа эти сообщения ждут маршрута подешевле до {when}.',
  'dearer.needed': {
    one: 'Нужно разрешение {n} человека; пока разрешили: {so}.',
    few: 'Нужно разрешение {n} человек; пока разрешили: {so}.',
    many: 'Нужно разрешение {n} человек; пока разрешили: {so}.',
    other: 'Нужно разрешение {n} человека; пока разрешили: {so}.',
  },
  'notice.dearer': 'Сообщения ждут, их маршруты дороже согласованного: кампания {id} «{name}»',
  'notice.dearer-allowed': 'Разрешён маршрут дороже ({by}): кампания {id} «{name}»',
  'refused.nothing-asked': 'В этой кампании ничто не ждёт более дорогого маршрута',
  'refused.nothing-asked.do': 'Это уже разрешено, или кампания закончена.',
} as const satisfies Russian<typeof english>;
