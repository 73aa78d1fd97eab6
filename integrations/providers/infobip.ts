/**
 * Infobip, SMS API 3 (https://www.infobip.com/docs/api/channels/sms): many messages with one request, each with an answer of its
 * own. The ids are ours, so that what had no answer is found by its report, and a repeated one is turned away by Infobip.
 */
import { z } from 'zod';
import type { Inbound, OutboundSms, Receipt, ReceiptState, SendOutcome } from '../../src/dispatch/provider.ts';
import type { WebhookRoute } from '../../src/dispatch/webhook.ts';
import {
  accountShape,
  gatewayUrl,
  httpsUnlessPrivate,
  secretForAddress,
  webhookAddress,
} from './http/account-settings.ts';
import { asText, at, type Fields, fieldsOf } from './http/fields.ts';
import { type Gateway, type GatewayAnswer, ownId, validSeconds } from './http/gateway.ts';
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
import { hasToken, inboundAt, jsonIn, momentAt, phoneIn, provenRoute, readableOf, withToken } from './http/posts.ts';

export const infobipSettings = z
  .strictObject({
    ...accountShape,
    webhookSecret: secretForAddress,
    /** The account's own: `https://xxxxx.api.infobip.com`. */
    url: gatewayUrl,
  })
  .superRefine((settings, context) => httpsUnlessPrivate(settings, context));
export type InfobipSettings = z.infer<typeof infobipSettings>;

/** Small enough that a lost answer leaves few unknown, large enough that requests are no bottleneck. */
const BATCH = 100;

/** https://www.infobip.com/docs/essentials/response-status-and-error-codes: groups of a status. */
const GROUP = { accepted: 0, pending: 1, undeliverable: 2, delivered: 3, expired: 4, rejected: 5 } as const;

const TAKEN: ReadonlySet<number> = new Set([GROUP.accepted, GROUP.pending, GROUP.delivered]);

/** Ids of statuses in the group "rejected". */
const REJECTED: Readonly<Record<number, Meaning>> = {
  6: refused('account'), // the network is not in the contract
  8: refused('bad-number'), // no such prefix
  10: refused('blocked'), // on a do-not-disturb list
  11: refused('bad-sender'),
  12: later('no-credit'),
  13: refused('bad-sender'),
  14: refused('blocked'), // this number is on the account's black list
  16: later('operator-error'), // the network is not reachable
  17: later('no-credit'), // the prepaid package has expired
  18: refused('account'), // a trial account, and the number is not confirmed
  19: refused('account'), // no route
  20: refused('blocked'), // too many to this number within the hour
  21: later('operator-error'), // "please retry"
  23: unknown('operator-error'), // taken before under this id
  24: refused('our-fault'),
  25: refused('bad-text'), // too long
  51: refused('bad-number'),
  52: refused('bad-number'),
};

const STATES: Readonly<Record<number, ReceiptState>> = {
  [GROUP.undeliverable]: 'undelivered',
  [GROUP.delivered]: 'delivered',
  [GROUP.expired]: 'expired',
  [GROUP.rejected]: 'rejected',
};

export function infobipGateway(settings: InfobipSettings): Gateway {
  const { password, webhookSecret } = settings;
  const root = settings.url.replace(/\/+$/, '');
  const reports = webhookAddress(settings, 'receipts');

  const idOf = (sms: OutboundSms) => ownId(sms, password);

  const messageOf = (sms: OutboundSms, now: Date) => {
    const valid = validSeconds(sms, now);
    return {
      sender: sms.sender,
      destinations: [{ to: sms.to.slice(1), messageId: idOf(sms) }],
      content: { text: sms.text },
      ...(valid !== null && { options: { validityPeriod: { amount: valid, timeUnit: 'SECONDS' } } }),
      ...(reports !== null && {
        webhooks: { delivery: { url: withToken(reports, webhookSecret) }, contentType: 'application/json' },
      }),
    };
  };

  return {
    url: root,
    batch: BATCH,
    submission: (batch, now) => ({
      request: {
        method: 'POST',
        url: `${root}/sms/3/messages`,
        headers: { Authorization: `App ${password}`, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ messages: batch.map((sms) => messageOf(sms, now)) }),
      },
      ids: batch.map(idOf),
      read: (answer, answeredAt) => outcomesOf(batch.map(idOf), answer, answeredAt),
    }),
    webhooks: webhooksOf(settings),
  };
}

