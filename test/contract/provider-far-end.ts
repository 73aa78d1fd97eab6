/** The other side of a provider under contract: what the suite asks of an operator or gateway, whatever its protocol. */
import type { Inbound, OutboundSms, Provider, ProviderHealth, Receipt } from '../../src/dispatch/provider.ts';
import { encodingOf } from '../../src/messages/encoding.ts';
import { measure } from '../../src/messages/parts.ts';
import { asE164 } from '../../src/messages/phone.ts';
import type { Log } from '../../src/platform/log.ts';

/** A message as the far end took it, read from the wire by its own decoder. */
export interface Taken {
  /** E.164. */
  readonly to: string;
  readonly sender: string;
  /** Whole, put together from its parts. */
  readonly text: string;
  /** Ids of the parts in their order, as the far end gave them out. */
  readonly ids: readonly string[];
}

/** How the far end treats what it is sent from now on. */
export type Behaviour =
  | 'takes' // answers, and sends a receipt soon
  | 'takes-slowly' // answers after a moment, longer than it takes to look
  | 'throttles' // says "too fast" to everything
  | 'takes-in-silence' // takes it, and never answers
  | 'hangs-up' // takes it, and closes the connection instead of answering
  | 'receipt-first'; // sends the receipt before the answer

export interface FarEnd {
  /** Whatever must not be seen in a log: passwords, tokens. */
  readonly secrets: readonly string[];
  /** The account's name, as receipts carry it. */
  readonly account: string;
  /** A number that the far end says is none; always refused. */
  readonly badNumber: string;
  behave(behaviour: Behaviour): void;
  /** All that it took, in order. */
  taken(): readonly Taken[];
  /** A customer writes. `from` in E.164. */
  customerWrites(sms: { readonly from: string; readonly to: string; readonly text: string }): void;
  /** Deliveries that the provider has not acknowledged yet. */
  unacknowledged(): number;
  /** Closes every connection, and takes none (true) or takes them again (false). */
  goAway(away: boolean): void;
}

/** Makes the provider under test, over the far end, writing to `log`. Its deadlines are to be a fraction of a second. */
export type MakeProvider<F extends FarEnd> = (farEnd: F, log: Log) => Provider;

let made = 0;

/** A message ready to go, priced as it will be sent. */
export function outbound(text: string, over: Partial<OutboundSms> = {}): OutboundSms {
  const number = 79160000000 + ++made;
  return {
    ref: `1:${made}`,
    to: asE164(`+${number}`)!,
    sender: 'Herald',
    text,
    encoding: encodingOf(text),
    parts: measure(text).parts,
    ...over,
  };
}

/** Everything a provider logs, before any masking: the provider itself must not put people into it. */
export interface CapturedLog extends Log {
  readonly lines: readonly string[];
}

export function capturedLog(): CapturedLog {
  const lines: string[] = [];
  const log = (bound: object): Log => {
    const line = (first: string | object, sentence?: string) => {
      lines.push(JSON.stringify([bound, first, sentence], plainErrors));
    };
    return { debug: line, info: line, warn: line, error: line, child: (fields) => log({ ...bound, ...fields }) };
  };
  return Object.assign(log({}), { lines });
}

const plainErrors = (_: string, value: unknown): unknown =>
  value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value;

/** What a provider handed over, and a switch that makes keeping it fail. */
export interface Kept {
  readonly receipts: readonly Receipt[];
  readonly inbound: readonly Inbound[];
  readonly health: readonly ProviderHealth[];
  /** The next `count` calls are rejected, as when the database is away. */
  failNext(count: number): void;
  /** Calls so far, and how many of them were rejected. */
  readonly calls: number;
  readonly failed: number;
}

/** Starts the provider, keeping what it hands over, and waits until it is up. */
export async function startKept(provider: Provider, untilUp = true): Promise<Kept> {
  const receipts: Receipt[] = [];
  const inbound: Inbound[] = [];
  const health: ProviderHealth[] = [];
  let failing = 0;
  const kept = {
    receipts,
    inbound,
    health,
    calls: 0,
    failed: 0,
    failNext(count: number) {
      failing = count;
    },
  };
  const keep = async <T>(batch: readonly T[], into: T[]): Promise<void> => {
    kept.calls++;
    await new Promise(setImmediate);
    if (failing > 0) {
      failing--;
      kept.failed++;
      throw new Error('the database is away');
    }
    into.push(...batch);
  };
  const up = Promise.withResolvers<void>();
  await provider.start({
    receipts: (batch) => keep(batch, receipts),
    inbound: (batch) => keep(batch, inbound),
    healthChanged(now) {
      health.push(now);
      if (now.up) up.resolve();
    },
  });
  if (untilUp) await up.promise;
  return kept;
}
