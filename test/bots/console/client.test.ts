import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLine, serviceUrl } from '../../../bots/console/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'herald-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the service is where it says, and nowhere when it says nothing that can be read', () => {
  expect(serviceUrl(join(folder, 'nowhere'))).toBeNull();
  for (const [written, url] of [
    ['{"url":"http://127.0.0.1:8080"}', 'http://127.0.0.1:8080'],
    ['{"url":8080}', null],
    ['{', null],
  ] as const) {
    writeFileSync(join(folder, 'http.json'), written);
    expect(serviceUrl(folder)).toBe(url);
  }
  expect(() => serviceUrl(join(folder, 'http.json'))).toThrow();
});

test('a line carries the token, and brings back what was answered', async () => {
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer mine';
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    request.on('data', () => {}).on('end', () => response.end('{"card":null,"notices":[],"locale":"ru"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = { kind: 'answer', answer: { card: null, notices: [], locale: 'ru' } };
  expect(await openLine(url, 'mine', 'anna').say('list')).toEqual(answer);
  expect(await openLine(url, 'mine', 'anna').notices()).toEqual(answer);
  expect(await openLine(url, 'other', 'anna').say('list')).toEqual({ kind: 'not-taken', status: 401 });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await openLine(url, 'mine', 'anna').say('list')).toEqual({ kind: 'not-reachable' });
});
