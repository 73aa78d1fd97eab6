/**
 * An account at a gateway that is reached by HTTP: the contract of `dispatch/provider.ts` over single requests, for whatever
 * gateway. A request without an answer leaves all its messages `unknown`, and is never repeated.
 */
import type {
  FailureCode,
  OutboundSms,
  Provider,
  ProviderEvents,
  ProviderHealth,
  SendOutcome,
  Turns,
} from '../../../src/dispatch/provider.ts';
import type { WebhookRoute } from '../../../src/dispatch/webhook.ts';
import { measure } from '../../../src/messages/parts.ts';
import type { Log } from '../../../src/platform/log.ts';
import { doubled, ownTurns, throttle } from '../backoff.ts';

import type { AccountSettings } from './account-settings.ts';
import { inRequests, roomOfRequest } from './batch.ts';
import { gate } from './gate.ts';
import type { Gateway } from './gateway.ts';
import { guardedAgent } from './guard.ts';
import { reach } from './reach.ts';
import { submit } from './submit.ts';

export interface AccountDeps {
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic?: () => number;
  /** Its part of what all sessions of the account may send; by its own settings where it is alone. */
  readonly turns?: Turns;
}

export type HttpProvider = Provider & { readonly webhooks: readonly WebhookRoute[] };

/** A gateway that cannot be reached is looked for this soon, then ever later up to `probeMs`. */
const FIRST_PROBE_MS = 250;

export function gatewayAccount(gateway: Gateway, settings: AccountSettings, deps: AccountDeps): HttpProvider {
  const { now, random, monotonic = () => performance.now() } = deps;
  const log = deps.log.child({ provider: settings.name });
  const { partsPerSecond, window } = settings;
  const room = roomOfRequest(gateway.batch, settings);
  const agent = guardedAgent(gateway.url, { ...settings, most: room.requests });
  const bucket = deps.turns ?? ownTurns(partsPerSecond, monotonic());
  if (room.burst !== undefined) bucket.makeRoom(room.burst);
  const rest = throttle(settings.throttle, random);
  const lanes = gate(room.requests);
  /** One request at a time gathers its turns, so that none goes out with what several have gathered. */
  const line = gate(1);
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
    const why = await reach(gateway.url, settings);
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
    const afterMs = restMs();
    return afterMs > 0 ? { ...later('throttled', 'resting'), afterMs } : null;
  }

  const restMs = (): number => Math.ceil(Math.max(rest.pauseMs(monotonic()), restUntil - monotonic(), 0));

  /** Messages have so many turns in the bucket as they have parts. */
  function turns(messages: readonly OutboundSms[], signal: AbortSignal): Promise<SendOutcome | null> {
    return line.through(async () => {
      const parts = messages.reduce((sum, one) => sum + one.parts, 0);
      bucket.makeRoom(parts);
      while (!bucket.take(monotonic(), parts)) {
        const wait = stands(signal);
        if (wait) return wait;
        await pauseFor(bucket.waitMs(monotonic(), parts));
      }
      return stands(signal);
    });
  }

  /** One request; an outcome for each of its messages. */
  async function sendTogether(messages: readonly OutboundSms[], signal: AbortSignal): Promise<readonly SendOutcome[]> {
    const wait = stands(signal) ?? (await turns(messages, signal));
    if (wait) return messages.map(() => wait);
    const unfit = messages.map((sms) => misfit(sms, now()));
    const fit = messages.filter((_, index) => unfit[index] === null);
    if (fit.length === 0) return unfit.filter((one) => one !== null);
    const sentAt = monotonic();
    const said = heed(await submit(gateway.submission(fit, now()), fit.length, settings, agent, now), sentAt).values();
    return unfit.map((one) => one ?? said.next().value!);
  }

  /** What an answer says of the account as a whole. */
  function heed(outcomes: readonly SendOutcome[], sentAt: number): readonly SendOutcome[] {
    if (outcomes.some(({ kind }) => kind === 'accepted')) rest.taken(sentAt);
    const away = outcomes.find(is('not-connected'));
    if (away && health.up) {
      see(away.why.detail);
      clearTimeout(probing);
      probing = setTimeout(() => void probe(), FIRST_PROBE_MS);
    }
    const throttled = outcomes.filter(is('throttled'));
    if (throttled.length === 0) return outcomes;
    rest.throttled(sentAt, monotonic());
    bucket.slowDown(sentAt);
    restUntil = Math.max(restUntil, monotonic() + Math.max(...throttled.map(({ afterMs = 0 }) => afterMs)));
    return outcomes.map((one) => (is('throttled')(one) ? { ...one, afterMs: restMs() } : one));
  }

  return {
    name: settings.name,
    limits: {
      partsPerSecond,
      inFlight: window,
      batch: Math.max(1, Math.min(settings.batch, Math.ceil(partsPerSecond))),
    },
    webhooks: gateway.webhooks,
    async start(on) {
      if (events) throw new Error(`the account ${settings.name} was started twice`);
      events = on;
      void probe();
    },
    health: () => health,
    async send(batch, signal, onOutcome) {
      const outcomes: SendOutcome[] = new Array(batch.length);
      const sending = Promise.all(
        inRequests(batch, room).map((places) =>
          lanes.through(async () => {
            const said = await sendTogether(
              places.map((place) => batch[place]!),
              signal,
            );
            for (const [nth, place] of places.entries()) {
              outcomes[place] = said[nth]!;
              onOutcome?.(place, said[nth]!, false);
            }
          }),
        ),
      );
      underWay.add(sending);
      await sending.finally(() => underWay.delete(sending));
      return outcomes;
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

type Later = SendOutcome & { kind: 'later' };

const is =
  (code: FailureCode) =>
  (outcome: SendOutcome): outcome is Later =>
    outcome.kind === 'later' && outcome.why.code === code;

const later = (code: 'not-connected' | 'throttled', detail: string): Later => ({
  kind: 'later',
  why: { code, detail },
});

/** Why this message is not sent at all; null when it may be. */
function misfit(sms: OutboundSms, now: Date): SendOutcome | null {
  const refused = (code: FailureCode, detail: string): SendOutcome => ({ kind: 'refused', why: { code, detail } });
  if (measure(sms.text).parts !== sms.parts) return refused('our-fault', 'it makes another number of parts');
  if (sms.validUntil && sms.validUntil <= now) return refused('expired', 'too late');
  return null;
}

const pauseFor = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(1, Math.ceil(ms))));
