/** Жизнь кампании, её класс и часы отправки. */
import type { Russian } from '../catalogue.ts';
import type { campaigns as english } from '../en/campaigns.ts';

export const campaigns = {
  'campaign-state.draft': 'черновик',
  'campaign-state.submitted': 'ждёт согласования',
  'campaign-state.approved': 'согласована',
  'campaign-state.scheduled': 'запланирована',
  'campaign-state.sending': 'отправляется',
  'campaign-state.paused': 'приостановлена',
  'campaign-state.finished': 'завершена',
  'campaign-state.cancelled': 'отменена',
  'campaign-state.missed': 'пропущена: время прошло, нужно решение человека',

  'campaign-state-meaning.draft': 'С ней работает только автор; без согласования ничего не отправляется.',
  'campaign-state-meaning.submitted': 'Согласовать её должен кто-то, кроме автора.',
  'campaign-state-meaning.approved': 'Её можно отправлять как есть; любая правка требует нового согласования.',
  'campaign-state-meaning.scheduled': 'Начнётся сама в назначенное время.',
  'campaign-state-meaning.sending': 'Сообщения сейчас отправляются.',
  'campaign-state-meaning.paused': 'Ничего не отправляется, пока её не возобновят.',
  'campaign-state-meaning.finished': 'Всё, что можно было отправить, отправлено; отчёты о доставке ещё могут прийти.',
  'campaign-state-meaning.cancelled': 'Её отменили; что не было отправлено, отправлено не будет.',
  'campaign-state-meaning.missed':
    'Её время прошло раньше, чем она началась. Без решения человека ничего не отправится.',

  'campaign-class.marketing': 'рекламная',
  'campaign-class.service': 'сервисная',
  'campaign-class-meaning.marketing':
    'Предложение. Каждое сообщение отправляется не больше одного раза, даже если из-за этого какие-то не уйдут.',
  'campaign-class-meaning.service':
    'То, что клиенту нужно знать. Сообщение, которое могло потеряться, можно отправить ещё один раз.',

  'window.not-a-window': 'Часы отправки непонятны. Напишите их, пожалуйста, так: 09:00-20:00.',
  'window.empty': 'Часы отправки начинаются и кончаются в одно время. Напишите их, пожалуйста, так: 09:00-20:00.',
  'window.crosses-midnight': 'Часы отправки не могут переходить через полночь: начало и конец должны быть в одном дне.',
} as const satisfies Russian<typeof english>;
