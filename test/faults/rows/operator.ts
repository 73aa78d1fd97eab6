/** Rows 13 to 19, and 21: an operator that falls silent, hangs up, answers late, slows down, garbles, or floods. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BAD_PDU_NAMES } from '../../../integrations/sandbox/bad-pdus.ts';
import type { FaultChange } from '../../../integrations/sandbox/faults.ts';
import type { Campaign } from '../../../src/campaigns/campaign.ts';
import { messagesNow } from '../../support/steps.ts';
import { type Row, unless } from '../row.ts';
import { type Scene, WINDOW } from '../scene.ts';
import { within } from './deaths.ts';

const ANSWER_MS = 1500;
const impatient = { settings: { answerTimeoutMs: ANSWER_MS, lateAnswersMs: 4 * ANSWER_MS } };
const sureReceipts: FaultChange = { receipts: 'all', undeliveredShare: 0, expiredShare: 0, rejectedShare: 0 };

/** Every receipt has come, as far as the row is patient; the checker says what is left. */
const untilFinal = (scene: Scene, campaign: Campaign): Promise<unknown> =>
  scene
    .until('all receipts', async () => {
      const { queued, submitting, accepted, unknown } = await scene.states(campaign);
      return queued + submitting + accepted + unknown === 0;
    })
    .catch(() => {});

/** As row 18 has them: how receipts and their ids may look. */
const RECEIPTS: readonly FaultChange[] = [
  { receiptBeforeAnswer: true },
  { receiptCopies: 3, receiptsReversed: 10 },
  { answerIdBase: 'hex', answerIdUpperCase: true, receiptIdBase: 'decimal' },
  { idBits: 96, answerIdBase: 'decimal', receiptIdBase: 'hex', receiptIdWidth: 32 },
  { receiptBeforeAnswer: true, answerIdBase: 'hex', receiptCopies: 2 },
  { enrouteFirst: true, receiptDelayMs: 200 },
];
const OUTCOMES = { '1': 'undelivered', '2': 'expired', '3': 'rejected' } as const;

export const operator: readonly Row[] = [
  {
    number: 13,
    name: 'answers of the operator do not come through',
    run: within({ account: impatient }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      await scene.begin(700);
      await scene.untilSent(250);
      scene.toOperator.hold('back');
      await sleep(3 * ANSWER_MS);
      scene.toOperator.heal();
      return { verdict: await scene.verdict(), unknownAtMost: 2 * WINDOW };
    }),
  },
  {
    number: 14,
    name: 'operator hangs up after every 50 submits',
    run: within({ faults: { closeAfterSubmits: 50 } }, async (scene) => {
      await scene.worker();
      await scene.begin(600);
      const verdict = await scene.verdict();
      return { verdict, unknownAtMost: Math.ceil(verdict.sent / 50) * WINDOW };
    }),
  },
  {
    number: 15,
    name: 'operator takes and does not answer, receipts tell',
    run: within({ account: impatient, faults: { ...sureReceipts, receiptDelayMs: 2 * ANSWER_MS } }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      await scene.one.operator.setFaults({ noAnswerShare: 0.05 });
      const campaign = await scene.begin(500);
      await scene.untilSent(300);
      await scene.one.operator.setFaults({ noAnswerShare: 0 });
      const isOver = await scene.over();
      await untilFinal(scene, campaign);
      return { verdict: await scene.verdict({ isOver, receiptsDone: true }), unknownAtMost: 5 };
    }),
  },
  {
    number: 16,
    name: 'operator answers after it is waited for',
    run: within({ account: impatient }, async (scene) => {
      await scene.worker();
      const campaign = await scene.begin(300);
      await scene.untilSent(100);
      await scene.one.operator.setFaults({ answerDelayMs: 2 * ANSWER_MS });
      await scene.untilSent(160);
      await scene.one.operator.setFaults({ answerDelayMs: 20 });
      const isOver = await scene.over();
      await sleep(3 * ANSWER_MS);
      const { unknown } = await scene.states(campaign);
      const verdict = await scene.verdict({ isOver });
      return { verdict, unknownAtMost: 0, broken: unless([unknown === 0, `${unknown} stayed unknown`]) };
    }),
  },
  {
    number: 17,
    name: 'operator throttles 30 %, its queue is full',
    run: within({ account: { window: WINDOW }, faults: { throttleShare: 0.3, queueFullShare: 0.1 } }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      const campaign = await scene.begin(400);
      const isOver = await scene.over();
      const { failed } = await scene.states(campaign);
      return {
        verdict: await scene.verdict({ isOver }),
        unknownAtMost: 0,
        broken: unless([failed === 0, `${failed} failed`]),
      };
    }),
  },
  {
    number: 18,
    name: 'receipts early, repeated, reversed, ids in all ways',
    run: within({}, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      const wrongly: string[] = [];
      for (const faults of RECEIPTS) {
        await scene.one.operator.resetFaults();
        await scene.one.operator.setFaults({ ...sureReceipts, receiptDelayMs: 0, outcomes: OUTCOMES, ...faults });
        const campaign = await scene.begin(100);
        await untilFinal(scene, campaign);
        for (const { phone, state } of await messagesNow(scene.one.herald, campaign.frozen!.run)) {
          const due = OUTCOMES[phone.at(-1) as '1'] ?? 'delivered';
          if (state !== due) wrongly.push(`${phone} is ${state}, not ${due}`);
        }
      }
      return {
        verdict: await scene.verdict({ receiptsDone: true }),
        unknownAtMost: 0,
        broken: wrongly.slice(0, 3),
      };
    }),
  },
  {
    number: 19,
    name: 'flood of receipts while another campaign is sent',
    run: within(
      {
        account: { partsPerSecond: 1000, window: 100 },
        faults: { ...sureReceipts, receiptDelayMs: 0, holdReceipts: true },
      },
      async (scene) => {
        await Promise.all([scene.worker(), scene.worker()]);
        const first = await scene.begin(2000);
        await scene.over();
        const second = await scene.begin(1000);
        await scene.untilSent(2100);
        await scene.one.operator.setFaults({ holdReceipts: false });
        const isOver = await scene.over();
        for (const campaign of [first, second]) await untilFinal(scene, campaign);
        return { verdict: await scene.verdict({ isOver, receiptsDone: true }), unknownAtMost: 0 };
      },
    ),
  },
  {
    number: 21,
    name: 'malformed PDUs of every kind',
    run: within({}, async (scene) => {
      const workers = [await scene.worker(), await scene.worker()];
      const count = 1200;
      await scene.begin(count);
      for (const [index, kind] of BAD_PDU_NAMES.entries()) {
        await scene.untilSent(Math.floor(((count - 200) * (index + 1)) / (BAD_PDU_NAMES.length + 1)));
        await scene.one.operator.injectBadPdu(kind);
      }
      const isOver = await scene.over();
      const died = workers.filter((worker) => !worker.isAlive()).length;
      return {
        verdict: await scene.verdict({ isOver }),
        unknownAtMost: BAD_PDU_NAMES.length * workers.length * WINDOW,
        broken: unless([died === 0, `${died} workers died`]),
      };
    }),
  },
];
