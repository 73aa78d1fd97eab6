/**
 * Starts and stops Herald: opens the database and brings it up to date, has the rooms built, starts the roles that were asked
 * for, and stops them in the order in which work flows.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONSOLE, mountConsole } from '../bots/console/server.ts';
import { changeWebhook } from '../integrations/sheets/google/webhook.ts';
import { createChat } from './chat/chat.ts';
import { createOutgoing } from './chat/outgoing.ts';
import { chatsOf } from './chats.ts';
import type { Config } from './config.ts';
import type { Receipt } from './dispatch/provider.ts';
import { takeReceipts } from './dispatch/receipts.ts';
import { createWorker } from './dispatch/worker.ts';
import { placeAccounts, type SandboxHandle } from './operators.ts';
import { agreedClock } from './platform/clock.ts';
import { claimDeployment } from './platform/deployment.ts';
import { grouped } from './platform/grouping.ts';
import { createHttp } from './platform/http.ts';
import { createJobs } from './platform/jobs.ts';
import { createLog, type Log } from './platform/log.ts';
import { migrate } from './platform/migrations.ts';
import { connectMongo, type Database } from './platform/mongo/connect.ts';
import { openMongo } from './platform/mongo/embedded.ts';
import { type Keyring, openKeyring } from './platform/secrets.ts';
import { webhooksWith } from './providers.ts';
import { oweResults } from './results/write-back.ts';
import { buildRooms, MIGRATIONS } from './rooms.ts';
import { CHANGES_PATH, sheetsOf } from './sheets.ts';
import { sheetWatchOf, timetableOf } from './timetable.ts';
import { mountGateways } from './web/gateways.ts';

export type Herald = Awaited<ReturnType<typeof startHerald>>;

/** What may be said beside the configuration, by tests and the demo. */
export interface HeraldOptions {
  readonly log?: Log;
  readonly dbName?: string;
}

/** A chat that answers late is begun all the same, and holds up nobody who has to stop Herald meanwhile, ms. */
const CHATS_MS = 3000;
/** Between two looks whether the database is still the one that may be sent from, ms. */
const WATCH_MS = 5000;

