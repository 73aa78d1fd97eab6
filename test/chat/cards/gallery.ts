/** Every card that people see, as one story in each language: `docs/examples/cards.md` is made of it. */
import { markOf } from '../../../src/campaigns/approve.ts';
import { audienceCard, sourceProblemCard } from '../../../src/chat/cards/audience.ts';
import { campaignCard } from '../../../src/chat/cards/campaign.ts';
import { doneCard } from '../../../src/chat/cards/done.ts';
import { formCard } from '../../../src/chat/cards/form.ts';
import { type CommandHelp, commandHelpCard, helpCard } from '../../../src/chat/cards/help.ts';
import { listCard, waitingCard } from '../../../src/chat/cards/list.ts';
import { mistakeCard } from '../../../src/chat/cards/mistake.ts';
import { noticeCard } from '../../../src/chat/cards/notice.ts';
import { previewCard } from '../../../src/chat/cards/preview.ts';
import { questionCard } from '../../../src/chat/cards/questions.ts';
import { refusalCard } from '../../../src/chat/cards/refusal.ts';
import { resultsCard } from '../../../src/chat/cards/results.ts';
import {
  accessRequestCard,
  employeeCard,
  phoneCard,
  settingsCard,
  staffListCard,
  strangerCard,
  welcomeCard,
} from '../../../src/chat/cards/staff.ts';
import { statusCard } from '../../../src/chat/cards/status.ts';
import { troubleCard } from '../../../src/chat/cards/trouble.ts';
import type { Reader } from '../../../src/chat/reader.ts';
import { COMMAND_NAMES, phraseIn } from '../../../src/chat/vocabulary.ts';
import { readWhen } from '../../../src/chat/when.ts';
import { startCommand } from '../../../src/chat/when-command.ts';
import { encodingOf } from '../../../src/messages/encoding.ts';
import { measure } from '../../../src/messages/parts.ts';
import { parseTemplate } from '../../../src/messages/template.ts';
import type { Card } from '../../../src/staff/card.ts';
import type { AccessRequest } from '../../../src/staff/store.ts';
import { type Locale, texts } from '../../../src/texts/index.ts';
import * as sample from './samples.ts';

export interface Shown {
  /** What the person does, or what has happened. */
  readonly title: Readonly<Record<Locale, string>>;
  readonly card: (locale: Locale) => Card;
}

export interface Chapter {
  readonly title: Readonly<Record<Locale, string>>;
  readonly cards: readonly Shown[];
}

const { NOW, WORDING, AT_THE_END, HALF_WAY } = sample;
const approver = { write: false, decide: true, control: true };
const shown = (en: string, ru: string, card: (reader: Reader, locale: Locale) => Card): Shown => ({
  title: { en, ru },
  card: (locale) => card(sample.reader(locale), locale),
});

/** A campaign in a state, half an hour into the story or at another time. */
const campaign = (en: string, ru: string, view: (locale: Locale) => Parameters<typeof campaignCard>[0]): Shown =>
  shown(en, ru, (reader, locale) => campaignCard(view(locale), reader));

const DURING = new Date('2026-11-24T07:00:31Z');
const AFTER = new Date('2026-11-24T08:00:00Z');

