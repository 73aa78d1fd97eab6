/**
 * The words that Herald is spoken to with: commands and the names of what is said in them, in English and Russian. Whatever the
 * language, a command has one name in the code.
 */
import { nearestName } from '../messages/names.ts';

/** Phrases of every command; the first is the one that help shows in English, the second in Russian. */
export const PHRASES = {
  new: ['new', 'новая', 'create', 'новый', 'создать', 'создай'],
  edit: ['edit', 'изменить', 'change', 'измени', 'править', 'исправить', 'исправь'],
  list: ['list', 'список', 'campaigns', 'кампании', 'рассылки'],
  show: ['show', 'покажи', 'open', 'показать', 'карточка'],
  preview: ['preview', 'просмотр', 'предпросмотр', 'превью'],
  test: ['test', 'тест', 'проба', 'пробная'],
  submit: ['submit', 'на согласование', 'send for approval', 'отправить на согласование', 'подать'],
  withdraw: ['withdraw', 'отозвать', 'отзови'],
  approve: ['approve', 'согласовать', 'одобрить', 'утвердить', 'согласую', 'одобряю'],
  reject: ['reject', 'отклонить', 'отклони', 'отклоняю', 'decline'],
  waiting: ['waiting', 'ждут', 'ожидают', 'ждут решения', 'что ждет', 'на согласовании'],
  schedule: ['schedule', 'запланировать', 'reschedule', 'перенести', 'перенеси', 'запланируй', 'назначить', 'move'],
  pause: ['pause', 'пауза', 'приостановить', 'приостанови'],
  resume: ['resume', 'возобновить', 'возобнови', 'продолжить', 'continue'],
  cancel: ['cancel', 'отменить', 'отмени', 'отмена'],
  results: ['results', 'результаты', 'итоги', 'result'],
  copy: ['copy', 'копия', 'копировать', 'скопировать', 'скопируй', 'duplicate'],
  refresh: ['refresh', 'обновить', 'обнови', 'обновить список', 'reread', 'read again'],
  again: ['again', 'повторить', 'повтори', 'еще раз', 'resend'],
  suppress: ['suppress', 'не писать', 'больше не писать', 'стоп-лист', 'do not send', 'block'],
  'audience-check': [
    'audience check',
    'проверить список',
    'проверить аудиторию',
    'проверка списка',
    'audience',
    'check',
  ],
  status: ['status', 'состояние', 'статус'],
  'stop-all': ['stop all', 'стоп все', 'остановить все', 'останови все', 'stop everything'],
  'go-on': ['go on', 'пуск все', 'пуск', 'продолжить все', 'start all'],
  'provider-check': ['provider check', 'оператор проверить', 'проверить оператора', 'check provider'],
  provider: ['provider', 'оператор', 'operator', 'провайдер'],
  help: ['help', 'помощь', 'справка', 'start', 'старт', 'команды', 'commands', '?'],
  settings: ['settings', 'настройки'],
  phone: ['phone', 'телефон', 'мой телефон', 'my phone'],
  'phone-code': ['phone code', 'код', 'code', 'телефон код'],
  staff: ['staff', 'сотрудники', 'staff list', 'список сотрудников'],
  'staff-add': ['staff add', 'добавить сотрудника', 'сотрудники добавить'],
  'staff-import': ['staff import', 'импорт сотрудников', 'сотрудники импорт', 'загрузить сотрудников'],
  'staff-role': ['staff role', 'роли сотрудника', 'staff roles', 'сотрудники роли', 'роль сотрудника'],
  'staff-department': ['staff department', 'отдел сотрудника', 'сотрудники отдел'],
  'staff-email': ['staff email', 'почта сотрудника', 'сотрудники почта'],
  'staff-sees': ['staff sees', 'доступ сотрудника', 'сотрудники видят'],
  'staff-deactivate': ['staff deactivate', 'отключить сотрудника', 'сотрудники отключить'],
  'staff-activate': ['staff activate', 'включить сотрудника', 'сотрудники включить'],
  access: ['access', 'заявки', 'requests', 'access requests', 'заявки на доступ'],
  'access-grant': ['access grant', 'впустить', 'дать доступ', 'grant'],
  'access-refuse': ['access refuse', 'отказать', 'отказать в доступе', 'refuse'],
  'request-access': ['request access', 'запросить доступ', 'прошу доступ'],
  link: ['link', 'связать', 'привязать', 'привяжи', 'связать чат'],
  'link-confirm': ['link confirm', 'подтвердить чат', 'link yes'],
  'link-refuse': ['link refuse', 'отклонить чат', 'link no'],
  unlink: ['unlink', 'отвязать', 'отвяжи', 'отвязать чат'],
  'staff-invite': ['staff invite', 'пригласить сотрудника', 'invite', 'пригласить'],
  'staff-unlink': ['staff unlink', 'отвязать сотрудника', 'сотрудники отвязать'],
  notices: ['notices', 'уведомления', 'messages', 'сообщения'],
  'allow-price': ['allow price', 'разрешить цену', 'allow', 'разрешить'],
  quote: ['quote', 'расчет', 'стоимость', 'cost', 'рассчитать'],
  prices: ['prices', 'цены', 'price list', 'прайс'],
  'prices-import': ['prices import', 'импорт цен', 'цены импорт', 'загрузить цены'],
  'prices-apply': ['prices apply', 'применить цены', 'цены применить'],
  numbers: ['numbers', 'номера', 'number plan', 'план нумерации'],
  'numbers-import': ['numbers import', 'импорт номеров', 'номера импорт', 'загрузить номера'],
  'numbers-apply': ['numbers apply', 'применить номера', 'номера применить'],
  'deployment-confirm': ['deployment confirm', 'подтвердить установку', 'confirm deployment'],
} as const satisfies Record<string, readonly [string, string, ...string[]]>;

