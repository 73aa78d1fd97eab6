/** Rows 22, 24, 25 and 29: clocks that are wrong, times that have passed, copies of the database, and the hand on the switch. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancel, resume } from '../../../src/campaigns/control.ts';
import type { SendingWindow } from '../../../src/campaigns/window.ts';
import { suppress } from '../../../src/customers/suppress.ts';
import type { E164 } from '../../../src/messages/phone.ts';
import { campaignNow, done } from '../../support/steps.ts';
import { type Row, unless } from '../row.ts';
import { LEASE_MS, type Scene, WINDOW } from '../scene.ts';
import { within } from './deaths.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ZONE = 'Europe/Moscow';
/** How long nothing may happen, to be believed. */
const WATCHED_MS = 5000;
/** A stop takes effect within a second; the rest is for a machine that is busy with other things. */
const STOP_MS = 1500;

/** A window that opens in some minutes, and is open for the rest of that day; null shortly before midnight. */
function windowLater(now: Date): SendingWindow | null {
  const at = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
  const from = at.format(new Date(now.getTime() + 8 * MINUTE_MS));
  return from > at.format(now) ? { from, to: '24:00' } : null;
}

/** A copy of the database as a backup brings it back. */
async function cloneOf({ one }: Scene): Promise<string> {
  const clone = `${one.house.dbName}_clone`;
  const { db } = one.herald.database;
  for (const { name } of await db.listCollections({ type: 'collection' }).toArray()) {
    if (name.startsWith('system.')) continue;
    await db
      .collection(name)
      .aggregate([{ $out: { db: clone, coll: name } }])
      .toArray();
  }
  return clone;
}

export const time: readonly Row[] = [
  {
    number: 22,
    name: 'clocks 11 min and a day ahead, 2 h behind',
    run: within({}, async (scene) => {
      await scene.worker({ skewMs: 11 * MINUTE_MS });
      const later = windowLater(new Date());
      if (later) {
        const lift = scene.forbid(null, 0);
        const early = await scene.begin(50, { window: later });
        await sleep(WATCHED_MS);
        // One that was sent all the same has nothing left to cancel; the checker tells.
        await cancel(scene.one.herald.campaigns, scene.one.anna, early._id);
        await scene.over();
        lift();
      }
      for (const skewMs of [-2 * HOUR_MS, DAY_MS]) await scene.worker({ skewMs });
      const campaign = await scene.begin(900, { notAfter: new Date(Date.now() + 2 * HOUR_MS) });
      const isOver = await scene.over();
      const { missed, failed } = await scene.states(campaign);
      const givenUp = missed + failed;
      return {
        verdict: await scene.verdict({ isOver }),
        unknownAtMost: 0,
        broken: unless([givenUp === 0, `${givenUp} were given up as too late, and it was not`]),
      };
    }),
  },
  {
    number: 24,
    name: 'start that passed while nothing ran',
    run: within({ env: { MAX_LATE_MINUTES: '0' } }, async (scene) => {
      await (await scene.worker()).end('SIGTERM');
      const at = new Date(Date.now() + 10_000);
      const campaign = await scene.begin(100, { start: { kind: 'at', at } });
      await scene.one.house.stop();
      await sleep(at.getTime() - Date.now() + 2000);
      await scene.one.house.restart();
      await scene.worker();
      await scene
        .until('the missed start', async () => (await stateOf(scene, campaign._id)) === 'missed')
        .catch(() => {});
      await sleep(2000);
      const [state, taken] = [await stateOf(scene, campaign._id), await scene.one.taken()];
      const broken = unless([state === 'missed', `it is ${state}`], [taken === 0, `${taken} were sent unasked`]);
      // A person decides; then it is sent as it was approved.
      done(await resume(scene.one.herald.campaigns, scene.one.anna, campaign._id));
      await scene.until('the end', async () => (await stateOf(scene, campaign._id)) === 'finished').catch(() => {});
      return { verdict: await scene.verdict(), unknownAtMost: 0, broken };
    }),
  },
  {
    number: 25,
    name: 'restored copy of the system, beside the true one',
    run: within({}, async (scene) => {
      await scene.worker();
      await scene.begin(900);
      await scene.untilSent(250);
      const clone = await cloneOf(scene);
      // Another start of the true one, so that its folder remembers more than the copy does.
      await scene.worker();
      const { env } = scene.one.house;
      const folders = ['new', 'same'].map((name) => join(scene.folder, name));
      cpSync(join(env.DATA_DIR!, 'keys'), join(folders[0]!, 'keys'), { recursive: true });
      cpSync(env.DATA_DIR!, folders[1]!, { recursive: true });
      const before = await queuedIn(scene, clone);
      for (const DATA_DIR of folders) {
        await scene.worker({ env: { DATA_DIR, MONGODB_URI: scene.mongo.uri(clone) } });
      }
      await sleep(WATCHED_MS);
      const moved = before - (await queuedIn(scene, clone));
      const verdict = await scene.verdict();
      await scene.one.herald.database.client.db(clone).dropDatabase();
      return { verdict, unknownAtMost: 0, broken: unless([moved === 0, `the copy moved ${moved} messages`]) };
    }),
  },
  {
    number: 29,
    name: 'everything stopped, people suppressed, resumed',
    run: within({ account: { partsPerSecond: 500 } }, async (scene) => {
      await Promise.all([scene.worker(), scene.worker()]);
      await scene.begin(2000);
      await scene.untilSent(500);
      const { accounts, customers } = scene.one.herald;
      await accounts.switchOff('all', 'anna', new Date());
      const atStop = await scene.one.taken();
      const lift = scene.forbid(null, STOP_MS);
      await sleep(2 * LEASE_MS);
      const extra = (await scene.one.taken()) - atStop;
      for (const { to } of scene.approved.slice(-40)) {
        await suppress(customers, scene.one.anna, to as E164, 'asked-employee', '');
        scene.forbid(to, 0);
      }
      lift();
      await accounts.switchOn('all');
      return {
        verdict: await scene.verdict(),
        unknownAtMost: 0,
        broken: unless([extra <= 2 * WINDOW + 500, `${extra} were sent after the stop`]),
      };
    }),
  },
];

const stateOf = async (scene: Scene, id: string) => (await campaignNow(scene.one.herald, id)).state;

const queuedIn = (scene: Scene, dbName: string): Promise<number> =>
  scene.one.herald.database.client.db(dbName).collection('messages').countDocuments({ state: 'queued' });
