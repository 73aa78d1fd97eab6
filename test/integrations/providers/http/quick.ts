/** An account at the gateway of `test/fakes/gateway.ts`, its deadlines a fraction of a second. */
import { type AccountDeps, gatewayAccount } from '../../../../integrations/providers/http/account.ts';
import { describedGateway } from '../../../../integrations/providers/http/provider.ts';
import { type HttpSettings, httpSettings } from '../../../../integrations/providers/http/settings.ts';
import { SIGNING, TOKEN } from '../../../fakes/gateway.ts';

export const quickSettings = (port: number, over: object = {}): HttpSettings =>
  httpSettings.parse({
    name: 'acme-http',
    password: TOKEN,
    webhookSecret: SIGNING,
    partsPerSecond: 5_000,
    window: 5,
    allowPrivate: true,
    connectTimeoutMs: 500,
    answerTimeoutMs: 1_000,
    probeMs: 30,
    throttle: { firstMs: 10, longestMs: 20 },
    submit: {
      url: `http://127.0.0.1:${port}/v1/messages`,
      headers: { Authorization: 'Bearer {password}' },
      json: { to: '{to}', from: '{sender}', text: '{text}', ref: '{ref}', parts: '{parts}', ttl: '{validSeconds}' },
    },
    answer: {
      id: 'ids',
      detail: 'error.says',
      outcomes: [{ when: { path: 'error.code', in: [21211] }, kind: 'refused', code: 'bad-number' }],
    },
    receipts: {
      proof: { kind: 'hmac', name: 'X-Signature', prefix: 'sha256=' },
      list: 'reports',
      id: 'id',
      state: 'status',
      states: { DELIVERED: 'delivered', FAILED: 'undelivered' },
      to: 'to',
      error: 'reason',
      at: { path: 'done' },
    },
    inbound: {
      proof: { kind: 'hmac', name: 'X-Signature', prefix: 'sha256=' },
      sender: 'from',
      to: 'to',
      text: 'text',
    },
    ...over,
  });

/** An account that is described by settings, as the composition root makes it. */
export const describedAccount = (settings: HttpSettings, deps: AccountDeps) =>
  gatewayAccount(describedGateway(settings), settings, deps);
