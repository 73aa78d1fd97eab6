/**
 * Keeps one session of an account bound: opens it, and opens the next one when it ends, after a delay that doubles from
 * the first to the longest with full jitter. A session that held for a while starts the delays anew.
 */
import type { Log } from '../../../src/platform/log.ts';
import { reconnectDelayMs } from '../backoff.ts';
import { isCredentialStatus, statusText } from './answers.ts';
import type { Ended, Role, SessionEvents, SmppSession } from './session.ts';
import type { SmppSettings } from './settings.ts';

export interface Link {
  readonly role: Role;
  /** The session, once it is bound and until it ends. */
  readonly bound: SmppSession | null;
  /** Why there is none. */
  readonly why: string;
  /** Milliseconds until the next try; 0 when one is under way. */
  retryInMs(): number;
  /** Unbinds and stays away; resolves when the socket is closed. */
  stop(): Promise<void>;
}

export interface LinkDeps {
  readonly log: Log;
  readonly monotonic: () => number;
  readonly random: () => number;
  open(events: SessionEvents): SmppSession;
  /** As the session's own, but for `bound` and `ended`, after which the link has changed. */
  readonly delivered: SessionEvents['delivered'];
  readonly moved: () => void;
}

export function keepBound(role: Role, settings: SmppSettings, deps: LinkDeps): Link {
  const { log, monotonic, random } = deps;
  const { reconnect } = settings;
  let session: SmppSession | null = null;
  let boundAt: number | null = null;
  let attempt = 0;
  let why = 'connecting';
  let retryAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped: (() => void) | null = null;

  function open(): void {
    retryAt = 0;
    session = deps.open({
      bound() {
        boundAt = monotonic();
        log.info({ role }, 'bound');
        deps.moved();
      },
      delivered: deps.delivered,
      moved: deps.moved,
      ended,
    });
  }

  function ended(end: Ended): void {
    const held = boundAt === null ? 0 : monotonic() - boundAt;
    session = null;
    boundAt = null;
    why = reason(end);
    if (stopped) finish();
    else openLater(end, held);
  }

  function openLater(end: Ended, heldMs: number): void {
    if (heldMs >= reconnect.stableMs) attempt = 0;
    const delay = delayAfter(end);
    retryAt = monotonic() + delay;
    timer = setTimeout(open, delay);
    log.warn({ role, why, inMs: delay }, 'the session ended; it will be opened again');
    deps.moved();
  }

  /** Where the password is refused, trying often locks the account. */
  function delayAfter(end: Ended): number {
    if (end.kind === 'bind-refused' && isCredentialStatus(end.status)) return reconnect.longestMs;
    return reconnectDelayMs(reconnect, attempt++, random);
  }

  function finish(): void {
    clearTimeout(timer);
    why = 'stopped';
    deps.moved();
    stopped?.();
  }

  open();
  return {
    role,
    get bound() {
      return boundAt === null ? null : session;
    },
    get why() {
      return why;
    },
    retryInMs: () => Math.max(0, retryAt - monotonic()),
    stop: () =>
      new Promise((resolve) => {
        stopped = resolve;
        if (session) session.unbind();
        else finish();
      }),
  };
}

function reason(end: Ended): string {
  switch (end.kind) {
    case 'bind-refused':
      return `bind refused: ${statusText(end.status)}`;
    case 'lost':
      return end.detail;
    case 'stopped':
      return 'stopped';
  }
}
