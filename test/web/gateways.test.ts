/** What gateways post, over a real web server: proven, read, kept, and only then acknowledged. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpSettings } from '../../integrations/providers/http/settings.ts';
import { webhooksOf } from '../../integrations/providers/http/webhook.ts';
import type { Inbound, Receipt } from '../../src/dispatch/provider.ts';
import { createHttp, type Http } from '../../src/platform/http.ts';
import { silentLog } from '../../src/platform/log.ts';
import { mountGateways } from '../../src/web/gateways.ts';

const SECRET = 'a-secret-of-sixteen';
const NOW = new Date('2026-11-23T09:00:00Z');
const account = (name: string, hooks: object) =>
  httpSettings.parse({
    name,
    webhookSecret: SECRET,
    partsPerSecond: 1,
    submit: { url: 'https://gw.example/' },
    answer: { id: 'id' },
    ...hooks,
  });
const states = { Delivered: 'delivered', EXPIRED: 'expired' };
const ACCOUNTS = new Map(
  [
    account('signed', {
      receipts: {
        proof: { kind: 'hmac', name: 'X-Sign', encoding: 'base64', hash: 'sha1' },
        id: 'id',
        state: 'state',
        states,
        error: 'err',
        at: { path: 'ts', as: 'seconds' },
      },
    }),
    account('query', {
      receipts: {
        proof: { kind: 'query', name: 'key' },
        from: 'query',
        id: 'id',
        state: 'st',
        states,
        to: 'to',
        answer: 'ACK',
      },
      inbound: { proof: { kind: 'query', name: 'key' }, from: 'form', sender: 'from', to: 'to', text: 'text' },
    }),
    account('bearer', {
      inbound: {
        proof: { kind: 'header', name: 'Authorization', prefix: 'Bearer ' },
        list: 'items',
        sender: 'from',
        to: 'to',
        text: 'text',
        at: { path: 'at' },
      },
    }),
  ].map((one) => [one.name, webhooksOf(one)]),
);

let http: Http;
let url: string;
let receipts: Receipt[];
let inbound: Inbound[];
let isDown: boolean;

beforeAll(async () => {
  http = createHttp({ host: '127.0.0.1', port: 0, log: silentLog });
  mountGateways(http.app, {
    routes: async (name) => ACCOUNTS.get(name) ?? null,
    take: {
      receipts: async (batch) => {
        if (isDown) throw new Error('the database is away');
        receipts.push(...batch);
      },
      inbound: async (batch) => void inbound.push(...batch),
    },
    now: () => NOW,
    log: silentLog,
  });
  url = `${(await http.start()).url}/gateways`;
});
afterAll(() => http.stop());
beforeEach(() => {
  receipts = [];
  inbound = [];
  isDown = false;
});

const post = async (path: string, body: string, headers = {}) => {
  const answer = await fetch(`${url}/${path}`, { method: 'POST', body, headers });
  return [answer.status, await answer.text()] as const;
};
const signed = (body: string) => ({ 'x-sign': createHmac('sha1', SECRET).update(body).digest('base64') });

describe('A receipt', () => {
  const body = JSON.stringify({ id: 17, state: 'DELIVERED', ts: 1795424300, err: '000' });

  test('that is signed rightly is kept, and acknowledged', async () => {
    expect(await post('signed/receipts', body, signed(body))).toEqual([200, 'OK']);
    expect(receipts).toEqual([
      {
        provider: 'signed',
        providerMessageId: '17',
        state: 'delivered',
        to: null,
        error: '000',
        at: new Date(1795424300_000 <= NOW.getTime() ? 1795424300_000 : NOW),
      },
    ]);
  });

  test.each([
    ['no signature', {}],
    ['a signature of something else', signed('{}')],
    ['an empty one', { 'x-sign': '' }],
  ])('with %s is refused, and nothing of it is kept', async (_, headers) => {
    expect((await post('signed/receipts', body, headers))[0]).toBe(401);
    expect(receipts).toEqual([]);
  });

  test('that cannot be kept is not acknowledged, so that it comes again', async () => {
    isDown = true;
    expect((await post('signed/receipts', body, signed(body)))[0]).toBe(503);
    isDown = false;
    expect((await post('signed/receipts', body, signed(body)))[0]).toBe(200);
    expect(receipts).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'DELIVERED'],
    ['no id', '{"state":"DELIVERED"}'],
    ['no state', '{"id":1}'],
  ])('with %s is told to be unreadable', async (_, text) => {
    expect((await post('signed/receipts', text, signed(text)))[0]).toBe(400);
  });

  test.each(['SOMEWHERE', 'constructor'])('with a word that nobody explained, %s, is not final', async (state) => {
    const odd = JSON.stringify({ id: 'a', state });
    await post('signed/receipts', odd, signed(odd));
    expect(receipts[0]).toMatchObject({ state: 'enroute', at: NOW });
  });

  test('may come in the address, and is answered as the gateway wants', async () => {
    const answer = await fetch(`${url}/query/receipts?key=${SECRET}&id=x1&st=expired&to=79161234567`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ACK']);
    expect(receipts).toMatchObject([{ providerMessageId: 'x1', state: 'expired', to: '+79161234567' }]);
  });
});

describe('An inbound', () => {
  test('may come as a form', async () => {
    expect(
      (
        await post(
          `query/inbound?key=${SECRET}`,
          new URLSearchParams({ from: '+79161234567', to: '1234', text: 'СТОП & да' }).toString(),
        )
      )[0],
    ).toBe(200);
    expect(inbound).toEqual([
      { provider: 'query', from: '+79161234567', to: '1234', text: 'СТОП & да', at: NOW, isArrival: true },
    ]);
  });

  test('may come in a list; what cannot be read of it is left out, and keeps nothing else from being kept', async () => {
    const headers = { authorization: `Bearer ${SECRET}` };
    const item = { from: '79161234567', to: '1234', text: 'stop', at: '2026-11-23T08:59:00Z' };
    expect((await post('bearer/inbound', JSON.stringify({ items: [item, item] }), headers))[0]).toBe(200);
    expect(inbound).toHaveLength(2);
    expect(inbound[0]!.at).toEqual(new Date('2026-11-23T08:59:00Z'));
    const bad = JSON.stringify({ items: [item, { ...item, from: 'Bank' }] });
    expect((await post('bearer/inbound', bad, headers))[0]).toBe(200);
    expect(inbound).toHaveLength(3);
    const all = JSON.stringify({ items: [{ ...item, from: 'Bank' }] });
    expect((await post('bearer/inbound', all, headers))[0]).toBe(400);
    expect((await post('bearer/inbound', '{"items":{}}', headers))[0]).toBe(400);
    expect(inbound).toHaveLength(3);
  });
});

test.each([
  ['an account that there is not', 'nobody/receipts', 'POST'],
  ['a webhook that the account has not', 'bearer/receipts', 'POST'],
  ['another method', 'query/receipts', 'DELETE'],
])('%s is not found', async (_, path, method) => {
  expect((await fetch(`${url}/${path}`, { method })).status).toBe(404);
});
