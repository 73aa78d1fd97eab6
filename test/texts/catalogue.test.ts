import { describe, expect, it } from 'vitest';
import type { ExclusionReason } from '../../src/audiences/row.ts';
import type { SourceProblem } from '../../src/audiences/source.ts';
import type { CampaignClass, CampaignState } from '../../src/campaigns/campaign.ts';
import type { MessageState } from '../../src/campaigns/messages.ts';
import type { WindowReading } from '../../src/campaigns/window.ts';
import type { WhenProblem } from '../../src/chat/when.ts';
import type { FailureCode } from '../../src/dispatch/provider.ts';
import type { PhoneDoubt, PhoneProblem } from '../../src/messages/phone.ts';
import type { SenderProblem } from '../../src/messages/sender.ts';
import type { TemplateErrorCode } from '../../src/messages/template.ts';
import { en, rooms as englishRooms } from '../../src/texts/en/index.ts';
import type { TextKey } from '../../src/texts/index.ts';
import { ru, rooms as russianRooms } from '../../src/texts/ru/index.ts';

/** The keys of every code that a rule may give; one without a text does not compile. */
type Codes =
  | `excluded.${ExclusionReason}`
  | `source.${Exclude<SourceProblem['code'], 'too-large'>}`
  | `source.too-large.${Extract<SourceProblem, { code: 'too-large' }>['what']}`
  | `campaign-state.${CampaignState}`
  | `campaign-state-meaning.${CampaignState}`
  | `campaign-class.${CampaignClass}`
  | `window.${Extract<WindowReading, { kind: 'refused' }>['why']}`
  | `message-state.${MessageState}`
  | `message-state-meaning.${MessageState}`
  | `when.${WhenProblem}`
  | `failure.${FailureCode}`
  | `phone.${PhoneProblem}`
  | `doubt.${PhoneDoubt}`
  | `sender.${SenderProblem}`
  | `template.${TemplateErrorCode}`;
const SAID: (code: Codes) => TextKey = (code) => code;

type Entry = string | Readonly<Record<string, string>>;
type Catalogue = Readonly<Record<string, Entry>>;

const CATALOGUES = { en: en as Catalogue, ru: ru as Catalogue };
const ROOMS = { en: englishRooms, ru: russianRooms } as Record<'en' | 'ru', Record<string, Catalogue>>;
const LOCALES = ['en', 'ru'] as const;

/** Names, units and formats that Russian texts write in Latin letters. What is typed (commands) stands in `backticks` and is free. */
const LATIN = new Set([
  'Excel',
  'Google',
  'Slack',
  'Telegram',
  'Herald',
  'MongoDB',
  'GSM',
  'MCC',
  'MNC',
  'UCS',
  'Unicode',
  'UTC',
  'xlsx',
  'csv',
  'Europe',
  'Moscow',
]);

const forms = (entry: Entry): readonly string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const withoutVariables = (text: string): string => text.replace(/\{\{.*?\}\}/g, '·');
const placeholders = (text: string): readonly string[] =>
  [...new Set([...withoutVariables(text).matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))].sort();
const words = (text: string): string =>
  withoutVariables(text)
    .replace(/`[^`]*`/g, '·')
    .replace(/\{\w+\}/g, '·');
const entries = (locale: 'en' | 'ru') => Object.entries(CATALOGUES[locale]);

describe('the catalogue', () => {
  it('has a text for every code', () => {
    expect(CATALOGUES.en[SAID('when.twice')]).toBeTypeOf('string');
  });

  it('has every key in both languages', () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(LOCALES)('gives each key to one room only, in %s', (locale) => {
    const claimed = Object.values(ROOMS[locale]).flatMap((room) => Object.keys(room));
    expect(claimed.filter((key, at) => claimed.indexOf(key) !== at)).toEqual([]);
    expect(claimed.length).toBe(entries(locale).length);
  });

  it('keeps a text in the same room in both languages', () => {
    for (const [room, own] of Object.entries(ROOMS.en)) {
      expect(Object.keys(ROOMS.ru[room] ?? {}).sort(), room).toEqual(Object.keys(own).sort());
    }
  });

  it('asks for the same parameters in both languages, in every form', () => {
    const unequal = entries('en').filter(([key, entry]) => {
      const wanted = placeholders(forms(entry).join(' '));
      return forms(CATALOGUES.ru[key] ?? '').some((form) => placeholders(form).join() !== wanted.join());
    });
    expect(unequal.map(([key]) => key)).toEqual([]);
  });

  it.each(LOCALES)('has a plural form for every category that %s knows', (locale) => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    const lacking = entries(locale).filter(
      ([, entry]) => typeof entry !== 'string' && Object.keys(entry).sort().join() !== wanted.join(),
    );
    expect(lacking.map(([key]) => key)).toEqual([]);
  });

  it('writes {n} in every text that has plural forms', () => {
    const without = LOCALES.flatMap(entries).filter(
      ([, entry]) => typeof entry !== 'string' && !placeholders(forms(entry).join(' ')).includes('n'),
    );
    expect(without.map(([key]) => key)).toEqual([]);
  });

  it('leaves no Latin word in Russian but names, formats and commands', () => {
    const foreign = entries('ru').flatMap(([key, entry]) =>
      forms(entry).flatMap((form) =>
        (words(form).match(/[A-Za-z]+/g) ?? []).filter((word) => !LATIN.has(word)).map((word) => `${key}: ${word}`),
      ),
    );
    expect(foreign).toEqual([]);
  });

  it('leaves no Cyrillic letter in English', () => {
    const foreign = entries('en').filter(([, entry]) =>
      forms(entry).some((form) => /\p{Script=Cyrillic}/u.test(words(form))),
    );
    expect(foreign.map(([key]) => key)).toEqual([]);
  });

  it.each(LOCALES)('has no empty text, stray space or unpaired brace, in %s', (locale) => {
    const odd = entries(locale).filter(([, entry]) =>
      forms(entry).some((form) => form === '' || form !== form.trim() || /\s{2}|[{}]/.test(words(form))),
    );
    expect(odd.map(([key]) => key)).toEqual([]);
  });
});
