import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import smpp from 'smpp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { duplicatesIn, messagesOf, readOperatorLog } from '../../integrations/sandbox/log.ts';
import { startOperator } from '../../integrations/sandbox/operator.ts';
import type { AccountOptions } from '../../integrations/sandbox/options.ts';
import { aMoment, esmeOf, eventually, MESSAGE, operatorFor, receiptField, unbound } from './esme.ts';

const { errors } = smpp;

describe('a bind', () => {
  test.each(['transmitter', 'receiver', 'transceiver'] as const)('as %s is let in', async (role) => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port, { as: role });
    expect(esme.bound).toMatchObject({ command: `bind_${role}_resp`, command_status: 0, system_id: 'herald-sandbox' });
    expect(operator.state().accounts[0]?.binds).toEqual([{ id: 'herald/1', role, unanswered: 0 }]);
  });

  test.each([
    ['a stranger', { systemId: 'stranger' }, 'ESME_RINVSYSID'],
    ['a wrong password', { password: 'wrong' }, 'ESME_RINVPASWD'],
  ])('of %s is refused, and the connection closed', async (_what, who, status) => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port, who);
    expect(esme.bound?.command_status).toBe(errors[status]);
    await esme.closed;
  });

  test('above the number of its account is refused, until another ends', async () => {
    const operator = await operatorFor({ accounts: [{ name: 'herald', password: 'secret', maxBinds: 2 }] });
    const first = await esmeOf(operator.port);
    await esmeOf(operator.port);
    expect((await esmeOf(operator.port)).bound?.command_status).toBe(errors.ESME_RBINDFAIL);
    first.session.destroy();
    await eventually(() => operator.state().accounts[0]?.binds.length === 1);
    expect((await esmeOf(operator.port)).bound?.command_status).toBe(0);
  });

  test('a second time on the same connection is refused, and the first lives on', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    const credentials = { system_id: 'herald', password: 'secret' };
    const again = await new Promise<number>((resolve) =>
      esme.session.bind_transceiver(credentials, (pdu) => resolve(pdu.command_status)),
    );
    expect(again).toBe(errors.ESME_RALYBND);
    expect((await esme.submit())?.command_status).toBe(0);
  });
});

describe('a session', () => {
  test('answers enquire_link, and unbind before it closes', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    await new Promise((resolve) => esme.session.enquire_link({}, resolve));
    await new Promise((resolve) => esme.session.unbind({}, resolve));
    await esme.closed;
    expect(esme.heard).toEqual(['bind_transceiver_resp', 'enquire_link_resp', 'unbind_resp']);
  });

  test.each(['receiver', null] as const)('as %s may not submit', async (role) => {
    const operator = await operatorFor();
    const session = role === null ? await unbound(operator.port) : (await esmeOf(operator.port, { as: role })).session;
    const status = await new Promise((resolve) => session.submit_sm(MESSAGE, (pdu) => resolve(pdu.command_status)));
    expect(status).toBe(errors.ESME_RINVBNDSTS);
    expect(messagesOf(operator.log())).toEqual([]);
  });
});

