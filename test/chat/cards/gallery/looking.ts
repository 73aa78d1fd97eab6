/** A look at a list without a campaign. */
import { audienceCard, sourceProblemCard } from '../../../../src/chat/cards/audience.ts';
import * as sample from '../samples.ts';
import { type Chapter, shown } from './show.ts';

const { WORDING } = sample;

export const looking: Chapter = {
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