function outcomesOf(ids: readonly string[], answer: GatewayAnswer, now: Date): readonly SendOutcome[] {
  const fields = fieldsOf(answer.body);
  if (!isSuccess(answer)) return refusedTogether(ids, answer, fields, now);
  const said = new Map(listAt(fields, 'messages').map((one) => [asText(at(one, 'messageId')), one]));
  return ids.map((id) => {
    const one = said.get(id);
    const status = detailOf(answer, one === undefined ? 'nothing of this message' : asText(at(one, 'status.name')));
    return one !== undefined && TAKEN.has(numberAt(one, 'status.groupId'))
      ? accepted(id)
      : outcomeWith(meaningOf(one), status, answer, now);
  });
}

function meaningOf(one: Fields): Meaning {
  switch (numberAt(one, 'status.groupId')) {
    case GROUP.rejected:
      return REJECTED[numberAt(one, 'status.id')] ?? refused('operator-error');
    case GROUP.undeliverable:
      return refused('operator-error');
    case GROUP.expired:
      return refused('expired');
    default:
      return unknown('operator-error');
  }
}

/**
 * A request that is wrong in one message is refused as a whole, and says in which: nothing of it was sent, so the others go
 * again without it.
 */
function refusedTogether(
  ids: readonly string[],
  answer: GatewayAnswer,
  fields: Fields,
  now: Date,
): readonly SendOutcome[] {
  const whole = meaningOfStatus(answer.status);
  const detail = detailOf(answer, asText(at(fields, 'errorCode')) ?? asText(at(fields, SERVICE_EXCEPTION)));
  const wrong = new Map(listAt(fields, 'violations').flatMap((one) => wrongPlace(asText(at(one, 'property')))));
  return ids.map((_, index) => {
    if (whole.kind !== 'refused' || wrong.size === 0) return outcomeWith(whole, detail, answer, now);
    return outcomeWith(wrong.get(index) ?? later('our-fault'), detail, answer, now);
  });
}

const SERVICE_EXCEPTION = 'requestError.serviceException.messageId';

/** `messages[3].destinations[0].to`: which message, and what is wrong with it. */
function wrongPlace(property: string | null): [number, Meaning][] {
  const [, index, field = ''] = /^messages\[(\d+)\]\.?(\w*)/.exec(property ?? '') ?? [];
  return index === undefined ? [] : [[Number(index), WRONG_FIELDS[field] ?? refused('our-fault')]];
}

const WRONG_FIELDS: Readonly<Record<string, Meaning>> = {
  destinations: refused('bad-number'),
  sender: refused('bad-sender'),
  content: refused('bad-text'),
};

const listAt = (fields: Fields, path: string): readonly Fields[] => {
  const found = at(fields, path);
  return Array.isArray(found) ? found : [];
};

const numberAt = (fields: Fields, path: string): number => Number(asText(at(fields, path)) ?? Number.NaN);

function webhooksOf({ name, webhookSecret }: InfobipSettings): readonly WebhookRoute[] {
  if (webhookSecret === '') return [];
  const isProven = hasToken(webhookSecret);
  const moment = (one: Fields, path: string, now: Date) => momentAt(Date.parse(asText(at(one, path)) ?? ''), now);
  return [
    provenRoute('receipts', isProven, (request, now) => {
      const found = readableOf(at(jsonIn(request), 'results'), (one): Receipt | null => {
        const id = plainId(asText(at(one, 'messageId')));
        if (id === null || at(one, 'status') === undefined) return null;
        const state = STATES[numberAt(one, 'status.groupId')] ?? 'enroute';
        const error = asText(at(one, 'error.name'))?.slice(0, 64) ?? null;
        const to = phoneIn(asText(at(one, 'to')));
        return { provider: name, providerMessageId: id, state, to, error, at: moment(one, 'doneAt', now) };
      });
      if (!found) return null;
      const { read: receipts, ...left } = found;
      return { kind: 'receipts', receipts, ...left, answer: 'OK' };
    }),
    provenRoute('inbound', isProven, (request, now) => {
      const found = readableOf(at(jsonIn(request), 'results'), (one): Inbound | null => {
        const from = phoneIn(asText(at(one, 'from')));
        const [to, text] = [asText(at(one, 'to')), asText(at(one, 'text'))];
        if (from === null || to === null || text === null) return null;
        const id = plainId(asText(at(one, 'messageId')));
        const said = { provider: name, from, to: to.slice(0, 32), text: text.slice(0, 10_000) };
        return { ...said, ...inboundAt(moment(one, 'receivedAt', now), now), ...(id !== null && { id }) };
      });
      if (!found) return null;
      const { read: messages, ...left } = found;
      return { kind: 'inbound', messages, ...left, answer: 'OK' };
    }),
  ];
}
