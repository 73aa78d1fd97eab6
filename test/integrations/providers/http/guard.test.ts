/** Where an HTTP account may connect to, and that nothing is sent where it may not; over real sockets. */
import { once } from 'node:events';
import type { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardedAgent } from '../../../../integrations/providers/http/guard.ts';
import { describedGateway } from '../../../../integrations/providers/http/provider.ts';
import { requestFor } from '../../../../integrations/providers/http/request.ts';
import { type HttpSettings, httpSettings } from '../../../../integrations/providers/http/settings.ts';
import { submit } from '../../../../integrations/providers/http/submit.ts';
import { silentLog } from '../../../../src/platform/log.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { openGateway, TOKEN } from '../../../fakes/gateway.ts';
import { describedAccount, quickSettings } from './quick.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listener(onConnection: Parameters<typeof createServer>[1]): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection as never);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

async function sendOne(settings: HttpSettings, agent: Agent) {
  const submission = describedGateway(settings).submission([outbound('hello')], new Date());
  const [outcome] = await submit(submission, 1, settings, agent, () => new Date());
  return outcome!;
}

describe('An account outside of the own network', () => {
  test.each([
    ['an address', 'https://127.0.0.1'],
    ['a name', 'https://localhost'],
    ['an IPv6 address', 'https://[::1]'],
  ])('never connects to this machine by %s', async (_, base) => {
    let connections = 0;
    const { port } = await listener(() => void connections++);
    const settings = httpSettings.parse({
      ...quickSettings(port),
      submit: { url: `${base}:${port}/send`, form: { to: '{to}' } },
      allowPrivate: false,
    });
    const provider = describedAccount(settings, { log: silentLog, now: () => new Date(), random: Math.random });
    closing.push(() => provider.stop());
    await provider.start({ receipts: async () => {}, inbound: async () => {} });
    await vi.waitFor(() => expect(provider.health()).toMatchObject({ up: false, why: 'E_PRIVATE_ADDRESS' }));
    const agent = guardedAgent(settings.submit.url, { allowPrivate: false, connectTimeoutMs: 500, most: 1 });
    const outcome = await sendOne(settings, agent);
    expect(outcome).toMatchObject({ kind: 'later', why: { code: 'not-connected' } });
    expect(connections).toBe(0);
  });
});

describe('A request', () => {
  test('to a server without the right certificate is never sent', async () => {
    const { port } = await listener((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const settings = quickSettings(port, { submit: { url: `https://127.0.0.1:${port}/`, json: '{text}' } });
    const agent = guardedAgent(settings.submit.url, { allowPrivate: true, connectTimeoutMs: 500, most: 1 });
    const outcome = await sendOne(settings, agent);
    expect(outcome.kind).not.toBe('accepted');
  });

  test('follows no redirect, and uses no proxy of the environment', async () => {
    const gateway = await openGateway();
    closing.push(() => gateway.close());
    const { port } = await listener((socket) =>
      socket.end(`HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:${gateway.port}/\r\nContent-Length: 0\r\n\r\n`),
    );
    vi.stubEnv('http_proxy', `http://127.0.0.1:${gateway.port}`);
    closing.push(() => vi.unstubAllEnvs());
    const settings = quickSettings(port);
    const agent = guardedAgent(settings.submit.url, { allowPrivate: true, connectTimeoutMs: 500, most: 1 });
    closing.push(() => agent.destroy());
    const request = requestFor(outbound('hello'), settings, new Date());
    expect(request.headers.Authorization).toBe(`Bearer ${TOKEN}`);
    expect(await sendOne(settings, agent)).toMatchObject({ kind: 'unknown' });
    expect(gateway.taken()).toEqual([]);
  });

  test('with an answer that never ends leaves the message unknown', async () => {
    const { port } = await listener((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n${'x'.repeat(300_000)}`);
      socket.on('error', () => {});
    });
    const settings = quickSettings(port);
    const agent = guardedAgent(settings.submit.url, { allowPrivate: true, connectTimeoutMs: 500, most: 1 });
    closing.push(() => agent.destroy());
    const outcome = await sendOne(settings, agent);
    expect(outcome).toMatchObject({ kind: 'unknown' });
  });

  test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'])(
    'that a gateway has got leaves the message unknown also where its connection dies of %s',
    async (code) => {
      const got = Promise.withResolvers<void>();
      const { port } = await listener((socket) => socket.once('data', () => got.resolve()));
      const settings = quickSettings(port, { answerTimeoutMs: 5_000 });
      const agent = guardedAgent(settings.submit.url, { allowPrivate: true, connectTimeoutMs: 500, most: 1 });
      closing.push(() => agent.destroy());
      const sending = sendOne(settings, agent);
      await got.promise;
      const [socket] = Object.values(agent.sockets).flat();
      socket!.destroy(Object.assign(new Error('it died'), { code }));
      expect(await sending).toMatchObject({ kind: 'unknown', why: { code: 'connection-lost' } });
    },
  );
});
