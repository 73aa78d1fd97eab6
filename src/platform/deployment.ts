/**
 * The deployment knows itself: an identity and an epoch in the database and in `<dataDir>/deployment.json`. Where the two
 * disagree, because somebody restored or copied one of them, nothing is sent until an admin confirms.
 *
 * The epoch rises with every start and every `refresh`, so a backup older than the last refresh is recognised. It is
 * raised in the database first. Whoever compares reads the file before the database; therefore the file can never seem
 * ahead of a database that is whole, and processes of one folder need no lock between them.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Disagreement, type Identity, judge, type Standing } from './deployment-rule.ts';
import { createFile, hasCode, replaceFile } from './durable-file.ts';
import type { Log } from './log.ts';
import type { Database } from './mongo/connect.ts';

export interface Deployment {
  /** What a new machine names in HERALD_DEPLOYMENT to join. */
  readonly id: string;
  /** What `refresh` found last; asks nobody. */
  maySend(): { readonly ok: true } | { readonly ok: false; readonly why: Disagreement };
  /** Compares again and raises the epoch. */
  refresh(): Promise<Standing>;
  /**
   * Refreshes by itself every `ms` until the function that it returns is called. Every process does so for itself: what
   * `maySend` says is this process's own. `ms` bounds how young a backup goes unnoticed; some seconds are fit.
   */
  watch(ms: number): () => Promise<void>;
  /** An admin says that this database is the right one; every process that disagrees takes it up at its next refresh. */
  confirm(by: string): Promise<Standing>;
}

export interface DeploymentOptions {
  readonly database: Database;
  readonly dataDir: string;
  /** `keyring.fingerprint`. */
  readonly keyFingerprint: string;
  /** The deployment that this machine may join unasked. */
  readonly mayJoin?: string | null;
  readonly log: Log;
  readonly newId?: () => string;
}

interface DeploymentRecord {
  readonly _id: 'deployment';
  readonly schemaVersion: 1;
  readonly deploymentId: string;
  readonly epoch: number;
  readonly replicaSetId: string;
  readonly keyFingerprint: string;
  readonly confirmations: readonly { readonly id: string; readonly by: string; readonly at: Date }[];
}

/** Finds out where this process stands; at the very first start of all makes the identity. */
export async function claimDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { database, dataDir, keyFingerprint, mayJoin = null, log, newId = randomUUID } = options;
  const file = join(dataDir, 'deployment.json');
  const records = database.db.collection<DeploymentRecord>('deployment', { writeConcern: { w: 'majority', j: true } });
  const here = { replicaSetId: await database.replicaSetId(), keyFingerprint };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  const seen = (await recorded()) ?? (await firstStart());
  let standing: Standing = { kind: 'disagrees', why: 'no-local-file' };
  await refresh();
  return {
    id: seen.deploymentId,
    maySend: () => (standing.kind === 'agrees' ? { ok: true } : { ok: false, why: standing.why }),
    refresh,
    watch(ms) {
      let looking: Promise<unknown> = Promise.resolve();
      const again = () => {
        looking = refresh().catch((err: unknown) =>
          log.warn({ err }, 'the deployment cannot be compared with its database'),
        );
      };
      const timer = setInterval(again, ms);
      return async () => {
        clearInterval(timer);
        await looking;
      };
    },
    async confirm(by) {
      if (standing.kind === 'disagrees' && standing.why === 'other-master-key') return standing;
      const confirmation = { id: newId(), by, at: await database.now() };
      await records.updateOne(
        { _id: 'deployment' },
        { $set: { replicaSetId: here.replicaSetId }, $push: { confirmations: confirmation } },
      );
      return refresh();
    },
  };

  async function recorded(): Promise<Identity | null> {
    const record = await records.findOne({ _id: 'deployment' });
    return record && { ...record, confirmations: record.confirmations.map(({ id }) => id) };
  }

  /**
   * The file comes first, at epoch 0, so that a start broken off between the two is taken up again by the next, and
   * processes of one folder that start at once agree on the id. The database's `_id` decides between folders.
   */
  async function firstStart(): Promise<Identity> {
    const fresh: Identity = { deploymentId: newId(), epoch: 0, ...here, confirmations: [] };
    createFile(file, written(fresh));
    const remembered = remembrance(file);
    const first = remembered?.epoch === 0 ? remembered : fresh;
    await records.updateOne(
      { _id: 'deployment' },
      { $setOnInsert: { schemaVersion: 1, deploymentId: first.deploymentId, epoch: 0, ...here, confirmations: [] } },
      { upsert: true },
    );
    return (await recorded()) ?? first;
  }

  async function refresh(): Promise<Standing> {
    const remembered = remembrance(file);
    const found = await recorded();
    if (found === null) throw new Error('the identity of the deployment is gone from the database');
    const sight = { here, database: found, file: remembered, mayJoin, seenAtStart: seen.confirmations };
    const judged = judge(sight);
    if (judged.kind === 'agrees') await raise(found, remembered);
    if (judged.kind !== standing.kind) report(judged);
    standing = judged;
    return judged;
  }

  /** One more than both, so that a confirmed older database is ahead of what this machine remembered. */
  async function raise(found: Identity, remembered: Identity | null): Promise<void> {
    const atLeast = remembered?.deploymentId === found.deploymentId ? remembered.epoch : 0;
    const raised = await records.findOneAndUpdate(
      { _id: 'deployment', deploymentId: found.deploymentId },
      [{ $set: { epoch: { $add: [{ $max: ['$epoch', atLeast] }, 1] } } }],
      { returnDocument: 'after' },
    );
    if (raised === null) throw new Error('the identity of the deployment changed while it was read');
    replaceFile(file, written({ ...found, epoch: raised.epoch }));
  }

  function report(judged: Standing): void {
    const { deploymentId } = seen;
    if (judged.kind === 'agrees') log.info({ deploymentId }, 'the database is the one that this deployment sends from');
    else
      log.error(
        { deploymentId, why: judged.why },
        'nothing is sent: the database may be a copy; an admin must confirm',
      );
  }
}

const identity = z.object({
  deploymentId: z.string(),
  epoch: z.number().int().nonnegative(),
  replicaSetId: z.string(),
  keyFingerprint: z.string(),
  confirmations: z.array(z.string()),
});

/** A file that cannot be understood remembers nothing. */
function remembrance(file: string): Identity | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw new Error(`${file} cannot be read`, { cause: error });
  }
  try {
    return identity.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const written = ({ deploymentId, epoch, replicaSetId, keyFingerprint, confirmations }: Identity): string =>
  `${JSON.stringify({ deploymentId, epoch, replicaSetId, keyFingerprint, confirmations }, null, 2)}\n`;
