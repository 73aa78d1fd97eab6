/**
 * Builds Herald from its configuration: opens the database, brings it up to date, puts the rooms together, starts the roles
 * that were asked for, and stops them in order. The only place that knows every room and every integration.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../integrations/sheets/file-source.ts';
import { workbookSink } from '../integrations/sheets/results-workbook.ts';
import { audienceMigrations, audienceStore } from './audiences/store.ts';
import { messagesStore } from './campaigns/messages-store.ts';
import type { CampaignRoom } from './campaigns/room.ts';
import { readRules } from './campaigns/rules-file.ts';
import { campaignMigrations, campaignStore } from './campaigns/store.ts';
import { tick } from './campaigns/tick.ts';
import type { Config } from './config.ts';
import { customerStore } from './customers/store.ts';
import { accountStore } from './dispatch/account-store.ts';
import { dispatchMigrations, receiptStore } from './dispatch/receipt-store.ts';
import type { DispatchRoom } from './dispatch/room.ts';
import { quoterOver } from './dispatch/routing.ts';
import { dispatchStore } from './dispatch/store.ts';
import { createWorker } from './dispatch/worker.ts';
import { placeAccounts, providersWith, type SandboxHandle } from './operators.ts';
import { counter } from './platform/counter.ts';
import { claimDeployment } from './platform/deployment.ts';
import { createHttp } from './platform/http.ts';
import { createJobs } from './platform/jobs.ts';
import { createLog, type Log } from './platform/log.ts';
import { migrate } from './platform/migrations.ts';
import { connectMongo } from './platform/mongo/connect.ts';
import { openMongo } from './platform/mongo/embedded.ts';
import { createOutbox, outboxMigrations } from './platform/outbox.ts';
import { openKeyring } from './platform/secrets.ts';
import { replyMigrations, replyStore } from './replies/store.ts';
import { resultMigrations, resultStore } from './results/store.ts';
import { type ResultRoom, writeNews, writeResults } from './results/write-back.ts';
import { staffMigrations, staffStore } from './staff/store.ts';

export type Herald = Awaited<ReturnType<typeof startHerald>>;

/** What may be said beside the configuration, by tests and the demo. */
export interface HeraldOptions {
  readonly log?: Log;
  readonly dbName?: string;
}

const DAY_MS = 86_400_000;
/** Between two looks whether the database is still the one that may be sent from. */
const WATCH_MS = 5000;