describe('a submit_sm', () => {
  test('is answered with an id, logged with it, and told of in a receipt with it', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    const answer = await esme.submit({ user_message_reference: 7 });
    const [receipt] = await esme.deliveries(1);

    expect(operator.log()).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        mono: expect.any(Number),
        n: 1,
        account: 'herald',
        bind: 'herald/1',
        seq: 2,
        from: 'Herald',
        to: '79161234567',
        sourceTon: 5,
        destinationTon: 1,
        dataCoding: 0,
        encoding: 'gsm7',
        text: 'Hello',
        part: null,
        flaws: [],
        registered: 1,
        validity: '',
        userReference: 7,
        unanswered: 1,
        answered: 0,
        messageId: answer?.message_id,
        overLimit: null,
      },
    ]);
    expect(receipt).toMatchObject({
      esm_class: 4,
      source_addr: '79161234567',
      destination_addr: 'Herald',
      receipted_message_id: answer?.message_id,
      message_state: 2,
    });
    expect(receiptField(receipt!, 'id')).toBe(answer?.message_id);
    expect(receiptField(receipt!, 'stat')).toBe('DELIVRD');
    await eventually(() => operator.state().accounts[0]?.receipts.acknowledged === 1);
  });

  test('in two parts is two lines and two receipts, and one message', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    const parts = ['Привет, ', 'мир'].map((text, i) => ({
      data_coding: 8,
      esm_class: 0x40,
      short_message: Buffer.concat([Buffer.from([5, 0, 3, 9, 2, i + 1]), Buffer.from(text, 'utf16le').swap16()]),
    }));
    const answers = await Promise.all(parts.map((part) => esme.submit(part)));
    const receipts = await esme.deliveries(2);

    expect(messagesOf(operator.log())).toMatchObject([{ text: 'Привет, мир', complete: true, to: '79161234567' }]);
    expect(receipts.map((receipt) => receiptField(receipt, 'id')).toSorted()).toEqual(
      answers.map((answer) => answer?.message_id).toSorted(),
    );
  });

  test('is in the file of the log before its answer is here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'operator-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const log = join(folder, 'log.jsonl');
    const operator = await operatorFor({ log, fsync: true });
    const esme = await esmeOf(operator.port);
    for (let i = 1; i <= 3; i++) {
      await esme.submit();
      expect(await readOperatorLog(log)).toEqual(operator.log());
      expect(operator.log()).toHaveLength(i);
    }
  });

  test('leaves no text behind when none is to be kept, and is joined all the same', async () => {
    const operator = await operatorFor({ text: false });
    const esme = await esmeOf(operator.port);
    await esme.submit({ esm_class: 0x40, short_message: Buffer.from('0500030902014f', 'hex') });
    await esme.submit({ esm_class: 0x40, short_message: Buffer.from('0500030902024b', 'hex') });
    expect(operator.log()).toMatchObject([{ text: null, encoding: null }, { text: null }]);
    expect(messagesOf(operator.log())).toMatchObject([{ complete: true, text: null }]);
  });

  test('that is wrong is refused with what SMPP has for it, and logged', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    const statusOf = async (fields: object) => (await esme.submit(fields))?.command_status;
    expect(await statusOf({ destination_addr: '+7916' })).toBe(errors.ESME_RINVDSTADR);
    expect(await statusOf({ short_message: Buffer.alloc(161, 0x41) })).toBe(errors.ESME_RINVMSGLEN);
    expect(operator.log()).toMatchObject([
      { answered: errors.ESME_RINVDSTADR, messageId: null },
      { answered: errors.ESME_RINVMSGLEN, messageId: null, flaws: ['too-long'] },
    ]);
    expect(operator.state().accounts[0]?.counts).toMatchObject({ submits: 2, taken: 0, refused: 2, flawed: 1 });
  });

  test('twice with the same text is a duplicate', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    await Promise.all([esme.submit(), esme.submit(), esme.submit({ short_message: Buffer.from('Other') })]);
    expect(duplicatesIn(messagesOf(operator.log()), ({ text }) => text)).toMatchObject([{ token: 'Hello' }]);
  });
});

describe('limits of an account', () => {
  const limited = (limits: Omit<AccountOptions, 'name' | 'password'>) =>
    operatorFor({ accounts: [{ name: 'herald', password: 'secret', ...limits }], faults: { answerDelayMs: 20 } });

  test('of the window: a submit above it is answered ESME_RMSGQFUL, and counted', async () => {
    const operator = await limited({ window: 3 });
    const esme = await esmeOf(operator.port);
    const answers = await Promise.all(Array.from({ length: 5 }, () => esme.submit()));
    const full = errors.ESME_RMSGQFUL;
    expect(answers.map((answer) => answer?.command_status)).toEqual([0, 0, 0, full, full]);
    expect(operator.log().map(({ overLimit, unanswered }) => [overLimit, unanswered])).toEqual([
      [null, 1],
      [null, 2],
      [null, 3],
      ['window', 4],
      ['window', 5],
    ]);
    expect(operator.state().accounts[0]?.counts.overWindow).toBe(2);
    expect((await esme.submit())?.command_status).toBe(0);
  });

  test('of the rate: a submit above it is answered ESME_RTHROTTLED, whichever bind it comes through', async () => {
    const operator = await limited({ partsPerSecond: 1, burst: 2 });
    const [one, other] = [await esmeOf(operator.port), await esmeOf(operator.port)];
    const answers = await Promise.all([one, other, one, other].map((esme) => esme.submit()));
    const throttled = errors.ESME_RTHROTTLED;
    expect(answers.map((answer) => answer?.command_status).toSorted()).toEqual([0, 0, throttled, throttled]);
    expect(operator.log().map(({ overLimit }) => overLimit)).toEqual([null, null, 'rate', 'rate']);
    expect(operator.state().accounts[0]?.counts.overRate).toBe(2);
  });

  test('of the rate of a bind: a submit above it is answered ESME_RTHROTTLED, others go on', async () => {
    const operator = await limited({ bindPartsPerSecond: 1, bindBurst: 1 });
    const [one, other] = [await esmeOf(operator.port), await esmeOf(operator.port)];
    const answers = await Promise.all([one, one, other].map((esme) => esme.submit()));
    expect(answers.map((answer) => answer?.command_status)).toEqual([0, errors.ESME_RTHROTTLED, 0]);
  });
});

