import smpp from 'smpp';
import { describe, expect, test } from 'vitest';
import type { FaultChange } from '../../integrations/sandbox/faults.ts';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import {
  aMoment,
  esmeOf,
  eventually,
  MESSAGE,
  operatorFor,
  rawSocket,
  receiptField,
  receiptText,
  unbound,
} from './esme.ts';

const { errors } = smpp;

const setUp = async (faults: FaultChange) => {
  const operator = await operatorFor({ faults });
  return { operator, esme: await esmeOf(operator.port) };
};

describe('answers', () => {
  test('answerDelayMs: come late, and in their order', async () => {
    const { operator, esme } = await setUp({ answerDelayMs: 80 });
    const pending = [esme.submit(), esme.submit()];
    await eventually(() => operator.log().length === 2);
    expect(esme.heard).toEqual(['bind_transceiver_resp']);
    const answers = await Promise.all(pending);
    expect(answers.map((answer) => answer?.message_id)).toEqual(operator.log().map(({ messageId }) => messageId));
  });

  test('noAnswerNext: the next ones are taken, get receipts, and no answer', async () => {
    const { operator, esme } = await setUp({ noAnswerNext: 2 });
    void esme.submit();
    void esme.submit();
    expect((await esme.submit())?.command_status).toBe(0);
    await esme.deliveries(3);
    expect(operator.log().map(({ answered }) => answered)).toEqual([null, null, 0]);
    expect(messagesOf(operator.log())).toHaveLength(3);
    expect(operator.state().accounts[0]).toMatchObject({
      faults: { noAnswerNext: 0 },
      counts: { taken: 3, unanswered: 2 },
    });
  });

  test('noAnswerShare: what is never answered does not fill the window', async () => {
    const operator = await operatorFor({
      accounts: [{ name: 'herald', password: 'secret', window: 1 }],
      faults: { noAnswerShare: 1 },
    });
    const esme = await esmeOf(operator.port);
    void esme.submit();
    await eventually(() => operator.log().length === 1);
    void esme.submit();
    await eventually(() => operator.log().length === 2);
    expect(operator.log().map(({ answered, overLimit }) => [answered, overLimit])).toEqual(Array(2).fill([null, null]));
  });

  test.each([{ dropAfterAcceptNext: 1 }, { dropAfterAcceptShare: 1 }])(
    '%j: taken, logged, and the connection closed',
    async (faults) => {
      const { operator, esme } = await setUp(faults);
      expect(await esme.submit()).toBeNull();
      expect(operator.log()).toMatchObject([{ answered: null, messageId: expect.any(String) }]);
      const next = await esmeOf(operator.port);
      await next.deliveries(1);
    },
  );

  test('dropAfterAcceptNext: what came with it in one packet is as if it had never been sent', async () => {
    const { operator, esme } = await setUp({ dropAfterAcceptNext: 1 });
    await Promise.all(Array.from({ length: 5 }, () => esme.submit()));
    expect(operator.log()).toHaveLength(1);
  });

  test('closeAfterSubmits: each connection ends once so many were answered', async () => {
    const { operator, esme } = await setUp({ closeAfterSubmits: 2 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => esme.submit()));
    expect(answers.map((answer) => answer?.command_status)).toEqual([0, 0, undefined, undefined]);
    expect(operator.log()).toHaveLength(2);
    const next = await esmeOf(operator.port);
    expect((await next.submit())?.command_status).toBe(0);
    expect(next.isClosed()).toBe(false);
  });

  test('unbindAfterSubmits: the operator unbinds, takes nothing more, and closes when it is answered', async () => {
    const { operator, esme } = await setUp({ unbindAfterSubmits: 1 });
    const answers = await Promise.all([esme.submit(), esme.submit()]);
    expect(answers.map((answer) => answer?.command_status)).toEqual([0, errors.ESME_RINVBNDSTS]);
    await esme.closed;
    expect(esme.heard).toContain('unbind');
    expect(messagesOf(operator.log())).toHaveLength(1);
  });

  test.each<[FaultChange, string]>([
    [{ throttleShare: 1 }, 'ESME_RTHROTTLED'],
    [{ queueFullShare: 1 }, 'ESME_RMSGQFUL'],
    [{ errorShare: 1, errorStatus: 'ESME_RX_T_APPN' }, 'ESME_RX_T_APPN'],
    [{ submitErrors: { '567': 'ESME_RINVDSTADR' } }, 'ESME_RINVDSTADR'],
    [{ allowedSenders: ['Bank'] }, 'ESME_RINVSRCADR'],
  ])('%j: answered %s and not taken', async (faults, status) => {
    const { operator, esme } = await setUp(faults);
    expect((await esme.submit())?.command_status).toBe(errors[status]);
    expect(operator.log()).toMatchObject([{ answered: errors[status], messageId: null, overLimit: null }]);
  });

  test('genericNackNext, genericNackSequence same: the answer has its number', async () => {
    const { operator, esme } = await setUp({ genericNackNext: 1 });
    expect(await esme.submit()).toMatchObject({ command: 'generic_nack', command_status: errors.ESME_RSYSERR });
    expect(operator.log()).toMatchObject([{ answered: errors.ESME_RSYSERR, messageId: null }]);
  });

  test('genericNackShare, genericNackSequence zero: the answer has no number', async () => {
    const { esme } = await setUp({ genericNackShare: 1, genericNackSequence: 'zero' });
    const nack = new Promise((resolve) => esme.session.on('generic_nack', resolve));
    void esme.submit();
    expect(await nack).toMatchObject({ sequence_number: 0 });
  });
});

