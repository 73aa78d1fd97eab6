/** One account at the operator: its limits, its switches, and the way of a submit_sm from its bytes to its receipts. */
import { chance, drawOf, type Random } from './chance.ts';
import type { Connection } from './connection.ts';
import { decodeMessage, partOf } from './decode.ts';
import { encodeInbound } from './encode.ts';
import { type Decoded, entryOf, NOT_DECODED, type Unnumbered, userReferenceOf } from './entry.ts';
import type { AccountFaults } from './faults.ts';
import { firstId, type IdBits, writeId } from './ids.ts';
import { Mailbox } from './mailbox.ts';
import type { AccountSettings } from './options.ts';
import { oneString, readSubmit, type SubmitSm, writeDeliver } from './pdus.ts';
import { createRateLimit, type RateLimit } from './rate.ts';
import { planReceipts, type TakenPart, writeReceipt } from './receipts.ts';
import { decideSubmit, type OverLimit, type Verdict } from './submit.ts';
import type { Wheel } from './wheel.ts';
import { COMMAND, type Frame, pdu, STATUS, type StatusName } from './wire.ts';

/** What came of the submits so far. */
export interface SubmitCounts {
  submits: number;
  taken: number;
  refused: number;
  /** Taken, and never answered. */
  unanswered: number;
  overWindow: number;
  overRate: number;
  /** With a flaw in their bytes, taken or not. */
  flawed: number;
}

/** What an account needs of the operator that it is an account of. */
export interface AccountHouse {
  readonly wheel: Wheel;
  readonly now: () => number;
  readonly random: Random;
  readonly seed: number;
  readonly startedAt: Date;
  readonly keepsText: boolean;
  readonly deliverWindow: number;
  /** Appends to the log, which gives it its number and times. */
  record(entry: Unnumbered): void;
}

export type Role = 'transmitter' | 'receiver' | 'transceiver';

/** A session that is bound to the account. */
export interface BoundSession {
  readonly id: string;
  readonly role: Role | null;
  readonly connection: Connection;
  /** submit_sm that came on it. */
  readonly submits: number;
  /** False for receivers, and after unbind. */
  readonly maySubmit: boolean;
  unbind(): void;
}

/** An SMS from a customer. */
export interface InboundSms {
  /** The customer's number, digits only. */
  readonly from: string;
  /** The number or short code that it was sent to. */
  readonly to: string;
  readonly text: string;
}

export class Account {
  readonly name: string;
  readonly mailbox: Mailbox;
  /** Bound sessions. */
  readonly sessions = new Set<BoundSession>();
  readonly counts: SubmitCounts = {
    submits: 0,
    taken: 0,
    refused: 0,
    unanswered: 0,
    overWindow: 0,
    overRate: 0,
    flawed: 0,
  };
  readonly #settings: AccountSettings;
  readonly #house: AccountHouse;
  readonly #withinRate: RateLimit;
  readonly #bindRates = new WeakMap<BoundSession, RateLimit>();
  readonly #firstIds: Readonly<Record<IdBits, bigint>>;
  #faults: AccountFaults;
  #taken = 0;
  #inboundRef = 0;

  constructor(settings: AccountSettings, faults: AccountFaults, house: AccountHouse) {
    this.name = settings.name;
    this.#settings = settings;
    this.#faults = faults;
    this.#house = house;
    this.#withinRate = createRateLimit(settings.partsPerSecond, settings.burst, house.now);
    const first = (bits: IdBits) => firstId(bits, house.startedAt);
    this.#firstIds = { 32: first(32), 64: first(64), 96: first(96) };
    const { now, wheel, deliverWindow: window } = house;
    this.mailbox = new Mailbox({ faults: () => this.#faults, now, wheel, window });
  }

  get faults(): AccountFaults {
    return this.#faults;
  }

  set faults(faults: AccountFaults) {
    this.#faults = faults;
    this.mailbox.pump();
  }

  /** Why a bind is refused, or null. */
  refusesBind(password: string): StatusName | null {
    if (this.#faults.refuseBind !== 'ESME_ROK') return this.#faults.refuseBind;
    if (password !== this.#settings.password) return 'ESME_RINVPASWD';
    const { maxBinds } = this.#settings;
    return maxBinds > 0 && this.sessions.size >= maxBinds ? 'ESME_RBINDFAIL' : null;
  }

  takeSubmit(session: BoundSession, frame: Frame): void {
    session.connection.unanswered += 1;
    const read = readSubmit(frame.body);
    const decoded = read.ok ? this.#decode(read.value) : NOT_DECODED;
    const { maySubmit } = session;
    const overLimit = maySubmit ? this.#overLimit(session) : null;
    const verdict = decideSubmit(
      { read, flaws: decoded.flaws, maySubmit, overLimit },
      this.#faults,
      this.#house.random,
    );
    const id = verdict.kind === 'accept' ? this.#nextId() : null;

    this.#count(verdict, decoded, overLimit);
    this.#spend(verdict);
    const { id: bind, connection } = session;
    this.#house.record(
      entryOf({ account: this.name, bind, seq: frame.sequence, unanswered: connection.unanswered }, read, decoded, {
        verdict,
        messageId: id === null ? null : this.#answerId(id),
        overLimit,
      }),
    );
    this.#answer(session, frame, verdict, id);
    if (id !== null && read.ok) this.#follow(read.value, decoded, verdict, id);
  }

  /** Hands a customer's SMS to whoever may receive; returns its number of parts. */
  inbound(sms: InboundSms): number {
    this.#inboundRef += 1;
    const parts = encodeInbound(sms.text, this.#inboundRef);
    for (const part of parts) {
      this.mailbox.post({ kind: 'inbound', body: writeDeliver({ from: sms.from, to: sms.to, ...part, tlvs: [] }) });
    }
    return parts.length;
  }

  #decode(submit: SubmitSm): Decoded {
    if (this.#house.keepsText) return decodeMessage(submit, this.#faults.defaultAlphabet);
    return { ...NOT_DECODED, part: partOf(submit) };
  }

  #overLimit(session: BoundSession): OverLimit | null {
    const { window } = this.#settings;
    if (window > 0 && session.connection.unanswered > window) return 'window';
    return this.#rateOf(session)() && this.#withinRate() ? null : 'rate';
  }

  #rateOf(session: BoundSession): RateLimit {
    const { bindPartsPerSecond, bindBurst } = this.#settings;
    const known = this.#bindRates.get(session) ?? createRateLimit(bindPartsPerSecond, bindBurst, this.#house.now);
    this.#bindRates.set(session, known);
    return known;
  }

  #nextId(): bigint {
    this.#taken += 1;
    return this.#firstIds[this.#faults.idBits] + BigInt(this.#taken);
  }

  #count(verdict: Verdict, decoded: Decoded, overLimit: OverLimit | null): void {
    this.counts.submits += 1;
    if (verdict.kind !== 'accept') this.counts.refused += 1;
    else this.counts.taken += 1;
    if (verdict.kind === 'accept' && verdict.answer !== 'send') this.counts.unanswered += 1;
    if (overLimit === 'window') this.counts.overWindow += 1;
    if (overLimit === 'rate') this.counts.overRate += 1;
    if (decoded.flaws.length > 0) this.counts.flawed += 1;
  }

