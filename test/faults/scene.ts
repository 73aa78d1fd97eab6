/**
 * The scene of one row: an operator that keeps a log on disk, a MongoDB that can be harmed, a Herald that people talk to, and
 * workers that can be ended. What is approved is written down here, apart from Herald, for the checker.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultChange } from '../../integrations/sandbox/faults.ts';
import { readOperatorLog } from '../../integrations/sandbox/log.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { DraftFields } from '../../src/campaigns/draft.ts';
import type { MessageState } from '../../src/campaigns/messages.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse, type TestAccount } from '../support/operated.ts';
import { campaignNow, draftOver, letOut, messagesNow, people } from '../support/steps.ts';
import { type Approved, type Ban, check, type History, type Verdict } from './checker.ts';
import type { MongoSet } from './mongo-set.ts';
import { startProxy } from './proxy.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker-child.ts';

/** What a row stands on. */
export interface Ground {
  readonly seed: number;
  /** From [0, 1), the same for the same seed. */
  readonly random: () => number;
  /** Every worker marks after sending: the checker must notice. */
  readonly naive: boolean;
  /** A set of so many members, shared between rows, whole again whatever the row before did. */
  mongo(members: 1 | 3): Promise<MongoSet>;
}

export interface SceneOptions {
  readonly members?: 1 | 3;
  readonly account?: Partial<TestAccount>;
  readonly faults?: FaultChange;
  /** Settings of all processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of the workers alone. */
  readonly workerEnv?: Readonly<Record<string, string>>;
}

/** Parts that one worker may have on the wire over all its binds: what a killed one may leave unknown. */
const BINDS = 2;
export const WINDOW = 20;
/** A lease, scaled down from 30 s, with room for a machine that is busy with other things. */
export const LEASE_MS = 3000;
/** How long a row waits for what must come, on any machine. */
const PATIENCE_MS = 120_000;

export type Scene = Awaited<ReturnType<typeof openScene>>;

export async function openScene(ground: Ground, options: SceneOptions = {}) {
  const mongo = await ground.mongo(options.members ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'herald-faults-'));
  const logFile = join(folder, 'operator.log');
  const [toMongo, toOperator] = [await startProxy(), await startProxy()];
  const { settings, ...account } = options.account ?? {};
  const one: OperatedHouse = await operatedHouse({
    accounts: [
      {
        name: 'alfa',
        partsPerSecond: 300,
        window: WINDOW / BINDS,
        binds: BINDS,
        ...account,
        settings: { port: toOperator.port, ...settings },
      },
    ],
    operator: { log: logFile, fsync: true, seed: ground.seed },
    faults: { answerDelayMs: 20, ...options.faults },
    roles: 'bots',
    env: { LEASE_SECONDS: String(LEASE_MS / 1000), ...options.env, MONGODB_URI: mongo.uri('herald') },
  });
  toOperator.leadTo(one.operator.port);
  toMongo.leadTo(mongo.members[0]!.port);

  const workers: Worker[] = [];
  const approved: Approved[] = [];
  const campaigns: Campaign[] = [];
  const bans: Ban[] = [];

  /** `throughProxy`: its way to MongoDB is the proxy, which only a set of one member may have. */
  async function worker(more: WorkerOptions & { readonly throughProxy?: boolean } = {}): Promise<Worker> {
    const { throughProxy = false, ...how } = more;
    const { dbName, env } = one.house;
    const MONGODB_URI = throughProxy ? mongo.uriAt(toMongo.port, dbName) : mongo.uri(dbName);
    const started = await startWorker({ ...env, ...options.workerEnv, MONGODB_URI }, { naive: ground.naive, ...how });
    workers.push(started);
    return started;
  }

  /** Campaigns are prepared, approved and begun; nobody is in two of them. */
  async function begin(count: number, fields: DraftFields = {}): Promise<Campaign> {
    const draft = await prepared(count, fields);
    const campaign = await letOut(one.herald, one.anna, one.boris, draft);
    campaigns.push(campaign);
    return campaign;
  }

  async function prepared(count: number, fields: DraftFields = {}): Promise<Campaign> {
    const first = approved.length;
    const { text = 'Dear {{Name}}, hello', class: kind = 'marketing' } = fields;
    for (let i = first; i < first + count; i++) {
      const words = text.replace('{{Name}}', `Client ${i}`);
      approved.push({ to: `+7900${1_000_000 + i}`, text: words, sender: 'HERALD', class: kind });
    }
    return draftOver(one.house, one.anna, people(count, first), { ...fields, text, class: kind });
  }

  const sent = async () => (await readOperatorLog(logFile)).filter((entry) => entry.messageId !== null);

  async function states(campaign: Campaign): Promise<Readonly<Record<MessageState, number>>> {
    return (await one.herald.campaigns.messages.counts(campaign.frozen!.run)).states;
  }

  /** Waits until all campaigns have ended; false when one does not, for as long as the row is patient. */
  async function over(patienceMs = PATIENCE_MS): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    for (const { _id } of campaigns) {
      const left = Math.max(0, deadline - Date.now());
      const ended = until('the end', async () => isEnded(await campaignNow(one.herald, _id).catch(() => null)), left);
      if (!(await ended.catch(() => false))) return false;
    }
    return true;
  }

  return {
    one,
    mongo,
    folder,
    toMongo,
    toOperator,
    workers,
    campaigns,
    approved,
    worker,
    begin,
    prepared,
    sent,
    states,
    over,
    /** From `marginMs` from now on nothing may be sent to this number, or to anybody; returns what lifts it. */
    forbid(to: string | null, marginMs: number): () => void {
      const ban = { to, from: monotonicMs() + marginMs };
      const index = bans.push(ban) - 1;
      return () => {
        bans[index] = { ...ban, until: monotonicMs() };
      };
    },
    untilSent: (count: number) => until(`${count} submits`, async () => (await one.taken()) >= count, PATIENCE_MS),
    until: <T>(what: string, look: () => Promise<T | null | undefined | false>) => until(what, look, PATIENCE_MS),
    /** Ends the workers in order and judges. Without `isOver` it waits for the end first. */
    async verdict(more: Partial<History> = {}): Promise<Verdict> {
      const isOver = more.isOver ?? (await over());
      for (const each of workers) await each.end('SIGTERM');
      const runs = campaigns.map(({ frozen }) => messagesNow(one.herald, frozen!.run));
      const records = (await Promise.all(runs)).flat();
      return check({ approved, log: await readOperatorLog(logFile), records, bans, isOver, ...more });
    },
    async close() {
      for (const each of workers) each.wake();
      for (const each of workers) await each.end('SIGKILL');
      toMongo.heal();
      await one.close();
      await toMongo.close();
      await toOperator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isEnded = (campaign: Campaign | null): boolean =>
  campaign !== null && ['finished', 'cancelled', 'missed'].includes(campaign.state);

/** The machine's monotonic clock in ms, the one of the operator's log. */
const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