describe('what submits are like', () => {
  const LATIN = { ...MESSAGE, data_coding: 0, short_message: Buffer.from('@_é', 'latin1') };

  test('defaultAlphabet: data_coding 0 means what the operator says it means', async () => {
    const { operator, esme } = await setUp({ defaultAlphabet: 'latin1' });
    await esme.submit(LATIN);
    operator.setFaults({ defaultAlphabet: 'ascii' });
    await esme.submit(LATIN);
    operator.setFaults({ defaultAlphabet: 'gsm7' });
    await esme.submit(LATIN);
    expect(operator.log().map(({ encoding, text, flaws }) => [encoding, text, flaws])).toEqual([
      ['latin1', '@_é', []],
      ['ascii', '@_\ufffd', ['bad-ascii']],
      ['gsm7', '¡§\ufffd', ['bad-septet']],
    ]);
  });

  test('allowPlus: a number may have its plus, and its receipt repeats it with its type of number', async () => {
    const { operator, esme } = await setUp({ allowPlus: true });
    const plus = { ...MESSAGE, dest_addr_ton: 2, destination_addr: '+79161234567' };
    expect((await esme.submit(plus))?.command_status).toBe(errors.ESME_ROK);
    const [receipt] = await esme.deliveries(1);
    expect([receipt!.source_addr_ton, receipt!.source_addr]).toEqual([2, '+79161234567']);
    operator.setFaults({ allowPlus: false });
    expect((await esme.submit(plus))?.command_status).toBe(errors.ESME_RINVDSTADR);
  });
});

describe('sessions', () => {
  test('systemId is what it calls itself', async () => {
    const { esme } = await setUp({ systemId: 'SMSC' });
    expect(esme.bound).toMatchObject({ system_id: 'SMSC' });
  });

  test.each(['ESME_RBINDFAIL', 'ESME_RINVPASWD'] as const)('refuseBind %s', async (refuseBind) => {
    const { esme } = await setUp({ refuseBind });
    expect(esme.bound?.command_status).toBe(errors[refuseBind]);
    await esme.closed;
  });

  test('bindDelayMs: a bind is answered late, and not at all once its client is gone', async () => {
    const operator = await operatorFor({ faults: { bindDelayMs: 250 } });
    const impatient = await unbound(operator.port);
    impatient.bind_transceiver({ system_id: 'herald', password: 'secret' });
    const patient = esmeOf(operator.port);
    await eventually(() => operator.state().connections === 2);
    expect(operator.state().accounts[0]?.binds).toEqual([]);
    impatient.destroy();
    expect((await patient).bound?.command_status).toBe(0);
    expect(operator.state().accounts[0]?.binds).toHaveLength(1);
  });

  test('ignoreBind: no answer', async () => {
    const operator = await operatorFor({ faults: { ignoreBind: true } });
    const session = await unbound(operator.port);
    const heard: string[] = [];
    session.on('pdu', ({ command }) => heard.push(command));
    session.bind_transceiver({ system_id: 'herald', password: 'secret' });
    session.enquire_link();
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['enquire_link_resp']);
  });

  test('ignoreEnquireLink and ignoreUnbind: no answer', async () => {
    const { esme } = await setUp({ ignoreEnquireLink: true, ignoreUnbind: true });
    esme.session.enquire_link();
    esme.session.unbind();
    await esme.submit();
    expect(esme.heard).not.toContain('enquire_link_resp');
    expect(esme.heard).not.toContain('unbind_resp');
    expect(esme.isClosed()).toBe(false);
  });

  test('enquireEveryMs: the operator asks, and stays as long as it is answered', async () => {
    const { esme } = await setUp({ enquireEveryMs: 150 });
    await eventually(() => esme.heard.filter((command) => command === 'enquire_link').length >= 3);
    expect(esme.isClosed()).toBe(false);
    esme.session.removeAllListeners('enquire_link');
    await esme.closed;
  });

  test('idleTimeoutMs: who says nothing is cut off', async () => {
    const { esme } = await setUp({ idleTimeoutMs: 300 });
    for (let i = 0; i < 4; i++) {
      await aMoment(100);
      await esme.submit();
    }
    expect(esme.isClosed()).toBe(false);
    await esme.closed;
  });

  test('refuseConnections: a connection is closed at once, and not once it is off', async () => {
    const operator = await operatorFor({ faults: { refuseConnections: true } });
    const { closed } = await rawSocket(operator.port);
    await closed;
    operator.setFaults({ refuseConnections: false });
    expect((await esmeOf(operator.port)).bound?.command_status).toBe(0);
  });

  test('blackHole: a connection is taken, and nothing is ever said', async () => {
    const operator = await operatorFor({ faults: { blackHole: true } });
    const session = await unbound(operator.port);
    session.bind_transceiver({ system_id: 'herald', password: 'secret' });
    session.on('pdu', () => expect.unreachable());
    await eventually(() => operator.state().connections === 1);
    await aMoment();
    operator.disconnect();
    await eventually(() => operator.state().connections === 0);
  });

  test('deliverBeforeBind: a deliver_sm comes first', async () => {
    const { esme } = await setUp({ deliverBeforeBind: true });
    expect(esme.heard).toEqual(['deliver_sm', 'bind_transceiver_resp']);
  });
});

