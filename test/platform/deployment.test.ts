import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Document, ObjectId } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { claimDeployment, type DeploymentOptions } from '../../src/platform/deployment.ts';
import { createLog } from '../../src/platform/log.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let dataDir: string;
let lines: string[];
const folders: string[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'herald-deployment-'));
  folders.push(made);
  return made;
}

beforeEach(async () => {
  database = await freshDatabase();
  dataDir = folder();
  lines = [];
});
afterEach(async () => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
  await database.drop();
});

const claim = (options: Partial<DeploymentOptions> = {}) => {
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  return claimDeployment({ database, dataDir, keyFingerprint: 'key', log, ...options });
};

const record = () => database.db.collection('deployment').findOne({});
const remembered = (where = dataDir) => JSON.parse(readFileSync(join(where, 'deployment.json'), 'utf8'));

/** The database as it was before `change` ran: a backup taken and restored. */
async function restoredAfter(change: () => Promise<unknown>): Promise<void> {
  const backup = await record();
  await change();
  await database.db.collection('deployment').replaceOne({}, backup ?? {});
}

const refused = (why: string) => ({ ok: false, why });

describe('a deployment', () => {
  test('makes itself at its first start, in the database and in the folder', async () => {
    const deployment = await claim();
    expect(deployment.maySend()).toEqual({ ok: true });
    expect(await record()).toMatchObject({
      deploymentId: deployment.id,
      epoch: 1,
      keyFingerprint: 'key',
      schemaVersion: 1,
    });
    expect(remembered()).toMatchObject({
      deploymentId: deployment.id,
      epoch: 1,
      replicaSetId: await database.replicaSetId(),
    });
  });

  test('is one for processes that start at once, and its epoch rises with every start and look', async () => {
    const started = await Promise.all([claim(), claim(), claim()]);
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    expect(started.map((one) => one.maySend().ok)).toEqual([true, true, true]);
    expect(await record()).toMatchObject({ epoch: 3 });
    await started[0]?.refresh();
    expect(remembered()).toMatchObject({ epoch: 4 });
  });

  test('takes a first start up again that was broken off after the file', async () => {
    const { id } = await claim();
    await database.db.collection('deployment').deleteMany({});
    writeFileSync(join(dataDir, 'deployment.json'), JSON.stringify({ ...remembered(), epoch: 0 }));
    const again = await claim();
    expect([again.id, again.maySend()]).toEqual([id, { ok: true }]);
  });

  test('does not send from a restored database, at start or while it runs, until an admin confirms', async () => {
    const running = await claim();
    await restoredAfter(() => running.refresh());
    await running.refresh();
    const started = await claim();
    expect([running.maySend(), started.maySend()]).toEqual([refused('older-database'), refused('older-database')]);
    expect(lines.join('')).toContain('nothing is sent');

    expect(await started.confirm('olga')).toEqual({ kind: 'agrees' });
    expect(await running.refresh()).toEqual({ kind: 'agrees' });
    expect([running.maySend(), started.maySend(), (await claim()).maySend()]).toEqual(Array(3).fill({ ok: true }));
    expect((await record())?.confirmations).toMatchObject([{ by: 'olga', at: expect.any(Date) }]);
  });

  test('does not take an old confirmation for a new one', async () => {
    const { confirm, refresh, maySend } = await claim();
    await confirm('olga');
    await restoredAfter(refresh);
    await refresh();
    expect(maySend()).toEqual(refused('older-database'));
  });

  test('does not catch up with its memory by looking', async () => {
    const { refresh, maySend } = await claim();
    await restoredAfter(refresh);
    for (let i = 0; i < 5; i++) await refresh();
    expect(maySend()).toEqual(refused('older-database'));
  });

  test('knows a copy in another replica set', async () => {
    await claim();
    const replicaSetId = async () => 'another';
    const copy = await claim({ database: { ...database, replicaSetId } });
    expect(copy.maySend()).toEqual(refused('other-replica-set'));
    await copy.confirm('olga');
    expect(copy.maySend()).toEqual({ ok: true });
    expect(await record()).toMatchObject({ replicaSetId: 'another' });
  });

  test('lets a new machine in when an admin confirms, or when it was named', async () => {
    const { id } = await claim();
    const [stranger, invited] = [folder(), folder()];
    const waiting = await claim({ dataDir: stranger });
    expect(waiting.maySend()).toEqual(refused('no-local-file'));
    expect((await claim({ dataDir: invited, mayJoin: id })).maySend()).toEqual({ ok: true });
    expect((await claim({ dataDir: invited })).maySend()).toEqual({ ok: true });
    await (await claim()).confirm('olga');
    await waiting.refresh();
    expect(waiting.maySend()).toEqual({ ok: true });
    expect(remembered(stranger)).toMatchObject({ deploymentId: id });
  });

  test('knows a folder of another deployment', async () => {
    const { id } = await claim();
    const other = await freshDatabase();
    try {
      const there = await claim({ database: other });
      expect(there.id).not.toBe(id);
      expect(there.maySend()).toEqual(refused('other-deployment'));
      await there.confirm('olga');
      expect(remembered()).toMatchObject({ deploymentId: there.id });
    } finally {
      await other.drop();
    }
  });

  test('cannot be confirmed with another master key', async () => {
    await claim();
    const locked = await claim({ keyFingerprint: 'other' });
    expect(locked.maySend()).toEqual(refused('other-master-key'));
    expect(await locked.confirm('olga')).toEqual({ kind: 'disagrees', why: 'other-master-key' });
    expect((await record())?.confirmations).toEqual([]);
  });

  test.each(['', '{', '{"epoch":-1}'])('remembers nothing by a file of %j', async (content) => {
    await claim();
    writeFileSync(join(dataDir, 'deployment.json'), content);
    expect((await claim()).maySend()).toEqual(refused('no-local-file'));
  });

  test('says which file cannot be read', async () => {
    await claim();
    rmSync(join(dataDir, 'deployment.json'));
    mkdirSync(join(dataDir, 'deployment.json'));
    await expect(claim()).rejects.toThrow('deployment.json cannot be read');
  });

  test('looks by itself, and goes on after a look that failed', async () => {
    const { watch, maySend } = await claim();
    const backup = await record();
    await database.db.collection('deployment').deleteMany({});
    const stop = watch(10);
    await vi.waitUntil(() => lines.join('').includes('cannot be compared'), { timeout: 10_000 });
    await database.db.collection('deployment').insertOne({ ...backup, epoch: 0 } as Document & { _id: ObjectId });
    await vi.waitUntil(() => !maySend().ok, { timeout: 10_000 });
    await stop();
    expect(maySend()).toEqual(refused('older-database'));
  });

  test('breaks when its identity is taken away under it', async () => {
    const { refresh } = await claim();
    await database.db.collection('deployment').deleteMany({});
    await expect(refresh()).rejects.toThrow('is gone');
  });
});
