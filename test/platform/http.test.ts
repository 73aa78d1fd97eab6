import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp, type Http, type HttpOptions, jsonBody } from '../../src/platform/http.ts';
import { createLog } from '../../src/platform/log.ts';

const running: Http[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((http) => http.stop()));
});

async function serving(mount: (http: Http) => void = () => {}, options: Partial<HttpOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const http = createHttp({ host: '127.0.0.1', port: 0, log, drainMs: 200, ...options });
  mount(http);
  running.push(http);
  const { url } = await http.start();
  return { http, url, lines };
}

describe('the web server', () => {
  test('answers on the port that was free, with headers that protect its pages', async () => {
    const { url } = await serving(({ app }) => app.get('/page', (_q, answer) => void answer.send('hello')));
    const answer = await fetch(`${url}/page`);
    expect(await answer.text()).toBe('hello');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  test('says where it listens when that is IPv6', async () => {
    const { url } = await serving(undefined, { host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  test('says when its port is taken', async () => {
    const { url } = await serving();
    await expect(serving(undefined, { port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  test.each([
    ['trace-0123456789', 'trace-0123456789'],
    ['<script>alert(1)</script>', 'made-here'],
  ])('names a request that came as %s: %s', async (given, expected) => {
    const { url } = await serving(undefined, { newRequestId: () => 'made-here' });
    const answer = await fetch(`${url}/nowhere`, { headers: { 'x-request-id': given } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-request-id')).toBe(expected);
    expect(await answer.json()).toEqual({ error: 'not-found', requestId: expected });
  });

  test('reads JSON only where a route asks for it, and no more than 256 KB', async () => {
    const { url } = await serving(({ app }) => {
      app.post('/echo', jsonBody, (request, answer) => void answer.json(request.body));
      app.post('/raw', (request, answer) => void answer.json({ body: request.body ?? null }));
    });
    const post = (path: string, body: string) =>
      fetch(url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await (await post('/echo', '{"a":1}')).json()).toEqual({ a: 1 });
    expect(await (await post('/raw', '{"a":1}')).json()).toEqual({ body: null });
    const broken = await post('/echo', '{"a":');
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: 'bad-request' }]);
    const large = await post('/echo', JSON.stringify('x'.repeat(256 * 1024)));
    expect([large.status, await large.json()]).toMatchObject([413, { error: 'too-large' }]);
  });

  test('tells nothing of an error but the id to ask about, and logs it without the address', async () => {
    const { url, lines } = await serving(({ app }) =>
      app.get('/hook/:secret', async () => {
        throw new Error('canary of +79161234567');
      }),
    );
    const answer = await fetch(`${url}/hook/canary-secret`);
    const body = (await answer.json()) as Record<string, string>;
    expect([answer.status, body]).toEqual([500, { error: 'internal', requestId: body.requestId }]);
    const log = lines.join('');
    expect(log).toContain('a request failed');
    expect(log).toContain(body.requestId);
    expect(log).toContain('"route":"/hook/:secret"');
    expect(log).not.toMatch(/canary-secret|1234567/);
  });

  test('breaks off an answer that fails in its middle', async () => {
    const { url } = await serving(({ app }) =>
      app.get('/half', (_request, answer) => {
        answer.write('half');
        throw new Error('the other half is missing');
      }),
    );
    await expect(fetch(`${url}/half`).then((answer) => answer.text())).rejects.toThrow();
  });
});

describe('health', () => {
  const health = async (checks: NonNullable<HttpOptions['checks']>) => {
    const { url } = await serving(undefined, { checks, checkMs: 20 });
    const answer = await fetch(`${url}/health`);
    return [answer.status, await answer.json()];
  };

  test('is ok when every check is', async () => {
    expect(await health({ mongo: async () => null })).toEqual([200, { status: 'ok' }]);
  });

  test('names what is wrong, also what throws or hangs', async () => {
    const wrong = { provider: 'down', mongo: 'failed', disk: 'no answer' };
    expect(
      await health({
        well: async () => null,
        provider: async () => 'down',
        mongo: () => Promise.reject(new Error('canary')),
        disk: () => new Promise(() => {}),
      }),
    ).toEqual([503, { status: 'unwell', wrong }]);
  });

  test('of the process alone needs no check', async () => {
    const { url } = await serving(undefined, { checks: { mongo: async () => 'down' } });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

describe('a stop', () => {
  test('lets a request under way end, and takes no other', async () => {
    const under = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { http, url } = await serving(({ app }) =>
      app.get('/slow', async (_request, answer) => {
        under.resolve();
        await finish.promise;
        answer.send('done');
      }),
    );
    const slow = fetch(`${url}/slow`);
    await under.promise;
    const stopped = Promise.all([http.stop(), http.stop()]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    finish.resolve();
    expect(await (await slow).text()).toBe('done');
    await stopped;
  });

  test('says so to a balancer on a connection that is kept', async () => {
    const { http, url } = await serving(({ app }) =>
      app.get('/stop', (_request, answer) => {
        void http.stop();
        answer.send('stopping');
      }),
    );
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const heard: string[] = [];
    socket.on('data', (chunk) => heard.push(String(chunk)));
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: herald\r\n\r\n`;
    socket.write(ask('/stop') + ask('/health'));
    await once(socket, 'close');
    expect(heard.join('')).toMatch(/503 Service Unavailable[\s\S]*Connection: close[\s\S]*stopping/i);
  });

  test('does not wait for ever', async () => {
    const under = Promise.withResolvers<void>();
    const { http, url } = await serving(({ app }) => app.get('/never', () => under.resolve()), { drainMs: 20 });
    const never = expect(fetch(`${url}/never`)).rejects.toThrow();
    await under.promise;
    await http.stop();
    await never;
  });

  test('before the start is nothing', async () => {
    const log = createLog({ level: 'silent' });
    await createHttp({ host: '127.0.0.1', port: 0, log }).stop();
  });
});
