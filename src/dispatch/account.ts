/**
 * An account at an operator, as an admin configured it: how to reach it, what it may carry, what it costs. Its password is
 * sealed with a key that MongoDB never holds.
 */
import type { CampaignClass } from '../campaigns/campaign.ts';
import type { Price } from '../messages/price.ts';
import type { Sealed } from '../platform/secrets.ts';
import type { AccountPrices } from './price-list.ts';

/** How an operator or gateway is spoken to. */
export const ACCOUNT_KINDS = ['smpp', 'http', 'infobip', 'kannel', 'smsc', 'twilio'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** Of a message of several parts: a receipt for each, or one for all, whichever part it names. */
export const RECEIPTS_FOR = ['each-part', 'one'] as const;
export type ReceiptsFor = (typeof RECEIPTS_FOR)[number];

export interface Account {
  /** Name in prices, cards and logs: `alfa`. */
  readonly name: string;
  readonly kind: AccountKind;
  /** What the kind's own settings schema reads, without the password. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: Sealed | null;
  /** What webhooks prove themselves with; absent where the kind has none. */
  readonly webhookSecret?: Sealed | null;
  /** How many sessions the operator allows at once, and how many parts a second over all of them. */
  readonly binds: number;
  readonly partsPerSecond: number;
  /** How many parts a second over each single session, where the operator limits that as well. */
  readonly partsPerSecondPerBind?: number | undefined;
  /** Messages between their durable `submitting` and their durable outcome, per session: bounds what a killed worker leaves unknown. */
  readonly window: number;
  /** As its admin's file has them; they hold while there is no list. */
  readonly prices: readonly Price[];
  readonly priceVersion: string;
  /** Lists that are in force or will be; absent where none was ever kept. See `prices-in-force.ts`. */
  readonly lists?: readonly AccountPrices[];
  readonly currency: string;
  /** Sender IDs that it allows; empty: any. */
  readonly senders: readonly string[];
  readonly classes: readonly CampaignClass[];
  /** Beginnings of numbers that it may be given, digits after the plus; absent or empty: all that it has a price for. */
  readonly prefixes?: readonly string[];
  /** `each-part` where it is not said. */
  readonly receipts?: ReceiptsFor;
  readonly enabled: boolean;
  /** Who took it live, and when; absent while it is in trial. Not of the admin's file: see `trial-period.ts`. */
  readonly live?: { readonly by: string; readonly at: Date };
}

/** Where in a sealed secret's name the account's password is kept. */
export const passwordPlace = (account: string): string => `provider:${account}:password`;

export const webhookPlace = (account: string): string => `provider:${account}:webhook`;
