/**
 * How Slack tells an app what happened: signed by HTTP, or over Socket Mode; acknowledged within three seconds, or an event comes up
 * to three times more under the same id, with the number and the reason of the retry.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerSocket } from './web-socket.ts';

export type Kind = 'events_api' | 'slash_commands' | 'interactive';

export interface Told {
  readonly kind: Kind;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly tries: readonly { readonly reason: string | null; readonly acked: boolean }[];
  /** What came with the acknowledgement. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly acked: boolean;
}

export interface DeliveryOptions {
  readonly signingSecret: string;
  /** Where the app listens; null for Socket Mode. */
  readonly url: string | null;
  readonly ackMs: number;
  /** Between tries of an event; Slack's are at once, after a minute, after five. */
  readonly retryMs: readonly number[];
  readonly now: () => number;
}

interface Try {
  readonly acked: boolean;
  readonly reason: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  tell(kind: Kind, payload: Told['payload']): Promise<Told>;
  /** One more try of what was told last, whatever came of it. */
  again(): Promise<Told>;
  /** All that was told has been acknowledged. */
  isHeard(): boolean;
  readonly told: readonly Told[];
  connected(socket: ServerSocket): void;
  acknowledged(envelope: string, answer: Told['answer']): void;
  disconnected(socket: ServerSocket): void;
  readonly sockets: ReadonlySet<ServerSocket>;
  /** By HTTP from now on, here. */
  listensAt(url: string): void;
  stop(): void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const told: Told[] = [];
  const sockets = new Set<ServerSocket>();
  const awaited = new Map<string, (answer: Told['answer']) => void>();
  const stopping = new AbortController();
  let underWay = 0;
  let { url } = options;

  async function tell(kind: Kind, payload: Told['payload'], from = 0, retries = options.retryMs): Promise<Told> {
    underWay += 1;
    const tries: { reason: string | null; acked: boolean }[] = [];
    const most = kind === 'events_api' ? retries.length : 0;
    let last: Try = { acked: false, reason: '', answer: {} };
    for (let number = 0; number <= most && !last.acked && !stopping.signal.aborted; number++) {
      if (number > 0) await sleep(retries[number - 1]!, null, { signal: stopping.signal }).catch(() => {});
      const reason = number + from > 0 ? last.reason || 'http_timeout' : null;
      last = await tried(kind, payload, number + from, reason);
      tries.push({ reason, acked: last.acked });
    }
    underWay -= 1;
    const one: Told = { kind, payload, tries, answer: last.answer, acked: last.acked };
    told.push(one);
    return one;
  }

  const tried = (kind: Kind, payload: Told['payload'], number: number, reason: string | null): Promise<Try> =>
    url === null ? bySocket(kind, payload, number, reason) : byHttp(url, kind, payload, number, reason);

  async function byHttp(
    at: string,
    kind: Kind,
    payload: Told['payload'],
    number: number,
    reason: string | null,
  ): Promise<Try> {
    const body = bodyOf(kind, payload);
    const timestamp = String(Math.floor(options.now() / 1000));
    try {
      const response = await fetch(at, {
        method: 'POST',
        body,
        headers: {
          'content-type': kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signature(options.signingSecret, timestamp, body),
          ...(reason !== null && { 'x-slack-retry-num': String(number), 'x-slack-retry-reason': reason }),
        },
        signal: AbortSignal.timeout(options.ackMs),
      });
      const answer = readAnswer(await response.text());
      return { acked: response.status === 200, reason: 'http_error', answer };
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === 'TimeoutError';
      return { acked: false, reason: isLate ? 'http_timeout' : 'connection_failed', answer: {} };
    }
  }

  async function bySocket(kind: Kind, payload: Told['payload'], number: number, reason: string | null): Promise<Try> {
    const envelope = randomUUID();
    const { promise, resolve } = Promise.withResolvers<Told['answer']>();
    awaited.set(envelope, resolve);
    const [socket] = [...sockets].slice(-1);
    const retry = kind === 'events_api' ? { retry_attempt: number, retry_reason: reason ?? '' } : {};
    socket?.send(
      JSON.stringify({
        envelope_id: envelope,
        type: kind,
        payload,
        accepts_response_payload: kind !== 'events_api',
        ...retry,
      }),
    );
    const answer = await Promise.race([promise, sleep(options.ackMs, null, { ref: false })]);
    awaited.delete(envelope);
    return { acked: answer !== null, reason: 'timeout', answer: answer ?? {} };
  }

  return {
    tell,
    again: () => {
      const last = told.at(-1);
      if (!last) throw new Error('nothing was told yet');
      return tell(last.kind, last.payload, last.kind === 'events_api' ? 1 : 0, []);
    },
    isHeard: () => underWay === 0 && told.every(({ acked }) => acked),
    told,
    connected: (socket) => void sockets.add(socket),
    acknowledged: (envelope, answer) => awaited.get(envelope)?.(answer),
    disconnected: (socket) => void sockets.delete(socket),
    sockets,
    listensAt(at) {
      url = at;
    },
    stop: () => stopping.abort(),
  };
}

/** `v0=` and the hash of version, time and body (docs.slack.dev/authentication/verifying-requests-from-slack). */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

export function bodyOf(kind: Kind, payload: Told['payload']): string {
  if (kind === 'events_api') return JSON.stringify(payload);
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(payload as Record<string, string>).toString();
}

function readAnswer(body: string): Told['answer'] {
  if (body === '') return {};
  try {
    return JSON.parse(body) as Told['answer'];
  } catch {
    return { text: body };
  }
}