const making: Chapter = {
  title: { en: 'Making a campaign', ru: 'Создание кампании' },
  cards: [
    shown('The form, one question at a time', 'Форма: по одному вопросу', (reader, locale) =>
      formCard(
        {
          subject: 'campaign:12',
          step: 2,
          steps: 4,
          question: texts(locale).t('form.text'),
          hints: [texts(locale).t('form.text.hint')],
          known: [{ label: texts(locale).t('form.known.source'), value: WORDING[locale].file }],
          options: [],
          canGoBack: true,
          canSkip: false,
        },
        reader,
      ),
    ),
    shown('The list has two columns of phones', 'В списке два столбца с телефонами', (reader, locale) =>
      questionCard(
        {
          campaign: '12',
          source: WORDING[locale].file,
          of: 2,
          question: {
            kind: 'phone-column',
            options:
              locale === 'en'
                ? [
                    { name: 'Phone', example: '8 (916) 123-45-67' },
                    { name: 'Mobile phone', example: '+7 903 765-43-21' },
                  ]
                : [
                    { name: 'Телефон', example: '8 (916) 123-45-67' },
                    { name: 'Мобильный', example: '+7 903 765-43-21' },
                  ],
          },
        },
        reader,
      ),
    ),
    shown('The list has hidden rows', 'В списке есть скрытые строки', (reader, locale) =>
      questionCard(
        { campaign: '12', source: WORDING[locale].file, question: { kind: 'hidden-rows', count: 34, filtered: true } },
        reader,
      ),
    ),
    shown('Nobody knows where the headings are', 'Неясно, где заголовки', (reader, locale) =>
      questionCard(
        {
          campaign: '12',
          source: WORDING[locale].file,
          question: {
            kind: 'header',
            guess: 3,
            rows:
              locale === 'en'
                ? [
                    { number: 1, texts: ['Customers of the autumn sale'] },
                    { number: 3, texts: ['Name', 'Phone', 'City'] },
                    { number: 4, texts: ['Pavel', '8 (916) 123-45-67', 'Tver'] },
                  ]
                : [
                    { number: 1, texts: ['Клиенты осенней распродажи'] },
                    { number: 3, texts: ['Имя', 'Телефон', 'Город'] },
                    { number: 4, texts: ['Павел', '8 (916) 123-45-67', 'Тверь'] },
                  ],
          },
        },
        reader,
      ),
    ),
    campaign('The text is still missing', 'Ещё нет текста', (locale) =>
      sample.viewOf(locale, sample.draft(locale, { text: null, sender: null, frozen: null, start: null })),
    ),
    campaign('The list is being read', 'Список читается', (locale) =>
      sample.viewOf(
        locale,
        sample.draft(locale, { frozen: null, audience: null, progress: { step: 'reading', done: 48_000 } }),
      ),
    ),
    campaign('A draft that is ready', 'Готовый черновик', (locale) => sample.viewOf(locale, sample.draft(locale))),
    shown('Its preview', 'Предпросмотр', (reader, locale) => {
      const first = locale === 'en' ? 'Pavel' : 'Павел';
      const long = locale === 'en' ? 'Konstantin Konstantinovich' : 'Константин Константинович Константинопольский';
      const textFor = (name: string) => WORDING[locale].text.replace(/\{\{.*?\}\}/, name);
      const one = (kind: 'first' | 'longest' | 'doubtful', name: string, phone: string, row: number) => {
        const text = textFor(name);
        const { parts } = measure(text);
        return { kind, text, phone, encoding: encodingOf(text), parts, row, doubt: null, cost: parts * 2_300_000 };
      };
      const doubtful = one('doubtful', first, '+79037654321', 46);
      return previewCard(
        {
          campaign: sample.draft(locale),
          samples: [
            one('first', first, '+79161234567', 2),
            one('longest', long, '+79261112233', 312),
            { ...doubtful, doubt: '8-for-7' },
          ],
          canTest: true,
        },
        reader,
      );
    }),
    shown('A mistake in the text', 'Ошибка в тексте', (reader, locale) => {
      const text = WORDING[locale].text.replace('}}', '}');
      const reading = parseTemplate(text);
      return mistakeCard({ kind: 'text', text, errors: reading.kind === 'errors' ? reading.errors : [] }, reader);
    }),
    shown('A name in the text that is no column', 'В тексте столбец, которого нет', (reader, locale) => {
      const columns = locale === 'en' ? ['Name', 'Phone', 'City'] : ['Имя', 'Телефон', 'Город'];
      const variable = locale === 'en' ? 'Nane' : 'Имы';
      const text = WORDING[locale].text.replace(/\{\{.*?\}\}/, `{{${variable}}}`);
      const column = text.indexOf('{{') + 1;
      return mistakeCard(
        {
          kind: 'variables',
          text,
          problems: [{ variable, nearest: columns[0]!, required: true, line: 1, column }],
          columns,
          campaign: '12',
        },
        reader,
      );
    }),
    shown('A time that may mean two things', 'Время, которое можно понять двояко', (reader, locale) => {
      const said = locale === 'en' ? 'tomorrow at 5' : 'завтра в 5';
      const when = readWhen(said, { now: NOW, zone: reader.zone, locale });
      if (when.kind !== 'unclear') throw new Error('the example is clear');
      const choose = startCommand({ zone: reader.zone }, `${phraseIn(locale, 'schedule')} 12`);
      return mistakeCard({ kind: 'when', said, unclear: when, choose }, reader);
    }),
  ],
};