describe('what the operator has for an account', () => {
  test('goes to those of its binds that may receive, each in turn', async () => {
    const operator = await operatorFor();
    const transmitter = await esmeOf(operator.port, { as: 'transmitter' });
    const receivers = [await esmeOf(operator.port, { as: 'receiver' }), await esmeOf(operator.port)];
    await Promise.all(Array.from({ length: 6 }, () => transmitter.submit()));
    await Promise.all(receivers.map((receiver) => receiver.deliveries(3)));
    expect(transmitter.delivered).toEqual([]);
  });

  test('waits for a bind that may receive', async () => {
    const operator = await operatorFor();
    const transmitter = await esmeOf(operator.port, { as: 'transmitter' });
    await transmitter.submit();
    await eventually(() => operator.state().accounts[0]?.waiting === 1);
    const receiver = await esmeOf(operator.port, { as: 'receiver' });
    await receiver.deliveries(1);
  });

  test('never goes to another account, and their ids may be the same', async () => {
    const accounts = [
      { name: 'mts', password: 'one' },
      { name: 'beeline', password: 'two' },
    ];
    const operator = await operatorFor({ accounts });
    const mts = await esmeOf(operator.port, { systemId: 'mts', password: 'one' });
    const beeline = await esmeOf(operator.port, { systemId: 'beeline', password: 'two' });
    const answers = [await mts.submit(), await beeline.submit()];
    await Promise.all([mts.deliveries(1), beeline.deliveries(1)]);
    await aMoment(20);
    expect([mts.delivered.length, beeline.delivered.length]).toEqual([1, 1]);
    expect(answers[0]?.message_id).toBe(answers[1]?.message_id);
    expect(operator.log().map(({ account, bind }) => [account, bind])).toEqual([
      ['mts', 'mts/1'],
      ['beeline', 'beeline/2'],
    ]);
  });

  test('is sent again when nobody acknowledges it, and on another bind when its own is gone', async () => {
    const operator = await operatorFor({ faults: { ackTimeoutMs: 60 } });
    let acknowledged: number | null = null;
    const first = await esmeOf(operator.port, { acknowledge: () => acknowledged });
    const answer = await first.submit();
    await first.deliveries(2);
    const second = await esmeOf(operator.port, { acknowledge: () => acknowledged });
    acknowledged = 0;
    first.session.destroy();
    const [again] = await second.deliveries(1);
    expect(receiptField(again!, 'id')).toBe(answer?.message_id);
    await eventually(() => operator.state().accounts[0]?.receipts.acknowledged === 1);
    expect(operator.state().accounts[0]?.receipts.resent).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ['ESME_RSYSERR', 2],
    ['ESME_RMSGQFUL', 2],
    ['ESME_RINVMSGLEN', 1],
  ])('that is refused with %s comes %i times', async (status, times) => {
    const operator = await operatorFor({ faults: { ackTimeoutMs: 150 } });
    let first = true;
    const esme = await esmeOf(operator.port, {
      acknowledge: () => {
        const answer = first ? errors[status]! : 0;
        first = false;
        return answer;
      },
    });
    await esme.submit();
    await esme.deliveries(times);
    await aMoment(250);
    expect(esme.delivered).toHaveLength(times);
    expect(operator.state().accounts[0]).toMatchObject({ waiting: 0, unacknowledged: 0 });
    expect(operator.state().accounts[0]?.receipts).toMatchObject({ acknowledged: times - 1, refused: 2 - times });
  });

  test('is no more at once than its window', async () => {
    const operator = await operatorFor({ deliverWindow: 2 });
    const esme = await esmeOf(operator.port, { acknowledge: () => null });
    await Promise.all(Array.from({ length: 5 }, () => esme.submit()));
    await esme.deliveries(2);
    await eventually(() => operator.state().accounts[0]?.waiting === 3);
    expect(operator.state().accounts[0]?.unacknowledged).toBe(2);
    for (const pdu of [...esme.delivered]) esme.session.send(pdu.response());
    await esme.deliveries(4);
  });
});

describe("a customer's SMS", () => {
  test('comes in parts when it is long, without a receipt in it', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    expect(operator.inbound({ from: '79161234567', to: '1234', text: 'СТОП '.repeat(20) })).toBe(2);
    const parts = await esme.deliveries(2);
    expect(
      parts.map(({ source_addr, destination_addr, esm_class, data_coding }) => [
        source_addr,
        destination_addr,
        esm_class,
        data_coding,
      ]),
    ).toEqual(Array(2).fill(['79161234567', '1234', 0x40, 8]));
    expect(parts.map((part) => (part.short_message as { message: string }).message).join('')).toBe('СТОП '.repeat(20));
    expect(operator.state().accounts[0]?.inbound.posted).toBe(2);
  });
});

describe('an operator', () => {
  test('that cannot have its port, or that of its control, fails and leaves nothing open', async () => {
    const running = await operatorFor();
    await expect(startOperator({ port: running.port })).rejects.toThrow('EADDRINUSE');
    await expect(startOperator({ controlPort: running.controlPort })).rejects.toThrow('EADDRINUSE');
  });

  test('stops with sessions open, and may be stopped again', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    await operator.stop();
    await esme.closed;
    await operator.stop();
  });

  test('does not know accounts that it was not given', async () => {
    const operator = await operatorFor();
    expect(() => operator.setFaults({}, 'stranger')).toThrow('no account stranger');
  });
});
