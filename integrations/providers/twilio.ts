/**
 * Twilio, and what speaks as it does (https://www.twilio.com/docs/messaging/api/message-resource): a form for each message, a
 * MessageSid for all its parts, callbacks signed with the auth token. Creating a message is not idempotent (error 20500): what
 * is without an answer stays unknown.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { OutboundSms, ReceiptState } from '../../src/dispatch/provider.ts';
import type { WebhookRequest, WebhookRoute } from '../../src/dispatch/webhook.ts';
import { accountShape, gatewayUrl, httpsUnlessPrivate, webhookAddress } from './http/account-settings.ts';
import { asText, at, fieldsOf } from './http/fields.ts';
import { formRequest, type Gateway, type GatewayAnswer, validSeconds } from './http/gateway.ts';
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
import { formIn, headerOf, inboundAt, isSame, phoneIn, provenRoute } from './http/posts.ts';

export const twilioSettings = z
  .strictObject({
    ...accountShape,
    url: gatewayUrl.default('https://api.twilio.com'),
    accountSid: z.string().regex(/^AC\w{1,64}$/, 'begins with AC'),
    /** Where the password is an API key's secret and not the auth token: the key's SID. */
    apiKey: z.string().min(1).optional(),
    /** Lets a messaging service choose the number; the sender ID is then its business. */
    messagingServiceSid: z.string().min(1).optional(),
  })
  .superRefine((settings, context) => httpsUnlessPrivate(settings, context));
export type TwilioSettings = z.infer<typeof twilioSettings>;

/** https://www.twilio.com/docs/api/errors: what is said of a message at once. */
const ERRORS: Readonly<Record<string, Meaning>> = {
  21211: refused('bad-number'), // invalid To
  21265: refused('bad-number'), // To is a short code
  21421: refused('bad-number'),
  21614: refused('bad-number'), // not a mobile number
  21610: refused('blocked'), // the recipient said STOP to this sender
  21635: refused('bad-number'), // a landline
  21212: refused('bad-sender'),
  21603: refused('bad-sender'),
  21606: refused('bad-sender'),
  21607: refused('bad-sender'),
  21612: refused('bad-sender'), // this From does not reach this To
  21659: refused('bad-sender'),
  21660: refused('bad-sender'),
  21703: refused('bad-sender'), // the messaging service has no senders
  21602: refused('bad-text'), // empty
  21605: refused('bad-text'), // too long
  21617: refused('bad-text'), // too long
  21619: refused('bad-text'),
  21408: refused('account'), // the country is not allowed to this account
  21608: refused('account'), // a trial account, and the number is not confirmed
  20003: later('account'), // wrong credentials
  20005: later('account'), // the account is not active
  20006: later('account'),
  20404: later('account'), // no such account
  30002: later('account'), // suspended
  90010: later('account'),
  14107: later('throttled'),
  20429: later('throttled'),
  21611: later('throttled'), // more than the queue of this sender holds
  63038: later('account'), // the account's messages of the day are used up
};

/** What a callback's MessageStatus says; the others are on the way. */
const STATES: Readonly<Record<string, ReceiptState>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'rejected',
  canceled: 'rejected',
};
const VALIDITY_OVER = '30036';

/** Twilio lets no message wait longer. */
const LONGEST_VALIDITY_S = 36_000;

export function twilioGateway(settings: TwilioSettings): Gateway {
  const { accountSid, apiKey = accountSid, password, messagingServiceSid } = settings;
  const root = settings.url.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${apiKey}:${password}`).toString('base64')}`;
  const signing = { ...settings, webhookSecret: signingToken(settings) };
  const callback = webhookAddress(signing, 'receipts');

  const fieldsFor = (sms: OutboundSms, now: Date): Record<string, string> => {
    const valid = validSeconds(sms, now);
    return {
      To: sms.to,
      ...(messagingServiceSid ? { MessagingServiceSid: messagingServiceSid } : { From: senderOf(sms) }),
      Body: sms.text,
      ...(valid !== null && { ValidityPeriod: String(Math.min(valid, LONGEST_VALIDITY_S)) }),
      ...(callback !== null && { StatusCallback: callback }),
    };
  };

  return {
    url: root,
    batch: 1,
    submission: ([sms], now) => ({
      request: formRequest(`${root}/2010-04-01/Accounts/${accountSid}/Messages.json`, fieldsFor(sms!, now), {
        Authorization: authorization,
      }),
      read: (answer, answeredAt) => [outcomeOf(answer, answeredAt)],
    }),
    webhooks: webhooksOf(signing),
  };
}

