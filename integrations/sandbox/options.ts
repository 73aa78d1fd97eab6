/** What a sandbox operator is started with, and what it is when nothing is said. */
import type { FaultChange } from './faults.ts';

/** Who may bind. Limits of 0 are no limits. */
export interface AccountOptions {
  /** system_id. */
  readonly name: string;
  readonly password: string;
  /** Sessions bound at once. */
  readonly maxBinds?: number;
  /** Parts a second over all its binds; more is answered with ESME_RTHROTTLED. */
  readonly partsPerSecond?: number;
  /** Parts that may come at once within that rate; one second's worth unless told. */
  readonly burst?: number;
  /** Parts a second on each bind, and how many of them at once, beside the limit of all together. */
  readonly bindPartsPerSecond?: number;
  readonly bindBurst?: number;
  /** Submits without an answer on one bind; more is answered with ESME_RMSGQFUL. */
  readonly window?: number;
}

export interface OperatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the control API; 0, the default, takes a free one. */
  readonly controlPort?: number;
  /** One account `herald` with the password `secret`, unless told. */
  readonly accounts?: readonly AccountOptions[];
  /** File that the log is appended to; in memory only, unless told. */
  readonly log?: string;
  /** Have the disk hold the log before answers leave; false. */
  readonly fsync?: boolean;
  /** Decode texts and keep them in the log; true. */
  readonly text?: boolean;
  /** Log entries kept in memory, at least; 100,000. */
  readonly keep?: number;
  /** Repeats the same chances; 1. */
  readonly seed?: number;
  /** deliver_sm on the wire without an answer, for each bind; 1000. */
  readonly deliverWindow?: number;
  /** Switches set from the start, of all accounts. */
  readonly faults?: FaultChange;
  /** Switches set from the start, by account. */
  readonly faultsOf?: Readonly<Record<string, FaultChange>>;
}

export type AccountSettings = Required<AccountOptions>;

export interface OperatorSettings extends Required<Omit<OperatorOptions, 'accounts' | 'log'>> {
  readonly accounts: readonly AccountSettings[];
  readonly log: string | null;
}

export function settingsOf(options: OperatorOptions): OperatorSettings {
  const accounts = options.accounts ?? [{ name: 'herald', password: 'secret' }];
  return {
    port: options.port ?? 0,
    controlPort: options.controlPort ?? 0,
    accounts: accounts.map(accountSettingsOf),
    log: options.log ?? null,
    fsync: options.fsync ?? false,
    text: options.text ?? true,
    keep: options.keep ?? 100_000,
    seed: options.seed ?? 1,
    deliverWindow: options.deliverWindow ?? 1_000,
    faults: options.faults ?? {},
    faultsOf: options.faultsOf ?? {},
  };
}

function accountSettingsOf(account: AccountOptions): AccountSettings {
  const partsPerSecond = account.partsPerSecond ?? 0;
  const burst = account.burst ?? partsPerSecond;
  const bindPartsPerSecond = account.bindPartsPerSecond ?? 0;
  const bindBurst = account.bindBurst ?? bindPartsPerSecond;
  const { maxBinds = 0, window = 0 } = account;
  return { ...account, maxBinds, partsPerSecond, burst, bindPartsPerSecond, bindBurst, window };
}