export type CommandName = keyof typeof PHRASES;
export const COMMAND_NAMES = Object.keys(PHRASES) as readonly CommandName[];

/** What a form is told beside its answers. */
const FORM_PHRASES = {
  cancel: ['cancel form', 'cancel', 'отмена', 'отменить', 'выйти', 'отмена формы'],
  back: ['back', 'назад'],
  skip: ['skip', 'пропустить', 'дальше', 'next'],
} as const;
export type FormWord = keyof typeof FORM_PHRASES;

/** Names of what is said in a command, `text="…"`; the first is the one that help shows. */
const KEYS = {
  name: ['name', 'название', 'имя', 'title'],
  text: ['text', 'текст', 'message', 'сообщение'],
  sender: ['sender', 'отправитель', 'from', 'от'],
  class: ['class', 'класс', 'вид', 'type', 'тип'],
  purpose: ['purpose', 'цель'],
  start: ['start', 'когда', 'when', 'начало', 'старт', 'at', 'время'],
  until: ['until', 'до', 'deadline', 'срок', 'не-позже'],
  zone: ['zone', 'пояс', 'часовой-пояс', 'timezone', 'зона'],
  window: ['window', 'часы', 'hours', 'окно'],
  'cost-centre': ['cost-centre', 'мвз', 'cost-center', 'центр-затрат'],
  source: ['source', 'файл', 'file', 'таблица', 'источник'],
  tab: ['tab', 'лист', 'sheet', 'вкладка'],
  header: ['header', 'заголовок', 'шапка', 'headings'],
  phone: ['phone', 'телефон', 'phone-column', 'столбец-телефона'],
  hidden: ['hidden', 'скрытые', 'hidden-rows', 'скрытые-строки'],
  reason: ['reason', 'причина'],
  language: ['language', 'язык', 'lang'],
  deputy: ['deputy', 'заместитель', 'зам'],
  department: ['department', 'отдел'],
  roles: ['roles', 'роли', 'role', 'роль'],
  // Names the sender too: it is the day in commands that take a day and no sender.
  from: ['from', 'с', 'valid-from', 'действует-с'],
} as const satisfies Record<string, readonly [string, string, ...string[]]>;

export type KeyName = keyof typeof KEYS;

/** Names that a draft's fields go by in commands. */
export const DRAFT_KEYS = [
  'name',
  'text',
  'sender',
  'class',
  'purpose',
  'start',
  'until',
  'zone',
  'window',
  'cost-centre',
  'source',
  'tab',
  'header',
  'phone',
  'hidden',
] as const satisfies readonly KeyName[];

