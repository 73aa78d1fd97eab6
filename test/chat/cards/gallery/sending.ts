/** Sending, from the first message to the results. */
import { listCard } from '../../../../src/chat/cards/list.ts';
import { resultsCard } from '../../../../src/chat/cards/results.ts';
import * as sample from '../samples.ts';
import { type Chapter, campaign, shown } from './show.ts';

const { WORDING, AT_THE_END, HALF_WAY } = sample;
const DURING = new Date('2026-11-24T07:00:31Z');
const AFTER = new Date('2026-11-24T08:00:00Z');

export const sending: Chapter = {
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
    campaign('Held: most of its list is gone', 'Задержана: большей части списка нет', (locale) =>
      sample.viewOf(
        locale,
        sample.inState(locale, 'missed', {
          hold: { why: 'source-shrunk', by: 'herald', at: AFTER },
          look: sample.lookAt({ kind: 'shrunk', left: 40, of: 640 }),
        }),
        { now: new Date('2026-11-24T07:00:10Z') },
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
    shown('Its results in Slack and Telegram', 'Результаты в Slack и Telegram', (reader, locale) =>
      resultsCard(
        {
          campaign: sample.inState(locale, 'finished'),
          written: {
            kind: 'written',
            path: `/data/results/${WORDING[locale].file.replace('.', '.results-12.')}`,
            rows: 612,
            excluded: 28,
          },
          counts: AT_THE_END,
          mayWrite: true,
          chat: 'private',
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
