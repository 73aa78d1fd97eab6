/** Approval, as the author and as the approver see it. */
import { markOf } from '../../../../src/campaigns/approve.ts';
import { waitingCard } from '../../../../src/chat/cards/list.ts';
import { noticeCard } from '../../../../src/chat/cards/notice.ts';
import { refusalCard } from '../../../../src/chat/cards/refusal.ts';
import type { Locale } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';
import { type Chapter, campaign, shown } from './show.ts';

const { NOW, WORDING } = sample;
/** Campaign 9 said the same yesterday. */
const repeated = (locale: Locale) => ({
  ...sample.inState(locale, 'submitted'),
  repeats: [
    { campaign: '9', name: WORDING[locale].name, at: new Date('2026-11-23T07:00:00Z'), people: 34, isExact: true },
  ],
});

const approver = { write: false, decide: true, control: true };

export const approving: Chapter = {
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
    shown('It is asked for again, after changes', 'Снова на согласовании, после изменений', (reader, locale) =>
      noticeCard(
        {
          ...sample.viewOf(locale, sample.inState(locale, 'submitted'), { may: approver }),
          kind: 'waiting',
          by: 'maria',
          changes: [
            { what: 'text' },
            { what: 'sender', before: 'ACME', after: 'COATS' },
            { what: 'people', before: 640, after: 612 },
            { what: 'cost', before: 3_328_000_000, after: sample.frozenRun(locale).ceiling, currency: 'RUB' },
          ],
        },
        reader,
      ),
    ),
    campaign('What the approver is warned of', 'О чём предупреждают согласующего', (locale) =>
      sample.viewOf(locale, repeated(locale), {
        may: approver,
        trials: ['alfa'],
        canary: 50,
        ratePerSecond: 0.01,
      }),
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
    campaign('Its list has changed meanwhile', 'Её список тем временем изменился', (locale) =>
      sample.viewOf(locale, sample.inState(locale, 'scheduled', { look: sample.lookAt(sample.CHANGED) })),
    ),
    shown('Its author is told so, once', 'Автор узнаёт об этом один раз', (reader, locale) =>
      noticeCard(
        {
          ...sample.viewOf(locale, sample.inState(locale, 'scheduled', { look: sample.lookAt(sample.CHANGED) })),
          kind: 'list-changed',
          by: null,
        },
        reader,
      ),
    ),
  ],
};
