/** То, что нужно сказать только в Telegram. */
import type { Russian } from '../catalogue.ts';
import type { telegram as english } from '../en/telegram.ts';

export const telegram = {
  'telegram.moment': 'Одну минуту …',
  'telegram.cut': 'Всё в одно сообщение не помещается. Спросите о части, например: `{command}`',
  'telegram.cut.help':
    'Всё в одно сообщение не помещается. Все команды есть в меню рядом с полем ввода, а `{command}` объясняет одну из них.',
  'telegram.in-private': 'О рассылках я говорю только в личной переписке. Продолжим там.',
  'telegram.in-private.button': 'Написать мне',
  'telegram.old-button': 'Эта кнопка слишком старая: я уже не знаю, что она значила. Запросите карточку ещё раз.',
  'telegram.trouble':
    'Что-то пошло не так, и ответить не получилось. Прежде чем повторять, проверьте через минуту, не сделано ли это уже.',
  'telegram.file-too-large':
    'Файл «{name}» больше {limit} МБ, здесь я такой принять не могу. Уберите лишние столбцы или разделите его.',
  'telegram.file-failed': 'Не удалось получить файл «{name}» от Telegram. Пришлите его ещё раз.',
  'telegram.not-read': 'Я читаю текст и таблицы, присланные файлом. Напишите `помощь`, чтобы увидеть, что я умею.',
} as const satisfies Russian<typeof english>;
