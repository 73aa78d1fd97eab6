/**
 * An account at an operator that is reached by SMPP 3.4: the contract of `dispatch/provider.ts` over sessions that are
 * kept bound. It sends what it is given once and never again by itself, except the throttled part of a message whose
 * other parts were taken. After an abort or a stop it finishes the messages that have begun: nobody else may.
 *
 * @example
 * const provider = smppProvider(smppSettings.parse({ name: 'acme', host, port, systemId, password, partsPerSecond: 100 }),
 *   { log, now: () => new Date(), random: Math.random });
 */
import type { Provider, ProviderEvents, ProviderHealth, Turns } from '../../../src/dispatch/provider.ts';
import type { Log } from '../../../src/platform/log.ts';
import { type Incoming, incoming } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import { receiptIds } from './receipt-ids.ts';
import { keepBound, type Link } from './reconnect.ts';
import { type Role, SmppSession } from './session.ts';
import type { SmppSettings } from './settings.ts';
import type { Tap } from './tap.ts';

export interface SmppDeps {
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Milliseconds of a clock that nobody sets; the process's own when left out. */
  readonly monotonic?: () => number;
  /** Its part of what all sessions of the account may send; by its own settings where it is alone. */
  readonly turns?: Turns;
  /** Who listens along now. */
  readonly tap?: () => Tap | null;
}

export function smppProvider(settings: SmppSettings, deps: SmppDeps): Provider {
  const log = deps.log.child({ provider: settings.name });
  const clock = { log, now: deps.now, random: deps.random, monotonic: deps.monotonic ?? (() => performance.now()) };
  const roles: readonly Role[] = settings.bindMode === 'pair' ? ['transmitter', 'receiver'] : ['transceiver'];
  let links: readonly Link[] = [];
  let events: ProviderEvents | null = null;
  let deliveries: Incoming | null = null;
  let stopping: Promise<void> | null = null;
  let health: ProviderHealth = { up: false, since: deps.now(), why: 'not started' };

  const ids = receiptIds(settings.receiptIdBase, (base) => log.info({ base }, 'learnt how its receipts write ids'));
  const outgoing = new Outgoing(settings, {
    ...clock,
    turns: deps.turns,
    named: ids.answered,
    session: () => links[0]?.bound ?? null,
    away: () => ({ detail: downBecause(links.slice(0, 1)) ?? 'not started', retryInMs: links[0]?.retryInMs() ?? 0 }),
  });

  function moved(): void {
    seeHealth();
    outgoing.pumpSoon();
  }

  function seeHealth(): void {
    const why = downBecause(links);
    if (health.up ? why === null : why === health.why) return;
    const since = health.up === (why === null) ? health.since : deps.now();
    health = why === null ? { up: true, since, sandbox: links.every(isAtSandbox) } : { up: false, since, why };
    if (health.up) log.info({}, 'up');
    // An end that was asked for is no trouble; a session lost on the way there is told by its own line.
    else log[stopping ? 'info' : 'warn']({ why: health.why }, 'down');
    try {
      events?.healthChanged?.(health);
    } catch (err) {
      log.error({ err }, 'a listener of health failed');
    }
  }

  async function stop(): Promise<void> {
    await outgoing.drain();
    await deliveries?.idle();
    await Promise.all(links.map((link) => link.stop()));
    deliveries?.close();
  }

  return {
    name: settings.name,
    limits: {
      partsPerSecond: settings.partsPerSecond,
      inFlight: settings.window,
      batch: Math.max(1, Math.min(settings.batch, Math.ceil(settings.partsPerSecond))),
    },

    async start(on) {
      if (events) throw new Error(`the account ${settings.name} was started twice`);
      events = on;
      const taker = incoming(settings, on, { ...clock, receiptId: ids.read });
      deliveries = taker;
      links = roles.map((role) =>
        keepBound(role, settings, {
          ...clock,
          open: (session) => new SmppSession(settings, role, clock.monotonic, session, deps.tap),
          delivered: (frame, respond) => taker.take(frame, respond),
          moved,
        }),
      );
      seeHealth();
    },

    health: () => health,
    send: (batch, signal, onOutcome) => outgoing.send(batch, signal, onOutcome),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

const isAtSandbox = ({ bound }: Link): boolean => bound?.isSandbox ?? false;

/** What keeps an account down; null when all its sessions are bound and answer. */
function downBecause(links: readonly Link[]): string | null {
  for (const { bound, why, role } of links) {
    const reason = bound === null ? why : bound.whyNotReady;
    if (reason !== null) return links.length > 1 ? `${role}: ${reason}` : reason;
  }
  return links.length === 0 ? 'not started' : null;
}