/** Callbacks are signed with the auth token, whichever key requests are made with. */
const signingToken = ({ webhookSecret, apiKey, password }: TwilioSettings): string =>
  webhookSecret || (apiKey === undefined ? password : '');

/** A long number has its plus; short numbers and names have none. */
const senderOf = ({ sender }: OutboundSms): string => (/^\d{9,}$/.test(sender) ? `+${sender}` : sender);

function outcomeOf(answer: GatewayAnswer, now: Date) {
  const fields = fieldsOf(answer.body);
  const id = plainId(asText(at(fields, 'sid')));
  const error = asText(at(fields, isSuccess(answer) ? 'error_code' : 'code'));
  const detail = detailOf(answer, error && `error ${error}`);
  if (error !== null) return outcomeWith(ERRORS[error] ?? meaningOfStatus(answer.status), detail, answer, now);
  if (!isSuccess(answer)) return outcomeWith(meaningOfStatus(answer.status), detail, answer, now);
  return id === null ? outcomeWith(unknown('operator-error'), `${detail}: no sid`, answer, now) : accepted(id);
}

type Signing = Pick<TwilioSettings, 'name' | 'webhooksUrl' | 'webhookSecret'>;

function webhooksOf(account: Signing): readonly WebhookRoute[] {
  const { name, webhooksUrl, webhookSecret } = account;
  if (webhooksUrl === '' || webhookSecret === '') return [];
  return [
    provenRoute('receipts', isSigned(account, 'receipts'), (request, now) => {
      const form = formIn(request);
      const [id, status, error] = [form.get('MessageSid'), form.get('MessageStatus'), form.get('ErrorCode')];
      if (!id || !status) return null;
      const state = error === VALIDITY_OVER ? 'expired' : (STATES[status] ?? 'enroute');
      const to = phoneIn(form.get('To'));
      const receipt = { provider: name, providerMessageId: id.slice(0, 128), state, to, error: error || null, at: now };
      return { kind: 'receipts', receipts: [receipt], answer: '' };
    }),
    provenRoute('inbound', isSigned(account, 'inbound'), (request, now) => {
      const form = formIn(request);
      const [from, to, text] = [phoneIn(form.get('From')), form.get('To'), form.get('Body')];
      if (from === null || to === null || text === null) return null;
      const id = form.get('MessageSid');
      const said = { provider: name, from, to: to.slice(0, 32), text: text.slice(0, 10_000), ...(id && { id }) };
      const message = { ...said, ...inboundAt(now, now) };
      // Any word of an answer would go to the customer as an SMS.
      return { kind: 'inbound', messages: [message], answer: '' };
    }),
  ];
}

/**
 * https://www.twilio.com/docs/usage/security: the address as Twilio has it, then the names and values of the form in the order
 * of the names, signed by HMAC-SHA1.
 */
const isSigned =
  ({ webhooksUrl, webhookSecret }: Signing, path: WebhookRoute['path']) =>
  (request: WebhookRequest): boolean => {
    const asked = request.query.size > 0 ? `?${request.query}` : '';
    const fields = [...formIn(request)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat();
    const signed = createHmac('sha1', webhookSecret).update(`${webhooksUrl}/${path}${asked}${fields.join('')}`);
    return isSame(headerOf(request, 'X-Twilio-Signature'), signed.digest('base64'));
  };
