/** Что стало с сообщением и почему оператор его не взял: словами для тех, кто о протоколах не слышал. */
import type { Russian } from '../catalogue.ts';
import type { dispatch as english } from '../en/dispatch.ts';

export const dispatch = {
  'message-state.queued': 'ждёт отправки',
  'message-state.submitting': 'отправляется',
  'message-state.accepted': 'отправлено, отчёта ещё нет',
  'message-state.delivered': 'доставлено',
  'message-state.undelivered': 'не доставлено',
  'message-state.expired': 'не доставлено в срок',
  'message-state.rejected': 'отклонено после отправки',
  'message-state.suppressed': 'не отправлено: номер в списке тех, кому не отправляем',
  'message-state.removed': 'не отправлено: строка удалена из списка',
  'message-state.failed': 'не отправлено: оператор не принял',
  'message-state.cancelled': 'не отправлено: отменено',
  'message-state.missed': 'не отправлено: время вышло',
  'message-state.unknown': 'неизвестно: возможно, отправлено',

  'message-state-meaning.queued': 'Ждёт своей очереди, пока ничего не отправлено.',
  'message-state-meaning.submitting': 'Прямо сейчас передаётся оператору.',
  'message-state-meaning.accepted': 'Оператор принял сообщение и ещё не сказал, дошло ли оно.',
  'message-state-meaning.delivered': 'Оператор сообщил, что сообщение дошло до телефона.',
  'message-state-meaning.undelivered':
    'Оператор сообщил, что сообщение не дошло: телефон выключен, вне сети или номер больше не обслуживается.',
  'message-state-meaning.expired': 'Телефон не появился в сети в отведённый срок, и оператор прекратил попытки.',
  'message-state-meaning.rejected': 'Оператор сначала принял сообщение, а потом отказался его доставлять.',
  'message-state-meaning.suppressed': 'Номер в списке тех, кому не отправляем, поэтому сообщение не отправлено.',
  'message-state-meaning.removed': 'До начала кампании строку удалили из списка, поэтому сообщение не отправлено.',
  'message-state-meaning.failed':
    'Оператор не принял сообщение, оно не отправлено; причина указана в столбце «Ошибка».',
  'message-state-meaning.cancelled': 'Кампанию отменили раньше, чем дошла очередь, сообщение не отправлено.',
  'message-state-meaning.missed':
    'Разрешённое для отправки время вышло раньше, чем дошла очередь, сообщение не отправлено.',
  'message-state-meaning.unknown': 'Неизвестно: возможно, сообщение отправлено, поэтому повторно мы его не отправляем.',

  'failure.bad-number': 'Оператор сообщил, что такого номера нет',
  'failure.bad-sender': 'Оператор не разрешает это имя отправителя',
  'failure.bad-text': 'Оператор не принимает этот текст',
  'failure.blocked': 'Клиент или оператор запретил такие сообщения',
  'failure.no-credit': 'На нашем счёте у оператора закончились деньги',
  'failure.account': 'Оператор закрыл или ограничил нашу учётную запись',
  'failure.throttled': 'Оператору передали больше сообщений, чем он может принять сразу',
  'failure.operator-error': 'Сбой на стороне оператора',
  'failure.not-connected': 'Не было связи с оператором',
  'failure.no-answer': 'Сообщение передано оператору, ответа не было',
  'failure.connection-lost': 'Сообщение передано оператору, связь прервалась раньше ответа',
  'failure.expired': 'Отправлять было уже поздно',
  'failure.worker-lost': 'Herald прервался во время отправки и не знает, ушло ли сообщение',
  'failure.no-route': 'Ни один оператор больше не может передать это сообщение',
  'failure.our-fault':
    'Сообщение составлено так, что этот оператор не может его передать; сообщите, пожалуйста, администратору',
  'failure.no-id': 'Оператор принял сообщение, но не дал ему номера, поэтому мы не узнаем, доставлено ли оно',

  'provider.down': 'Нет связи с оператором {provider}',
  'provider.back': 'Связь с оператором {provider} восстановлена',
  'provider.since': 'С {when}.',
  'provider.others': 'Пока сообщения идут через {list}, если это согласовано; остальные ждут.',
  'provider.no-others':
    'Другие операторы сейчас сообщений не принимают: до восстановления связи ничего не отправляется и ничего не теряется.',
  'provider.goes-on': 'Что ждало, уходит дальше само.',
  'provider.campaigns': 'Ваши кампании через этого оператора',
} as const satisfies Russian<typeof english>;
