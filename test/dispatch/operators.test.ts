/** Accounts as an admin's file puts them in place: those that it does not name are out of use, and the log says so. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountStore } from '../../src/dispatch/account-store.ts';
import { placeAccounts, providersWith } from '../../src/operators.ts';
import { openKeyring } from '../../src/platform/secrets.ts';
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
  expect(providersWith(keyring(), log)(other, { partsPerSecond: 10 }).name).toBe('other');
});

test('a file with a problem changes nothing, and says where it is', async () => {
  await place([written('acme')]);
  await expect(place([written('other', { prices: [] })])).rejects.toThrow(/0\.prices/);
  expect(await inUse()).toEqual(['acme']);
});
