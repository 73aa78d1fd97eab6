/**
 * Every text that a person reads, in the reader's language, with numbers, money, times and lists written the way that
 * language writes them. Rules return codes; here a code becomes a sentence. Nothing is rounded but what says `about`.
 */
import type { Amount, ParamsOf, RussianPlural, Value } from './catalogue.ts';
import { en, type Keys } from './en/index.ts';
import { type Formats, formatsOf } from './formats.ts';
import { ru } from './ru/index.ts';

export type { Amount, Value } from './catalogue.ts';
export type { Formats } from './formats.ts';

/** A language that every text exists in. */
export type Locale = 'en' | 'ru';
export const LOCALES: readonly Locale[] = ['en', 'ru'];

/** The key of a text: `source.not-found`. */
export type TextKey = keyof Keys;

/** Nothing for a text without parameters, else one object that has them all. */
type Given<Key extends TextKey> = keyof ParamsOf<Keys[Key]> extends never ? [] : [params: ParamsOf<Keys[Key]>];

export interface Texts extends Formats {
  readonly locale: Locale;
  /** The text behind `key`, its parameters filled in; `n` chooses the plural form. */
  t<Key extends TextKey>(key: Key, ...given: Given<Key>): string;
}

/** All that is said in one language. */
export const texts = (locale: Locale): Texts => SPOKEN[locale];

type Entry = string | Partial<RussianPlural>;
type Catalogue = Readonly<Record<string, Entry>>;

function speak(locale: Locale, catalogue: Catalogue): Texts {
  const plurals = new Intl.PluralRules(locale);
  const formats = formatsOf(locale, (key, n) => fill(key, { n }));

  function fill(key: string, params: Readonly<Record<string, Value>>): string {
    return formOf(key, params.n).replaceAll(PLACE, (whole, name: string | undefined) => {
      if (name === undefined) return whole;
      const value = params[name];
      if (value === undefined) throw new Error(`the text ${key} was not given its ${name}`);
      return written(value, formats);
    });
  }

  function formOf(key: string, n: Value | undefined): string {
    const entry = catalogue[key];
    if (entry === undefined) throw new Error(`there is no text called ${key}`);
    if (typeof entry === 'string') return entry;
    const form = typeof n === 'number' ? entry[plurals.select(n) as keyof RussianPlural] : undefined;
    if (form === undefined) throw new Error(`the text ${key} has no form for ${String(n)}`);
    return form;
  }

  return { locale, t: (key, ...given) => fill(key, given[0] ?? {}), ...formats };
}

/** A parameter by its name, or a template's variable, which has none here. */
const PLACE = /\{\{.*?\}\}|\{(\w+)\}/g;

function written(value: Value, formats: Formats): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formats.number(value);
  return formats.money(value satisfies Amount);
}

const SPOKEN: Readonly<Record<Locale, Texts>> = { en: speak('en', en), ru: speak('ru', ru) };
