/**
 * Asks a look-up service by HTTP to which networks numbers belong, as its settings describe it. Its address is guarded like a
 * gateway's, no redirect is followed, and neither numbers nor the secret come into errors or logs.
 */
import type { NumberLookup } from '../../src/dispatch/number-lookup.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { asNetwork, joined, type Network } from '../../src/messages/price.ts';
import { exchange } from '../providers/http/exchange.ts';
import { asText, at, fieldsOf } from '../providers/http/fields.ts';
import { guardedAgent } from '../providers/http/guard.ts';
import type { LookupSettings, LookupTemplate } from './settings.ts';

/** Longer answers are none. */
const MOST_BYTES = 1024 * 1024;

export function httpLookup(settings: LookupSettings, secret: string): NumberLookup {
  const { url, together, atOnce } = settings;
  const agent = guardedAgent(url, { ...settings, most: atOnce });

  async function askFor(phones: readonly E164[], signal: AbortSignal): Promise<Answers> {
    const { method, headers, body, href } = requestFor(settings, phones, secret);
    const { status, body: said } = await exchange({
      method,
      url: href,
      headers,
      body,
      agent,
      signal,
      timeoutMs: settings.answerTimeoutMs,
      mostBytes: MOST_BYTES,
    });
    if (status < 200 || status > 299) throw new LookupFailed(`status ${status}`);
    return answersIn(said, phones, settings.answer);
  }

  return {
    name: settings.name,
    most: together * atOnce,
    async ask(phones, signal) {
      const groups = Array.from({ length: Math.ceil(phones.length / together) }, (_, nth) =>
        phones.slice(nth * together, (nth + 1) * together),
      );
      const ends = await Promise.allSettled(groups.map((group) => askFor(group, signal)));
      const said = ends.flatMap((end) => (end.status === 'fulfilled' ? [...end.value] : []));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed && said.length === 0) throw asFailure(failed.reason);
      return new Map(said);
    },
    async stop() {
      agent.destroy();
    },
  };
}

type Answers = ReadonlyMap<E164, Network | null>;

/** Errors of the client hold the request, and so numbers and the secret: only their code is told. */
class LookupFailed extends Error {
  override readonly name = 'LookupFailed';
}

const asFailure = (reason: unknown): LookupFailed =>
  reason instanceof LookupFailed ? reason : new LookupFailed(String((reason as { code?: unknown }).code ?? 'failed'));

function requestFor({ url, method, query, headers, json }: LookupSettings, phones: readonly E164[], secret: string) {
  const words: Readonly<Record<string, string>> = {
    number: phones[0]!,
    digits: phones[0]!.slice(1),
    numbers: phones.join(','),
    secret,
  };
  const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => words[name]!);
  const inJson = (one: LookupTemplate): unknown => {
    if (one === '{numbers}') return phones;
    if (typeof one === 'string') return filled(one);
    if (Array.isArray(one)) return one.map(inJson);
    if (typeof one !== 'object') return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, inJson(inner)]));
  };
  const address = new URL(url);
  for (const [name, text] of Object.entries(query)) address.searchParams.set(name, filled(text));
  const type = json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const made = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, filled(text)]));
  return {
    method,
    href: address.href,
    headers: { accept: 'application/json', 'user-agent': 'Herald', ...type, ...made },
    body: json === undefined ? undefined : JSON.stringify(inJson(json)),
  };
}

/** An answer about another number than was asked for is none. */
function answersIn(body: string, phones: readonly E164[], where: LookupSettings['answer']): Answers {
  const fields = fieldsOf(body);
  if (!where.list || !where.number) return new Map([[phones[0]!, networkAt(fields, where)]]);
  const list = at(fields, where.list);
  if (!Array.isArray(list)) throw new LookupFailed(`no list at ${where.list}`);
  const asked = new Map(phones.map((phone) => [phone.slice(1), phone]));
  return new Map(
    list.flatMap((one) => {
      const phone = asked.get((asText(at(one, where.number!)) ?? '').replace(/\D/g, ''));
      return phone ? [[phone, networkAt(one, where)] as const] : [];
    }),
  );
}

function networkAt(fields: unknown, { network, mcc, mnc }: LookupSettings['answer']): Network | null {
  if (network) return asNetwork(asText(at(fields, network)) ?? '');
  const [country, code] = [mcc, mnc].map((path) => asText(at(fields, path!)) ?? '');
  return asNetwork(joined(country!, code!));
}
