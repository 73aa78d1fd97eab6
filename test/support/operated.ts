/**
 * A house whose operator the test holds in its hand: the sandbox operator in a process of its own, accounts at it as an admin's
 * file would name them, and the judge over both ends.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultChange } from '../../integrations/sandbox/faults.ts';
import type { LogEntry } from '../../integrations/sandbox/log.ts';
import type { AccountOptions, OperatorOptions } from '../../integrations/sandbox/options.ts';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Herald } from '../../src/herald.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type TestHerald, testHerald, until } from './herald.ts';
import { type Judgement, judge } from './judge.ts';
import { campaignNow, messagesNow } from './steps.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** An account as it stands in the providers file; what is left out is fit for a test. */
export interface TestAccount {
  readonly name: string;
  readonly perPart?: string;
  readonly partsPerSecond?: number;
  readonly window?: number;
  readonly binds?: number;
  readonly senders?: readonly string[];
  readonly partsPerSecondPerBind?: number;
  /** What the operator itself allows; all that it is asked for unless told. */
  readonly limits?: Omit<AccountOptions, 'name' | 'password'>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface OperatedOptions {
  readonly accounts?: readonly TestAccount[];
  readonly faults?: FaultChange;
  readonly faultsOf?: Readonly<Record<string, FaultChange>>;
  /** What else the operator is started with. */
  readonly operator?: OperatorOptions;
  /** `bots`: nothing is sent by this process, only by the workers that the test starts. */
  readonly roles?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface OperatedHouse {
  readonly house: TestHerald;
  readonly herald: Herald;
  readonly operator: RemoteOperator;
  readonly anna: Employee;
  readonly boris: Employee;
  /** What the operator was sent since it was started. */
  log(): Promise<readonly LogEntry[]>;
  /** How many submits the operator has taken. */
  taken(): Promise<number>;
  untilTaken(count: number): Promise<void>;
  untilEnded(campaign: Campaign): Promise<Campaign>;
  /** Over what the operator was sent after its first `since` submits. */
  judge(campaign: Campaign, since?: number): Promise<Judgement>;
  /** A worker in a process of its own, over the same database and accounts. */
  worker(env?: Readonly<Record<string, string>>): Promise<WorkerProcess>;
  close(): Promise<void>;
}

export async function operatedHouse(options: OperatedOptions = {}): Promise<OperatedHouse> {
  const { accounts = [{ name: 'alfa' }], faults = {}, faultsOf = {}, roles = 'worker,bots', env = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'herald-operator-'));
  const operator = await spawnOperator({
    ...options.operator,
    accounts: accounts.map(({ name, limits }) => ({ name, password: 'secret', ...limits })),
    faults: { receipts: 'none', ...faults },
    faultsOf,
  });
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify(accounts.map((account) => written(account, operator.port))));
  const house = await testHerald({ ROLES: roles, PROVIDERS_FILE: file, ...env });
  const anna = await house.hire('anna', ['author']);
  const boris = await house.hire('boris', ['approver']);
  const workers: WorkerProcess[] = [];
  const taken = async () => (await operator.state()).accounts.reduce((sum, account) => sum + account.counts.taken, 0);

  return {
    house,
    get herald() {
      return house.herald;
    },
    operator,
    anna,
    boris,
    log: async () => operator.log(),
    taken,
    async untilTaken(count) {
      await until(`${count} submits`, async () => (await taken()) >= count, 20_000);
    },
    untilEnded: (campaign) =>
      until(
        'the end',
        async () => {
          const now = await campaignNow(house.herald, campaign._id);
          return now.state === 'finished' && now;
        },
        30_000,
      ),
    async judge(campaign, since = 0) {
      return judge(await operator.log(since), await messagesNow(house.herald, campaign.frozen!.run));
    },
    async worker(more = {}) {
      const uri = new URL(house.env.MONGODB_URI!);
      uri.pathname = `/${house.dbName}`;
      const worker = await startWorker({ ...house.env, MONGODB_URI: uri.href, LEASE_SECONDS: '1.5', ...more });
      workers.push(worker);
      return worker;
    },
    async close() {
      for (const worker of workers) await worker.kill();
      await house.close();
      await operator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const written = (account: TestAccount, port: number) => ({
  name: account.name,
  kind: 'smpp',
  settings: {
    host: '127.0.0.1',
    port,
    systemId: account.name,
    reconnect: { firstMs: 50, longestMs: 200 },
    throttle: { firstMs: 50, longestMs: 400 },
    answerTimeoutMs: 2000,
    ...account.settings,
  },
  password: 'secret',
  partsPerSecond: account.partsPerSecond ?? 1000,
  window: account.window ?? 20,
  binds: account.binds ?? 1,
  ...(account.partsPerSecondPerBind && { partsPerSecondPerBind: account.partsPerSecondPerBind }),
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: account.perPart ?? '1.5' }],
  senders: account.senders ?? [],
});