const approving: Chapter = {
  title: { en: 'Approval', ru: 'Согласование' },
  cards: [
    campaign('Submitted, as its author sees it', 'На согласовании, для автора', (locale) =>
      sample.viewOf(locale, sample.inState(locale, 'submitted')),
    ),
    shown('What the approver is told', 'Что приходит согласующему', (reader, locale) =>
      noticeCard(
        {
          ...sample.viewOf(locale, sample.inState(locale, 'submitted'), { may: approver }),
          kind: 'waiting',
          by: 'maria',
        },
        reader,
      ),
    ),
    shown('What waits for the approver', 'Что ждёт согласующего', (reader, locale) =>
      waitingCard(
        {
          campaigns: [{ campaign: sample.inState(locale, 'submitted'), mayDecide: true, needed: 1 }],
          names: sample.namesIn(locale),
          now: NOW,
        },
        reader,
      ),
    ),
    shown('The author tries to approve it', 'Автор пробует согласовать сам', (reader, locale) =>
      refusalCard(
        { refusal: { code: 'own-campaign' }, command: 'approve', campaign: sample.inState(locale, 'submitted') },
        reader,
      ),
    ),
    shown('It was changed after the approver had seen it', 'Её изменили после просмотра', (reader, locale) => {
      const submitted = sample.inState(locale, 'submitted');
      const current = markOf(submitted.submission!.hash);
      return refusalCard(
        { refusal: { code: 'stale-version', seen: '0d4e71', current }, command: 'approve', campaign: submitted },
        reader,
      );
    }),
    campaign('Sent back', 'Возвращена автору', (locale) =>
      sample.viewOf(
        locale,
        sample.draft(locale, {
          rejection: { by: 'oleg', inPlaceOf: null, at: NOW, reason: WORDING[locale].reason, revision: 3 },
        }),
      ),
    ),
    campaign('Scheduled', 'Запланирована', (locale) => sample.viewOf(locale, sample.inState(locale, 'scheduled'))),
  ],
};

