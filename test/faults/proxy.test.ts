/** The proxy of the fault matrix, between a client and a server that says everything back. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Proxy as Between, startProxy } from './proxy.ts';

let server: Server;
let proxy: Between;
let client: Socket;
/** What the client has heard so far. */
let heard = '';

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy();
  proxy.leadTo((server.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  client.on('data', (bytes) => {
    heard += bytes;
  });
  client.on('error', () => {});
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  server.close();
});

test('passes on what is said, in order', async () => {
  client.write('one ');
  client.write('two');
  await expect.poll(() => heard).toBe('one two');
});

test.each(['there', 'back'] as const)('holds back what goes %s, and lets it through once it is healed', async (way) => {
  client.write('before ');
  await expect.poll(() => heard).toBe('before ');
  proxy.hold(way);
  client.write('after');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard).toBe('before ');
  proxy.heal();
  await expect.poll(() => heard).toBe('before after');
});

test('keeps the order when it is slow, and slower', async () => {
  proxy.slow(30);
  client.write('one ');
  await new Promise((resolve) => setTimeout(resolve, 5));
  proxy.slow(0);
  client.write('two');
  await expect.poll(() => heard).toBe('one two');
});

test('cuts the connection instead of handing an answer back', async () => {
  proxy.swallowAnswers(1);
  client.write('never');
  await once(client, 'close');
  expect(heard).toBe('');
});

test('cuts every connection, and says how many', async () => {
  client.write('here');
  await expect.poll(() => heard).toBe('here');
  const closed = once(client, 'close');
  expect(proxy.cut()).toBe(1);
  await closed;
});