  #spend(verdict: Verdict): void {
    if (verdict.kind === 'refuse' || verdict.spent === null) return;
    this.#faults = { ...this.#faults, [verdict.spent]: this.#faults[verdict.spent] - 1 };
  }

  #answerId(id: bigint): string {
    const { answerIdBase: base, answerIdUpperCase: upperCase, answerIdWidth: width } = this.#faults;
    return writeId(id, { base, upperCase, width });
  }

  /** Receipts, and perhaps a reply, of a part that was taken. */
  #follow(submit: SubmitSm, decoded: Decoded, verdict: Verdict, id: bigint): void {
    const faults = this.#faults;
    const { wheel, random, seed } = this.#house;
    const { receiptIdBase: base, receiptIdUpperCase: upperCase, receiptIdWidth: width } = faults;
    const index = decoded.part?.index ?? 1;
    const part: TakenPart = {
      from: submit.source,
      to: submit.destination,
      toTon: submit.destinationTon,
      receiptId: writeId(id, { base, upperCase, width }),
      registered: submit.registeredDelivery,
      index,
      userReference: userReferenceOf(submit),
      submittedAt: new Date(),
    };
    // Nothing of the moment is in it, so that a seed repeats the outcomes of a run.
    const route = `${this.name} ${part.from} ${part.to}`;
    const draw = drawOf(seed, faults.outcomePerPart ? `${route} ${index}` : route);
    const answerMs = verdict.kind === 'accept' && verdict.answer === 'send' ? faults.answerDelayMs : 0;

    for (const { afterMs, state } of planReceipts(part, faults, draw, random)) {
      const post = () => this.mailbox.post({ kind: 'receipt', body: writeReceipt(part, state, faults, new Date()) });
      if (faults.receiptBeforeAnswer) post();
      else wheel.after(answerMs + afterMs, post);
    }
    if (index === 1 && chance(faults.autoReplyShare, random)) {
      const reply = { from: part.to, to: part.from, text: faults.autoReplyText };
      wheel.after(faults.autoReplyDelayMs, () => this.inbound(reply));
    }
  }

  #answer(session: BoundSession, frame: Frame, verdict: Verdict, id: bigint | null): void {
    const { connection } = session;
    if (verdict.kind === 'accept' && verdict.answer === 'close') {
      connection.destroyAfterFlush();
      return;
    }
    const nth = session.submits;
    const bytes = this.#answerBytes(frame, verdict, id);
    const { answerDelayMs, receiptBeforeAnswer, closeAfterSubmits, unbindAfterSubmits } = this.#faults;
    const answer = () => {
      // What is never answered must not fill the window for ever.
      if (bytes === null) connection.unanswered -= 1;
      else connection.pushAnswer(bytes);
      if (nth === closeAfterSubmits) connection.endAfterFlush();
      if (nth === unbindAfterSubmits) session.unbind();
    };
    const delay = Math.max(answerDelayMs, receiptBeforeAnswer ? RECEIPT_LEAD_MS : 0);
    if (delay === 0) answer();
    else this.#house.wheel.after(delay, answer);
  }

  #answerBytes(frame: Frame, verdict: Verdict, id: bigint | null): Buffer | null {
    if (verdict.kind === 'nack') {
      const sequence = this.#faults.genericNackSequence === 'same' ? frame.sequence : 0;
      return pdu(COMMAND.generic_nack, STATUS[verdict.status], sequence);
    }
    if (verdict.kind === 'refuse') return pdu(COMMAND.submit_sm_resp, STATUS[verdict.status], frame.sequence);
    if (verdict.answer !== 'send' || id === null) return null;
    return pdu(COMMAND.submit_sm_resp, STATUS.ESME_ROK, frame.sequence, oneString(this.#answerId(id)));
  }
}

/** How long a receipt that comes before its answer is ahead of it, at least. */
const RECEIPT_LEAD_MS = 20;
