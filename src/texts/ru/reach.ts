/** О доставке в чаты: что могло не дойти и что изменилось с прошлого раза. */
import type { Russian } from '../catalogue.ts';
import type { reach as english } from '../en/reach.ts';

export const reach = {
  'reach.doubtful': 'Не знаю, показали ли вам это',
  'reach.doubtful-line': '«{title}»',
  'reach.dead':
    '{chat} больше не принимает мои сообщения для вас, поэтому они приходят сюда. Напишите мне там, и они снова будут приходить туда.',

  'interrupted.title': 'Выполнение вашей команды прервалось',
  'interrupted.do': 'Неизвестно, успела ли она выполниться. Прежде чем повторять, проверьте, пожалуйста.',

  'changed.title': 'Что изменилось с прошлого раза',
  'changed.text': 'Текст',
  'changed.text-how': 'теперь другой',
  'changed.sender': 'Отправитель',
  'changed.start': 'Начало',
  'changed.people': 'Получатели',
  'changed.people-how': 'столько же, но список теперь другой',
  'changed.cost': 'Не дороже',
  'changed.from-to': '{before} → {after}',
  'changed.nothing': 'С прошлого раза ничего не изменилось.',
} as const satisfies Russian<typeof english>;
