/**
 * Puts the accounts at operators in place at start: those of the admin's file, their passwords sealed; where there are none,
 * a sandbox operator of Herald's own, so that everything can be tried with no account at all.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { spawnOperator } from '../integrations/sandbox/spawn.ts';
import { type Account, passwordPlace, webhookPlace } from './dispatch/account.ts';
import type { AccountStore } from './dispatch/account-store.ts';
import { readAccounts, type WrittenAccount } from './dispatch/accounts-file.ts';
import { keepFilePrices } from './dispatch/price-import.ts';
import type { Log } from './platform/log.ts';
import type { Keyring } from './platform/secrets.ts';
import { settingsProblems } from './providers.ts';

export interface OperatorOptions {
  readonly store: AccountStore;
  readonly keyring: Keyring;
  readonly currency: string;
  readonly file: string | null;
  readonly dataDir: string;
  readonly log: Log;
}

/** The sandbox operator's accounts, when Herald started it. */
export interface SandboxHandle {
  readonly port: number;
  readonly controlPort: number;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Resolves with the sandbox operator when one was started; throws when the admin's file has problems. */
export async function placeAccounts(options: OperatorOptions): Promise<SandboxHandle | null> {
  if (options.file !== null) {
    await placeFromFile(options, options.file);
    return null;
  }
  const known = await options.store.accounts();
  if (known.some((account) => account.settings.sandbox !== true)) return null;
  if (known[0] && (await answers(Number(known[0].settings.port)))) return null;
  return placeSandbox(options);
}

async function placeFromFile(options: OperatorOptions, file: string): Promise<void> {
  const reading = readAccounts(readFileSync(file, 'utf8'));
  const kept = new Map((await options.store.accounts()).map((account) => [account.name, account]));
  const hasKept = (name: string) => (kept.get(name)?.webhookSecret ?? null) !== null;
  const problems =
    reading.kind === 'problems'
      ? reading.problems
      : reading.accounts.flatMap((written) => settingsProblems(written, hasKept(written.name)));
  if (reading.kind === 'problems' || problems.length > 0) {
    throw new Error(`${file} cannot be used:\n  ${problems.join('\n  ')}`);
  }
  for (const written of reading.accounts) {
    const account = sealed(options.keyring, written);
    const before = kept.get(account.name);
    await keepFilePrices(options.store, account, new Date());
    await options.store.keep({
      ...account,
      secret: account.secret ?? before?.secret ?? null,
      webhookSecret: account.webhookSecret ?? before?.webhookSecret ?? null,
    });
    kept.delete(account.name);
  }
  // Those of the sandbox among them: they would be cheaper, and reach no phone.
  for (const account of kept.values()) {
    if (!account.enabled) continue;
    await options.store.keep({ ...account, enabled: false });
    options.log.warn({ provider: account.name }, 'an account that is not in the file is taken out of use');
  }
}

function sealed(keyring: Keyring, { password, webhookSecret, prices, ...rest }: WrittenAccount): Account {
  return {
    ...rest,
    secret: password === undefined ? null : keyring.seal(password, passwordPlace(rest.name)),
    webhookSecret: webhookSecret === undefined ? null : keyring.seal(webhookSecret, webhookPlace(rest.name)),
    prices: prices.map(({ prefix, perPart, chargedOn }) => ({
      prefix,
      perPart: { micros: perPart, currency: rest.currency },
      chargedOn,
    })),
  };
}

/** Two operators in one sandbox: alfa is cheaper for most numbers, beta for some. */
async function placeSandbox(options: OperatorOptions): Promise<SandboxHandle> {
  const folder = join(options.dataDir, 'sandbox');
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'operator.log');
  const operator = await spawnOperator({
    log: logFile,
    accounts: SANDBOX.map(({ name }) => ({ name, password: 'sandbox' })),
  });
  for (const { name, prices } of SANDBOX) {
    const account: Account = {
      ...sealed(options.keyring, {
        name,
        kind: 'smpp',
        settings: { host: '127.0.0.1', port: operator.port, systemId: name },
        password: 'sandbox',
        binds: 2,
        partsPerSecond: 400,
        window: 20,
        currency: options.currency,
        priceVersion: 'sandbox-1',
        prices: prices.map(([prefix, perPart]) => ({ prefix, perPart, chargedOn: 'submit' as const })),
        senders: [],
        classes: ['marketing', 'service'],
        prefixes: [],
        receipts: 'each-part',
        enabled: true,
      }),
      settings: { host: '127.0.0.1', port: operator.port, systemId: name, sandbox: true },
    };
    await keepFilePrices(options.store, account, new Date());
    await options.store.keep(account);
  }
  options.log.info({ port: operator.port }, 'no operator is configured: the sandbox operator plays two of them');
  return { port: operator.port, controlPort: operator.controlPort, logFile, stop: () => operator.stop() };
}

const SANDBOX: readonly { name: string; prices: readonly (readonly [string, number])[] }[] = [
  {
    name: 'alfa',
    prices: [
      ['', 4_500_000],
      ['7', 2_350_000],
      ['7999', 2_900_000],
    ],
  },
  {
    name: 'beta',
    prices: [
      ['', 5_000_000],
      ['7', 2_600_000],
      ['7999', 2_100_000],
    ],
  },
];

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 500 });
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
