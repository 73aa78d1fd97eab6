/** A process answers only for the roles that it was given: what hears commands is not open where nobody asked for it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { type TestHerald, testHerald } from '../support/herald.ts';

const open: TestHerald[] = [];
afterAll(() => Promise.all(open.map((one) => one.close())));

test.each([
  ['worker', 404],
  ['web', 404],
  ['bots', 401],
])('the role %s answers a command without a token with %i, and always says that it lives', async (ROLES, status) => {
  const place = await testHerald({ ROLES });
  open.push(place);
  // Its own server is on a free port that only `start` knows, so the application is asked on another.
  const server = place.herald.http.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await fetch(`${url}/console/notices`)).status).toBe(status);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  server.close();
});
