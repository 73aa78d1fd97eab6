/**
 * How the catalogue is written, and what the compiler holds it to: every key in every language, every parameter given,
 * every plural form there. Nothing here runs.
 *
 * A text names its parameters in braces: `{name}`. `{n}` is the count of the sentence, always a number, and picks the
 * plural form. `{{…}}` is left as it stands, for that is how a template's own variables look.
 */

/** English by CLDR: one (1) and other. */
export interface EnglishPlural {
  readonly one: string;
  readonly other: string;
}

/** Russian by CLDR: one (1, 21), few (2-4, 22-24), many (0, 5-20, 25-30), other (fractions: 1,5). */
export interface RussianPlural {
  readonly one: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}

/** Texts of one room in English, the language that says which keys there are. */
export type EnglishTexts = Readonly<Record<string, string | EnglishPlural>>;

/** What Russian owes for the English texts of a room: the same keys; a sentence with a count may have plural forms. */
export type Russian<English extends EnglishTexts> = {
  readonly [Key in keyof English]: English[Key] extends EnglishPlural
    ? RussianPlural
    : 'n' extends Names<FormsOf<English[Key]>>
      ? string | RussianPlural
      : string;
};

/** An amount of money in micro-units, as `messages/money.ts` has it. */
export interface Amount {
  readonly micros: number;
  readonly currency: string;
}

/** What may stand for a parameter: numbers and amounts are written the reader's way, strings as they are. */
export type Value = string | number | Amount;

/** Parameters of a text, by name. */
export type ParamsOf<Text> = { readonly [Name in Names<FormsOf<Text>>]: Name extends 'n' ? number : Value };

type FormsOf<Text> = Text extends string ? Text : Text[keyof Text];

type Names<Text, Found = never> =
  WithoutVariables<Text> extends `${string}{${infer Name}}${infer Rest}` ? Names<Rest, Found | Name> : Found;

type WithoutVariables<Text> = Text extends `${infer Before}{{${string}}}${infer After}`
  ? `${Before}${WithoutVariables<After>}`
  : Text;