export async function startHerald(config: Config, options: HeraldOptions = {}) {
  const log = options.log ?? createLog(config.log);
  const now = () => new Date();
  const mongo = await openMongo({
    uri: config.mongo.uri ?? undefined,
    dataDir: config.dataDir,
    log,
    cacheGB: config.mongo.cacheGb,
    oplogMB: config.mongo.oplogMb,
  });
  const database = await connectMongo(mongo.uri, options.dbName ?? databaseIn(mongo.uri));
  const migrated = await migrate(database, MIGRATIONS, { log });
  if (migrated.kind === 'newer-database') {
    throw new Error('This database was made by a newer Herald. Start that one, or restore the backup made before it.');
  }
  const keyring = openKeyring({ dataDir: config.dataDir, masterKey: config.masterKey });
  const deployment = await claimDeployment({
    database,
    dataDir: config.dataDir,
    keyFingerprint: keyring.fingerprint,
    mayJoin: config.deploymentId,
    log,
  });
  const standing = deployment.maySend();
  if (!standing.ok && standing.why === 'other-master-key') {
    throw new Error('This database was made under another master key. Restore that key: docs/keys-and-backups.md.');
  }
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;

  // Rooms, in the order of the corridor.
  const staff = staffStore(database);
  const customers = customerStore(database);
  const audiences = audienceStore(database);
  const accounts = accountStore(database);
  const outbox = createOutbox(database, { subscriptions: SUBSCRIPTIONS, log });
  const campaignNumber = counter(database, 'campaign');
  const audienceNumber = counter(database, 'audience');
  const { retentionDays } = config.privacy;

  const campaigns: CampaignRoom = {
    database,
    store: campaignStore(database),
    messages: messagesStore(database),
    audiences,
    reading: {
      store: audiences,
      sources: [fileSource({ language: config.company.locale })],
      personKey: keyring.personKey,
      country: config.company.country,
      now,
      nextId: async () => `a${await audienceNumber()}`,
      retentionDays,
    },
    quoter: quoterOver(() => accounts.accounts(), config.company.currency),
    suppressedAmong: (persons) => customers.suppressedAmong(persons),
    staff,
    outbox,
    now,
    nextId: async () => String(await campaignNumber()),
    settings: {
      window: config.sending.window,
      zone: config.company.zone,
      maxLateMs: config.sending.maxLateMinutes * 60_000,
      retentionDays,
      approvalRules: readRules(config.sending.approvalRulesFile),
      reminderMs: config.sending.remindMinutes * 60_000,
      defaultSender: config.sending.defaultSender,
    },
  };

  const receipts = receiptStore(database);
  const dispatch: DispatchRoom = {
    campaigns,
    store: dispatchStore(database),
    receiptStore: receipts,
    accounts,
    suppressedAmong: campaigns.suppressedAmong,
    makeProvider: providersWith(keyring, log),
    receipts: { store: receipts, personKey: keyring.personKey, now, log },
    takeInbound: replyStore(database, { personKey: keyring.personKey, retentionDays, now }).keep,
    maySend: () => deployment.maySend().ok,
    now,
    mono: () => performance.now(),
    timers: { ...config.timers, serviceRetryMs: 120_000, keepIdsMs: 7 * DAY_MS },
    log,
  };

  const folder = join(config.dataDir, 'results');
  mkdirSync(folder, { recursive: true });
  const results: ResultRoom = {
    campaigns: campaigns.store,
    messages: campaigns.messages,
    audiences,
    staff,
    store: resultStore(database),
    sink: workbookSink(),
    folder,
    personalData: config.privacy.personalData,
    now,
    log,
  };

  const ending = new AbortController();
  const jobs = createJobs(database, { log, everySeconds: Math.max(0.2, config.timers.tickMs / 1000) });
  const http = createHttp({
    host: config.http.host,
    port: config.http.port,
    log,
    checks: { mongo: async () => ((await database.now()) ? null : 'silent') },
  });
  let sandbox: SandboxHandle | null = null;
  const unwatch = deployment.watch(WATCH_MS);
  const worker = createWorker(dispatch, owner);

  jobs.define('tick', async () => {
    if ((await tick(campaigns)).length > 0) worker.nudge();
  });
  jobs.define('news', async () => void (await writeNews(results, ending.signal)));
  outbox.listen('results', async (event) => {
    const { campaign } = event.body as { campaign: string };
    const written = await writeResults(results, campaign, ending.signal);
    if (written.kind === 'failed') log.warn({ campaign, why: written.why }, 'results could not be written');
  });

  return {
    config,
    log,
    database,
    deployment,
    keyring,
    staff: {
      store: staff,
      now,
      newId: randomUUID,
      defaults: { locale: config.company.locale, zone: config.company.zone, department: 'main' },
    },
    customers: { store: customers, audit: staff, personKey: keyring.personKey, now },
    campaigns,
    dispatch,
    results,
    outbox,
    jobs,
    http,
    worker,
    sandbox: () => sandbox,
    /** Starts the roles; resolves with the address of the web server. */
    async start(): Promise<{ url: string }> {
      if (config.roles.includes('worker')) {
        sandbox = await placeAccounts({
          store: accounts,
          keyring,
          currency: config.company.currency,
          file: config.sending.providersFile,
          dataDir: config.dataDir,
          log,
        });
        await worker.start();
      }
      outbox.start();
      await jobs.start();
      await jobs.every('tick', Math.max(1, Math.round(config.timers.tickMs / 1000)));
      await jobs.every('news', 5);
      return http.start();
    },
    /** Stops in the order in which work flows, so that nothing is taken that cannot be finished. */
    async stop(): Promise<void> {
      ending.abort();
      await http.stop();
      await jobs.stop();
      await worker.stop();
      await outbox.stop();
      await sandbox?.stop();
      await unwatch();
      await database.close();
      await mongo.stop();
    },
  };
}

/** The database that the address names, else `herald`. */
const databaseIn = (uri: string): string => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? 'herald';

const MIGRATIONS = [
  ...outboxMigrations,
  ...staffMigrations,
  ...audienceMigrations,
  ...campaignMigrations,
  ...dispatchMigrations,
  ...replyMigrations,
  ...resultMigrations,
];

/** Who hears which events; known to every process, so that one that only writes them marks them for the others. */
const SUBSCRIPTIONS = {
  results: ['campaign.finished', 'campaign.cancelled'],
};
