/**
 * What the parts of dispatch work with; built once in the composition root.
 */
import type { CampaignRoom } from '../campaigns/room.ts';
import type { CustomerStore } from '../customers/store.ts';
import type { Exchange } from '../messages/exchange.ts';
import type { Log } from '../platform/log.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { BreakerTerms } from './breaker.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { FoundStore } from './found-store.ts';
import type { Gauge } from './gauge.ts';
import type { HealthStore } from './health-store.ts';
import type { Inbound, Provider, Turns } from './provider.ts';
import type { ReceiptStore } from './receipt-store.ts';
import type { ReceiptDesk } from './receipts.ts';
import type { DispatchStore } from './store.ts';
import type { TrialReader } from './trial-period.ts';

export interface DispatchTimers {
  /** A lease that is not renewed runs out after this, ms. */
  readonly leaseMs: number;
  /** Between two readings of the board, ms. */
  readonly controlMs: number;
  /** Between two looks for what others left behind, ms. */
  readonly recoveryMs: number;
  /** A service message without a word for this long is sent once more, ms. */
  readonly serviceRetryMs: number;
  /** An account without credit counts as down for so long before it is tried again, ms. */
  readonly creditRestMs: number;
  /** How long operators' ids are kept for late receipts, ms. */
  readonly keepIdsMs: number;
}

/** Builds a session of an account, which asks for its turns where they are given; `partsPerSecond`: as many as it will get about. */
export type MakeProvider = (account: Account, share: { partsPerSecond: number; turns?: Turns }) => Provider;

export interface DispatchRoom {
  readonly campaigns: CampaignRoom;
  readonly store: DispatchStore;
  readonly found: FoundStore;
  readonly receiptStore: ReceiptStore;
  readonly accounts: AccountStore;
  readonly health: HealthStore;
  readonly gauge: Gauge;
  readonly delivery: DeliveryStore;
  readonly breaker: BreakerTerms;
  readonly suppressedAmong: CustomerStore['suppressedAmong'];
  readonly makeProvider: MakeProvider;
  /** For accounts that charge in another currency than the company's; without it they carry nothing. */
  readonly exchange?: Exchange;
  readonly receipts: ReceiptDesk;
  readonly takeInbound: (messages: readonly Inbound[]) => Promise<void>;
  /** Which accounts may not reach everybody yet, and whom they may. */
  readonly trialOf: TrialReader;
  readonly maySend: () => boolean;
  readonly now: () => Date;
  /** Milliseconds of a clock that only goes forward. */
  readonly mono: () => number;
  readonly timers: DispatchTimers;
  readonly log: Log;
}