describe('message ids', () => {
  const idsOf = async (faults: FaultChange) => {
    const { operator, esme } = await setUp(faults);
    const answer = await esme.submit();
    const [receipt] = await esme.deliveries(1);
    expect(operator.log()[0]?.messageId).toBe(answer?.message_id);
    expect(receiptField(receipt!, 'id')).toBe(receipt?.receipted_message_id);
    return { answered: answer?.message_id ?? '', receipted: receipt?.receipted_message_id ?? '' };
  };

  test('answerIdBase hex: the answer is hexadecimal, the receipt decimal', async () => {
    const { answered, receipted } = await idsOf({ answerIdBase: 'hex' });
    expect(BigInt(`0x${answered}`)).toBe(BigInt(receipted));
    expect(answered).not.toBe(receipted);
  });

  test('receiptIdBase hex, receiptIdUpperCase: the other way round, in upper case', async () => {
    const { answered, receipted } = await idsOf({ receiptIdBase: 'hex', receiptIdUpperCase: true });
    expect(BigInt(answered)).toBe(BigInt(`0x${receipted}`));
    expect(receipted).toBe(receipted.toUpperCase());
  });

  test('answerIdUpperCase: the case differs', async () => {
    const both = { answerIdBase: 'hex', receiptIdBase: 'hex', answerIdUpperCase: true } as const;
    const { answered, receipted } = await idsOf({ ...both, idBits: 96 });
    expect(answered.toLowerCase()).toBe(receipted);
  });

  test('answerIdWidth, receiptIdWidth: leading zeros', async () => {
    const { answered, receipted } = await idsOf({ answerIdWidth: 30, receiptIdWidth: 25 });
    expect([answered.length, receipted.length]).toEqual([30, 25]);
    expect(BigInt(answered)).toBe(BigInt(receipted));
  });

  test.each([32, 64, 96] as const)('idBits %i', async (idBits) => {
    const { answered } = await idsOf({ idBits });
    expect(BigInt(answered).toString(2).length).toBeGreaterThan(idBits - 3);
  });
});