const sending: Chapter = {
  title: { en: 'Sending', ru: 'Отправка' },
  cards: [
    campaign('Being sent', 'Отправляется', (locale) =>
      sample.viewOf(locale, sample.inState(locale, 'sending'), { counts: HALF_WAY, now: DURING }),
    ),
    campaign('Paused', 'Приостановлена', (locale) =>
      sample.viewOf(locale, sample.inState(locale, 'paused'), { counts: HALF_WAY, now: AFTER }),
    ),
    campaign('Missed: nothing ran at its time', 'Пропущена: в её время ничего не работало', (locale) =>
      sample.viewOf(
        locale,
        sample.inState(locale, 'missed', { hold: { why: 'start-missed', by: 'herald', at: AFTER } }),
        { now: new Date('2026-11-24T11:00:00Z') },
      ),
    ),
    campaign('Finished', 'Завершена', (locale) =>
      sample.viewOf(locale, sample.inState(locale, 'finished'), { counts: AT_THE_END, now: AFTER }),
    ),
    shown('Its results', 'Результаты', (reader, locale) =>
      resultsCard(
        {
          campaign: sample.inState(locale, 'finished'),
          written: {
            kind: 'written',
            path: `/lists/${WORDING[locale].file.replace('.', '.results-12.')}`,
            rows: 612,
            excluded: 28,
          },
          counts: AT_THE_END,
          mayWrite: true,
        },
        reader,
      ),
    ),
    shown('All campaigns', 'Все кампании', (reader, locale) =>
      listCard(
        {
          campaigns: [
            sample.draft(locale, {
              _id: '14',
              frozen: null,
              start: null,
              name: locale === 'en' ? 'New opening hours' : 'Новые часы работы',
            }),
            sample.inState(locale, 'scheduled', {
              _id: '13',
              name: locale === 'en' ? 'Delivery in December' : 'Доставка в декабре',
            }),
            sample.inState(locale, 'finished'),
          ],
          names: sample.namesIn(locale),
          mayWrite: true,
          now: AFTER,
        },
        reader,
      ),
    ),
  ],
};

const looking: Chapter = {
  title: { en: 'A look at a list', ru: 'Проверка списка' },
  cards: [
    shown('A list that can be used', 'Список, который подходит', (reader, locale) => {
      const headings = locale === 'en' ? ['Name', 'Phone', 'City'] : ['Имя', 'Телефон', 'Город'];
      const row = (number: number, phone: string | null, values: readonly string[], more: object = {}) => ({
        number,
        phone,
        doubt: null,
        excluded: null,
        values: Object.fromEntries(headings.map((heading, at) => [heading, values[at] ?? ''])),
        ...more,
      });
      return audienceCard(
        {
          name: WORDING[locale].file,
          ref: WORDING[locale].file,
          headings,
          counts: {
            rows: 640,
            recipients: 614,
            excluded: { 'phone-empty': 9, duplicate: 12, 'phone-not-mobile': 4, 'phone-digits-lost': 1 },
          },
          rows:
            locale === 'en'
              ? [
                  row(2, '+79161234567', ['Pavel', '8 (916) 123-45-67', 'Tver'], { doubt: '8-for-7' }),
                  row(3, null, ['Lena', '', 'Kazan'], { excluded: 'phone-empty' }),
                ]
              : [
                  row(2, '+79161234567', ['Павел', '8 (916) 123-45-67', 'Тверь'], { doubt: '8-for-7' }),
                  row(3, null, ['Лена', '', 'Казань'], { excluded: 'phone-empty' }),
                ],
        },
        reader,
      );
    }),
    shown('A file with a password', 'Файл с паролем', (reader, locale) =>
      sourceProblemCard({ name: WORDING[locale].file, problem: { code: 'encrypted' } }, reader),
    ),
  ],
};

const request = (locale: Locale): AccessRequest => ({
  id: '7f3a90c2-1d55-4a0e-9c3b-5f1f1c7f7a10',
  surface: 'console',
  account: 'x',
  name: WORDING[locale].names.anna,
  handle: 'anna',
  state: 'waiting',
  askedAt: NOW,
  answeredBy: null,
});

