/** Проверка подключения к оператору: для администраторов, которые его настраивают; имена настроек и протокола остаются как есть. */
import type { Russian } from '../catalogue.ts';
import type { providerCheck as english } from '../en/provider-check.ts';

export const providerCheck = {
  'provider-check.on': 'Проверяем оператора {provider}',
  'provider-check.over': 'Оператор {provider} проверен',
  'provider-check.on.lead': 'На ваш телефон {phone} идут три сообщения; здесь видно, как далеко они дошли.',
  'provider-check.over.lead': 'На ваш телефон {phone} отправлены три сообщения. Посмотрите, все ли пришли целиком.',
  'provider-check.texts': 'Сообщения',
  'provider-check.text': '{text}: {state}',
  'provider-check.text-why': '{text}: {state} ({why})',
  'provider-check.text.gsm': 'Латиница и знаки',
  'provider-check.text.cyrillic': 'Кириллица',
  'provider-check.text.three-parts': 'Три части',
  'provider-check.wire': 'Что прошло по линии',
  'provider-check.advice': 'Что это говорит о настройках',
  'provider-check.refused': 'Оператор {provider} сейчас не проверяется',
  'provider-check.stopped': 'Его остановили, поэтому ничего не отправлено. Сначала пустите его.',
  'provider-check.all-stopped': 'Всё остановлено, поэтому ничего не отправлено.',
  'provider-check.not-in-use': 'Он не используется, поэтому ничего не отправлено.',
  'provider-advice.data-coding':
    'На `data_coding` {coding} оператор отвечает {status}: спросите, какой ему нужен, и задайте `dataCoding`.',
  'provider-advice.sender':
    'На отправителя оператор отвечает {status}: укажите в `senders` разрешённые имена или задайте `source` и `shortNumber`.',
  'provider-advice.number':
    'На номер оператор отвечает {status}: задайте `numberFormat`, `destination` или `nationalCode`, как сказано в его руководстве.',
  'provider-advice.parts':
    'На то, как длинное сообщение разложено на части, оператор отвечает {status}: попробуйте `concatenation` со значением `sar` или `payload`.',
  'provider-advice.validity':
    'На срок доставки оператор отвечает {status}: спросите, в каком виде и на сколько его можно задать.',
  'provider-advice.slower':
    'Уже на несколько частей оператор отвечает {status}: уменьшите `partsPerSecond` или `window` до того, что в договоре.',
  'provider-advice.status': 'Оператор отвечает {status}: спросите, что это значит, и укажите в `statuses`.',
  'provider-advice.ids-same': 'В отчётах номера сообщений такие же, как в ответах: делать ничего не нужно.',
  'provider-advice.ids-other':
    'В отчётах номера сообщений в другой системе счисления, чем в ответах. Herald это понимает; чтобы было наверняка, задайте `receiptIdBase`: `{setting}`.',
  'provider-advice.ids-none':
    'Номера в отчётах не подходят ни к одному ответу: отчёты не найдут своих сообщений. Покажите это оператору.',
  'provider-advice.one-receipt':
    'Отчёт пришёл не о каждой части: если оператор шлёт один на всё сообщение, задайте `receipts`: `one`.',
  'provider-advice.no-receipts': 'Отчёты не пришли: спросите, включены ли они и как скоро приходят.',
  'provider-advice.zone': 'Время в отчётах отличается от UTC на {hours} ч: задайте `receiptZone`.',
  'do.check-again': 'Проверить снова',
  'do.provider': 'Оператор',
  'word.again': 'снова',

  'help.provider-check.does':
    'Отправляет через оператора три сообщения на ваш подтверждённый телефон, показывает, что прошло по линии, и говорит, что это значит для настроек.',
  'help.provider-check.how': '`оператор проверить <название> [снова]`',
  'help.provider-check.examples': '`оператор проверить alfa`\n`оператор проверить alfa снова`',
} as const satisfies Russian<typeof english>;