const byPhrase = <Name extends string>(table: Readonly<Record<Name, readonly string[]>>): ReadonlyMap<string, Name> =>
  new Map(
    (Object.entries(table) as [Name, readonly string[]][]).flatMap(([name, phrases]) =>
      phrases.map((phrase) => [phrase, name] as const),
    ),
  );

const COMMANDS = byPhrase<CommandName>(PHRASES);
const FORM_WORDS = byPhrase<FormWord>(FORM_PHRASES);
/** A word may name several things, each in commands of its own. */
const KEY_WORDS = Object.entries(KEYS).flatMap(([name, words]) =>
  words.map((word) => ({ word: word as string, name: name as KeyName })),
);

/** A phrase as the tables above have it: small letters, е for ё, one space. */
const plain = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ').trim();

export type CommandReading =
  | { readonly kind: 'command'; readonly name: CommandName /** Where its arguments begin. */; readonly end: number }
  | { readonly kind: 'unknown'; readonly said: string; readonly nearest: CommandName | null };

/** Longer words are no misspelt name of anything, and comparing them takes its time. */
const LONGEST_NAME = 60;
const nearest = (written: string, names: Iterable<string>): string | null =>
  written.length > LONGEST_NAME ? null : nearestName(written, names);

/** A command begins a line, with or without a slash, in one to three words: `/audience_check`, `стоп всё`. */
const OPENING = /^[\s/!]*([^\s]+)(?:[ \t]+([^\s]+))?(?:[ \t]+([^\s]+))?/u;

export function readCommand(line: string): CommandReading {
  const match = OPENING.exec(line);
  if (!match) return { kind: 'unknown', said: '', nearest: null };
  for (let count = 3; count >= 1; count--) {
    if (match[count] === undefined) continue;
    const head = headOf(line, match, count);
    const name = COMMANDS.get(phraseOf(head.text));
    if (name) return { kind: 'command', name, end: head.end };
  }
  const said = phraseOf(match[1]!);
  const both = match[2] === undefined ? said : `${said} ${phraseOf(match[2])}`;
  const near = nearest(both, COMMANDS.keys()) ?? nearest(said, COMMANDS.keys());
  return { kind: 'unknown', said: match[1]!, nearest: near ? COMMANDS.get(near)! : null };
}

function headOf(line: string, match: RegExpExecArray, count: number): { text: string; end: number } {
  let end = match[0].length - match[0].trimStart().length;
  for (let word = 1; word <= count; word++) end = line.indexOf(match[word]!, end) + match[word]!.length;
  return { text: match.slice(1, count + 1).join(' '), end };
}

/** Without the slash, the bot's name that Telegram appends in groups, underscores for spaces, and a full stop or comma. */
const phraseOf = (text: string): string =>
  plain(text.replace(/^[/!]+/, '').replace(/^([^\s@]+)@\w+/, '$1'))
    .replaceAll('_', ' ')
    .replace(/(?<=.)[.,!:]+$/, '');

/** What a form is told, when the whole line is one of its words. */
export const readFormWord = (line: string): FormWord | null => FORM_WORDS.get(phraseOf(line)) ?? null;

/** The name that a person means by `key=`: one of `keys`, where the word has several meanings. */
export function readKey(written: string, keys: readonly KeyName[] = []): KeyName | null {
  const said = plain(written).replaceAll('_', '-');
  const meant = KEY_WORDS.filter(({ word }) => word === said).map(({ name }) => name);
  return meant.find((name) => keys.includes(name)) ?? meant[0] ?? null;
}

/** The nearest of `keys` to a name that is none. */
export function nearestKey(written: string, keys: readonly KeyName[]): KeyName | null {
  const spelt = keys.flatMap((key) => KEYS[key] as readonly string[]);
  const near = nearest(plain(written), spelt);
  return near === null ? null : readKey(near, keys);
}

/** How a command is written in a language. */
export const phraseIn = (locale: 'en' | 'ru', name: CommandName): string => PHRASES[name][locale === 'ru' ? 1 : 0];
