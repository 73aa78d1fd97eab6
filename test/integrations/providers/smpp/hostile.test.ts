/** An operator that breaks every rule: nothing waits for ever, nothing is called what it is not, and the account comes back. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SmppDeps, smppProvider } from '../../../../integrations/providers/smpp/provider.ts';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import { startOperator } from '../../../../integrations/sandbox/operator.ts';
import type { OperatorOptions } from '../../../../integrations/sandbox/options.ts';
import type { Provider, SendOutcome } from '../../../../src/dispatch/provider.ts';
import { capturedLog, outbound, startKept } from '../../../contract/provider-far-end.ts';
import { quickSettings } from './quick.ts';
import { deliverBody, ID, type OnPdu, pdu, type RawOperator, rawOperator, tlv } from './raw-operator.ts';

const NEVER = new AbortController().signal;
const WAIT = { timeout: 5_000, interval: 5 };
const messages = (count: number) => Array.from({ length: count }, (_, i) => outbound(`message ${i}`));

async function account(port: number, over: Partial<SmppSettings> = {}, deps: Partial<SmppDeps> = {}, untilUp = true) {
  const log = capturedLog();
  const provider = smppProvider(quickSettings({ port, ...over }), {
    log,
    now: () => new Date(),
    random: Math.random,
    ...deps,
  });
  onTestFinished(() => provider.stop());
  const kept = await startKept(provider, untilUp);
  return { provider, kept, log };
}

async function sandbox(options: OperatorOptions = {}) {
  const operator = await startOperator({
    ...options,
    faults: { receiptDelayMs: 5, ackTimeoutMs: 50, ...options.faults },
  });
  onTestFinished(() => operator.stop());
  return operator;
}

const up = (provider: Provider, is = true) => vi.waitFor(() => expect(provider.health().up).toBe(is), WAIT);
const sendOne = async (provider: Provider, text = 'hello'): Promise<SendOutcome> =>
  (await provider.send([outbound(text)], NEVER))[0]!;

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
    const late: [string, SendOutcome][] = [];
    const onLateAnswer = (ref: string, outcome: SendOutcome) => void late.push([ref, outcome]);
    const settings = { answerTimeoutMs: 60, lateAnswersMs: 300, window: 2 };
    const { provider } = await account(operator.port, settings, { onLateAnswer });

    const batch = messages(3);
    const outcomes = await provider.send(batch, NEVER);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'later']);
    expect(provider.health()).toMatchObject({ up: false, why: 'no submit is answered' });

    operator.peer().send(held[0]!);
    await up(provider);
    expect(late).toEqual([
      [batch[0]!.ref, { kind: 'accepted', parts: [{ providerMessageId: expect.stringMatching(/^late-/) }] }],
    ]);

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
});

describe('limits', () => {
  it('keep the window and the pace that the operator allows', async () => {
    const limits = { window: 7, partsPerSecond: 400 };
    const operator = await sandbox({
      accounts: [{ name: 'herald', password: 'secret', ...limits }],
      faults: { answerDelayMs: 3 },
    });
    const { provider } = await account(operator.port, limits);
    const outcomes = await provider.send(messages(200), NEVER);
    expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
    expect(operator.state().accounts[0]!.counts).toMatchObject({ taken: 200, overWindow: 0, overRate: 0 });
  });

  it('are told to dispatch: no more in a batch than a second of the pace', async () => {
    const made = (over: Partial<SmppSettings>) =>
      smppProvider(quickSettings({ port: 1, ...over }), {
        log: capturedLog(),
        now: () => new Date(),
        random: Math.random,
      });
    expect(made({ partsPerSecond: 30, window: 10 }).limits).toEqual({ partsPerSecond: 30, inFlight: 10, batch: 30 });
    expect(made({ partsPerSecond: 0.5 }).limits.batch).toBe(1);
    expect(made({ partsPerSecond: 5_000, batch: 200 }).limits.batch).toBe(200);
  });

  it('of deliveries in hand: what is above them comes again', async () => {
    const operator = await rawOperator();
    const gate = Promise.withResolvers<void>();
    const provider = smppProvider(quickSettings({ port: operator.port, deliveriesInHand: 2 }), {
      log: capturedLog(),
      now: () => new Date(),
      random: Math.random,
    });
    onTestFinished(() => provider.stop());
    const calls: number[] = [];
    await provider.start({
      receipts: () => Promise.resolve(),
      inbound: (batch) => {
        calls.push(batch.length);
        return gate.promise;
      },
    });
    await up(provider);
    const { send } = operator.peer();
    send(...[1, 2, 3].map((n) => pdu(ID.deliver, n, deliverBody({ message: `m${n}` }))));
    await vi.waitFor(() => expect(operator.all(ID.deliverResp)).toMatchObject([{ sequence: 3, status: 0x14 }]), WAIT);
    gate.resolve();
    await vi.waitFor(() => expect(operator.all(ID.deliverResp)).toHaveLength(3), WAIT);
    expect(calls).toEqual([2]);
  });
});

describe('bugs of those who listen', () => {
  it('cost neither the session nor the message', async () => {
    const operator = await sandbox();
    const log = capturedLog();
    const provider = smppProvider(quickSettings({ port: operator.port }), {
      log,
      now: () => new Date(),
      random: Math.random,
    });
    onTestFinished(() => provider.stop());
    await provider.start({
      receipts: () => {
        throw new Error('a bug in receipts');
      },
      inbound: () => Promise.resolve(),
      healthChanged: () => {
        throw new Error('a bug in health');
      },
    });
    await up(provider);
    const outcomes = await provider.send(messages(2), NEVER, () => {
      throw new Error('a bug in outcomes');
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    for (const bug of ['receipts', 'health', 'outcomes'])
      await vi.waitFor(() => expect(log.lines.join()).toContain(`a bug in ${bug}`), WAIT);
    await expect(provider.start({ receipts: async () => {}, inbound: async () => {} })).rejects.toThrow('twice');
  });
});

describe('TLS', () => {
  const fixture = (file: string) =>
    readFileSync(new URL(`../../../fixtures/smpp-tls/${file}`, import.meta.url), 'utf8');
  const server = () => rawOperator(() => false, { key: fixture('key.pem'), cert: fixture('cert.pem') });

  it('carries the session when the certificate is of a known authority and for this operator', async () => {
    const operator = await server();
    const tls = { ca: fixture('cert.pem'), servername: 'smpp.operator.test' };
    const { provider } = await account(operator.port, { tls });
    expect((await sendOne(provider)).kind).toBe('accepted');
  });

  it.each([
    ['of nobody known', { servername: 'smpp.operator.test' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['for somebody else', { ca: fixture('cert.pem'), servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['for no such address', { ca: fixture('cert.pem') }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('refuses a certificate %s, before a password is sent', async (_, tls, why) => {
    const operator = await server();
    const { kept } = await account(operator.port, { tls }, {}, false);
    await vi.waitFor(() => expect(kept.health.at(-1)).toMatchObject({ up: false, why }), WAIT);
    expect(operator.heard).toEqual([]);
  });
});

describe('deliveries', () => {
  it('of one turn of the event loop are handed over in one call', async () => {
    const operator = await rawOperator();
    const { kept } = await account(operator.port);
    const { send } = operator.peer();
    const receipt = (n: number) =>
      pdu(ID.deliver, n, deliverBody({ esmClass: 4, message: `id:${n} stat:DELIVRD`, tlvs: [tlv(0x1e, `${n}\0`)] }));
    send(...Array.from({ length: 100 }, (_, i) => receipt(i + 1)));
    await vi.waitFor(() => expect(operator.all(ID.deliverResp)).toHaveLength(100), WAIT);
    expect(kept.receipts).toHaveLength(100);
    expect(kept.calls).toBeLessThan(10);
  });

  it('of a long text whose last part never comes are told as far as they came', async () => {
    const operator = await rawOperator();
    const { kept } = await account(operator.port, { inboundHoldMs: 20, inboundJoinMs: 100 });
    const part = Buffer.concat([Buffer.from([5, 0, 3, 9, 2, 1]), Buffer.from('half')]);
    operator.peer().send(pdu(ID.deliver, 5, deliverBody({ esmClass: 0x40, message: part })));
    await vi.waitFor(() => expect(kept.inbound).toMatchObject([{ text: 'half…' }]), WAIT);
    expect(operator.all(ID.deliverResp)).toMatchObject([{ sequence: 5, status: 0x14 }]);
  });

  it('of an operator that sends one part at a time come whole', async () => {
    const operator = await sandbox({ deliverWindow: 1, faults: { ackTimeoutMs: 60 } });
    const { kept } = await account(operator.port, { inboundHoldMs: 15, inboundJoinMs: 2_000 });
    const text = 'Длинный ответ на ваше сообщение. '.repeat(5);
    operator.inbound({ from: '79161234567', to: '1234', text });
    await vi.waitFor(() => expect(kept.inbound.map((sms) => sms.text)).toEqual([text]), WAIT);
    await vi.waitFor(() => expect(operator.state().accounts[0]!.inbound.acknowledged).toBe(3), WAIT);
    expect(kept.inbound).toHaveLength(1);
  });

  it('of 8-bit data in parts are acknowledged and dropped', async () => {
    const operator = await rawOperator();
    const { kept, log } = await account(operator.port);
    const part = (n: number) =>
      deliverBody({ esmClass: 0x40, dataCoding: 4, message: Buffer.from([5, 0, 3, 9, 2, n, 1]) });
    operator.peer().send(pdu(ID.deliver, 1, part(1)), pdu(ID.deliver, 2, part(2)));
    await vi.waitFor(() => expect(operator.all(ID.deliverResp).map(({ status }) => status)).toEqual([0, 0]), WAIT);
    expect(kept.inbound).toEqual([]);
    expect(log.lines.join()).toContain('no text');
  });
});
