/** An operator that breaks every rule: nothing waits for ever, nothing is called what it is not, and the account comes back. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { spawnOperator } from '../../../../integrations/sandbox/spawn.ts';
import type { SendOutcome } from '../../../../src/dispatch/provider.ts';
import { account, messages, NEVER, sandbox, sendOne, up, WAIT } from './accounts.ts';
import { deliverBody, ID, type OnPdu, pdu, rawOperator } from './raw-operator.ts';

describe('bytes that are no SMPP', () => {
  it.each(['length-0', 'length-8', 'length-15', 'length-huge', 'garbage'] as const)(
    'end the session, and what was in flight is unknown: %s',
    async (kind) => {
      const operator = await sandbox({ faults: { answerDelayMs: 10_000 } });
      const { provider } = await account(operator.port, { window: 50, answerTimeoutMs: 5_000 });
      const sending = provider.send(messages(50), NEVER);
      await vi.waitFor(() => expect(operator.log()).toHaveLength(50), WAIT);
      operator.injectBadPdu(kind);
      for (const outcome of await sending)
        expect(outcome).toMatchObject({
          kind: 'unknown',
          why: { code: 'connection-lost', detail: expect.stringContaining('a PDU of length') },
        });
      operator.setFaults({ answerDelayMs: 0 });
      await up(provider);
      expect((await sendOne(provider)).kind).toBe('accepted');
    },
  );

  it.each(['unknown-command', 'truncated-tlv', 'truncated-message', 'unterminated-string', 'orphan-answer'] as const)(
    'do not end it when they are a whole PDU: %s',
    async (kind) => {
      const operator = await sandbox();
      const { provider, kept, log } = await account(operator.port);
      operator.injectBadPdu(kind);
      expect((await sendOne(provider)).kind).toBe('accepted');
      await vi.waitFor(() => expect(kept.receipts).toHaveLength(1), WAIT);
      expect(kept.health.filter((health) => !health.up && health.why !== 'connecting')).toEqual([]);
      expect(log.lines.join()).not.toContain('79160000000');
    },
  );

  it('answers what it cannot read, so that it does not come again, and what it does not know with generic_nack', async () => {
    const operator = await rawOperator();
    const { kept } = await account(operator.port);
    const { send } = operator.peer();
    send(pdu(ID.deliver, 901, Buffer.from('\0\x01')), pdu(0x999, 902), pdu(0x80000999, 903), pdu(ID.enquire, 904));
    send(pdu(ID.deliver, 905, deliverBody({ esmClass: 4, message: 'nothing of a receipt' })));
    await vi.waitFor(
      () =>
        expect(operator.heard.map(({ sequence }) => sequence)).toEqual(expect.arrayContaining([901, 902, 904, 905])),
      WAIT,
    );
    const answers = new Map(operator.heard.map((one) => [one.sequence, one]));
    expect(answers.get(901)).toMatchObject({ id: ID.deliverResp, status: 0 });
    expect(answers.get(902)).toMatchObject({ id: ID.genericNack, status: 3 });
    expect(answers.has(903)).toBe(false);
    expect(answers.get(904)).toMatchObject({ id: ID.enquireResp, status: 0 });
    expect(answers.get(905)).toMatchObject({ id: ID.deliverResp, status: 0 });
    expect(kept.receipts).toEqual([]);
  });

  it('may come one byte at a time', async () => {
    const operator = await rawOperator(({ id, sequence }, { socket }) => {
      if (id !== ID.submit) return false;
      for (const byte of pdu(ID.submitResp, sequence, 'slow\0')) setImmediate(() => socket.write(Buffer.of(byte)));
      return true;
    });
    const { provider } = await account(operator.port);
    expect(await sendOne(provider)).toEqual({ kind: 'accepted', parts: [{ providerMessageId: 'slow' }] });
  });
});

describe('a session that ends', () => {
  it('makes unknown of all 50 in flight, and later of what had not left', async () => {
    const operator = await sandbox({ faults: { answerDelayMs: 10_000 } });
    const { provider } = await account(operator.port, { window: 50, answerTimeoutMs: 5_000 });
    const sending = provider.send(messages(80), NEVER);
    await vi.waitFor(() => expect(operator.log()).toHaveLength(50), WAIT);
    operator.disconnect();
    const outcomes = await sending;
    expect(outcomes.slice(0, 50).every((one) => one.kind === 'unknown' && one.why.code === 'connection-lost')).toBe(
      true,
    );
    expect(outcomes.slice(50).every((one) => one.kind === 'later' && one.why.code === 'not-connected')).toBe(true);
  });

  it('by unbind answers first what it has, and is opened again', async () => {
    const operator = await sandbox({ faults: { answerDelayMs: 50 } });
    const { provider, kept } = await account(operator.port, { window: 5 });
    const sending = provider.send(messages(5), NEVER);
    await vi.waitFor(() => expect(operator.log()).toHaveLength(5), WAIT);
    operator.unbind();
    expect((await sending).every(({ kind }) => kind === 'accepted' || kind === 'unknown')).toBe(true);
    await vi.waitFor(() => expect(kept.health.filter((health) => health.up)).toHaveLength(2), WAIT);
    expect(kept.health.some((health) => !health.up && health.why === 'the operator unbound')).toBe(true);
  });

  it('because the operator no longer knows it gives its message back, and is opened again', async () => {
    let isForgotten = true;
    const operator = await rawOperator(({ id, sequence }, { send }) => {
      if (id !== ID.submit || !isForgotten) return false;
      send(pdu(ID.submitResp, sequence, '', 4));
      return true;
    });
    const { provider } = await account(operator.port);
    expect(await sendOne(provider)).toMatchObject({ kind: 'later', why: { code: 'not-connected' } });
    isForgotten = false;
    await vi.waitFor(() => expect(operator.connections).toBe(2), WAIT);
    await vi.waitFor(async () => expect((await sendOne(provider)).kind).toBe('accepted'), WAIT);
  });

  it('does not end for an answer that says nothing for certain', async () => {
    const operator = await rawOperator(({ id, sequence }, { send }) => {
      if (id !== ID.submit) return false;
      send(pdu(ID.submitResp, sequence, '', 0xff));
      return true;
    });
    const { provider } = await account(operator.port);
    expect(await sendOne(provider)).toMatchObject({ kind: 'unknown', why: { code: 'operator-error' } });
    expect(provider.health().up).toBe(true);
  });

  it.each([
    ['generic_nack with its number refuses one message', 'same' as const, 'later'],
    ['generic_nack with no number ends the session', 'zero' as const, 'unknown'],
  ])('%s', async (_, genericNackSequence, kind) => {
    const operator = await sandbox({ faults: { genericNackNext: 1, genericNackSequence } });
    const { provider } = await account(operator.port);
    expect((await sendOne(provider)).kind).toBe(kind);
    await up(provider);
    expect((await sendOne(provider)).kind).toBe('accepted');
  });
});

describe('an operator that does not answer', () => {
  it('to connections: the account is down, tries again, and stops at once', async () => {
    const operator = await sandbox({ faults: { blackHole: true } });
    const { provider, kept } = await account(operator.port, { bindTimeoutMs: 60 }, {}, false);
    await vi.waitFor(
      () => expect(kept.health.at(-1)).toMatchObject({ up: false, why: 'the bind was not answered' }),
      WAIT,
    );
    operator.setFaults({ blackHole: false });
    await up(provider);
  });

  it('to a bind in time is left, and a late answer is no bind', async () => {
    const operator = await sandbox({ faults: { bindDelayMs: 150 } });
    const { provider, kept } = await account(operator.port, { bindTimeoutMs: 60 }, {}, false);
    await vi.waitFor(() => expect(kept.health.at(-1)).toMatchObject({ why: 'the bind was not answered' }), WAIT);
    expect(kept.health.some((health) => health.up)).toBe(false);
    operator.setFaults({ bindDelayMs: 0 });
    await up(provider);
  });

  it('to enquire_link is left for a new session', async () => {
    const operator = await sandbox({ faults: { ignoreEnquireLink: true } });
    const { kept } = await account(operator.port, { enquireLinkMs: 40, enquireTimeoutMs: 40 });
    await vi.waitFor(() => expect(kept.health.filter((health) => health.up)).toHaveLength(2), WAIT);
    expect(kept.health).toContainEqual({ up: false, since: expect.any(Date), why: 'enquire_link was not answered' });
  });

  it('to nothing but enquire_link gets no more messages, has its late answers heard, and then a new session', async () => {
    const held: Buffer[] = [];
    let isHolding = true;
    const hold: OnPdu = ({ id, sequence }) => {
      if (id !== ID.submit || !isHolding) return false;
      held.push(pdu(ID.submitResp, sequence, `late-${sequence}\0`));
      return true;
    };
    const operator = await rawOperator(hold);
    const late: [number, SendOutcome][] = [];
    const settings = { answerTimeoutMs: 60, lateAnswersMs: 300, window: 2 };
    const { provider } = await account(operator.port, settings);

    const outcomes = await provider.send(messages(3), NEVER, (index, outcome, isLate) => {
      if (isLate) late.push([index, outcome]);
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'later']);
    expect(provider.health()).toMatchObject({ up: false, why: 'no submit is answered' });

    operator.peer().send(held[0]!);
    await up(provider);
    expect(late).toEqual([[0, { kind: 'accepted', parts: [{ providerMessageId: expect.stringMatching(/^late-/) }] }]]);

    expect((await provider.send(messages(2), NEVER)).map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
    isHolding = false;
    await vi.waitFor(() => expect(operator.connections).toBe(2), WAIT);
    await vi.waitFor(async () => expect((await sendOne(provider)).kind).toBe('accepted'), WAIT);
  });

  it('to some submits loses only those', async () => {
    const operator = await rawOperator(({ id, body }) => id === ID.submit && body.includes('message 1'));
    const { provider } = await account(operator.port, { answerTimeoutMs: 100, window: 1 });
    const outcomes = await provider.send(messages(3), NEVER);
    expect(outcomes[0]!.kind).toBe('accepted');
    expect(outcomes[1]).toMatchObject({ kind: 'unknown', why: { code: 'no-answer' } });
  });

  it('because this process was held up has answered: what lies in the kernel is read first', async () => {
    const operator = await spawnOperator({ faults: { answerDelayMs: 100 } });
    onTestFinished(() => operator.stop());
    const { provider } = await account(operator.port, { answerTimeoutMs: 200 });
    for (const heldUpMs of [450, 900]) {
      const sending = provider.send(messages(3), NEVER);
      await new Promise((resolve) => setTimeout(resolve, 20));
      // From here the turn of the timers comes next, before that of the sockets.
      await new Promise(setImmediate);
      const until = performance.now() + heldUpMs;
      while (performance.now() < until);
      expect((await sending).map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
    }
  });

  it('to unbind does not keep the account from stopping', async () => {
    const operator = await sandbox({ faults: { ignoreUnbind: true } });
    const { provider } = await account(operator.port);
    await provider.stop();
    expect(provider.health()).toMatchObject({ up: false, why: 'stopped' });
    await vi.waitFor(() => expect(operator.state().connections).toBe(0), WAIT);
  });
});

describe('a bind that is refused', () => {
  it('is told, and tried again', async () => {
    const operator = await sandbox({ faults: { refuseBind: 'ESME_RALYBND' } });
    const { provider, kept } = await account(operator.port, {}, {}, false);
    await vi.waitFor(
      () => expect(kept.health.at(-1)).toMatchObject({ why: 'bind refused: ESME_RALYBND (0x00000005)' }),
      WAIT,
    );
    operator.setFaults({ refuseBind: 'ESME_ROK' });
    await up(provider);
  });

  it('for its password is tried again after the longest delay only', async () => {
    const operator = await rawOperator(({ id, sequence }, { send }) => {
      if (id !== ID.bindTransceiver) return false;
      send(pdu(id + ID.genericNack, sequence, '', 0x0e));
      return true;
    });
    const { log } = await account(
      operator.port,
      { reconnect: { firstMs: 1, longestMs: 60_000, stableMs: 1 } },
      {},
      false,
    );
    await vi.waitFor(() => expect(log.lines.join()).toContain('"inMs":60000'), WAIT);
    expect(operator.connections).toBe(1);
  });

  it('by a generic_nack ends as well', async () => {
    const operator = await rawOperator(({ id, sequence }, { send }) => {
      if (id !== ID.bindTransceiver) return false;
      send(pdu(ID.genericNack, sequence, '', 3));
      return true;
    });
    const { kept } = await account(operator.port, {}, {}, false);
    await vi.waitFor(
      () => expect(kept.health.at(-1)).toMatchObject({ why: expect.stringContaining('generic_nack') }),
      WAIT,
    );
  });

  it('does not let deliveries in before it', async () => {
    const operator = await rawOperator(({ id }, { send }) => {
      if (id === ID.bindTransceiver) send(pdu(ID.deliver, 77, deliverBody({ message: 'early' })));
      return false;
    });
    const { kept } = await account(operator.port);
    await vi.waitFor(() => expect(operator.all(ID.deliverResp)).toMatchObject([{ sequence: 77, status: 4 }]), WAIT);
    expect(kept.inbound).toEqual([]);
  });
});
