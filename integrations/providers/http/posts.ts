/**
 * Reads what gateways post: a request proves that it is the gateway's before a word of it is read. What proofs, fields, phones
 * and moments have in common; pure.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Inbound } from '../../../src/dispatch/provider.ts';
import type { WebhookReading, WebhookRequest, WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { asE164, type E164 } from '../../../src/messages/phone.ts';

/** A webhook that reads nothing unproven; `read` gives null for what is not as the gateway's manual says. */
export const provenRoute = (
  path: WebhookRoute['path'],
  isProven: (request: WebhookRequest) => boolean,
  read: (request: WebhookRequest, now: Date) => WebhookReading | null,
  expects = 'the fields of the manual',
): WebhookRoute => ({
  path,
  read(request, now) {
    if (!isProven(request)) return { kind: 'forged' };
    return read(request, now) ?? { kind: 'unreadable', why: `no ${expects}` };
  },
});

/** In the same time wherever they differ. */
export function isSame(said: string, expected: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The name under which the secret stands in an address, where a gateway can prove itself in no better way. */
export const TOKEN = 'token';
export const hasToken =
  (secret: string) =>
  ({ query }: WebhookRequest): boolean =>
    isSame(query.get(TOKEN) ?? '', secret);

/** The address of a webhook with the secret in it. */
export const withToken = (address: string, secret: string): string =>
  `${address}?${new URLSearchParams({ [TOKEN]: secret })}`;

export function headerOf({ headers }: WebhookRequest, name: string): string {
  const said = headers[name.toLowerCase()];
  return typeof said === 'string' ? said : '';
}

const textOf = ({ body }: WebhookRequest): string => Buffer.from(body).toString('utf8');

export const formIn = (request: WebhookRequest): URLSearchParams => new URLSearchParams(textOf(request));

/** From the body where there is one, else from the address: gateways do as they were told with either. */
export const fieldsIn = (request: WebhookRequest): URLSearchParams =>
  request.body.length > 0 ? formIn(request) : request.query;

/** Null for what is no JSON. */
export function jsonIn(request: WebhookRequest): unknown {
  try {
    return JSON.parse(textOf(request)) as unknown;
  } catch {
    return null;
  }
}

/** What can be read of a list, and how many cannot; null where there is no list, or nothing in it can be read. */
export function readableOf<T>(
  list: unknown,
  read: (one: unknown) => T | null,
): { readonly read: readonly T[]; readonly left?: number } | null {
  if (!Array.isArray(list)) return null;
  const all = list.map(read).filter((one) => one !== null);
  const left = list.length - all.length;
  if (all.length === 0 && left > 0) return null;
  return left === 0 ? { read: all } : { read: all, left };
}

/** The moment of an inbound; `now` itself is no word of the gateway's. */
export const inboundAt = (when: Date, now: Date): Pick<Inbound, 'at' | 'isArrival'> =>
  when === now ? { at: now, isArrival: true } : { at: when };

/** Gateways write the number with its plus and without. */
export const phoneIn = (said: string | null): E164 | null =>
  said === null ? null : asE164(`+${said.replace(/^\+/, '')}`);

/** When it happened; a moment that cannot be read, or that has not come yet, is now. */
export const momentAt = (ms: number, now: Date): Date =>
  Number.isFinite(ms) && ms > 0 && ms <= now.getTime() ? new Date(ms) : now;
