/**
 * Messages on their way out: keeps the window and the pace, both in parts, and follows each message until its outcome
 * is known. A message none of whose parts is on the wire goes back as `later` as soon as nothing can be sent (no
 * session, a pause that the operator asked for, an abort, a stop); one that has begun is finished here.
 */
import type { Failure, OnOutcome, OutboundSms, SendOutcome, Turns } from '../../../src/dispatch/provider.ts';
import type { Log } from '../../../src/platform/log.ts';
import { ownTurns, restMs, type Throttle, throttle } from '../backoff.ts';
import { ownMeanings, type Verdict, verdictOf } from './answers.ts';
import type { Answer } from './awaited.ts';
import { ON_WIRE, type PartState } from './fate.ts';
import { FreshLine, Message, type Tell } from './message.ts';
import type { SmppSession } from './session.ts';
import type { SmppSettings } from './settings.ts';
import { toSubmits } from './submit.ts';

export interface OutgoingDeps {
  readonly log: Log;
  readonly now: () => Date;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly turns?: Turns | undefined;
  /** The operator has called a part so, which went to this number. */
  readonly named?: (id: string, to: string) => void;
  /** The session to submit through, when there is one. */
  session(): SmppSession | null;
  /** Why there is none, and in how many milliseconds it may be worth asking again. */
  away(): { readonly detail: string; readonly retryInMs: number };
}

const later = (why: Failure, afterMs = 0): SendOutcome =>
  afterMs > 0 ? { kind: 'later', why, afterMs: Math.ceil(afterMs) } : { kind: 'later', why };

export class Outgoing {
  readonly #settings: SmppSettings;
  readonly #deps: OutgoingDeps;
  readonly #ownMeanings: ReturnType<typeof ownMeanings>;
  readonly #turns: Turns;
  readonly #throttle: Throttle;
  readonly #fresh = new FreshLine();
  /** Begun, with parts still to send. */
  readonly #begun = new Set<Message>();
  /** Begun and not settled, whether there is more to send or only to hear. */
  #openCount = 0;
  #drained: (() => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pumpIsDue = false;
  /** Ties the parts of a message together on the phone; 16 bits of it count, or the low 8. */
  #reference: number;
  /** Turns taken for a submit that stands for several parts and has not gone yet. */
  #turnsTaken = 0;

  constructor(settings: SmppSettings, deps: OutgoingDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#ownMeanings = ownMeanings(settings.statuses);
    this.#turns = deps.turns ?? ownTurns(settings.partsPerSecond, deps.monotonic());
    this.#throttle = throttle(settings.throttle, deps.random);
    this.#reference = Math.floor(deps.random() * 65_536);
  }

  async send(
    batch: readonly OutboundSms[],
    signal: AbortSignal,
    onOutcome?: OnOutcome,
  ): Promise<readonly SendOutcome[]> {
    const outcomes: SendOutcome[] = new Array(batch.length);
    const all = Promise.withResolvers<void>();
    let left = batch.length;
    const settled = (index: number, outcome: SendOutcome, isLate: boolean) => {
      this.#tell(() => onOutcome?.(index, outcome, isLate));
      if (isLate) return;
      outcomes[index] = outcome;
      if (--left === 0) all.resolve();
    };
    const messages = batch.map((sms, index) => this.#message(sms, (...said) => settled(index, ...said)));
    const abort = () =>
      this.#turnAway(messages, later({ code: 'not-connected', detail: 'stopped before it was sent' }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    this.#fresh.add(messages);
    this.pump();
    if (left > 0) await all.promise;
    signal.removeEventListener('abort', abort);
    return outcomes;
  }

  /** Takes nothing new; resolves once everything begun is settled. */
  drain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    this.pump();
    this.#seeWhetherDrained();
    return promise;
  }

