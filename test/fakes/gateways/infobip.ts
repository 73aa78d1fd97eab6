/** A little Infobip: SMS API 3, an answer for each message of a request, reports and inbound in lists. */
import { type Dialect, type Judged, jsonReply, PUBLIC_URL } from './server.ts';

export const API_KEY = 'app-key-of-the-infobip-test';
export const SECRET = 'secret_of_the_infobip_test';
const BAD_NUMBER = '+79160000000';

interface Message {
  readonly sender: string;
  readonly destinations: readonly { readonly to: string; readonly messageId?: string }[];
  readonly content: { readonly text: string };
  readonly webhooks?: { readonly delivery?: { readonly url: string } };
}

const status = (isBad: boolean) =>
  isBad
    ? { groupId: 5, groupName: 'REJECTED', id: 52, name: 'REJECTED_INVALID_DESTINATION', description: 'No such number' }
    : {
        groupId: 1,
        groupName: 'PENDING',
        id: 26,
        name: 'PENDING_ACCEPTED',
        description: 'Message sent to next instance',
      };

const unauthorized = { errorCode: 'E401', description: 'The request lacks valid authentication credentials.' };
const tooMany = { errorCode: 'E429', description: 'The request was throttled.' };

const post = (address: string, body: unknown) => ({
  address,
  method: 'POST' as const,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

/** `2026-11-23T12:00:00.000+0000`, as its reports write it. */
const moment = () => new Date().toISOString().replace('Z', '+0000');

export const infobip = (account: string): Dialect => ({
  account,
  secrets: [API_KEY, SECRET],
  badNumber: BAD_NUMBER,
  understand({ method, url, headers, body }) {
    if (headers.authorization !== `App ${API_KEY}`) return jsonReply(401, unauthorized);
    if (method !== 'POST' || url.pathname !== '/sms/3/messages') return jsonReply(404, { errorCode: 'E404' });
    const { messages } = JSON.parse(body) as { messages: readonly Message[] };
    return messages.flatMap(({ sender, destinations, content, webhooks }) =>
      destinations.map(({ to, messageId = null }) => ({
        ...{ to: `+${to}`, sender, text: content.text, id: messageId },
        reports: webhooks?.delivery?.url ?? null,
      })),
    );
  },
  tooFast: jsonReply(429, tooMany, { 'retry-after': '0' }),
  answer: (messages) =>
    jsonReply(200, {
      bulkId: 'bulk-1',
      // It promises no order.
      messages: messages.toReversed().map(({ id, to, isBad }) => ({
        ...{ messageId: id, status: status(isBad), destination: to.slice(1), details: { messageCount: 1 } },
      })),
    }),
  report: ({ id, to, reports }: Judged) =>
    reports === null
      ? null
      : post(reports, {
          results: [
            {
              ...{
                bulkId: 'bulk-1',
                messageId: id,
                to: to.slice(1),
                sentAt: moment(),
                doneAt: moment(),
                messageCount: 1,
              },
              status: { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET' },
              error: { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', permanent: false },
            },
          ],
        }),
  inbound: ({ from, to, text }) =>
    post(`${PUBLIC_URL}/gateways/${account}/inbound?token=${SECRET}`, {
      results: [
        { messageId: 'in-1', from: from.slice(1), to, text, cleanText: text, receivedAt: moment(), smsCount: 1 },
      ],
      messageCount: 1,
      pendingMessageCount: 0,
    }),
});
