/** Herald itself: how it stands, help, and what went wrong. */
import { doneCard } from '../../../../src/chat/cards/done.ts';
import { type CommandHelp, commandHelpCard, helpCard } from '../../../../src/chat/cards/help.ts';
import { mistakeCard } from '../../../../src/chat/cards/mistake.ts';
import { providerCard, standingProviderCard } from '../../../../src/chat/cards/provider.ts';
import { statusCard } from '../../../../src/chat/cards/status.ts';
import { troubleCard } from '../../../../src/chat/cards/trouble.ts';
import { COMMAND_NAMES } from '../../../../src/chat/vocabulary.ts';
import { type Locale, texts } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';
import { type Chapter, shown } from './show.ts';

const helpOf = (locale: Locale): readonly CommandHelp[] =>
  COMMAND_NAMES.filter((name) => name !== 'request-access').map((name) => ({
    name,
    does: texts(locale).t(`help.${name}.does`),
    syntax: texts(locale).t(`help.${name}.how`).replaceAll('`', ''),
    examples: texts(locale).t(`help.${name}.examples`).replaceAll('`', '').split('\n'),
  }));

export const herald: Chapter = {
  title: { en: 'Herald itself', ru: 'Сама система' },
  cards: [
    shown('How it stands', 'Состояние', (reader, locale) =>
      statusCard(
        {
          providers: [
            {
              name: 'alfa',
              state: 'up',
              sessions: { up: 2, allowed: 2 },
              partsPerSecond: 100,
              lately: { taken: 301, failed: 0 },
            },
            {
              name: 'beta',
              state: 'down',
              sessions: { up: 0, allowed: 1 },
              why: 'not-connected',
              partsPerSecond: 30,
              lately: { taken: 0, failed: 0 },
            },
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
    shown('An operator that somebody stopped', 'Оператор, которого остановили', (reader, locale) =>
      standingProviderCard(
        {
          ...sample.providerIn(locale),
          state: 'switched-off',
          stop: { by: 'oleg', at: sample.NOW },
          moves: [{ at: sample.NOW, by: 'oleg', move: 'stopped', failed: 0, of: 0 }],
        },
        reader,
      ),
    ),
    shown('An operator in trial', 'Оператор на испытании', (reader, locale) =>
      standingProviderCard({ ...sample.providerIn(locale), isInTrial: true, mayTakeLive: true }, reader),
    ),
    shown('An operator that rests', 'Оператор отдыхает', (reader, locale) =>
      standingProviderCard(
        {
          ...sample.providerIn(locale),
          state: 'resting',
          restsUntil: new Date(sample.NOW.getTime() + 30_000),
          moves: [{ at: sample.NOW, by: 'herald', move: 'rested', failed: 14, of: 20 }],
        },
        reader,
      ),
    ),
    shown('An operator that cannot be reached', 'Нет связи с оператором', (reader, locale) =>
      providerCard(
        {
          ...sample.providerIn(locale),
          state: 'down',
          sessions: { up: 0, allowed: 2 },
          unknown: 2,
          isDown: true,
          since: sample.NOW,
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