  /** Once per turn of the event loop, however many answers it brought. */
  pumpSoon(): void {
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.pump();
    });
  }

  /** Puts on the wire what session, window and pace allow, turns away what cannot go, gives up what took too long. */
  pump(): void {
    const now = this.#deps.monotonic();
    this.#giveUpOverdue(now);
    const obstacle = this.#obstacle(now);
    if (obstacle && !this.#fresh.isEmpty) this.#turnAway(this.#fresh.takeAll(), obstacle);
    const session = this.#deps.session();
    if (session?.isReady && this.#throttle.pauseMs(now) === 0) this.#fill(session, now);
    this.#wakeLater(now);
  }

  /** What keeps a message from beginning, as its outcome; null when nothing does. */
  #obstacle(now: number): SendOutcome | null {
    if (this.#drained) return later({ code: 'not-connected', detail: 'the account is being stopped' });
    if (!this.#deps.session()?.isReady) {
      const { detail, retryInMs } = this.#deps.away();
      return later({ code: 'not-connected', detail }, retryInMs);
    }
    const pauseMs = this.#throttle.pauseMs(now);
    return pauseMs > 0 ? later({ code: 'throttled', detail: 'the operator asked to slow down' }, pauseMs) : null;
  }

  #turnAway(messages: readonly Message[], outcome: SendOutcome): void {
    for (const message of messages) if (message.isFresh) this.#settle(message, outcome);
  }

  #message(sms: OutboundSms, tell: Tell): Message {
    const submits = toSubmits(sms, this.#settings, this.#reference, this.#deps.now());
    const message = new Message(sms, submits.ok ? submits.parts : [], tell);
    if (!submits.ok) this.#settle(message, { kind: 'refused', why: submits.why });
    else if (sms.parts > 1) this.#reference = (this.#reference + 1) & 0xffff;
    return message;
  }

  #fill(session: SmppSession, now: number): void {
    while (session.inFlight < this.#settings.window) {
      const message = this.#nextBegun(now) ?? this.#nextFresh();
      if (message === null || !this.#hasTurns(message, now)) return;
      if (!this.#put(message, session, now)) return;
    }
  }

  /** One submit may carry all parts of a message, and each part counts. */
  #hasTurns(message: Message, now: number): boolean {
    const wanted = message.submits.length === 1 ? message.sms.parts : 1;
    while (this.#turnsTaken < wanted) {
      if (!this.#turns.take(now)) return false;
      this.#turnsTaken++;
    }
    this.#turnsTaken = 0;
    return true;
  }

  /** The next part of a message that has begun goes before a new message. */
  #nextBegun(now: number): Message | null {
    for (const message of this.#begun) if (message.notBefore <= now) return message;
    return null;
  }

  #nextFresh(): Message | null {
    for (let message = this.#fresh.first(); message !== null; message = this.#fresh.first()) {
      const { validUntil } = message.sms;
      if (!validUntil || validUntil > this.#deps.now()) return message;
      this.#settle(message, {
        kind: 'refused',
        why: { code: 'expired', detail: 'its time was over before it was sent' },
      });
    }
    return null;
  }

  #put(message: Message, session: SmppSession, now: number): boolean {
    const index = message.parts.findIndex(({ is }) => is === 'waiting');
    const isHanded = session.submit(message.submits[index]!, (answer, late) => {
      this.#answered(message, index, now, answer, late);
    });
    if (!isHanded) return false;
    message.parts[index] = ON_WIRE;
    if (message.begunAt === null) this.#openCount++;
    message.begunAt ??= now;
    this.#lineUp(message);
    return true;
  }

  #lineUp(message: Message): void {
    if (message.hasMore) this.#begun.add(message);
    else this.#begun.delete(message);
  }

  #answered(message: Message, index: number, sentAt: number, answer: Answer, late: boolean): void {
    message.parts[index] =
      answer.kind === 'lost'
        ? { is: 'lost', why: { code: answer.code, detail: answer.detail } }
        : this.#stateAfter(message, verdictOf(answer.status, this.#ownMeanings), answer.messageId, sentAt);
    const { fate } = message;
    if (late) this.#tellLate(message);
    else if (fate === null) this.#lineUp(message);
    else this.#settle(message, this.#withRest(fate));
  }

  #stateAfter(message: Message, verdict: Verdict, id: string, sentAt: number): PartState {
    switch (verdict.kind) {
      case 'taken':
        this.#throttle.taken(sentAt);
        this.#deps.named?.(id, message.sms.to);
        return { is: 'taken', id };
      case 'refused':
        return { is: 'refused', why: verdict.why };
      case 'unknown':
        return { is: 'lost', why: verdict.why };
      case 'later': {
        const now = this.#deps.monotonic();
        if (verdict.why.code === 'throttled') {
          this.#throttle.throttled(sentAt, now);
          this.#turns.slowDown(sentAt);
        } else message.notBefore = now + restMs(this.#settings.throttle, 0, this.#deps.random);
        return { is: 'waiting', why: verdict.why };
      }
    }
  }

  /** A throttled message may come again when the pause is over. */
  #withRest(outcome: SendOutcome): SendOutcome {
    if (outcome.kind !== 'later' || outcome.why.code !== 'throttled') return outcome;
    return later(outcome.why, this.#throttle.pauseMs(this.#deps.monotonic()));
  }

  /** Begun, and it cannot be made whole in time; what is still on the wire is heard first. */
  #giveUpOverdue(now: number): void {
    for (const message of this.#begun) {
      if (now < this.#deadlineOf(message) || message.isOnWire) continue;
      this.#settle(
        message,
        message.givenUp({ code: 'not-connected', detail: 'the session ended half-way through it' }),
      );
    }
  }

  #deadlineOf(message: Message): number {
    return message.begunAt! + this.#settings.answerTimeoutMs;
  }

  #settle(message: Message, outcome: SendOutcome): void {
    this.#begun.delete(message);
    if (message.begunAt !== null) this.#openCount--;
    message.settle(outcome);
    this.#seeWhetherDrained();
  }

  #seeWhetherDrained(): void {
    if (this.#openCount === 0) this.#drained?.();
  }

  /** What was called unknown is known now; whoever sent it is told. */
  #tellLate(message: Message): void {
    if (message.outcome === null) return; // another part of it is still on the wire, and will tell
    const outcome = message.fate ?? message.givenUp({ code: 'no-answer', detail: 'a part of it was never answered' });
    this.#deps.log.info({ ref: message.sms.ref, outcome: outcome.kind }, 'an answer came too late');
    message.correct(outcome);
  }

  /** A listener's bug must not cost the session and all that is in flight on it. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (err) {
      this.#deps.log.error({ err }, 'a listener of outcomes failed');
    }
  }

  #wakeLater(now: number): void {
    clearTimeout(this.#timer);
    const waits: number[] = [];
    if (this.#begun.size > 0 || !this.#fresh.isEmpty)
      waits.push(Math.max(this.#turns.waitMs(now), this.#throttle.pauseMs(now)));
    for (const message of this.#begun) waits.push(message.notBefore - now, this.#deadlineOf(message) - now);
    // Nothing to wait for but an answer, or the session: they will wake us.
    const soonest = Math.min(...waits.filter((ms) => ms > 0));
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.pump(), Math.ceil(soonest));
  }
}
