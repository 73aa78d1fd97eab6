/** Что говорит `npm run check` о чатах, таблицах и операторах, с которыми связан Herald. */
import type { Russian } from '../catalogue.ts';
import type { check as english } from '../en/check.ts';

export const check = {
  'check.well': 'в порядке',
  'check.wrong': 'НЕ ТАК',
  'check.off': 'нет',
  'check.all-well': 'Всё, что настроено, работает.',
  'check.some-wrong': {
    one: '{n} неполадка.',
    few: '{n} неполадки.',
    many: '{n} неполадок.',
    other: '{n} неполадки.',
  },
  'check.do': 'Что делать: {advice}',
  'check.no-answer': 'нет ответа',
  'check.configuration': 'Настройки прочитаны, всё нужное есть.',
  'check.mongo': 'MongoDB отвечает.',
  'check.start.bad': 'Herald не запускается: {why}',
  'check.start.bad.do':
    'Если нет соединения, проверьте `MONGODB_URI`; если он пуст, Herald запускает свою MongoDB, её журнал лежит в папке данных.',
  'check.unreachable': '{name}: с этой машины не достучаться.',
  'check.unreachable.do': 'Проверьте, что с этой машины открываются соединения `https` с {host}, и попробуйте снова.',
  'check.public-url.none': '`PUBLIC_URL` не задан, снаружи до Herald никто не достучится.',

  'check.slack.off': 'Slack: не настроен (`docs/connect-slack.md`).',
  'check.slack.many': 'Slack: несколько рабочих пространств; каждое добавляется по адресу `/slack/install`.',
  'check.slack.token': 'Slack: вход выполнен как @{user}, пространство «{team}».',
  'check.slack.token.bad': 'Slack: токен бота не принят ({why}).',
  'check.slack.token.bad.do':
    'Скопируйте `Bot User OAuth Token` со страницы приложения `OAuth & Permissions` в `SLACK_BOT_TOKEN`.',
  'check.slack.scopes': 'Slack: все нужные права даны.',
  'check.slack.scopes.lacking': 'Slack: не хватает прав: {scopes}.',
  'check.slack.scopes.lacking.do':
    'Вставьте `manifest.json` ещё раз на странице `App Manifest`, затем `Install App` и `Reinstall to Workspace`.',
  'check.slack.socket': 'Slack: `Socket Mode` открывается.',
  'check.slack.socket.bad': 'Slack: `Socket Mode` не открывается ({why}).',
  'check.slack.socket.bad.do':
    'На странице `Basic Information` создайте токен уровня приложения с правом `connections:write` и запишите его в `SLACK_APP_TOKEN`.',
  'check.slack.public-url.do':
    'Укажите в `PUBLIC_URL` адрес (`https://…`), по которому доступен Herald, или включите `Socket Mode`, которому адрес не нужен (`SLACK_APP_TOKEN`).',
  'check.slack.events': 'Slack: {url} доступен снаружи, принимает подписанное и отвергает неподписанное.',
  'check.slack.events.bad': 'Slack: {url} не принимает того, что пришлёт Slack (ответ: {status}).',
  'check.slack.events.bad.do':
    'Запустите Herald (`npm start`), проверьте, что адрес ведёт на его порт и что `SLACK_SIGNING_SECRET` — это `Signing Secret` со страницы `Basic Information`.',

  'check.telegram.off': 'Telegram: не настроен (`docs/connect-telegram.md`).',
  'check.telegram.token': 'Telegram: бот — {name}.',
  'check.telegram.token.bad': 'Telegram: токен не принят ({why}).',
  'check.telegram.token.bad.do': 'Напишите `@BotFather` команду `/token` и скопируйте ответ в `TELEGRAM_BOT_TOKEN`.',
  'check.telegram.polling': 'Telegram: Herald сам забирает сообщения, больше ничего настраивать не надо.',
  'check.telegram.webhook': 'Telegram: сообщения приходят на {url}.',
  'check.telegram.webhook.none': 'Telegram: вебхук ещё не установлен.',
  'check.telegram.webhook.other': 'Telegram: сообщения уходят на другой адрес: {url}.',
  'check.telegram.webhook.other.do':
    'Этим ботом пользуется другая программа. Остановите её или заведите для Herald отдельного бота; при запуске Herald снимает вебхук.',
  'check.telegram.webhook.start': 'Запустите Herald (`npm start`): он установит вебхук сам.',
  'check.telegram.webhook.fails': {
    one: 'Telegram не может доставить: {why}. Ждёт {n} сообщение.',
    few: 'Telegram не может доставить: {why}. Ждут {n} сообщения.',
    many: 'Telegram не может доставить: {why}. Ждут {n} сообщений.',
    other: 'Telegram не может доставить: {why}. Ждут {n} сообщения.',
  },
  'check.telegram.webhook.fails.do':
    'Проверьте, что `PUBLIC_URL` доступен снаружи, с действующим сертификатом, на порту 443, 80, 88 или 8443.',

  'check.google.off': 'Google Таблицы: не настроены (`docs/connect-google.md`).',
  'check.google.file.bad': 'Google Таблицы: файл ключа не годится: {why}',
  'check.google.file.bad.do':
    'В консоли Google `Cloud`: сервисный аккаунт, «Ключи», «Добавить ключ», `JSON`. Путь к файлу запишите в `GOOGLE_CREDENTIALS_FILE`.',
  'check.google.token': 'Google Таблицы: вход выполнен. Давайте доступ к таблицам адресу {share} с правом редактора.',
  'check.google.token.bad': 'Google Таблицы: Google не пускает сервисный аккаунт ({why}).',
  'check.google.token.bad.do':
    'Проверьте, что ключ не удалён, что включены `Sheets API` и `Drive API`, что часы этой машины идут верно, а при `GOOGLE_DELEGATION=yes` — что права выданы, как сказано в `docs/connect-google.md`.',
  'check.google.sheet.ask': 'Чтобы проверить и таблицу: `npm run check -- <ссылка>`.',
  'check.google.sheet': 'Google Таблицы: «{name}» можно читать и изменять.',
  'check.google.office':
    'Google Таблицы: «{name}» — файл другой программы. Его можно читать, а результаты придут отдельным файлом.',
  'check.google.sheet.bad': 'Google Таблицы: этой таблицей пользоваться нельзя.',

  'check.google.sheet.wrong-link': 'Скопируйте ссылку из адресной строки браузера, когда таблица открыта.',
  'check.google.sheet.wrong-type':
    'Это не Google Таблица, не книга и не `csv`. Откройте нужный файл и скопируйте его ссылку.',
  'check.google.sheet.not-found': 'Такой таблицы нет: проверьте ссылку и не удалена ли таблица.',
  'check.google.sheet.not-shared':
    'Откройте таблицу, нажмите «Настройки доступа» и дайте адресу {share} право редактора.',
  'check.google.sheet.read-only':
    'У адреса {share} только просмотр. Откройте таблицу, нажмите «Настройки доступа» и дайте ему право редактора.',
  'check.google.sheet.not-yours':
    'Herald действует от имени сотрудников (`GOOGLE_DELEGATION=yes`). Скажите, чьего: `npm run check -- <ссылка> <почта>`, и проверьте, что этот сотрудник может открыть таблицу.',
  'check.google.sheet.unavailable': 'Google сейчас не отвечает. Попробуйте, пожалуйста, через минуту.',

  'check.providers-file.do': 'Исправьте файл в указанных местах; каждое поле объяснено в `docs/providers.md`.',
  'check.providers.off': 'Операторы: не настроены, вместо них учебный оператор (`docs/providers.md`).',
  'check.provider.smpp': 'Операторы: «{name}» пускает.',
  'check.provider.http': 'Операторы: «{name}» отвечает. Принимает ли он сообщения, покажет проверка на свой телефон.',
  'check.provider.running': 'Операторы: «{name}» пускает: работающий Herald подключён.',
  'check.provider.bad': 'Операторы: «{name}» не пускает: {why}.',
  'check.provider.bad.do':
    'Сверьте адрес, порт, имя и пароль с тем, что дал оператор, и спросите, не должен ли он знать наш адрес. Работающий Herald мог занять все разрешённые сессии: на время проверки остановите его.',
} as const satisfies Russian<typeof english>;
