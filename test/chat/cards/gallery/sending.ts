/** Sending, from the first message to the results. */
import { markOfSteps } from '../../../../src/campaigns/dearer.ts';
import { listCard } from '../../../../src/chat/cards/list.ts';
import { resultsCard } from '../../../../src/chat/cards/results.ts';
import * as sample from '../samples.ts';
import { type Chapter, campaign, shown } from './show.ts';

const { WORDING, AT_THE_END, HALF_WAY } = sample;
/** When fourteen of the first fifty have come to nothing. */
const CANARY = sample.counts({ delivered: 36, undelivered: 14, queued: 562 }, 236_000_000);
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
    campaign('Stopped by what its first messages showed', 'Остановлена по первым сообщениям', (locale) => {
      const found = { sent: 50, delivered: 36, failed: 14, optOuts: 0 };
      const guard = {
        run: '12.3',
        day: '2026-11-24',
        canary: { size: 50, left: 0, round: 0, state: 'failed', found },
      } as const;
      const finding = { kind: 'failures', of: 'canary', limit: 20, found } as const;
      const hold = { why: 'guarded', by: 'herald', at: DURING, finding } as const;
      return sample.viewOf(locale, sample.inState(locale, 'paused', { hold, guard }), { counts: CANARY, now: AFTER });
    }),
    campaign('Dearer than was approved', 'Дороже, чем согласовано', (locale) => {
      const steps = [{ from: 2_600_000, to: 3_100_000, provider: 'beta', messages: 212, parts: 424 }];
      const dearer = { asked: { steps, at: DURING, mark: markOfSteps('12.3', steps), decisions: [] }, allowed: [] };
      const may = { write: false, decide: true, control: true, raise: true };
      return sample.viewOf(locale, sample.inState(locale, 'sending', { dearer }), {
        counts: HALF_WAY,
        now: DURING,
        may,
      });
    }),
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
