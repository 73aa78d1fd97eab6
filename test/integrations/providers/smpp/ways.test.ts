/**
 * Operators that have ways of their own: what an account is told of them is what the sandbox operator, told the same, takes without a
 * flaw; and what it says in its receipts comes back in our words.
 */
import { describe, expect, it, vi } from 'vitest';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import type { FaultChange } from '../../../../integrations/sandbox/faults.ts';
import { messagesOf } from '../../../../integrations/sandbox/log.ts';
import type { OutboundSms } from '../../../../src/dispatch/provider.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { account, NEVER, sandbox, WAIT } from './accounts.ts';

const TO = '+79161234567' as OutboundSms['to'];
const LONG = `${'a'.repeat(152)}{}${'b'.repeat(170)}`;

interface Way {
  readonly settings: Partial<SmppSettings>;
  readonly faults?: FaultChange;
  readonly text?: string;
  /** The number as the operator has it. */
  readonly number?: string;
  /** Receipts that come, and in how many submits. */
  readonly submits?: number;
}

const WAYS: Readonly<Record<string, Way>> = {
  'reads data_coding 0 as Latin-1': {
    settings: { defaultAlphabet: 'latin1' },
    faults: { defaultAlphabet: 'latin1' },
    text: 'ñ@£{}~ und Größe',
  },
  'reads it as Latin-1 in three parts': {
    settings: { defaultAlphabet: 'latin1' },
    faults: { defaultAlphabet: 'latin1' },
    text: LONG,
    submits: 3,
  },
  'reads it as ASCII': {
    settings: { defaultAlphabet: 'ascii' },
    faults: { defaultAlphabet: 'ascii' },
    text: '@_$ {hello} [~]',
  },
  'wants a plus before numbers': { settings: { numberFormat: 'plus' }, faults: { allowPlus: true }, number: TO },
  'wants numbers of its country without its code': { settings: { nationalCode: '7' }, number: '9161234567' },
  'wants sar_ parameters': { settings: { concatenation: 'sar' }, text: LONG, submits: 3 },
  'wants references of 16 bits': { settings: { concatenation: 'udh16' }, text: LONG, submits: 3 },
  'wants message_payload': { settings: { concatenation: 'payload' }, text: LONG, submits: 1 },
  'writes hexadecimal receipts for decimal answers': {
    settings: { receiptIdBase: 'hex-for-decimal' },
    faults: { receiptIdBase: 'hex', receiptIdUpperCase: true, receiptIdWidth: 24 },
  },
  'writes decimal receipts for hexadecimal answers': {
    settings: { receiptIdBase: 'decimal-for-hex' },
    faults: { answerIdBase: 'hex', idBits: 96 },
  },
};

describe('an operator that', () => {
  it.each(Object.entries(WAYS))('%s is spoken to in its way, and heard', async (_, way) => {
    const { settings, faults = {}, text = 'Hello', number = TO.slice(1), submits = 1 } = way;
    const outcomes = { undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 };
    const operator = await sandbox({ faults: { ...outcomes, ...faults } });
    const { provider, kept } = await account(operator.port, settings);
    const [outcome] = await provider.send([outbound(text, { to: TO })], NEVER);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    const [taken] = messagesOf(operator.log());
    expect(taken).toMatchObject({ text, to: number, complete: true });
    expect(taken!.parts.flatMap(({ flaws }) => flaws)).toEqual([]);
    expect(taken!.parts).toHaveLength(submits);

    await vi.waitFor(() => expect(kept.receipts).toHaveLength(submits), WAIT);
    const ids = outcome?.kind === 'accepted' ? outcome.parts.map((part) => part.providerMessageId) : [];
    const inReceipts = kept.receipts.map((receipt) => receipt.providerMessageId.toLowerCase().replace(/^0+/, ''));
    expect(inReceipts.toSorted()).toEqual(ids.toSorted());
    expect(new Set(kept.receipts.map(({ to }) => to))).toEqual(new Set([TO]));
  });

  it('has error codes of its own is understood: how the message ended, and in words', async () => {
    const operator = await sandbox({
      faults: { outcomes: { '1': 'undelivered', '2': 'undelivered', '3': 'expired' } },
    });
    const receiptErrors = {
      '011': { state: 'rejected', says: 'barred by the customer' },
      '027': { says: 'phone is off' },
    };
    const { provider, kept } = await account(operator.port, { receiptErrors } as Partial<SmppSettings>);
    const to = (end: string) => `+7916123456${end}` as OutboundSms['to'];
    await provider.send([outbound('one', { to: to('1') }), outbound('three', { to: to('3') })], NEVER);
    await vi.waitFor(() => expect(kept.receipts).toHaveLength(2), WAIT);
    const said = kept.receipts.map(({ to: person, state, error }) => [person?.slice(-1), state, error]);
    expect(said.toSorted()).toEqual([
      ['1', 'rejected', '011 barred by the customer'],
      ['3', 'expired', '027 phone is off'],
    ]);
  });

  it('takes a whole message in one PDU is given no more parts a second for it', async () => {
    const operator = await sandbox({ accounts: [{ name: 'herald', password: 'secret' }] });
    const { provider } = await account(operator.port, { concatenation: 'payload', partsPerSecond: 30 });
    const began = performance.now();
    await provider.send(
      Array.from({ length: 10 }, () => outbound(LONG)),
      NEVER,
    );
    // 30 parts at 30 a second; as 10 submits they would have gone in a third of it.
    expect(performance.now() - began).toBeGreaterThan(800);
  });
});
