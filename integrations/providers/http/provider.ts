/**
 * An account at a gateway that is reached by HTTP, configured without code: the contract of `dispatch/provider.ts` over single
 * requests. A request without an answer leaves its message `unknown`, and is never repeated.
 */
import { connect, isIP } from 'node:net';
import type {
  OutboundSms,
  Provider,
  ProviderEvents,
  ProviderHealth,
  SendOutcome,
} from '../../../src/dispatch/provider.ts';
import type { WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { measure } from '../../../src/messages/parts.ts';
import type { Log } from '../../../src/platform/log.ts';
import { doubled, throttle } from '../backoff.ts';
import { pace } from '../pace.ts';
import { type Gate, gate } from './gate.ts';
import { guardedAgent, isPublic, PRIVATE_ADDRESS, publicLookup } from './guard.ts';
import { requestFor } from './request.ts';
import type { HttpSettings } from './settings.ts';
import { submit } from './submit.ts';
import { webhooksOf } from './webhook.ts';

export interface HttpDeps {
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic?: () => number;
}

/** A gateway that cannot be reached is looked for this soon, then ever later up to `probeMs`. */
const FIRST_PROBE_MS = 250;

export function httpProvider(
  settings: HttpSettings,
  deps: HttpDeps,
): Provider & { readonly webhooks: readonly WebhookRoute[] } {
  const { now, random, monotonic = () => performance.now() } = deps;
  const log = deps.log.child({ provider: settings.name });
  const { allowPrivate, connectTimeoutMs, window } = settings;
  const agent = guardedAgent(settings.submit.url, { allowPrivate, connectTimeoutMs, most: window });
  const bucket = pace(settings.partsPerSecond, monotonic());
  const rest = throttle(settings.throttle, random);
  const lanes: Gate = gate(window);
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let restUntil = 0;
  let events: ProviderEvents | null = null;
  let health: ProviderHealth = { up: false, since: now(), why: 'not started' };
  let probing: NodeJS.Timeout | undefined;
  let failedProbes = 0;

  function see(why: string | null): void {
    if (health.up ? why === null : why === health.why) return;
    const since = health.up === (why === null) ? health.since : now();
    health = why === null ? { up: true, since } : { up: false, since, why };
    if (health.up) log.info({}, 'up');
    else log[stopping.signal.aborted ? 'info' : 'warn']({ why: health.why }, 'down');
    events?.healthChanged?.(health);
  }

  async function probe(): Promise<void> {
    const why = await reach(settings);
    if (stopping.signal.aborted) return;
    failedProbes = why === null ? 0 : failedProbes + 1;
    see(why);
    const soon = doubled(
      { firstMs: Math.min(FIRST_PROBE_MS, settings.probeMs), longestMs: settings.probeMs },
      failedProbes,
    );
    probing = setTimeout(() => void probe(), why === null ? settings.probeMs : soon);
  }

  /** Why nothing may be sent just now; null when it may. */
  function stands(signal: AbortSignal): SendOutcome | null {
    if (stopping.signal.aborted || signal.aborted) return later('not-connected', 'stopping');
    if (!health.up) return later('not-connected', health.why);
    const afterMs = Math.max(rest.pauseMs(monotonic()), restUntil - monotonic());
    return afterMs > 0 ? { ...later('throttled', 'resting'), afterMs: Math.ceil(afterMs) } : null;
  }

  async function sendOne(sms: OutboundSms, signal: AbortSignal): Promise<SendOutcome> {
    if (measure(sms.text).parts !== sms.parts) return refused('our-fault', 'it makes another number of parts');
    if (sms.validUntil && sms.validUntil <= now()) return refused('expired', 'too late');
    // A message has so many turns in the bucket as it has parts.
    for (let part = 0; part < sms.parts; part++) {
      while (!bucket.take(monotonic())) {
        await pauseFor(bucket.waitMs(monotonic()));
        const wait = stands(signal);
        if (wait) return wait;
      }
    }
    const wait = stands(signal);
    if (wait) return wait;
    const sentAt = monotonic();
    const outcome = await submit(requestFor(sms, settings, now()), settings, agent, now);
    return heed(outcome, sentAt);
  }

  /** What an answer says of the account as a whole. */
  function heed(outcome: SendOutcome, sentAt: number): SendOutcome {
    if (outcome.kind === 'accepted') rest.taken(sentAt);
    if (outcome.kind !== 'later') return outcome;
    if (outcome.why.code === 'not-connected' && health.up) {
      see(outcome.why.detail);
      clearTimeout(probing);
      probing = setTimeout(() => void probe(), FIRST_PROBE_MS);
    }
    if (outcome.why.code !== 'throttled') return outcome;
    rest.throttled(sentAt, monotonic());
    restUntil = Math.max(restUntil, monotonic() + (outcome.afterMs ?? 0));
    return { ...outcome, afterMs: Math.ceil(Math.max(rest.pauseMs(monotonic()), restUntil - monotonic())) };
  }

  return {
    name: settings.name,
    limits: {
      partsPerSecond: settings.partsPerSecond,
      inFlight: window,
      batch: Math.max(1, Math.min(settings.batch, Math.ceil(settings.partsPerSecond))),
    },
    webhooks: webhooksOf(settings),
    async start(on) {
      if (events) throw new Error(`the account ${settings.name} was started twice`);
      events = on;
      void probe();
    },
    health: () => health,
    async send(batch, signal, onOutcome) {
      const sending = Promise.all(
        batch.map((sms, index) =>
          lanes.through(async () => {
            const outcome = stands(signal) ?? (await sendOne(sms, signal));
            onOutcome?.(index, outcome, false);
            return outcome;
          }),
        ),
      );
      underWay.add(sending);
      return sending.finally(() => underWay.delete(sending));
    },
    async stop() {
      stopping.abort();
      clearTimeout(probing);
      await Promise.allSettled(underWay);
      agent.destroy();
      see('stopped');
    },
  };
}

const refused = (code: 'our-fault' | 'expired', detail: string): SendOutcome => ({
  kind: 'refused',
  why: { code, detail },
});

const later = (code: 'not-connected' | 'throttled', detail: string): SendOutcome & { kind: 'later' } => ({
  kind: 'later',
  why: { code, detail },
});

const pauseFor = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(1, Math.ceil(ms))));

/** Why the gateway cannot be reached, in its code; null when it can. Nothing is sent. */
function reach({ submit, allowPrivate, connectTimeoutMs }: HttpSettings): Promise<string | null> {
  const { hostname, port, protocol } = new URL(submit.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) return Promise.resolve(PRIVATE_ADDRESS);
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      ...(!allowPrivate && { lookup: publicLookup }),
    });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(connectTimeoutMs, () => end('no connection in time'));
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'unknown error'));
  });
}
