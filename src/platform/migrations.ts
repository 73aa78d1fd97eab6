/**
 * Migrations: what rooms ask to be done to the database once, before anything else runs: indexes, and changes of shape.
 * They run in order, under a lease, so that of many processes that start one does them and the others wait.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lease, takeLease } from './lease.ts';
import type { Log } from './log.ts';
import type { Database } from './mongo/connect.ts';

export interface Migration {
  /** Unique over all rooms, never used again. Migrations run by ascending id; each room counts within its own hundred. */
  readonly id: number;
  /** What it does, in a few words, with the room's name first. */
  readonly name: string;
  /** May be begun again after it was broken off in its middle, so it must bear that. */
  up(database: Database): Promise<void>;
}

export type MigrationReport =
  | { readonly kind: 'done'; readonly ran: readonly number[] }
  /** The database was changed by a newer Herald than this one: nothing was done, and nothing may be. */
  | { readonly kind: 'newer-database'; readonly unknown: readonly { readonly id: number; readonly name: string }[] };

interface MigrationRecord {
  readonly _id: number;
  readonly name: string;
  readonly at: Date;
}

export interface MigrationOptions {
  readonly log: Log;
  readonly leaseMs?: number;
  /** How often a waiting process looks whether the other has finished. */
  readonly pollMs?: number;
}

/** Brings the database to what these migrations make of it. Throws when one fails; what ran before it stays done. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  { log, leaseMs = 30_000, pollMs = 200 }: MigrationOptions,
): Promise<MigrationReport> {
  const ordered = inOrder(migrations);
  for (;;) {
    const { waiting, unknown } = await compare(database, ordered);
    if (unknown.length > 0) return { kind: 'newer-database', unknown };
    if (waiting.length === 0) return { kind: 'done', ran: [] };
    const lease = await takeLease(database, 'migrations', leaseMs);
    if (lease !== null) return await underLease(database, ordered, lease, leaseMs, log);
    await sleep(pollMs);
  }
}

function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const ordered = migrations.toSorted((a, b) => a.id - b.id);
  const twice = ordered.find((one, i) => one.id === ordered[i + 1]?.id);
  if (twice) throw new Error(`two migrations have the id ${twice.id}`);
  return ordered;
}

const records = (database: Database) => database.db.collection<MigrationRecord>('migrations');

async function compare(database: Database, ordered: readonly Migration[]) {
  const recorded = await records(database).find().sort({ _id: 1 }).toArray();
  const done = new Set(recorded.map(({ _id }) => _id));
  const known = new Set(ordered.map(({ id }) => id));
  return {
    waiting: ordered.filter(({ id }) => !done.has(id)),
    unknown: recorded.filter(({ _id }) => !known.has(_id)).map(({ _id, name }) => ({ id: _id, name })),
  };
}

async function underLease(
  database: Database,
  ordered: readonly Migration[],
  lease: Lease,
  leaseMs: number,
  log: Log,
): Promise<MigrationReport> {
  // A migration may take longer than the lease; if renewing fails, the next check between migrations finds it lost.
  const renewing = setInterval(() => void lease.renew().catch(() => {}), leaseMs / 3);
  try {
    // Looked at again under the lease: its last holder may just have finished.
    const { waiting } = await compare(database, ordered);
    const ran: number[] = [];
    for (const migration of waiting) {
      if (!(await lease.renew())) throw new Error('the lease on migrations was lost to another process');
      await run(database, migration, log);
      ran.push(migration.id);
    }
    return { kind: 'done', ran };
  } finally {
    clearInterval(renewing);
    await lease.release();
  }
}

async function run(database: Database, { id, name, up }: Migration, log: Log): Promise<void> {
  log.info({ migration: id }, `migrating: ${name}`);
  try {
    await up(database);
  } catch (error) {
    throw new Error(`migration ${id} (${name}) failed`, { cause: error });
  }
  await records(database).updateOne({ _id: id }, [{ $set: { name, at: '$$NOW' } }], { upsert: true });
}
