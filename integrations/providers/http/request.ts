/** Makes the request that carries a message, by the account's templates. Pure. */
import type { OutboundSms } from '../../../src/dispatch/provider.ts';
import { type SubmitRequest, validSeconds } from './gateway.ts';
import type { HttpSettings, JsonTemplate, Placeholder } from './settings.ts';

type Words = Readonly<Record<Placeholder, string>>;

/** `now` says how long the message is still valid. */
export function requestFor(sms: OutboundSms, settings: HttpSettings, now: Date): SubmitRequest {
  const { submit, password, webhooksUrl } = settings;
  const words: Words = {
    to: sms.to,
    toDigits: sms.to.slice(1),
    sender: sms.sender,
    text: sms.text,
    ref: sms.ref,
    parts: String(sms.parts),
    validSeconds: String(validSeconds(sms, now) ?? ''),
    receiptsUrl: webhooksUrl === '' ? '' : `${webhooksUrl}/receipts`,
    password,
  };
  const url = new URL(submit.url);
  for (const [name, template] of Object.entries(submit.query)) url.searchParams.set(name, filled(template, words));
  const { type, body } = bodyOf(settings, words);
  return {
    method: submit.method,
    url: url.href,
    headers: { ...type, ...mapValues(submit.headers, (template) => headerSafe(filled(template, words))) },
    body,
  };
}

function bodyOf({ submit }: HttpSettings, words: Words): { type: Record<string, string>; body: string | undefined } {
  if (submit.json !== undefined) {
    return {
      type: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(inJson(submit.json, words)),
    };
  }
  if (!submit.form) return { type: {}, body: undefined };
  const form = new URLSearchParams(mapValues(submit.form, (template) => filled(template, words)));
  return { type: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: form.toString() };
}

/** Every placeholder once: what is filled in is not looked at again, whatever a customer's name holds. */
const filled = (template: string, words: Words): string =>
  template.replace(/\{(\w+)\}/g, (_, name: Placeholder) => words[name]);

/** These two are numbers where they stand alone. */
const NUMBERS: ReadonlySet<string> = new Set(['{parts}', '{validSeconds}']);

function inJson(template: JsonTemplate, words: Words): unknown {
  if (typeof template === 'string') {
    const text = filled(template, words);
    if (!NUMBERS.has(template)) return text;
    return text === '' ? undefined : Number(text);
  }
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) return template.map((one) => inJson(one, words));
  return mapValues(template as Record<string, JsonTemplate>, (one) => inJson(one, words));
}

/** A header is one line, whatever was filled in. */
const headerSafe = (text: string): string => text.replace(/[^\t\x20-\x7e]/g, '?');

const mapValues = <T, U>(all: Readonly<Record<string, T>>, make: (one: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, make(one)]));
