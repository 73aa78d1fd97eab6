import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';

test.each([
  ['a socket by address', () => connect(80, '192.0.2.1')],
  ['a socket by name', () => connect({ host: 'operator.example', port: 80 })],
  ['a socket by an IPv6 address', () => connect({ host: '2001:db8::1', port: 80 })],
  ['an encrypted socket', () => connectTls({ host: 'operator.example', port: 443 })],
])('%s cannot leave this machine from a test', (_what, open) => {
  expect(open).toThrow(/A test tried to reach/);
});

test('a request cannot leave this machine from a test', async () => {
  const error = await fetch('http://operator.example/').catch((thrown) => thrown);
  expect(String(error.cause ?? error)).toContain('A test tried to reach operator.example');
});

test.each(['127.0.0.1', '127.0.0.53', 'localhost', undefined])('%s is this machine', async (host) => {
  const server = createServer().listen(0, host?.startsWith('127') ? host : undefined);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = host ? connect(port, host) : connect(port);
  await once(socket, 'connect');
  socket.destroy();
  server.close();
});
