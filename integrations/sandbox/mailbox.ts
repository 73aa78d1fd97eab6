/**
 * What an operator has for one account: receipts and inbound. It keeps them until somebody is bound who may receive,
 * sends no more than a window at once, and sends again what nobody acknowledged.
 */
import type { AccountFaults } from './faults.ts';
import { createQueue, type Queue } from './queue.ts';
import type { Wheel } from './wheel.ts';
import { COMMAND, pdu, STATUS } from './wire.ts';

/** One deliver_sm on its way. */
export interface Delivery {
  readonly kind: 'receipt' | 'inbound';
  readonly body: Buffer;
}

/** A bind that may receive. */
export interface Receiver {
  readonly isOpen: boolean;
  nextSequence(): number;
  push(bytes: Buffer): void;
}

/** Deliveries so far: `sent` counts every attempt, `resent` those after the first. */
export interface DeliveryCounts {
  posted: number;
  sent: number;
  resent: number;
  acknowledged: number;
  /** The other side said that it will never take it. */
  refused: number;
  /** Nobody acknowledged it, however often it was sent. */
  givenUp: number;
}

export interface MailboxOptions {
  readonly faults: () => AccountFaults;
  readonly now: () => number;
  readonly wheel: Wheel;
  /** deliver_sm on the wire without an answer, at most, for each receiver. */
  readonly window: number;
}

interface Sent {
  readonly letter: Letter;
  readonly at: number;
}

interface Letter extends Delivery {
  attempts: number;
}

/** How long a group that is to be reversed waits for its last. */
const GROUP_MS = 250;
const SWEEP_MS = 50;

/** Answers after which a deliver_sm is tried again; any other error is final. */
const TEMPORARY: ReadonlySet<number> = new Set([
  STATUS.ESME_RSYSERR,
  STATUS.ESME_RMSGQFUL,
  STATUS.ESME_RTHROTTLED,
  STATUS.ESME_RX_T_APPN,
]);

const noCounts = (): DeliveryCounts => ({ posted: 0, sent: 0, resent: 0, acknowledged: 0, refused: 0, givenUp: 0 });

export class Mailbox {
  readonly counts = { receipt: noCounts(), inbound: noCounts() };
  readonly #options: MailboxOptions;
  readonly #receivers: Receiver[] = [];
  readonly #onWire = new Map<Receiver, Map<number, Sent>>();
  readonly #queue: Queue<Letter> = createQueue();
  readonly #sweep: NodeJS.Timeout;
  #turn = 0;
  /** Receipts that are to leave in reverse. */
  #group: Letter[] = [];

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#resend(), SWEEP_MS);
    this.#sweep.unref();
  }

  post(delivery: Delivery): void {
    this.counts[delivery.kind].posted += 1;
    const letter = { ...delivery, attempts: 0 };
    const size = delivery.kind === 'receipt' ? this.#options.faults().receiptsReversed : 0;
    if (size === 0) this.#enqueue(letter);
    else this.#groupUp(letter, size);
  }

  /** Deliveries that wait for a receiver, its window, or `holdReceipts`. */
  get waiting(): number {
    return this.#queue.size() + this.#group.length;
  }

  /** Deliveries on the wire without an answer. */
  get unacknowledged(): number {
    return [...this.#onWire.values()].reduce((sum, sent) => sum + sent.size, 0);
  }

  join(receiver: Receiver): void {
    this.#receivers.push(receiver);
    this.#onWire.set(receiver, new Map());
    this.pump();
  }

  /** What was on its way through this receiver goes to another. */
  leave(receiver: Receiver): void {
    const lost = this.#onWire.get(receiver);
    if (lost === undefined) return;
    this.#receivers.splice(this.#receivers.indexOf(receiver), 1);
    this.#onWire.delete(receiver);
    for (const { letter } of lost.values()) this.#again(letter);
  }

  answered(receiver: Receiver, sequence: number, status: number): void {
    const sent = this.#onWire.get(receiver);
    const letter = sent?.get(sequence)?.letter;
    if (sent === undefined || letter === undefined) return;
    sent.delete(sequence);
    const { wheel, faults } = this.#options;
    if (status === STATUS.ESME_ROK) this.counts[letter.kind].acknowledged += 1;
    else if (TEMPORARY.has(status)) wheel.after(faults().ackTimeoutMs, () => this.#again(letter));
    else this.counts[letter.kind].refused += 1;
    this.pump();
  }

  /** Sends what may be sent now. */
  pump(): void {
    if (this.#options.faults().holdReceipts) return;
    while (this.#queue.size() > 0) {
      const receiver = this.#withRoom();
      if (receiver === null) return;
      this.#send(this.#queue.take()!, receiver);
    }
  }

  stop(): void {
    clearInterval(this.#sweep);
  }

  #enqueue(letter: Letter): void {
    this.#queue.put(letter);
    this.pump();
  }

  #groupUp(letter: Letter, size: number): void {
    const group = this.#group;
    group.push(letter);
    if (group.length >= size) this.#closeGroup();
    else if (group.length === 1) this.#options.wheel.after(GROUP_MS, () => group === this.#group && this.#closeGroup());
  }

  #closeGroup(): void {
    const reversed = this.#group.reverse();
    this.#group = [];
    for (const letter of reversed) this.#enqueue(letter);
  }

  #again(letter: Letter): void {
    if (letter.attempts < this.#options.faults().deliverAttempts) this.#enqueue(letter);
    else this.counts[letter.kind].givenUp += 1;
  }

  #send(letter: Letter, receiver: Receiver): void {
    const sequence = receiver.nextSequence();
    letter.attempts += 1;
    this.counts[letter.kind].sent += 1;
    if (letter.attempts > 1) this.counts[letter.kind].resent += 1;
    this.#onWire.get(receiver)?.set(sequence, { letter, at: this.#options.now() });
    receiver.push(pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, sequence, letter.body));
  }

  /** The next receiver with room in its window, each in turn. */
  #withRoom(): Receiver | null {
    const { window } = this.#options;
    for (let tried = 0; tried < this.#receivers.length; tried++) {
      this.#turn = (this.#turn + 1) % this.#receivers.length;
      const receiver = this.#receivers[this.#turn]!;
      if (receiver.isOpen && (this.#onWire.get(receiver)?.size ?? window) < window) return receiver;
    }
    return null;
  }

  /** Takes back what was not acknowledged in time; a map keeps the order of sending, so the first in time ends it. */
  #resend(): void {
    const overdue = this.#options.now() - this.#options.faults().ackTimeoutMs;
    for (const sent of this.#onWire.values()) {
      for (const [sequence, { letter, at }] of sent) {
        if (at > overdue) break;
        sent.delete(sequence);
        this.#again(letter);
      }
    }
    this.pump();
  }
}
