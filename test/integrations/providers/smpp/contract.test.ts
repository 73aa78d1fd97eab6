/** The provider's contract, kept over SMPP against the sandbox operator: as a transceiver, and as a pair of sessions. */

import { smppProvider } from '../../../../integrations/providers/smpp/provider.ts';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import type { FaultChange } from '../../../../integrations/sandbox/faults.ts';
import { messagesOf } from '../../../../integrations/sandbox/log.ts';
import { startOperator } from '../../../../integrations/sandbox/operator.ts';
import { describeProvider } from '../../../contract/provider.ts';
import type { Behaviour, FarEnd } from '../../../contract/provider-far-end.ts';
import { ONE_ID_A_MESSAGE } from '../mounted.ts';
import { quickSettings } from './quick.ts';

const BEHAVIOURS: Readonly<Record<Behaviour, FaultChange>> = {
  takes: {},
  'takes-slowly': { answerDelayMs: 150 },
  throttles: { throttleShare: 1 },
  'takes-in-silence': { noAnswerShare: 1 },
  'hangs-up': { dropAfterAcceptShare: 1 },
  'receipt-first': { receiptBeforeAnswer: true, receiptDelayMs: 0 },
};

/** Its far end: the switches of the sandbox operator behind the words of the contract. */
interface SmppFarEnd extends FarEnd {
  readonly port: number;
}

async function openFarEnd(): Promise<{ farEnd: SmppFarEnd; close: () => Promise<void> }> {
  const operator = await startOperator({
    accounts: [{ name: 'herald', password: 'pa55word' }],
    faults: {
      receiptDelayMs: 5,
      undeliveredShare: 0,
      expiredShare: 0,
      rejectedShare: 0,
      ackTimeoutMs: 150,
      submitErrors: { '000000': 'ESME_RINVDSTADR' },
    },
  });
  const farEnd: SmppFarEnd = {
    port: operator.port,
    secrets: ['pa55word'],
    account: 'acme',
    badNumber: '+79160000000',
    behave(behaviour) {
      operator.resetFaults();
      operator.setFaults(BEHAVIOURS[behaviour]);
    },
    taken: () =>
      messagesOf(operator.log()).map(({ to, from, text, parts }) => ({
        to: `+${to}`,
        sender: from,
        text: text!,
        ids: parts.map(({ messageId }) => messageId!),
      })),
    customerWrites: ({ from, to, text }) => void operator.inbound({ from: from.slice(1), to, text }),
    unacknowledged: () => {
      const [account] = operator.state().accounts;
      return account!.waiting + account!.unacknowledged;
    },
    goAway(away) {
      operator.setFaults({ refuseConnections: away });
      if (away) operator.disconnect();
    },
  };
  return { farEnd, close: () => operator.stop() };
}

function makeProvider(bindMode: SmppSettings['bindMode'], over: Partial<SmppSettings> = {}) {
  return ({ port }: SmppFarEnd, log: Parameters<typeof smppProvider>[1]['log']) =>
    smppProvider(quickSettings({ port, password: 'pa55word', bindMode, ...over }), {
      log,
      now: () => new Date(),
      random: Math.random,
    });
}

describeProvider('SMPP over a transceiver', makeProvider('transceiver'), openFarEnd);
describeProvider('SMPP over a transmitter and a receiver', makeProvider('pair'), openFarEnd);
describeProvider('SMPP with sar_ parameters', makeProvider('transceiver', { concatenation: 'sar' }), openFarEnd);
describeProvider(
  'SMPP with references of 16 bits',
  makeProvider('transceiver', { concatenation: 'udh16' }),
  openFarEnd,
);
describeProvider(
  'SMPP with message_payload',
  makeProvider('transceiver', { concatenation: 'payload' }),
  openFarEnd,
  ONE_ID_A_MESSAGE,
);