/** Opens everything; nothing is sent and nobody is heard until `start`. */
export async function startHerald(config: Config, options: HeraldOptions = {}) {
  const log = options.log ?? createLog(config.log);
  const gone = new AbortController();
  const { mongo, database } = await openDatabase(config, options.dbName, log, () => gone.abort());
  const keyring = openKeyring({ dataDir: config.dataDir, masterKey: config.masterKey });
  const deployment = await ownDeployment(config, database, keyring, log);
  const unwatch = deployment.watch(WATCH_MS);
  const clock = await agreedClock({ ask: database.now, log });

  const ending = new AbortController();
  const chats = await chatsOf({
    config,
    database,
    keyring,
    log,
    knows: async (surface, account) => (await rooms.staff.store.accountOwner(surface, account)) !== null,
  });
  const sheets = sheetsOf(config, database, keyring);
  const ground = {
    config,
    log,
    database,
    keyring,
    deployment,
    now: clock.now,
    ending: ending.signal,
    nudge: () => worker.nudge(),
    doors: chats.doors,
    sheets,
  };
  const rooms = buildRooms(ground);
  const { results, outbox } = rooms;
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const worker = createWorker(rooms.dispatch, owner);
  const chat = createChat(rooms.chat);
  const outgoing = createOutgoing(rooms.chat, config.roles.includes('bots') ? chats.surfaces : [], {
    database,
    now: clock.now,
    mono: () => performance.now(),
  });
  const http = createHttp({
    host: config.http.host,
    port: config.http.port,
    log,
    checks: { mongo: async () => ((await database.now()) ? null : 'silent') },
  });
  const jobs = createJobs(database, { log, everySeconds: Math.max(0.2, config.timers.tickMs / 1000) });
  let sandbox: SandboxHandle | null = null;

  const watch = sheetWatchOf(ground, rooms);

  if (config.roles.includes('bots')) {
    chats.mount(http.app);
    mountConsole(http.app, {
      handle: (event) => chat.handle(event),
      person: async (account) => {
        const id = await rooms.staff.store.accountOwner(CONSOLE, account);
        return id === null ? null : rooms.staff.store.employee(id);
      },
      notices: (employee) => chat.notices(employee),
      shown: chat.shown,
      tokenHash: keyring.tokenHash,
      locale: config.company.locale,
      log,
    });
  }
  if (config.roles.includes('web')) {
    if (watch) http.app.post(CHANGES_PATH, changeWebhook(watch));
    // Gateways post one at a time and thousands at once: what comes while some are being kept is kept together.
    const posted = grouped<Receipt>((receipts) => takeReceipts(rooms.dispatch.receipts, receipts));
    mountGateways(http.app, {
      routes: webhooksWith({ keyring, log, publicUrl: config.publicUrl }, rooms.accounts),
      take: {
        receipts: posted.add,
        inbound: rooms.dispatch.takeInbound,
      },
      now: clock.now,
      log,
    });
  }

  const timetable = timetableOf({ ...ground, jobs, rooms, worker, outgoing, watch, owner });
  for (const listener of chat.listeners) outbox.listen(listener.name, listener.handle);
  outbox.listen('results', (event) => oweResults(results, (event.body as { campaign: string }).campaign));

  return {
    ...rooms,
    config,
    log,
    database,
    deployment,
    keyring,
    chat,
    http,
    worker,
    sandbox: () => sandbox,
    /** Aborted when the folder of the embedded MongoDB was removed: nothing can be done any more but to stop. */
    gone: gone.signal,
    /** Starts the roles; resolves with the address of the web server. */
    async start(): Promise<{ url: string }> {
      if (config.roles.includes('worker')) {
        const { currency } = config.company;
        const file = config.sending.providersFile;
        sandbox = await placeAccounts({ store: rooms.accounts, keyring, currency, file, dataDir: config.dataDir, log });
        await worker.start();
      }
      outbox.start();
      await jobs.start();
      await timetable.start();
      const served = await http.start();
      if (config.roles.includes('bots')) await begunWithin(CHATS_MS, outgoing.start(chat));
      return served;
    },
    async stop(): Promise<void> {
      ending.abort();
      await http.stop();
      await outgoing.stop();
      await chat.stop();
      await jobs.stop();
      await watch?.stop();
      await worker.stop();
      await outbox.stop();
      await sandbox?.stop();
      await unwatch();
      clock.stop();
      await database.close();
      await mongo.stop();
    },
  };
}

/** Waits for the chats to begin, but not for long. */
const begunWithin = (ms: number, beginning: Promise<void>): Promise<void> =>
  Promise.race([beginning, sleep(ms, undefined, { ref: false })]);

async function openDatabase(config: Config, dbName: string | undefined, log: Log, gone: () => void) {
  const mongo = await openMongo({
    uri: config.mongo.uri ?? undefined,
    dataDir: config.dataDir,
    log,
    gone,
    cacheGB: config.mongo.cacheGb,
    oplogMB: config.mongo.oplogMb,
    ...(config.mongo.mongod && { mongod: config.mongo.mongod }),
  });
  const database = await connectMongo(mongo.uri, dbName ?? databaseIn(mongo.uri));
  const migrated = await migrate(database, MIGRATIONS, { log });
  if (migrated.kind === 'newer-database') {
    throw new Error('This database was made by a newer Herald. Start that one, or restore the backup made before it.');
  }
  return { mongo, database };
}

async function ownDeployment(config: Config, database: Database, keyring: Keyring, log: Log) {
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
  return deployment;
}

/** The database that the address names, else `herald`. */
const databaseIn = (uri: string): string => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? 'herald';