describe('receipts', () => {
  const twoParts = [1, 2].map((index) => ({
    esm_class: 0x40,
    short_message: Buffer.from([5, 0, 3, 9, 2, index, 0x41]),
  }));

  test('receipts none and first-part', async () => {
    const { operator, esme } = await setUp({ receipts: 'first-part' });
    const [first] = await Promise.all(twoParts.map((part) => esme.submit(part)));
    await esme.deliveries(1);
    operator.setFaults({ receipts: 'none' });
    await esme.submit();
    await aMoment();
    expect(esme.delivered.map((receipt) => receiptField(receipt, 'id'))).toEqual([first?.message_id]);
  });

  test('receiptDelayMs and receiptJitterMs: they come that much later', async () => {
    const { operator, esme } = await setUp({ receiptDelayMs: 60, receiptJitterMs: 30 });
    await esme.submit();
    expect(esme.delivered).toEqual([]);
    const submittedAt = operator.log()[0]!.mono;
    await esme.deliveries(1);
    expect(Number(process.hrtime.bigint()) / 1e6 - submittedAt).toBeGreaterThanOrEqual(59);
  });

  test('undeliveredShare, expiredShare, rejectedShare: each as often as it says, and the same number the same way', async () => {
    const { esme } = await setUp({ undeliveredShare: 0.3, expiredShare: 0.3, rejectedShare: 0.3 });
    const numbers = Array.from({ length: 200 }, (_, i) => String(79160000000 + i));
    await Promise.all(numbers.map((number) => esme.submit({ destination_addr: number })));
    const counts = Map.groupBy(await esme.deliveries(200), (receipt) => receiptField(receipt, 'stat'));
    for (const state of ['UNDELIV', 'EXPIRED', 'REJECTD']) {
      expect(counts.get(state)?.length).toBeGreaterThan(30);
      expect(counts.get(state)?.length).toBeLessThan(90);
    }
    expect(counts.get('DELIVRD')?.length).toBeGreaterThan(5);
  });

  test('and a seed repeats them', async () => {
    const statesWith = async (seed: number) => {
      const operator = await operatorFor({ seed, faults: { undeliveredShare: 0.5 } });
      const esme = await esmeOf(operator.port);
      const numbers = Array.from({ length: 40 }, (_, i) => String(79160000000 + i));
      await Promise.all(numbers.map((number) => esme.submit({ destination_addr: number })));
      const receipts = await esme.deliveries(40);
      return receipts.map((receipt) => `${receipt.source_addr} ${receiptField(receipt, 'stat')}`).toSorted();
    };
    const [first, again, other] = [await statesWith(1), await statesWith(1), await statesWith(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('outcomes: by the last digits of the number', async () => {
    const { esme } = await setUp({ outcomes: { '67': 'rejected', '1': 'expired' } });
    await esme.submit();
    await esme.submit({ destination_addr: '79160000001' });
    const receipts = await esme.deliveries(2);
    expect(receipts.map((receipt) => receiptField(receipt, 'stat'))).toEqual(['REJECTD', 'EXPIRED']);
  });

  test('outcomePerPart: the parts of one message may end differently, and do not without it', async () => {
    const { operator, esme } = await setUp({ undeliveredShare: 0.5 });
    const sendAll = () =>
      Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          twoParts.map((part) => esme.submit({ ...part, destination_addr: `7916000${1000 + i}` })),
        ).flat(),
      );
    const mixed = async (from: number) => {
      const receipts = (await esme.deliveries(from + 40)).slice(from);
      const byNumber = Map.groupBy(receipts, ({ source_addr }) => source_addr);
      return [...byNumber.values()].filter((two) => new Set(two.map((one) => receiptField(one, 'stat'))).size > 1);
    };
    await sendAll();
    expect(await mixed(0)).toEqual([]);
    operator.setFaults({ outcomePerPart: true });
    await sendAll();
    expect((await mixed(40)).length).toBeGreaterThan(0);
  });

  test('receiptLossShare: lost ones never come', async () => {
    const { esme } = await setUp({ receiptLossShare: 1 });
    await esme.submit();
    await aMoment();
    expect(esme.delivered).toEqual([]);
  });

  test('receiptBeforeAnswer: the receipt is here first', async () => {
    const { esme } = await setUp({ receiptBeforeAnswer: true });
    await esme.submit();
    expect(esme.heard).toEqual(['bind_transceiver_resp', 'deliver_sm', 'submit_sm_resp']);
  });

  test('and otherwise the answer is, however late', async () => {
    const { esme } = await setUp({ receiptDelayMs: 0, answerDelayMs: 30 });
    await esme.submit();
    await esme.deliveries(1);
    expect(esme.heard).toEqual(['bind_transceiver_resp', 'submit_sm_resp', 'deliver_sm']);
  });

  test('receiptCopies: each comes so many times', async () => {
    const { esme } = await setUp({ receiptCopies: 3 });
    await esme.submit();
    const texts = (await esme.deliveries(3)).map(receiptText);
    expect(new Set(texts).size).toBe(1);
  });

  test('receiptsReversed: groups leave the last first, and a group that does not fill does not wait for ever', async () => {
    const { esme } = await setUp({ receiptsReversed: 3 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => esme.submit()));
    const ids = (await esme.deliveries(5)).map((receipt) => receiptField(receipt, 'id'));
    const expected = [2, 1, 0, 4, 3].map((i) => answers[i]?.message_id);
    expect(ids).toEqual(expected);
  });

  test('receiptForm: text alone, or TLV alone', async () => {
    const { operator, esme } = await setUp({ receiptForm: 'text' });
    await esme.submit();
    operator.setFaults({ receiptForm: 'tlv' });
    await esme.deliveries(1);
    await esme.submit();
    const [text, tlv] = await esme.deliveries(2);
    expect([text?.receipted_message_id, receiptField(text!, 'stat')]).toEqual([undefined, 'DELIVRD']);
    expect([tlv?.message_state, receiptText(tlv!)]).toEqual([2, '']);
  });

  test('enrouteFirst: one that is not final comes before', async () => {
    const { esme } = await setUp({ enrouteFirst: true, receiptDelayMs: 30 });
    await esme.submit();
    expect((await esme.deliveries(2)).map((receipt) => receiptField(receipt, 'stat'))).toEqual(['ENROUTE', 'DELIVRD']);
  });

  test('contradictFinal: another final one comes after', async () => {
    const { esme } = await setUp({ contradictFinal: true });
    await esme.submit();
    expect((await esme.deliveries(2)).map((receipt) => receiptField(receipt, 'stat'))).toEqual(['DELIVRD', 'UNDELIV']);
  });

  test('holdReceipts: nothing comes until it is off, and then everything', async () => {
    const { operator, esme } = await setUp({ holdReceipts: true });
    await Promise.all(Array.from({ length: 50 }, () => esme.submit()));
    await eventually(() => operator.state().accounts[0]?.waiting === 50);
    expect(esme.delivered).toEqual([]);
    operator.setFaults({ holdReceipts: false });
    await esme.deliveries(50);
  });

  test('echoUserReference: our reference comes back', async () => {
    const { esme } = await setUp({ echoUserReference: true });
    await esme.submit({ user_message_reference: 513 });
    expect((await esme.deliveries(1))[0]?.user_message_reference).toBe(513);
  });

  test('ackTimeoutMs and deliverAttempts: sent so often, and then given up', async () => {
    const operator = await operatorFor({ faults: { ackTimeoutMs: 10, deliverAttempts: 2 } });
    const esme = await esmeOf(operator.port, { acknowledge: () => null });
    await esme.submit();
    await eventually(() => operator.state().accounts[0]?.receipts.givenUp === 1);
    expect(operator.state().accounts[0]?.receipts).toMatchObject({ posted: 1, sent: 2, resent: 1, acknowledged: 0 });
  });

  test('autoReplyShare, autoReplyText, autoReplyDelayMs: a customer answers a message once', async () => {
    const { esme } = await setUp({ autoReplyShare: 1, autoReplyText: 'СТОП', autoReplyDelayMs: 5, receipts: 'none' });
    await Promise.all(twoParts.map((part) => esme.submit(part)));
    await esme.deliveries(1);
    await aMoment();
    expect(esme.delivered).toMatchObject([
      {
        source_addr: MESSAGE.destination_addr,
        destination_addr: 'Herald',
        esm_class: 0,
        short_message: { message: 'СТОП' },
      },
    ]);
  });
});

test('a change of one account leaves the others alone, and a reset goes back to the start', async () => {
  const accounts = ['mts', 'beeline'].map((name) => ({ name, password: 'secret' }));
  const operator = await operatorFor({ accounts, faults: { idBits: 32 }, faultsOf: { mts: { receipts: 'none' } } });
  const receiptsOf = () => operator.state().accounts.map(({ faults }) => [faults.receipts, faults.idBits]);
  expect(receiptsOf()).toEqual([
    ['none', 32],
    ['all', 32],
  ]);
  operator.setFaults({ receipts: 'first-part' }, 'beeline');
  expect(receiptsOf()).toEqual([
    ['none', 32],
    ['first-part', 32],
  ]);
  operator.setFaults({ receipts: 'all', blackHole: true });
  expect(receiptsOf()).toEqual([
    ['all', 32],
    ['all', 32],
  ]);
  operator.resetFaults('mts');
  expect(operator.state().faults.blackHole).toBe(true);
  operator.resetFaults();
  expect(receiptsOf()).toEqual([
    ['none', 32],
    ['all', 32],
  ]);
  expect(operator.state().faults.blackHole).toBe(false);
});
