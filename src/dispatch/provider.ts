/**
 * What dispatch asks of an operator or gateway: one configured account that takes messages, and tells of receipts and
 * inbound. Implemented in `integrations/providers/`; the contract every implementation keeps is `test/contract/provider.ts`.
 */
import { MESSAGE_ERRORS, type MessageError } from '../campaigns/messages.ts';
import type { Encoding } from '../messages/encoding.ts';
import type { E164 } from '../messages/phone.ts';
import type { Pace } from '../platform/pace.ts';

/** One SMS to one recipient, ready to go: the text is final and byte for byte what was approved. */
export interface OutboundSms {
  /** Our message id; unique for ever, echoed in the outcome. */
  readonly ref: string;
  readonly to: E164;
  /** Sender ID: 1-11 alphanumeric characters, or digits of a short or long number. */
  readonly sender: string;
  readonly text: string;
  readonly encoding: Encoding;
  /** Number of parts the text was priced at; a provider that would send another number refuses. */
  readonly parts: number;
  /** The instant after which the operator must not deliver it any more. */
  readonly validUntil?: Date;
}

/** Why a message was not taken, in three facts: may it be tried again, whose fault, what to tell a person. */
export interface Failure {
  /** Stable code such as `bad-number` or `throttled`. */
  readonly code: FailureCode;
  /** What the operator said in its own words, e.g. `ESME_RINVDSTADR (0x0000000B)`; never contains a phone or a text. */
  readonly detail: string;
}

/** Every way of not being taken, as it is stored with the message. */
export const FAILURE_CODES = MESSAGE_ERRORS;
export type FailureCode = MessageError;

export type SendOutcome =
  /** Taken. One id per part, in the order of the parts. */
  | { readonly kind: 'accepted'; readonly parts: readonly { readonly providerMessageId: string }[] }
  /** Final: not sent, and never will be by this account. */
  | { readonly kind: 'refused'; readonly why: Failure }
  /** Certainly not sent, no part of it; may be tried again after `afterMs`, here or elsewhere. */
  | { readonly kind: 'later'; readonly why: Failure; readonly afterMs?: number }
  /** May have been sent, whole or in part: never blindly again. Ids of the parts that were taken come along. */
  | {
      readonly kind: 'unknown';
      readonly why: Failure;
      readonly parts?: readonly { readonly providerMessageId: string | null }[];
    };

/** What a receipt says. `enroute` is the only one that is not final. */
export type ReceiptState = 'enroute' | 'delivered' | 'undelivered' | 'expired' | 'rejected';

/** A delivery report about one part. */
export interface Receipt {
  /** Name of the account that it came through. */
  readonly provider: string;
  /** The id exactly as the operator wrote it in the receipt: its base and case may differ from the submit's answer. */
  readonly providerMessageId: string;
  readonly state: ReceiptState;
  /** The customer's number, when the receipt names one. */
  readonly to: E164 | null;
  /** The operator's error code in its own words; null when none. */
  readonly error: string | null;
  /** When it happened by the operator's clock, else when it reached us. */
  readonly at: Date;
}

/** An SMS from a customer. */
export interface Inbound {
  readonly provider: string;
  readonly from: E164;
  /** The number or short code it was sent to. */
  readonly to: string;
  readonly text: string;
  readonly at: Date;
  /** The operator's own name for it, where it has one: by that a repetition is known. */
  readonly id?: string;
  /** The operator does not say when it was sent: `at` is when it came, and another with every repetition. */
  readonly isArrival?: boolean;
}

/** Where a provider hands over what the operator says. A promise that resolves means: durable, so acknowledge. */
export interface ProviderEvents {
  receipts(receipts: readonly Receipt[]): Promise<void>;
  inbound(messages: readonly Inbound[]): Promise<void>;
  /** Told on every change of `health()`. */
  healthChanged?(health: ProviderHealth): void;
}

export type ProviderHealth =
  /** `sandbox`: the far end is the sandbox operator, and on this machine. */
  | { readonly up: true; readonly since: Date; readonly sandbox?: boolean }
  | { readonly up: false; readonly since: Date; readonly why: string };

/** The right to put parts on the wire. A provider asks before each part, over all sessions and workers of its account. */
export interface Turns extends Pace {
  /** The operator asked to slow down, in answer to what was sent at that time of the monotonic clock. */
  slowDown(sentAtMs: number): void;
}

export interface ProviderLimits {
  /** Parts per second over the whole session. */
  readonly partsPerSecond: number;
  /** Parts on the wire without an answer, at most: the window. */
  readonly inFlight: number;
  /** Messages that one `send` should be given, at most. */
  readonly batch: number;
}

/**
 * Told of each outcome as soon as it is known; and again, even after all are, of what one that was `unknown` has become, when
 * its answer comes too late (`isLate`). That may never come; nothing is to wait for it.
 */
export type OnOutcome = (index: number, outcome: SendOutcome, isLate: boolean) => void;

export interface Provider {
  readonly name: string;
  readonly limits: ProviderLimits;
  /** Connects, and keeps connecting until stopped; resolves once it has begun, not once it is up. */
  start(on: ProviderEvents): Promise<void>;
  health(): ProviderHealth;
  /**
   * Sends up to `limits.batch` messages and resolves with one outcome for each, in their order. Never throws for a refusal.
   * An aborted signal stops what is not on the wire yet (`later`), and waits for what is.
   */
  send(batch: readonly OutboundSms[], signal: AbortSignal, onOutcome?: OnOutcome): Promise<readonly SendOutcome[]>;
  /** Takes nothing new, waits for what is in flight (not longer than its answer deadline), unbinds, closes. */
  stop(): Promise<void>;
}
