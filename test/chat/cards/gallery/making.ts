/** Making a campaign: form, questions about the list, draft, preview, mistakes. */
import { formCard } from '../../../../src/chat/cards/form.ts';
import { mistakeCard } from '../../../../src/chat/cards/mistake.ts';
import { previewCard } from '../../../../src/chat/cards/preview.ts';
import { questionCard } from '../../../../src/chat/cards/questions.ts';
import { phraseIn } from '../../../../src/chat/vocabulary.ts';
import { readWhen } from '../../../../src/chat/when.ts';
import { startCommand } from '../../../../src/chat/when-command.ts';
import { encodingOf } from '../../../../src/messages/encoding.ts';
import { measure } from '../../../../src/messages/parts.ts';
import { parseTemplate } from '../../../../src/messages/template.ts';
import { texts } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';
import { type Chapter, campaign, shown } from './show.ts';

const { NOW, WORDING } = sample;

export const making: Chapter = {
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
