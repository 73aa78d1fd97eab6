/** The account beyond the contract: limits, TLS, deliveries many at a time and in parts, and listeners with bugs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import { capturedLog } from '../../../contract/provider-far-end.ts';
import { account, messages, NEVER, providerAt, sandbox, sendOne, up, WAIT } from './accounts.ts';
import { deliverBody, ID, pdu, rawOperator, tlv } from './raw-operator.ts';

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
    const made = (over: Partial<SmppSettings>) => providerAt(1, over);
    expect(made({ partsPerSecond: 30, window: 10 }).limits).toEqual({ partsPerSecond: 30, inFlight: 10, batch: 30 });
    expect(made({ partsPerSecond: 0.5 }).limits.batch).toBe(1);
    expect(made({ partsPerSecond: 5_000, batch: 200 }).limits.batch).toBe(200);
  });

  it('that the operator asks for hold up the whole account: nothing waits in it, nothing more is sent', async () => {
    const operator = await sandbox({ faults: { throttleShare: 1 } });
    const { provider } = await account(operator.port, { throttle: { firstMs: 60_000, longestMs: 60_000 } });
    await sendOne(provider);
    operator.setFaults({ throttleShare: 0 });
    const outcomes = await provider.send(messages(20), NEVER);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'later', why: { code: 'throttled' } });
    expect(outcomes[0]).toMatchObject({ afterMs: expect.toSatisfy((ms: number) => ms > 29_000 && ms <= 60_000) });
    expect(operator.log()).toHaveLength(1);
    expect(provider.health().up).toBe(true);
  });

  it('of deliveries in hand: what is above them comes again', async () => {
    const operator = await rawOperator();
    const gate = Promise.withResolvers<void>();
    const provider = providerAt(operator.port, { deliveriesInHand: 2 });
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
    const provider = providerAt(operator.port, {}, { log });
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

type TlsCase = { readonly ca?: string; readonly servername?: string; readonly own?: string };

describe('TLS', () => {
  const fixture = (file: string) =>
    readFileSync(new URL(`../../../fixtures/smpp-tls/${file}`, import.meta.url), 'utf8');
  const server = (cert = 'cert.pem') => rawOperator(() => false, { key: fixture('key.pem'), cert: fixture(cert) });

  it('carries the session when the certificate is of a known authority and for this operator', async () => {
    const operator = await server();
    const tls = { ca: fixture('cert.pem'), servername: 'smpp.operator.test' };
    const { provider } = await account(operator.port, { tls });
    expect((await sendOne(provider)).kind).toBe('accepted');
  });

  it.each([
    ['of nobody known', { servername: 'smpp.operator.test' }, 'is of no known authority (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    [
      'for somebody else',
      { ca: fixture('cert.pem'), servername: 'other.test' },
      'is for another name (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    ['for no such address', { ca: fixture('cert.pem') }, 'is for another name (ERR_TLS_CERT_ALTNAME_INVALID)'],
    [
      'whose time is over',
      { ca: fixture('expired.pem'), servername: 'smpp.operator.test', own: 'expired.pem' },
      'has expired (CERT_HAS_EXPIRED)',
    ],
  ])('refuses a certificate %s, before a password is sent', async (_, { own, ...tls }: TlsCase, says) => {
    const operator = await server(own);
    const why = `the operator’s certificate ${says}`;
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

  it('may come as data_sm', async () => {
    const operator = await rawOperator();
    const { kept } = await account(operator.port);
    const body = Buffer.concat([
      Buffer.from('\0\x01\x0179161234567\0\x00\x011234\0\x04\x00\x00', 'latin1'),
      tlv(0x1e, '7\0'),
    ]);
    operator.peer().send(pdu(0x103, 8, Buffer.concat([body, tlv(0x427, '\x02')])));
    await vi.waitFor(() => expect(operator.all(0x80000103)).toMatchObject([{ sequence: 8, status: 0 }]), WAIT);
    expect(kept.receipts).toMatchObject([{ providerMessageId: '7', state: 'delivered' }]);
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
