/** What can be asked of a running operator, and what it says of itself; the same in this process and over HTTP. */
import type { InboundSms, Role, SubmitCounts } from './account.ts';
import type { BadPdu } from './bad-pdus.ts';
import type { AccountFaults, ConnectionFaults, FaultChange } from './faults.ts';
import type { LogEntry } from './log.ts';
import type { DeliveryCounts } from './mailbox.ts';

export interface AccountState {
  readonly name: string;
  readonly binds: readonly { readonly id: string; readonly role: Role | null; readonly unanswered: number }[];
  readonly counts: Readonly<SubmitCounts>;
  readonly receipts: Readonly<DeliveryCounts>;
  readonly inbound: Readonly<DeliveryCounts>;
  /** deliver_sm that nobody has been sent yet. */
  readonly waiting: number;
  /** deliver_sm that were sent and not answered yet. */
  readonly unacknowledged: number;
  readonly faults: AccountFaults;
}

export interface OperatorState {
  /** Connections, bound or not. */
  readonly connections: number;
  readonly faults: ConnectionFaults;
  readonly accounts: readonly AccountState[];
}

/** In this process a command is done when it returns; in another, once its promise resolves. */
type Done<T> = T | Promise<T>;

/**
 * What can be asked of a running operator, in this process or another. `account` names the one that a command is for;
 * without it, the command is for all. Naming one that does not exist throws.
 */
export interface OperatorControls {
  readonly port: number;
  readonly controlPort: number;
  /** Merges the change into the switches. */
  setFaults(change: FaultChange, account?: string): Done<void>;
  /** Back to the switches that it was started with. */
  resetFaults(account?: string): Done<void>;
  /** Entries numbered above `since`, oldest first; throws when some were let go of (`keep`), rather than say less. */
  log(since?: number): Done<readonly LogEntry[]>;
  state(): Done<OperatorState>;
  /** A customer's SMS, to the first account unless told; says its number of parts. */
  inbound(sms: InboundSms, account?: string): Done<number>;
  /** Cuts connections without a word; says how many. */
  disconnect(account?: string): Done<number>;
  /** Sends unbind; says to how many. */
  unbind(account?: string): Done<number>;
  /** Sends bad bytes; says to how many. */
  injectBadPdu(kind: BadPdu, account?: string): Done<number>;
  stop(): Promise<void>;
}

/** An operator in this process. */
export interface Operator extends OperatorControls {
  setFaults(change: FaultChange, account?: string): void;
  resetFaults(account?: string): void;
  log(since?: number): readonly LogEntry[];
  state(): OperatorState;
  inbound(sms: InboundSms, account?: string): number;
  disconnect(account?: string): number;
  unbind(account?: string): number;
  injectBadPdu(kind: BadPdu, account?: string): number;
}
