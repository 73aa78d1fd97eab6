/**
 * Kannel's `sendsms` (user guide, "Using the HTTP interface to send SMS messages") and Jasmin's HTTP API, which took after it.
 * Kannel gives no id, so we name the message in the address for its reports, and find it by that name, answered or not.
 */
import { z } from 'zod';
import type { Inbound, OutboundSms, ReceiptState, SendOutcome } from '../../src/dispatch/provider.ts';
import type { WebhookReading, WebhookRequest, WebhookRoute } from '../../src/dispatch/webhook.ts';
import { encodeGsm7, encodeUcs2 } from '../../src/messages/encoding.ts';
import {
  accountShape,
  gatewayUrl,
  httpsUnlessPrivate,
  secretForAddress,
  webhookAddress,
} from './http/account-settings.ts';
import {
  formRequest,
  type Gateway,
  type GatewayAnswer,
  ownId,
  type SubmitRequest,
  validSeconds,
} from './http/gateway.ts';
import {
  accepted,
  detailOf,
  isSuccess,
  later,
  type Meaning,
  meaningOfStatus,
  outcomeWith,
  refused,
  unknown,
} from './http/meaning.ts';
import { fieldsIn, hasToken, inboundAt, momentAt, phoneIn, provenRoute, withToken } from './http/posts.ts';

export const kannelSettings = z
  .strictObject({
    ...accountShape,
    webhookSecret: secretForAddress,
    /** The whole address: `http://10.0.0.5:13013/cgi-bin/sendsms`, or of Jasmin `http://10.0.0.5:1401/send`. */
    url: gatewayUrl,
    username: z.string().min(1),
    dialect: z.enum(['kannel', 'jasmin']).default('kannel'),
    /** With GET all of it stands in the address, text and password too. */
    method: z.enum(['POST', 'GET']).default('POST'),
    /** Which of Kannel's connections carries it. */
    smsc: z.string().min(1).optional(),
  })
  .superRefine((settings, context) => httpsUnlessPrivate(settings, context));
export type KannelSettings = z.infer<typeof kannelSettings>;

/**
 * How an answer begins, and what it means; looked through before the status. Whole sentences, so that the page of a proxy
 * between us is not taken for one.
 */
type Saying = readonly [RegExp, Meaning];

const KANNEL: readonly Saying[] = [
  [/^Temporal failure, try again/, later('throttled')], // its queue is full, or it has no connection and keeps nothing
  [/^Authorization failed for sendsms/, later('account')],
  [/^Not routable/, refused('account')], // none of its connections goes there
  [/^Number\(s\) has\/have been denied/, refused('blocked')],
  [/^(?:Missing|Empty) receiver/, refused('bad-number')],
  [/^Sender missing/, refused('bad-sender')],
  [/^(?:Empty text|Charset or body misformed)/, refused('bad-text')],
];

