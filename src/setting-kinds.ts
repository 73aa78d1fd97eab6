/** Kinds of variables: how what is written in the environment is read, and what is wrong with it when it cannot be. */
import { z } from 'zod';

/** One variable. `fallback` is written as it would be in the environment; null when it may be left out. */
export interface Setting<T> {
  readonly about: string;
  readonly example: string;
  readonly fallback: string | null;
  /** Its value is never repeated in an error message. */
  readonly secret: boolean;
  readonly read: z.ZodType<T, string>;
}

export const setting = <T>(
  about: string,
  fallback: string,
  example: string,
  read: z.ZodType<T, string>,
): Setting<T> => ({
  about,
  example,
  fallback,
  secret: false,
  read,
});

export const optional = <T>(about: string, example: string, read: z.ZodType<T, string>): Setting<T | null> => ({
  about,
  example,
  fallback: null,
  secret: false,
  read,
});

export const hidden = <T>(it: Setting<T>): Setting<T> => ({ ...it, secret: true });

export const word = z.string().min(1);

export const matching = (pattern: RegExp, wrong: string) => z.string().regex(pattern, wrong);

export const oneOf = <const T extends string>(...allowed: readonly T[]) =>
  z.string().transform((value, context): T => {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    context.addIssue(`must be ${allowed.join(', ')}`);
    return z.NEVER;
  });

export const decimal = (least: number, most: number) =>
  matching(/^\d{1,12}(\.\d{1,6})?$/, `must be a number from ${least} to ${most}`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

export const whole = (least: number, most: number) =>
  matching(/^\d{1,12}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

export const url = matching(/^https?:\/\/\S+$/, 'must begin with http:// or https://');

/** A duration written in seconds, fractions allowed, read as milliseconds. */
export const seconds = (least: number, most: number) => decimal(least, most).transform((n) => Math.round(n * 1000));

export const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'must be an IANA time zone');

export type Role = 'bots' | 'web' | 'worker';
const everyRole: readonly Role[] = ['bots', 'web', 'worker'];

/** Ids of Slack workspaces and organisations. */
export const workspaces = matching(
  /^[TE][A-Z0-9]{2,}( *, *[TE][A-Z0-9]{2,})*$/,
  'must be ids such as T0123ABCD, with commas',
).transform((list): readonly string[] => list.split(',').map((one) => one.trim()));

export const roles = z.string().transform((list, context): readonly Role[] => {
  const asked = list.split(',').map((one) => one.trim());
  if (asked.every((one) => everyRole.some((role) => role === one))) return everyRole.filter((r) => asked.includes(r));
  context.addIssue(`must be a comma-separated list out of ${everyRole.join(', ')}`);
  return z.NEVER;
});

/** The part of a day in which people may be written to, as `HH:mm` on their own clock; `to` is the first minute that is closed. */
export interface DayWindow {
  readonly from: string;
  readonly to: string;
}

export const dayWindow = z.string().transform((text, context): DayWindow => {
  const [from, to, more] = text
    .split('-')
    .map((time) => /^([01]?\d|2[0-4]):[0-5]\d$/.exec(time.trim())?.[0].padStart(5, '0'));
  if (from !== undefined && to !== undefined && more === undefined && from < to && to <= '24:00') return { from, to };
  context.addIssue('must be two times of one day, the earlier first');
  return z.NEVER;
});

export const currency = z
  .string()
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'must be a currency in three capital letters');

/** `USD:92.15,EUR:99.8`, as micro-units for a unit of each. */
export const exchangeRates = z.string().transform((text, context): Readonly<Record<string, number>> => {
  const rates = text.split(',').map((one) => {
    const [code = '', written = ''] = one.split(':').map((part) => part.trim());
    const isRate = currency.safeParse(code).success && decimal(0, 1e9).safeParse(written).success;
    return { code, micros: isRate ? Math.round(Number(written) * 1_000_000) : null };
  });
  const isTwice = new Set(rates.map(({ code }) => code)).size < rates.length;
  if (!isTwice && rates.every(({ micros }) => micros)) {
    return Object.fromEntries(rates.map(({ code, micros }) => [code, micros!]));
  }
  context.addIssue('must be currencies with their rates, each once and above 0');
  return z.NEVER;
});

export const person = matching(
  /^[a-z0-9][a-z0-9._-]{0,31}:.+$/,
  'must be a handle in small letters, a colon and a full name',
)
  .transform((text) => ({ handle: text.slice(0, text.indexOf(':')), name: text.slice(text.indexOf(':') + 1).trim() }))
  .refine((one) => one.name.length > 0, 'must have a full name after the colon');

export const exampleKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export const masterKey = matching(
  /^[A-Za-z0-9+/]{43}=$/,
  'must be 32 random bytes in base64, as `openssl rand -base64 32` prints them',
).refine((key) => key !== exampleKey, 'must be a key of your own, not the one of the example');
