/** Rows 7 to 12: a database that steps down, dies, is away, is slow, cannot be reached, or does not say what it has done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Row, unless } from '../row.ts';
import { LEASE_MS, WINDOW } from '../scene.ts';
import { within } from './deaths.ts';

const REPLIES = 30;

export const database: readonly Row[] = [
  {
    number: 7,
    name: 'primary steps down, 3 times',
    run: within({ members: 3 }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      await scene.begin(1200);
      for (const goal of [200, 500, 800]) {
        await scene.untilSent(goal);
        await scene.mongo.stepDown();
      }
      return { verdict: await scene.verdict(), unknownAtMost: 3 * 2 * WINDOW };
    }),
  },
  {
    number: 8,
    name: 'primary killed and started again, twice',
    run: within({ members: 3, faults: { receipts: 'all', receiptDelayMs: 300 } }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      const campaign = await scene.begin(1200);
      for (const goal of [250, 700]) {
        await scene.untilSent(goal);
        const primary = await scene.mongo.primary();
        await primary.kill();
        await sleep(LEASE_MS);
        await primary.start();
      }
      // A member that comes back undoes what the others never had. That is nobody's loss as long as it was acknowledged to nobody: no
      // mark that something was sent upon, which would be sent twice; no receipt that the operator was told is kept.
      const isOver = await scene.over();
      await scene.until('all receipts', async () => (await scene.states(campaign)).accepted === 0).catch(() => {});
      return { verdict: await scene.verdict({ isOver, receiptsDone: true }), unknownAtMost: 2 * 2 * WINDOW };
    }),
  },
  {
    number: 9,
    name: 'database away while receipts and replies come',
    run: within({ faults: { receipts: 'all', receiptDelayMs: 300, ackTimeoutMs: 1000 } }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      const campaign = await scene.begin(800);
      await scene.untilSent(300);
      const [member] = scene.mongo.members;
      await member!.kill();
      for (let i = 0; i < REPLIES; i++) {
        await scene.one.operator.inbound({ from: `7900${1_000_000 + i}`, to: '7070', text: `Reply ${i}` });
      }
      await sleep(2 * LEASE_MS);
      await member!.start();
      const isOver = await scene.over();
      // One that the operator repeats, because it waited too long for our answer, may be kept again: none may be lost.
      const inbound = scene.one.herald.database.db.collection('inbound');
      const replies = async () => (await inbound.distinct('from')).length;
      await scene.until('all replies', async () => (await replies()) >= REPLIES).catch(() => {});
      await scene.until('all receipts', async () => (await scene.states(campaign)).accepted === 0).catch(() => {});
      const kept = await replies();
      return {
        verdict: await scene.verdict({ isOver, receiptsDone: true }),
        unknownAtMost: 2 * WINDOW,
        broken: unless([kept === REPLIES, `${kept} of ${REPLIES} replies were kept`]),
      };
    }),
  },
  {
    number: 10,
    name: 'write applied, its acknowledgement lost',
    run: within({}, async (scene) => {
      await Promise.all([scene.worker({ throughProxy: true }), scene.worker({ throughProxy: true })]);
      await scene.begin(800);
      await scene.untilSent(100);
      const cutting = setInterval(() => scene.toMongo.swallowAnswers(1), 250);
      await sleep(8000);
      clearInterval(cutting);
      scene.toMongo.swallowAnswers(0);
      return { verdict: await scene.verdict(), unknownAtMost: 4 * 2 * WINDOW };
    }),
  },
  {
    number: 11,
    name: 'slow database, then one too slow to send with',
    run: within({}, async (scene) => {
      await Promise.all([scene.worker({ throughProxy: true }), scene.worker({ throughProxy: true })]);
      await scene.begin(700);
      await scene.untilSent(150);
      scene.toMongo.slow(100);
      await sleep(6000);
      scene.toMongo.slow(1000);
      await sleep(6000);
      scene.toMongo.heal();
      return { verdict: await scene.verdict(), unknownAtMost: 2 * WINDOW };
    }),
  },
  {
    number: 12,
    name: 'worker cut off from the database, not the operator',
    run: within({}, async (scene) => {
      await scene.worker({ throughProxy: true });
      await scene.begin(900);
      await scene.untilSent(200);
      scene.toMongo.hold('there', 'back');
      const lift = scene.forbid(null, LEASE_MS);
      await sleep(2 * LEASE_MS);
      lift();
      await scene.worker();
      await scene.untilSent(600);
      // What the first one wrote into the void arrives now.
      scene.toMongo.heal();
      return { verdict: await scene.verdict(), unknownAtMost: WINDOW };
    }),
  },
];
