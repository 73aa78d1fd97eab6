/** То, что говорится только в Slack: формы, файлы и то, что не помещается в сообщение. */
import type { Russian } from '../catalogue.ts';
import type { slack as english } from '../en/slack.ts';

export const slack = {
  'slack.loading': 'Одну минуту, смотрю.',
  'slack.trouble':
    'Что-то пошло не так, и ответить не получилось. Прежде чем повторять, проверьте, пожалуйста, не сделано ли это уже.',
  'slack.cut': 'Больше в сообщение не помещается. Не показано: {what}.',
  'slack.to-type': 'Слишком длинно для кнопки, скопируйте:',

  'slack.form.new': 'Новая кампания',
  'slack.form.edit': 'Изменить кампанию {id}',
  'slack.form.reject': 'Отклонить кампанию {id}',
  'slack.form.schedule': 'Время кампании {id}',
  'slack.form.new.submit': 'Создать',
  'slack.form.edit.submit': 'Сохранить',
  'slack.form.reject.submit': 'Отклонить',
  'slack.form.schedule.submit': 'Назначить время',
  'slack.form.close': 'Закрыть',
  'slack.form.edit-hint': 'Что оставите пустым, останется как есть.',
  'slack.form.with-file': 'Списком будет файл из сообщения.',
  'slack.form.late': 'Форму открыть не удалось: Slack ждал слишком мало.',
  'slack.form.late.do': 'Пожалуйста, попробуйте ещё раз.',

  'slack.field.source': 'Список: ссылка на таблицу',
  'slack.field.source.hint': 'Вставьте её из браузера',
  'slack.field.recent': 'Или один из недавних',
  'slack.field.file': 'Или список файлом',
  'slack.field.name': 'Название кампании',
  'slack.field.name.hint': 'Чёрная пятница',
  'slack.field.text': 'Текст сообщения',
  'slack.field.text.hint': 'Здравствуйте, {{Имя}}! …',
  'slack.field.sender': 'Отправитель',
  'slack.field.sender.hint': 'До 11 букв, как его видят клиенты',
  'slack.field.start': 'Когда начать',
  'slack.field.start.hint': 'завтра в 10:00',
  'slack.field.reason': 'Что нужно изменить',
  'slack.field.reason.hint': 'Это прочтёт автор.',

  'slack.file.nameless': 'файл',
  'slack.file.failed': 'Не удалось получить «{name}» из Slack.',
  'slack.file.failed.do': 'Пожалуйста, загрузите его ещё раз в нашей личной переписке.',
  'slack.file.too-large': '«{name}» слишком велик: принимается не больше {limit} МБ.',
  'slack.file.too-large.do': 'Пожалуйста, разделите список или пришлите его ссылкой.',

  'slack.installed': 'Herald установлен в {name}. Откройте его в Slack и скажите «помощь».',
  'slack.not-installed': 'Herald не установлен. Пожалуйста, начните снова по ссылке, которую вам дали.',
} as const satisfies Russian<typeof english>;
