import smpp from 'smpp';
import { describe, expect, test } from 'vitest';
import { type AccountFaults, NO_FAULTS } from '../../integrations/sandbox/faults.ts';
import { planReceipts, type TakenPart, writeReceipt } from '../../integrations/sandbox/receipts.ts';
import { COMMAND, pdu, STATUS } from '../../integrations/sandbox/wire.ts';

const PART: TakenPart = {
  from: 'Herald',
  to: '79161234567',
  toTon: 1,
  receiptId: '00ab',
  registered: 1,
  index: 1,
  userReference: 513,
  submittedAt: new Date('2026-11-23T09:58:00Z'),
};

const plan = (faults: Partial<AccountFaults>, part: Partial<TakenPart> = {}, draw = 0.5) =>
  planReceipts({ ...PART, ...part }, { ...NO_FAULTS, receiptDelayMs: 100, ...faults }, draw, () => 0.5);

const ONE = [{ afterMs: 100, state: 'delivered' }];

describe('a part gets', () => {
  test.each<[string, Partial<AccountFaults>, Partial<TakenPart>, ReturnType<typeof plan>]>([
    ['one receipt', {}, {}, [{ afterMs: 100, state: 'delivered' }]],
    ['none when it did not ask', {}, { registered: 0 }, []],
    ['none when it arrived and asked for failures', {}, { registered: 2 }, []],
    [
      'one when it failed and asked for failures',
      { outcomes: { '67': 'expired' } },
      { registered: 2 },
      [{ afterMs: 100, state: 'expired' }],
    ],
    ['none from an operator that sends none', { receipts: 'none' }, {}, []],
    ['one as a first part', { receipts: 'first-part' }, {}, [{ afterMs: 100, state: 'delivered' }]],
    ['none as a second part of an operator that sends one', { receipts: 'first-part' }, { index: 2 }, []],
    ['none when it is lost', { receiptLossShare: 0.6 }, {}, []],
    ['it later by chance', { receiptJitterMs: 99 }, {}, [{ afterMs: 150, state: 'delivered' }]],
    [
      'it at once when it is to come before the answer',
      { receiptBeforeAnswer: true },
      {},
      [{ afterMs: 0, state: 'delivered' }],
    ],
    ['two copies', { receiptCopies: 2 }, {}, [...ONE, ...ONE] as ReturnType<typeof plan>],
    [
      'one on its way first',
      { enrouteFirst: true },
      {},
      [
        { afterMs: 50, state: 'enroute' },
        { afterMs: 100, state: 'delivered' },
      ],
    ],
    [
      'the opposite of delivered',
      { contradictFinal: true },
      {},
      [
        { afterMs: 100, state: 'delivered' },
        { afterMs: 150, state: 'undelivered' },
      ],
    ],
    [
      'the opposite of rejected',
      { contradictFinal: true, outcomes: { '7': 'rejected' } },
      {},
      [
        { afterMs: 100, state: 'rejected' },
        { afterMs: 150, state: 'delivered' },
      ],
    ],
  ])('%s', (_what, faults, part, receipts) => {
    expect(plan(faults, part)).toEqual(receipts);
  });

  test.each([
    [0, 'undelivered'],
    [0.0299, 'undelivered'],
    [0.03, 'expired'],
    [0.04, 'rejected'],
    [0.05, 'delivered'],
    [0.999, 'delivered'],
  ])('for a draw of %f: %s', (draw, state) => {
    expect(plan({}, {}, draw)).toEqual([{ afterMs: 100, state }]);
  });
});

describe('a receipt', () => {
  const read = (state: Parameters<typeof writeReceipt>[1], faults: Partial<AccountFaults> = {}) => {
    const body = writeReceipt(PART, state, { ...NO_FAULTS, ...faults }, new Date('2026-11-23T10:01:59Z'));
    return new smpp.PDU(pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, 1, body));
  };

  test.each([
    ['delivered', 'dlvrd:001', 'stat:DELIVRD err:000', 2],
    ['undelivered', 'dlvrd:000', 'stat:UNDELIV err:011', 5],
    ['expired', 'dlvrd:000', 'stat:EXPIRED err:027', 3],
    ['rejected', 'dlvrd:000', 'stat:REJECTD err:088', 8],
    ['enroute', 'dlvrd:000', 'stat:ENROUTE err:000', 1],
  ] as const)('says %s in the words of appendix B', (state, dlvrd, stat, messageState) => {
    expect(read(state)).toMatchObject({
      source_addr: '79161234567',
      destination_addr: 'Herald',
      esm_class: 0x04,
      short_message: {
        message: `id:00ab sub:001 ${dlvrd} submit date:2611230958 done date:2611231001 ${stat} text:`,
      },
      receipted_message_id: '00ab',
      message_state: messageState,
    });
  });

  test('may say it in one place only', () => {
    expect(read('delivered', { receiptForm: 'text' }).receipted_message_id).toBeUndefined();
    expect(read('delivered', { receiptForm: 'tlv' })).toMatchObject({
      receipted_message_id: '00ab',
      short_message: { message: '' },
    });
  });

  test('may repeat our reference', () => {
    expect(read('delivered').user_message_reference).toBeUndefined();
    expect(read('delivered', { echoUserReference: true }).user_message_reference).toBe(513);
  });
});