const JASMIN: readonly Saying[] = [
  [/^Error "User throughput exceeded/, later('throttled')],
  [/^Error "Authentication failure/, later('account')],
  [/^Error "Cannot charge/, later('no-credit')],
  [/^Error "Authorization failed/, refused('account')], // the user may not do this, or not with such a value
  [/^Error "No route found/, refused('account')],
  [/^Error "Argument \[to\]/, refused('bad-number')],
  [/^Error "Argument \[from\]/, refused('bad-sender')],
  [/^Error "Argument \[(?:hex-)?content\]/, refused('bad-text')],
];

/**
 * The kind of a report is a sum: 1.4.5 says 34 of a message whose time was over, not delivered and expired. What is most telling
 * counts first.
 */
const DLR = { delivered: 1, undelivered: 2, rejected: 16, expired: 32 } as const;
const DLR_MASK = DLR.delivered + DLR.undelivered + DLR.rejected;
const DLR_STATES = ['expired', 'rejected', 'undelivered', 'delivered'] as const;

/** States of a message in SMPP 3.4, appendix B, which Jasmin passes on and Kannel quotes. */
const SMPP_STATES: Readonly<Record<string, ReceiptState>> = {
  DELIVRD: 'delivered',
  EXPIRED: 'expired',
  DELETED: 'undelivered',
  UNDELIV: 'undelivered',
  REJECTD: 'rejected',
};

export function kannelGateway(settings: KannelSettings): Gateway {
  const { url, password, dialect, method } = settings;
  const [fieldsFor, posting] = dialect === 'jasmin' ? [jasminFields, formRequest] : [kannelFields, inHeaders];
  return {
    url,
    batch: 1,
    submission([sms], now) {
      const id = ownId(sms!, password, now.toISOString());
      const fields = fieldsFor(settings, sms!, id, now);
      return {
        request: method === 'GET' ? inAddress(url, fields) : posting(url, fields),
        ids: [id],
        read: (answer, answeredAt) => [outcomeOf(answer, dialect, id, answeredAt)],
      };
    },
    webhooks: webhooksOf(settings),
  };
}

type Fields = Readonly<Record<string, string>>;

function inAddress(url: string, fields: Fields): SubmitRequest {
  const address = new URL(url);
  for (const [name, value] of Object.entries(fields)) address.searchParams.set(name, value);
  return { method: 'GET', url: address.href, headers: {}, body: undefined };
}

/** Kannel takes no form: what is no text stands in headers of its own. */
function inHeaders(url: string, { text, charset, ...fields }: Fields): SubmitRequest {
  const headers = Object.entries(fields).map(([name, value]) => [
    `X-Kannel-${name}`,
    value.replace(/[^\x20-\x7e]/g, '?'),
  ]);
  return {
    method: 'POST',
    url,
    headers: { ...Object.fromEntries(headers), 'content-type': `text/plain; charset=${charset}` },
    body: text,
  };
}

function kannelFields(settings: KannelSettings, sms: OutboundSms, id: string, now: Date): Fields {
  const { username, password, webhookSecret, smsc } = settings;
  const valid = validSeconds(sms, now);
  const reports = webhookAddress(settings, 'receipts');
  return {
    username,
    password,
    from: sms.sender,
    to: sms.to,
    text: sms.text,
    charset: 'UTF-8',
    coding: sms.encoding === 'ucs2' ? '2' : '0',
    ...(valid !== null && { validity: String(Math.max(1, Math.floor(valid / 60))) }), // minutes
    ...(smsc && { smsc }),
    // Kannel fills in what stands behind %: the kind of report, and the words of the operator's receipt.
    ...(reports !== null && {
      'dlr-mask': String(DLR_MASK),
      'dlr-url': `${withToken(reports, webhookSecret)}&id=${id}&type=%d&said=%A`,
    }),
  };
}

function jasminFields(settings: KannelSettings, sms: OutboundSms, id: string, now: Date): Fields {
  const { username, password, webhookSecret } = settings;
  const valid = validSeconds(sms, now);
  const reports = webhookAddress(settings, 'receipts');
  const isWide = sms.encoding === 'ucs2';
  return {
    username,
    password,
    from: sms.sender,
    to: sms.to.slice(1),
    // As bytes, since versions differ in how they encode words.
    'hex-content': (isWide ? encodeUcs2(sms.text) : encodeGsm7(sms.text)).toString('hex'),
    coding: isWide ? '8' : '0', // SMPP 3.4, 5.2.19
    ...(valid !== null && { 'validity-period': String(Math.max(1, Math.floor(valid / 60))) }), // minutes
    ...(reports !== null && {
      dlr: 'yes',
      'dlr-level': '2',
      'dlr-method': 'POST',
      'dlr-url': `${withToken(reports, webhookSecret)}&ref=${id}`,
    }),
  };
}

function outcomeOf(answer: GatewayAnswer, dialect: KannelSettings['dialect'], id: string, now: Date): SendOutcome {
  const said = answer.body.trim();
  const detail = detailOf(answer, said);
  if (isSuccess(answer)) {
    // "0: Accepted for delivery", "3: Queued for later delivery", "Sent." where it answers before it asks; Success "…".
    const isTaken = dialect === 'jasmin' ? /^Success "/.test(said) : /^(?:0: Accepted|3: Queued|Sent\.)/.test(said);
    return isTaken ? accepted(id) : outcomeWith(unknown('operator-error'), detail, answer, now);
  }
  const known = (dialect === 'jasmin' ? JASMIN : KANNEL).find(([sentence]) => sentence.test(said))?.[1];
  return outcomeWith(known ?? meaningOfStatus(answer.status), detail, answer, now);
}

function webhooksOf({ name, webhookSecret, dialect }: KannelSettings): readonly WebhookRoute[] {
  if (webhookSecret === '') return [];
  const isProven = hasToken(webhookSecret);
  // Jasmin repeats what is answered in any other words.
  const answer = dialect === 'jasmin' ? 'ACK/Jasmin' : '';
  const text = dialect === 'jasmin' ? 'content' : 'text';
  const receiptIn = dialect === 'jasmin' ? jasminReceipt : kannelReceipt;
  return [
    provenRoute('receipts', isProven, (request, now) => {
      const found = receiptIn(request);
      return found && { kind: 'receipts', receipts: [{ provider: name, to: null, at: now, ...found }], answer };
    }),
    provenRoute('inbound', isProven, (request, now): WebhookReading | null => {
      const fields = fieldsIn(request);
      const [from, to, said] = [phoneIn(fields.get('from')), fields.get('to'), fields.get(text)];
      // Without `mo-recode` Kannel hands over UTF-16 as it came, which is no text in an address.
      if (from === null || to === null || said === null || /^utf-?16/i.test(fields.get('charset') ?? '')) return null;
      const at = momentAt(Number(fields.get('time') ?? Number.NaN) * 1000, now);
      const message: Inbound = {
        ...{ provider: name, from, to: to.slice(0, 32), text: said.slice(0, 10_000) },
        ...inboundAt(at, now),
      };
      return { kind: 'inbound', messages: [message], answer };
    }),
  ];
}

interface Report {
  readonly providerMessageId: string;
  readonly state: ReceiptState;
  readonly error: string | null;
}

function kannelReceipt({ query }: WebhookRequest): Report | null {
  const [id, type, said = ''] = [query.get('id'), query.get('type'), query.get('said') ?? ''];
  if (!id || !type) return null;
  const quoted = SMPP_STATES[/\bstat:(\w+)/i.exec(said)?.[1]?.toUpperCase() ?? ''];
  const kind = DLR_STATES.find((state) => (Number(type) & DLR[state]) !== 0) ?? 'enroute';
  // A report of what was not delivered quotes why.
  const state = kind === 'undelivered' && quoted !== undefined && quoted !== 'delivered' ? quoted : kind;
  return {
    providerMessageId: id.slice(0, 128),
    state,
    error: /\berr:(\w{1,16})/i.exec(said)?.[1] ?? /^NACK\/(\w{1,16})/.exec(said)?.[1] ?? null,
  };
}

function jasminReceipt(request: WebhookRequest): Report | null {
  const fields = fieldsIn(request);
  const [id, status] = [request.query.get('ref'), fields.get('message_status')];
  if (!id || !status) return null;
  const state = SMPP_STATES[status.toUpperCase()] ?? 'enroute';
  return { providerMessageId: id.slice(0, 128), state, error: fields.get('err')?.slice(0, 16) || null };
}
