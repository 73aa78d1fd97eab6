/**
 * What the operator delivers on its way in: receipts and customers' messages, handed over many at a time, and each
 * acknowledged only once it is durable. What could not be kept is asked for again; what cannot be read is acknowledged
 * and logged, for it would only come again.
 */
import smpp from 'smpp';
import type { Inbound, ProviderEvents, Receipt } from '../../../src/dispatch/provider.ts';
import type { E164 } from '../../../src/messages/phone.ts';
import type { Log } from '../../../src/platform/log.ts';
import { type DeliverSm, readDeliver } from './deliver.ts';
import { type Acknowledge, type Joined, partJoiner } from './inbound-parts.ts';
import { isReceipt, type Told, tell, tellInbound } from './receipt.ts';
import type { SmppSettings } from './settings.ts';
import type { Frame } from './wire.ts';

export interface Incoming {
  /** Takes a deliver_sm or data_sm; `respond` is called once, with a command_status. */
  take(frame: Frame, respond: (status: number) => void): void;
  /** Resolves when everything taken so far is answered, but for parts that wait for others. */
  idle(): Promise<void>;
  /** Says "come again" to whatever comes from now on. */
  close(): void;
}

export interface IncomingDeps {
  readonly log: Log;
  readonly now: () => Date;
  readonly monotonic: () => number;
  readonly receiptId?: (id: string, to: E164 | null) => string;
}

/** Calls under way at once for each kind; what comes meanwhile goes together in the next. */
const CALLS_AT_ONCE = 4;

export function incoming(settings: SmppSettings, on: ProviderEvents, deps: IncomingDeps): Incoming {
  const { log, now, monotonic } = deps;
  const notKept = smpp.errors[settings.notKept]!;
  const joiner = partJoiner(settings.inboundHoldMs, settings.inboundJoinMs);
  let closed = false;
  let inHand = 0;
  let idlers: (() => void)[] = [];
  let joinTimer: NodeJS.Timeout | undefined;

  const receipts = handOver<Receipt>((batch) => on.receipts(batch), log);
  const inbound = handOver<Inbound>((batch) => on.inbound(batch), log);
  const account = {
    provider: settings.name,
    receiptZone: settings.receiptZone,
    errors: settings.receiptErrors,
    nationalCode: settings.nationalCode,
    ...(deps.receiptId && { receiptId: deps.receiptId }),
  };
  const told = () => ({ ...account, now: now() });

  function accept(what: Told, answer: Acknowledge): void {
    switch (what.kind) {
      case 'receipt':
        receipts(what.receipt, answer);
        break;
      case 'inbound':
        inbound(what.inbound, answer);
        break;
      case 'problem':
        log.warn({ why: what.why }, 'a delivery that cannot be used was acknowledged and dropped');
        answer(true);
    }
  }

  function acceptJoined({ first, text, settle }: Joined): void {
    const what: Told =
      text === null ? { kind: 'problem', why: 'a long message that is no text' } : tellInbound(first, text, told());
    inHand++;
    accept(what, (kept) => {
      settle(kept, monotonic());
      released();
    });
  }

  function acceptPart(deliver: DeliverSm, answer: Acknowledge): void {
    const whole = joiner.add(deliver, answer, monotonic());
    if (whole) acceptJoined(whole);
    watchParts();
  }

  function watchParts(): void {
    if (joinTimer || !joiner.isBusy || closed) return;
    const lookEvery = Math.min(settings.inboundHoldMs, settings.inboundJoinMs);
    joinTimer = setTimeout(() => {
      joinTimer = undefined;
      for (const incomplete of joiner.overdue(monotonic())) acceptJoined(incomplete);
      watchParts();
    }, lookEvery).unref();
  }

  function released(): void {
    if (--inHand > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  }

  return {
    take(frame, respond) {
      if (closed || inHand >= settings.deliveriesInHand) return respond(notKept);
      const read = readDeliver(frame);
      if (!read.ok) return accept({ kind: 'problem', why: read.why }, () => respond(0));
      const { deliver } = read;
      // A part waits for others, which may take long, so it is not in hand.
      if (deliver.part && !isReceipt(deliver)) return acceptPart(deliver, (kept) => respond(kept ? 0 : notKept));
      inHand++;
      accept(tell(deliver, told()), (kept) => {
        respond(kept ? 0 : notKept);
        released();
      });
    },
    idle: () => (inHand === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    close() {
      closed = true;
      clearTimeout(joinTimer);
    },
  };
}

/** Gathers what one turn of the event loop brings (and what comes while calls are under way) into one call. */
function handOver<T>(keep: (batch: readonly T[]) => Promise<void>, log: Log): (item: T, answer: Acknowledge) => void {
  let items: T[] = [];
  let answers: Acknowledge[] = [];
  let calls = 0;
  let isDue = false;

  async function flush(): Promise<void> {
    isDue = false;
    if (items.length === 0 || calls >= CALLS_AT_ONCE) return;
    const batch = items;
    const waiting = answers;
    items = [];
    answers = [];
    calls++;
    const kept = await keepOrNot(batch);
    calls--;
    for (const answer of waiting) answer(kept);
    await flush();
  }

  async function keepOrNot(batch: readonly T[]): Promise<boolean> {
    try {
      await keep(batch);
      return true;
    } catch (err) {
      log.error({ err, count: batch.length }, 'deliveries could not be kept; the operator is asked to repeat them');
      return false;
    }
  }

  return (item, answer) => {
    items.push(item);
    answers.push(answer);
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };
}
