/**
 * SMSC.ru and its sisters (https://smsc.ru/api/http/): a form for each message to `sys/send.php`, answered in JSON (`fmt=3`),
 * statuses posted back with a sum over a secret. The id is ours, so that what had no answer is found by its status. Several texts
 * with one request would share one id there, so each goes alone.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OutboundSms, ReceiptState, SendOutcome } from '../../src/dispatch/provider.ts';
import type { WebhookRequest, WebhookRoute } from '../../src/dispatch/webhook.ts';
import { accountShape, gatewayUrl, httpsUnlessPrivate } from './http/account-settings.ts';
import { asText, at, fieldsOf } from './http/fields.ts';
import { formRequest, type Gateway, type GatewayAnswer, ownId, validSeconds } from './http/gateway.ts';
import {
  accepted,
  detailOf,
  isSuccess,
  later,
  type Meaning,
  meaningOfStatus,
  outcomeWith,
  plainId,
  refused,
  unknown,
} from './http/meaning.ts';
import { fieldsIn, hasToken, inboundAt, isSame, momentAt, phoneIn, provenRoute } from './http/posts.ts';

export const smscSettings = z
  .strictObject({
    ...accountShape,
    url: gatewayUrl.default('https://smsc.ru/sys/send.php'),
    /** The client's login; left out where the password is an API key, which needs none. */
    login: z.string().min(1).optional(),
  })
  .superRefine((settings, context) => httpsUnlessPrivate(settings, context));
export type SmscSettings = z.infer<typeof smscSettings>;

/** `error_code` of an answer. */
const ERRORS: Readonly<Record<string, Meaning>> = {
  1: refused('our-fault'), // parameters
  2: later('account'), // login or password, or an address that is not on the account's list
  3: later('no-credit'),
  4: later('throttled'), // our address is shut out for a while, for too many errors
  5: refused('our-fault'), // a date
  6: refused('bad-text'), // forbidden: the text, or the sender
  7: refused('bad-number'),
  8: refused('blocked'), // cannot be delivered to this number
  9: unknown('operator-error'), // the same request twice within a minute: the first was taken
};
/** Code 9 has a second meaning, told by its words: requests over too many connections. */
const TOO_MANY_AT_ONCE = /too many concurrent/i;

/** https://smsc.ru/api/http/status_messages/statuses/; those that are not here are on the way. */
const STATES: Readonly<Record<string, ReceiptState>> = {
  '-2': 'rejected', // stopped
  1: 'delivered',
  2: 'delivered', // and read
  3: 'expired',
  4: 'delivered', // and its link was opened
  20: 'undelivered',
  22: 'rejected', // wrong number
  23: 'rejected', // forbidden
  24: 'rejected', // no money
  25: 'undelivered', // out of reach
};

/** Hours and minutes that a message may wait: at least a minute, at most a day. */
const LONGEST_VALIDITY_MIN = 24 * 60;
const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

export function smscGateway(settings: SmscSettings): Gateway {
  const { url, login, password } = settings;
  const account: Record<string, string> = login === undefined ? { apikey: password } : { login, psw: password };

  const fieldsFor = (sms: OutboundSms, id: string, now: Date): Record<string, string> => {
    const valid = validSeconds(sms, now);
    const minutes = valid === null ? null : Math.min(Math.max(1, Math.floor(valid / 60)), LONGEST_VALIDITY_MIN);
    return {
      ...account,
      fmt: '3',
      charset: 'utf-8',
      id,
      phones: sms.to,
      sender: sms.sender,
      mes: sms.text,
      ...(minutes !== null && { valid: clockOf(minutes) }),
    };
  };

  return {
    url,
    batch: 1,
    submission([sms], now) {
      const id = ownId(sms!, password, now.toISOString());
      return {
        request: formRequest(url, fieldsFor(sms!, id, now)),
        ids: [id],
        read: (answer, answeredAt) => [outcomeOf(answer, answeredAt)],
      };
    },
    webhooks: webhooksOf(settings),
  };
}

function outcomeOf(answer: GatewayAnswer, now: Date): SendOutcome {
  const fields = fieldsOf(answer.body);
  const code = asText(at(fields, 'error_code'));
  const words = asText(at(fields, 'error')) ?? '';
  if (code !== null) {
    const meaning = TOO_MANY_AT_ONCE.test(words) ? later('throttled') : (ERRORS[code] ?? unknown('operator-error'));
    return outcomeWith(meaning, detailOf(answer, `error ${code} ${words}`), answer, now);
  }
  const detail = detailOf(answer, null);
  if (!isSuccess(answer)) return outcomeWith(meaningOfStatus(answer.status), detail, answer, now);
  // The id that it was given; should it ever answer with one of its own, statuses carry that.
  const id = plainId(asText(at(fields, 'id')));
  return id === null ? outcomeWith(unknown('operator-error'), `${detail}: no id`, answer, now) : accepted(id);
}

function webhooksOf({ name, webhookSecret }: SmscSettings): readonly WebhookRoute[] {
  if (webhookSecret === '') return [];
  return [
    provenRoute('receipts', isSummed(webhookSecret), (request, now) => {
      const fields = fieldsIn(request);
      const [id, status] = [fields.get('id')!, fields.get('status')!];
      const [error, ts] = [fields.get('err') ?? '', Number(fields.get('ts') ?? Number.NaN)];
      const receipt = {
        provider: name,
        providerMessageId: id.slice(0, 128),
        state: STATES[status] ?? 'enroute',
        to: phoneIn(fields.get('phone')),
        error: error === '' || error === '0' ? null : error.slice(0, 64),
        at: momentAt(ts * 1000, now),
      };
      return { kind: 'receipts', receipts: [receipt], answer: 'OK' };
    }),
    // No sum is documented for messages from customers: their address carries the secret.
    provenRoute('inbound', hasToken(webhookSecret), (request, now) => {
      const fields = fieldsIn(request);
      const [from, to, text] = [phoneIn(fields.get('phone')), fields.get('to'), fields.get('mes')];
      if (from === null || to === null || text === null) return null;
      const said = { provider: name, from, to: to.slice(0, 32), text: text.slice(0, 10_000) };
      const message = { ...said, ...inboundAt(now, now) };
      return { kind: 'inbound', messages: [message], answer: 'OK' };
    }),
  ];
}

/** `sha1`, or from older settings only `md5`, over `id:phone:status:secret`. */
const isSummed =
  (secret: string) =>
  (request: WebhookRequest): boolean => {
    const fields = fieldsIn(request);
    const [id, phone, status] = [fields.get('id'), fields.get('phone'), fields.get('status')];
    const hash = fields.has('sha1') ? 'sha1' : 'md5';
    if (!id || phone === null || !status) return false;
    const sum = createHash(hash).update(`${id}:${phone}:${status}:${secret}`).digest('hex');
    return isSame((fields.get(hash) ?? '').toLowerCase(), sum);
  };