const people: Chapter = {
  title: { en: 'People', ru: 'Сотрудники' },
  cards: [
    shown('Somebody unknown writes', 'Пишет незнакомый человек', (reader, locale) =>
      strangerCard({ company: WORDING[locale].company, waiting: false }, reader),
    ),
    shown('What the administrator is told', 'Что приходит администратору', (reader, locale) =>
      accessRequestCard({ request: request(locale), departments: [WORDING[locale].department] }, reader),
    ),
    shown('Let in', 'Доступ открыт', (reader, locale) =>
      welcomeCard({ employee: sample.employee(locale), company: WORDING[locale].company }, reader),
    ),
    shown('The own phone', 'Свой телефон', (reader) =>
      phoneCard({ kind: 'sent', phone: '+79161234567', validMs: 600_000 }, reader),
    ),
    shown('Settings', 'Настройки', (reader, locale) =>
      settingsCard({ employee: sample.employee(locale), names: sample.namesIn(locale) }, reader),
    ),
    shown('The staff', 'Список сотрудников', (reader, locale) =>
      staffListCard(
        {
          employees: [
            sample.employee(locale, { id: 'anna', name: WORDING[locale].names.anna, roles: ['admin', 'author'] }),
            sample.employee(locale),
            sample.employee(locale, { id: 'oleg', name: WORDING[locale].names.oleg, roles: ['approver'] }),
          ],
          mayChange: true,
        },
        reader,
      ),
    ),
    shown('A role was given', 'Роль изменена', (reader, locale) =>
      employeeCard(
        { employee: sample.employee(locale, { roles: ['author', 'approver'] }), mayChange: true, done: 'changed' },
        reader,
      ),
    ),
  ],
};

const helpOf = (locale: Locale): readonly CommandHelp[] =>
  COMMAND_NAMES.filter((name) => name !== 'request-access').map((name) => ({
    name,
    does: texts(locale).t(`help.${name}.does`),
    syntax: texts(locale).t(`help.${name}.how`).replaceAll('`', ''),
    examples: texts(locale).t(`help.${name}.examples`).replaceAll('`', '').split('\n'),
  }));

const herald: Chapter = {
  title: { en: 'Herald itself', ru: 'Сама система' },
  cards: [
    shown('How it stands', 'Состояние', (reader, locale) =>
      statusCard(
        {
          providers: [
            { name: 'alfa', state: 'up', sessions: { up: 2, allowed: 2 }, partsPerSecond: 100 },
            { name: 'beta', state: 'down', sessions: { up: 0, allowed: 1 }, why: 'not-connected', partsPerSecond: 30 },
          ],
          sending: [{ campaign: sample.inState(locale, 'sending'), sent: 301 }],
          scheduled: 1,
          waiting: { all: 2, forReader: 1 },
          missed: 0,
          stopped: null,
          doubt: null,
          deployment: '0199f3a2-7c1e-7b1d-9c55-0d5c9f0a4b11',
          names: sample.namesIn(locale),
          may: { stopAll: true, operate: true },
        },
        reader,
      ),
    ),
    shown('Everything is stopped', 'Всё остановлено', (reader) =>
      doneCard({ kind: 'stopped-all', sending: 1 }, reader),
    ),
    shown('A number that is never to be sent to', 'Номер, на который больше не отправлять', (reader) =>
      doneCard({ kind: 'suppressed', phone: '+79161234567', reason: '', already: false }, reader),
    ),
    shown('An unknown command', 'Неизвестная команда', (reader, locale) =>
      mistakeCard(
        { kind: 'unknown-command', said: locale === 'en' ? 'aprove' : 'соглосовать', nearest: 'approve' },
        reader,
      ),
    ),
    shown('A quotation mark is missing', 'Не хватает кавычки', (reader, locale) => {
      const line =
        locale === 'en' ? 'edit 12 text="Dear {{Name}}, see you' : 'изменить 12 текст="Здравствуйте, {{Имя}}';
      return mistakeCard(
        { kind: 'arguments', command: 'edit', line, mistake: { code: 'quote-open', at: line.indexOf('"') } },
        reader,
      );
    }),
    shown('Something broke', 'Что-то сломалось', (reader) => troubleCard({ incident: 'K7Q2-F9' }, reader)),
    shown('Help', 'Помощь', (reader, locale) => helpCard({ commands: helpOf(locale) }, reader)),
    shown('Help about one command', 'Помощь об одной команде', (reader, locale) =>
      commandHelpCard({ command: helpOf(locale).find(({ name }) => name === 'schedule')! }, reader),
    ),
  ],
};

export const GALLERY: readonly Chapter[] = [making, looking, approving, sending, people, herald];
