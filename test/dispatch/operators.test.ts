/** Accounts as an admin's file puts them in place: those that it does not name are out of use, and the log says so. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountStore } from '../../src/dispatch/account-store.ts';
import { placeAccounts } from '../../src/operators.ts';
import { openKeyring } from '../../src/platform/secrets.ts';
import { providersWith, webhooksWith } from '../../src/providers.ts';
import { type CapturedLog, capturedLog } from '../contract/provider-far-end.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

let database: FreshDatabase;
let folder: string;
let log: CapturedLog;
beforeEach(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'herald-operators-'));
  log = capturedLog();
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const written = (name: string, fields: object = {}) => ({
  name,
  kind: 'smpp',
  settings: { host: '127.0.0.1', port: 2775, systemId: name },
  password: 'secret',
  partsPerSecond: 10,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: '3' }],
  ...fields,
});

const keyring = () => openKeyring({ dataDir: folder });

function place(accounts: readonly object[] | null) {
  const file = join(folder, 'providers.json');
  if (accounts !== null) writeFileSync(file, JSON.stringify(accounts));
  return placeAccounts({
    store: accountStore(database),
    keyring: keyring(),
    currency: 'RUB',
    file: accounts === null ? null : file,
    dataDir: folder,
    log,
  });
}

const inUse = async () => {
  const all = await accountStore(database).accounts();
  return all.filter((one) => one.enabled).map((one) => one.name);
};

test('the sandbox operator’s accounts are out of use once there is a file', async () => {
  const sandbox = await place(null);
  await sandbox?.stop();
  expect(await inUse()).toEqual(['alfa', 'beta']);
  await place([written('acme')]);
  expect(await inUse()).toEqual(['acme']);
  for (const name of ['alfa', 'beta'])
    expect(log.lines.filter((line) => line.includes(name) && line.includes('not in the file'))).toHaveLength(1);
  // Said once, not at every start.
  const said = log.lines.length;
  await place([written('acme')]);
  expect(log.lines.length).toBe(said);
});

test('so is an account that is taken out of the file, with its password kept for when it comes back', async () => {
  await place([written('acme'), written('other')]);
  await place([written('acme')]);
  expect(await inUse()).toEqual(['acme']);
  await place([written('acme'), written('other', { password: undefined })]);
  expect(await inUse()).toEqual(['acme', 'other']);
  const other = (await accountStore(database).accounts()).find((one) => one.name === 'other')!;
  expect(other.secret).not.toBeNull();
  expect(providersWith({ keyring: keyring(), log, publicUrl: null })(other, { partsPerSecond: 10 }).name).toBe('other');
});

test('a file with a problem changes nothing, and says where it is', async () => {
  await place([written('acme')]);
  await expect(place([written('other', { prices: [] })])).rejects.toThrow(/0\.prices/);
  expect(await inUse()).toEqual(['acme']);
});

const gateway = (name: string, fields: object = {}, settings: object = {}) =>
  written(name, {
    kind: 'http',
    settings: {
      submit: { url: 'https://gw.example/send', form: { to: '{to}' } },
      answer: { id: 'id' },
      inbound: { proof: { kind: 'query', name: 'key' }, sender: 'from', to: 'to', text: 'text', from: 'query' },
      ...settings,
    },
    webhookSecret: 'sixteen characters',
    ...fields,
  });

test('a gateway by HTTP has webhooks, proven by a secret that is kept sealed and may then leave the file', async () => {
  const ground = { keyring: keyring(), log, publicUrl: 'https://herald.example' };
  await place([gateway('gate'), written('acme')]);
  await place([gateway('gate', { webhookSecret: undefined, password: undefined }), written('acme')]);
  const store = accountStore(database);
  const [, gate] = await store.accounts();
  expect(JSON.stringify(gate)).not.toContain('sixteen characters');
  expect(providersWith(ground)(gate!, { partsPerSecond: 10 }).name).toBe('gate');
  const webhooks = webhooksWith(ground, store);
  const [inbound] = (await webhooks('gate'))!;
  const said = (key: string) =>
    inbound!.read(
      {
        method: 'GET',
        headers: {},
        query: new URLSearchParams({ key, from: '79161234567', to: '1', text: 'x' }),
        body: Buffer.alloc(0),
      },
      new Date(),
    ).kind;
  expect([said('sixteen characters'), said('another one of them')]).toEqual(['inbound', 'forged']);
  expect(await webhooks('acme')).toEqual([]);
  expect(await webhooks('nobody')).toBeNull();
});

test('the webhooks of an account whose secret cannot be opened keep nobody else’s from being read', async () => {
  await place([gateway('gate'), gateway('moved')]);
  const { webhookSecret } = (await accountStore(database).accounts()).find(({ name }) => name === 'gate')!;
  await database.db
    .collection<{ _id: string }>('accountsAtOperators')
    .updateOne({ _id: 'moved' }, { $set: { webhookSecret } });
  const webhooks = webhooksWith({ keyring: keyring(), log, publicUrl: null }, accountStore(database));
  expect(await webhooks('gate')).toHaveLength(1);
  await expect(webhooks('moved')).rejects.toThrow('cannot be opened');
});

test('settings that their kind does not take are told with their place, and change nothing', async () => {
  const bad = gateway('gate', {}, { submit: { url: 'http://gw.example' } });
  await expect(place([bad, written('acme', { settings: { port: 'x' } })])).rejects.toThrow(
    /gate\.settings\.submit\.url: [\s\S]*acme\.settings\.host/,
  );
  expect(await inUse()).toEqual([]);
});
