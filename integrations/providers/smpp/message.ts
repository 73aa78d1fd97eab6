/** A message on its way through this account: its parts, how far each has come, and until when it may be finished. */
import type { Failure, OutboundSms, SendOutcome } from '../../../src/dispatch/provider.ts';
import { fateOf, mayGoOn, type PartState, unknown, WAITING, whySentBack } from './fate.ts';
import type { SubmitFields } from './pdus.ts';

/** Hears what became of a message, and once more when an answer comes too late. */
export type Tell = (outcome: SendOutcome, isLate: boolean) => void;

const NONE: readonly SubmitFields[] = [];

export class Message {
  readonly sms: OutboundSms;
  /** None once it is settled: many wait for the last of those that were handed over with them. */
  submits: readonly SubmitFields[];
  readonly parts: PartState[];
  /** By the monotonic clock; null while no part of it has been on the wire. */
  begunAt: number | null = null;
  /** Parts that the operator sent back rest until then. */
  notBefore = Number.NEGATIVE_INFINITY;
  outcome: SendOutcome | null = null;
  readonly #tell: Tell;

  constructor(sms: OutboundSms, submits: readonly SubmitFields[], tell: Tell) {
    this.sms = sms;
    this.submits = submits;
    this.parts = submits.map(() => WAITING);
    this.#tell = tell;
  }

  /** None of it has left, so that it may go back. */
  get isFresh(): boolean {
    return this.begunAt === null && this.outcome === null;
  }

  get isOnWire(): boolean {
    return this.parts.some(({ is }) => is === 'wire');
  }

  /** It has parts to send, and they can still make it whole. */
  get hasMore(): boolean {
    return this.outcome === null && this.parts.some(({ is }) => is === 'waiting') && mayGoOn(this.parts);
  }

  get fate(): SendOutcome | null {
    return fateOf(this.parts);
  }

  /** What is to be said when it is given up half-way. */
  givenUp(otherwise: Failure): SendOutcome {
    return unknown(this.parts, whySentBack(this.parts) ?? otherwise);
  }

  settle(outcome: SendOutcome): void {
    this.outcome = outcome;
    this.submits = NONE;
    this.#tell(outcome, false);
  }

  /** Says what it has become after it was settled. */
  correct(outcome: SendOutcome): void {
    this.outcome = outcome;
    this.#tell(outcome, true);
  }
}

/** Messages that have not begun, in their order. What was settled meanwhile is passed over. */
export class FreshLine {
  #messages: Message[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.first() === null;
  }

  add(messages: readonly Message[]): void {
    for (const message of messages) this.#messages.push(message);
  }

  /** The next one; it stays first until it is begun or settled. */
  first(): Message | null {
    for (; this.#head < this.#messages.length; this.#head++) {
      const message = this.#messages[this.#head]!;
      if (message.isFresh) return message;
    }
    this.#messages = [];
    this.#head = 0;
    return null;
  }

  /** All of them, leaving none. */
  takeAll(): readonly Message[] {
    const messages = this.#messages.slice(this.#head);
    this.#messages = [];
    this.#head = 0;
    return messages;
  }
}
