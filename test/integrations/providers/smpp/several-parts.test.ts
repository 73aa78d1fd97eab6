/** Messages of several parts whose parts go separate ways: what is said of them, and what is sent of them. */
import { describe, expect, it, vi } from 'vitest';
import type { OnOutcome, SendOutcome } from '../../../../src/dispatch/provider.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { account, NEVER, WAIT } from './accounts.ts';
import { ID, type OnPdu, pdu, type RawOperator, rawOperator } from './raw-operator.ts';

describe('a message of several parts', () => {
  const long = () => outbound('a'.repeat(153 * 3));
  /** Answers each part by its number with the next of its statuses; 0 when there are no more. */
  const byPart = (statuses: Record<number, (number | null)[]>): OnPdu => {
    return ({ id, sequence, body }, { send, socket }) => {
      if (id !== ID.submit) return false;
      const index = body[body.indexOf(Buffer.from([5, 0, 3])) + 5]!;
      const next = statuses[index]?.shift();
      const status = next === undefined ? 0 : next;
      if (status === null) socket.destroy();
      else send(pdu(ID.submitResp, sequence, status === 0 ? `part-${index}\0` : '', status));
      return true;
    };
  };
  const partsSent = (operator: RawOperator) =>
    operator.all(ID.submit).map(({ body }) => body[body.indexOf(Buffer.from([5, 0, 3])) + 5]!);
  const ids = (...each: (number | null)[]) =>
    each.map((index) => ({ providerMessageId: index === null ? null : `part-${index}` }));

  it('has a reference of its own on its parts', async () => {
    const operator = await rawOperator();
    const { provider } = await account(operator.port);
    await provider.send([long(), long()], NEVER);
    const references = operator.all(ID.submit).map(({ body }) => body[body.indexOf(Buffer.from([5, 0, 3])) + 3]!);
    expect(new Set(references.slice(0, 3)).size).toBe(1);
    expect(new Set(references).size).toBe(2);
  });

  it('is finished when a part is throttled after another was taken', async () => {
    const operator = await rawOperator(byPart({ 2: [0x58, 0x14] }));
    const { provider } = await account(operator.port, { window: 1 });
    const [outcome] = await provider.send([long()], NEVER);
    expect(outcome).toEqual({ kind: 'accepted', parts: ids(1, 2, 3) });
    expect(partsSent(operator)).toEqual([1, 2, 2, 2, 3]);
  });

  it('is finished when a part met an error of the operator that may pass', async () => {
    const operator = await rawOperator(byPart({ 3: [0x08] }));
    const { provider } = await account(operator.port);
    expect((await provider.send([long()], NEVER))[0]).toEqual({ kind: 'accepted', parts: ids(1, 2, 3) });
  });

  it('goes back when its first part is throttled and no other is on the wire', async () => {
    const operator = await rawOperator(byPart({ 1: [0x58] }));
    const { provider } = await account(operator.port, { window: 1 });
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({
      kind: 'later',
      why: { code: 'throttled' },
      afterMs: expect.any(Number),
    });
    expect(partsSent(operator)).toEqual([1]);
  });

  it('goes back when all its parts were throttled', async () => {
    const operator = await rawOperator(byPart({ 1: [0x58], 2: [0x58], 3: [0x58] }));
    const { provider } = await account(operator.port);
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({ kind: 'later', why: { code: 'throttled' } });
    expect(partsSent(operator)).toEqual([1, 2, 3]);
  });

  it('is not tried again in part while it may still go back whole', async () => {
    const operator = await rawOperator(({ id, sequence }, { send }) => {
      if (id !== ID.submit) return false;
      setTimeout(() => send(pdu(ID.submitResp, sequence, '', 0x58)), sequence % 2 === 0 ? 0 : 60);
      return true;
    });
    const { provider } = await account(operator.port, { throttle: { firstMs: 5, longestMs: 5 } });
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({ kind: 'later', why: { code: 'throttled' } });
    expect(partsSent(operator)).toEqual([1, 2, 3]);
  });

  it('is refused when its first part is, and sends no more of it', async () => {
    const operator = await rawOperator(byPart({ 1: [0x0b] }));
    const { provider } = await account(operator.port, { window: 1 });
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({ kind: 'refused', why: { code: 'bad-number' } });
    expect(partsSent(operator)).toEqual([1]);
  });

  it('is unknown, with the ids it has, when a later part is refused', async () => {
    const operator = await rawOperator(byPart({ 2: [0x0b] }));
    const { provider } = await account(operator.port, { window: 1 });
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({
      kind: 'unknown',
      why: { code: 'bad-number' },
      parts: ids(1, null, null),
    });
    expect(partsSent(operator)).toEqual([1, 2]);
  });

  it('is unknown, with the ids it has, when the session dies under a part', async () => {
    const operator = await rawOperator(byPart({ 2: [null] }));
    const { provider } = await account(operator.port, { window: 1 });
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({
      kind: 'unknown',
      why: { code: 'connection-lost' },
      parts: ids(1, null, null),
    });
  });

  it('is unknown when a part is throttled until its time is over', async () => {
    const operator = await rawOperator(byPart({ 2: Array(1_000).fill(0x58) }));
    const settings = { answerTimeoutMs: 150, throttle: { firstMs: 20, longestMs: 20 } };
    const { provider } = await account(operator.port, settings);
    expect((await provider.send([long()], NEVER))[0]).toMatchObject({
      kind: 'unknown',
      why: { code: 'throttled' },
      parts: ids(1, null, 3),
    });
  });

  it('that has begun is finished after an abort, and over the next session', async () => {
    const abort = new AbortController();
    const operator = await rawOperator(({ id, sequence, body }, { send, socket }) => {
      if (id !== ID.submit) return false;
      const index = body[body.indexOf(Buffer.from([5, 0, 3])) + 5]!;
      send(pdu(ID.submitResp, sequence, `part-${index}\0`));
      if (index === 1) {
        abort.abort();
        socket.end();
      }
      return true;
    });
    // So slow that the second part is not on the wire when the session ends.
    const { provider } = await account(operator.port, { partsPerSecond: 20, answerTimeoutMs: 3_000 });
    const [begun, fresh] = await provider.send([long(), outbound('not yet')], abort.signal);
    expect(begun).toEqual({ kind: 'accepted', parts: ids(1, 2, 3) });
    expect(fresh).toMatchObject({ kind: 'later' });
    expect(operator.connections).toBe(2);
  });

  it('is corrected by late answers, as far as they go', async () => {
    const held: Buffer[] = [];
    const operator = await rawOperator(({ id, sequence, body }) => {
      if (id !== ID.submit) return false;
      held.push(pdu(ID.submitResp, sequence, `part-${body[body.indexOf(Buffer.from([5, 0, 3])) + 5]}\0`));
      return true;
    });
    const late: SendOutcome[] = [];
    const settings = { answerTimeoutMs: 80, lateAnswersMs: 3_000 };
    const { provider } = await account(operator.port, settings);
    const hear: OnOutcome = (_, outcome, isLate) => isLate && late.push(outcome);
    expect((await provider.send([long()], NEVER, hear))[0]).toMatchObject({
      kind: 'unknown',
      why: { code: 'no-answer' },
    });
    operator.peer().send(held[2]!, held[0]!);
    operator.peer().send(held[1]!, held[1]!);
    await vi.waitFor(() => expect(late).toHaveLength(3), WAIT);
    expect(late.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'accepted']);
    expect(late[1]).toMatchObject({ parts: ids(1, null, 3) });
    expect(late[2]).toEqual({ kind: 'accepted', parts: ids(1, 2, 3) });
  });
});
