import { describe, expect, test } from 'vitest';
import { LOG_PAGE } from '../../integrations/sandbox/control.ts';
import { esmeOf, operatorFor } from './esme.ts';

const controlOf = async (options: Parameters<typeof operatorFor>[0] = {}) => {
  const operator = await operatorFor(options);
  const call = async (method: string, path: string, body?: string) => {
    const response = await fetch(
      `http://127.0.0.1:${operator.controlPort}${path}`,
      body === undefined ? { method } : { method, body },
    );
    return { status: response.status, said: (await response.json()) as never };
  };
  return { operator, call };
};

describe('the control API', () => {
  test('GET /state says who is bound, what came, and which switches are on', async () => {
    const { operator, call } = await controlOf({ faults: { receipts: 'none' } });
    const esme = await esmeOf(operator.port);
    await esme.submit();
    expect(await call('GET', '/state')).toMatchObject({
      status: 200,
      said: {
        connections: 1,
        faults: { blackHole: false },
        accounts: [
          {
            name: 'herald',
            binds: [{ id: 'herald/1', role: 'transceiver', unanswered: 0 }],
            counts: { submits: 1, taken: 1 },
            receipts: { posted: 0 },
            faults: { receipts: 'none' },
          },
        ],
      },
    });
  });

  test('PUT /faults merges, DELETE /faults goes back to the start', async () => {
    const { operator, call } = await controlOf({ faults: { idBits: 32 } });
    await call('PUT', '/faults', '{"answerDelayMs": 5}');
    await call('PUT', '/faults?account=herald', '{"receipts": "none"}');
    expect(operator.state().accounts[0]?.faults).toMatchObject({ answerDelayMs: 5, receipts: 'none', idBits: 32 });
    await call('DELETE', '/faults');
    expect(operator.state().accounts[0]?.faults).toMatchObject({ answerDelayMs: 0, receipts: 'all', idBits: 32 });
  });

  test('POST /inbound, /bad-pdu, /disconnect and /unbind act on the sessions', async () => {
    const { operator, call } = await controlOf();
    const esme = await esmeOf(operator.port);
    const inbound = JSON.stringify({ from: '79161234567', to: '1234', text: 'STOP' });
    expect(await call('POST', '/inbound?account=herald', inbound)).toEqual({ status: 200, said: { parts: 1 } });
    await esme.deliveries(1);
    expect(await call('POST', '/bad-pdu', '{"kind": "orphan-answer"}')).toEqual({
      status: 200,
      said: { connections: 1 },
    });
    expect(await call('POST', '/unbind')).toEqual({ status: 200, said: { connections: 1 } });
    await esme.closed;
    expect(await call('POST', '/disconnect')).toEqual({ status: 200, said: { connections: 0 } });
  });

  test('GET /log says what came since a number, a page at a time', async () => {
    const { operator, call } = await controlOf();
    const esme = await esmeOf(operator.port);
    await esme.submit();
    await esme.submit();
    expect(await call('GET', '/log')).toEqual({ status: 200, said: operator.log() });
    expect(await call('GET', '/log?since=1')).toEqual({ status: 200, said: operator.log(1) });
    expect(LOG_PAGE).toBeGreaterThan(2);
  });

  test('GET /log says that entries were let go of, rather than say less', async () => {
    const { operator, call } = await controlOf({ keep: 1 });
    const esme = await esmeOf(operator.port);
    for (let i = 0; i < 3; i++) await esme.submit();
    expect(await call('GET', '/log')).toEqual({ status: 500, said: { error: expect.stringContaining('let go of') } });
    expect((await call('GET', '/log?since=2')).status).toBe(200);
  });

  test.each([
    ['PUT', '/faults', '{"noSuchSwitch": 1}', 400, 'noSuchSwitch'],
    ['PUT', '/faults', '{"noAnswerShare": 2}', 400, 'noAnswerShare'],
    ['PUT', '/faults?account=herald', '{"blackHole": true}', 400, 'blackHole'],
    ['PUT', '/faults', 'nonsense', 400, 'not JSON'],
    ['PUT', '/faults?account=stranger', '{}', 404, 'there are herald'],
    ['GET', '/log?since=yesterday', undefined, 400, 'since'],
    ['POST', '/inbound', '{"from": "Herald"}', 400, 'text'],
    ['POST', '/bad-pdu', undefined, 400, 'length-0'],
    ['GET', '/nothing', undefined, 404, 'PUT /faults'],
  ])('%s %s with %s is %i, and says why', async (method, path, body, status, why) => {
    const { call } = await controlOf();
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.said).toEqual({ error: expect.stringContaining(why) });
  });

  test('POST /quit ends the operator', async () => {
    const { operator, call } = await controlOf();
    const esme = await esmeOf(operator.port);
    expect(await call('POST', '/quit')).toEqual({ status: 200, said: { stopping: true } });
    await esme.closed;
    await operator.stop();
    await expect(call('GET', '/state')).rejects.toThrow('fetch failed');
  });
});
