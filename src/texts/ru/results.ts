/** Что записывается обратно в таблицу. */
import type { Russian } from '../catalogue.ts';
import type { results as english } from '../en/results.ts';

export const results = {
  'result-group': '{campaign}, {date}',
  'result-tab': 'Результаты',
  'excluded-tab': 'Исключённые',

  'result-column.status': 'Статус',
  'result-column.operator': 'Оператор',
  'result-column.parts': 'Частей',
  'result-column.cost': 'Стоимость, {currency}',
  'result-column.time': 'Отправлено',
  'result-column.error': 'Ошибка',
  'result-column.message-id': 'Номер сообщения',
  'result-column.updated-at': 'Обновлено',
  'result-column.receipts-awaited': 'Ждём отчётов',

  'result-note.possible-duplicate': 'отправлено второй раз: о первом никто не мог сказать, ушло ли оно',

  'excluded-column.row': 'Строка источника',
  'excluded-column.reason': 'Почему исключена',
  'excluded-column.count': 'Строк',
} as const satisfies Russian<typeof english>;
