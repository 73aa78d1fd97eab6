/**
 * With which token which workspace is spoken to. One workspace by a token of the configuration, or many that were installed: then
 * tokens that run out are renewed by whoever needs them first, also for news that nobody asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Lease } from '../../src/platform/lease.ts';
import type { Log } from '../../src/platform/log.ts';
import type { InstallationStore, Installed } from './installation-store.ts';
import { codeOf } from './outcome.ts';

/** A workspace that can be spoken to. */
export interface Workspace {
  readonly id: string;
  /** What accounts in it begin with: the organisation where there is one. */
  readonly accounts: string;
  readonly token: string;
  readonly botId: string;
  readonly botUserId: string;
}

export interface Workspaces {
  /** By the id of the workspace or its organisation; null where Herald is not installed. */
  workspace(id: string): Promise<Workspace | null>;
  /** Herald was taken out of it, or the token of one of these bot users was. */
  removed(id: string, botUsers?: readonly string[]): Promise<void>;
}

/** The one workspace that the token is of; whoever asks for another is told that there is none. */
export function oneWorkspace(client: webApi.WebClient, token: string, log: Log): Workspaces {
  let known: Promise<Workspace & { readonly team: string }> | null = null;
  const asked = async () => {
    const { team_id: team, enterprise_id: enterprise, bot_id: botId, user_id: botUserId } = await client.auth.test();
    if (!team || !botUserId) throw new Error('Slack does not say whose SLACK_BOT_TOKEN is');
    return { id: team, team, accounts: enterprise ?? team, token, botId: botId ?? '', botUserId };
  };
  return {
    async workspace(id) {
      known ??= asked();
      known.catch(() => {
        known = null;
      });
      const one = await known;
      return id === one.team || id === one.accounts ? one : null;
    },
    async removed(id) {
      log.error({ workspace: id }, 'Herald was taken out of Slack: SLACK_BOT_TOKEN is of no use any more');
    },
  };
}

export interface RotationOptions {
  readonly store: InstallationStore;
  /** Without a token: renewing needs none. */
  readonly client: webApi.WebClient;
  readonly clientId: string;
  readonly clientSecret: string;
  /** One holder of a name at a time; null while another has it. */
  readonly lease: (name: string, ms: number) => Promise<Lease | null>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Tokens last twelve hours, and are renewed when less than this is left. */
const RENEW_BEFORE_MS = 60 * 60_000;
/** With less left than this, nobody goes on before it is renewed. */
const URGENT_MS = 2 * 60_000;
/** After a failure, so that not everything that is said tries again. */
const AFTER_FAILURE_MS = 30_000;
const LEASE_MS = 15_000;
const POLL_MS = 50;

export function manyWorkspaces(options: RotationOptions): Workspaces {
  const { store, now, log } = options;
  const renewing = new Map<string, Promise<Installed | null>>();
  const failedAt = new Map<string, number>();

  const leftMs = ({ rotation }: Installed): number =>
    rotation ? rotation.expiresAt.getTime() - now().getTime() : Number.POSITIVE_INFINITY;

  /** A refresh token is good for one use, so of all processes one renews, and the others wait for what it got. */
  async function renewed(old: Installed): Promise<Installed | null> {
    const until = performance.now() + LEASE_MS;
    for (;;) {
      const lease = await options.lease(`slack-token:${old.id}`, LEASE_MS);
      if (lease) {
        try {
          const current = await store.installed(old.id);
          if (!current?.rotation || leftMs(current) > RENEW_BEFORE_MS) return current;
          return await renew(current, current.rotation.refreshToken);
        } finally {
          await lease.release();
        }
      }
      const current = await store.installed(old.id);
      if (!current || leftMs(current) > 0) return current;
      if (performance.now() > until) throw new Error(`the token of the Slack workspace ${old.id} could not be renewed`);
      await sleep(POLL_MS);
    }
  }

  async function renew(current: Installed, refreshToken: string): Promise<Installed> {
    try {
      const answer = await options.client.oauth.v2.access({
        client_id: options.clientId,
        client_secret: options.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      const { access_token: token, refresh_token: next, expires_in: seconds } = answer;
      if (!token || !next || !seconds) throw new Error('Slack renewed a token and did not say it');
      const rotation = { refreshToken: next, expiresAt: new Date(now().getTime() + seconds * 1000) };
      await store.renew(current.id, token, rotation);
      return { ...current, token, rotation };
    } catch (error) {
      log.warn({ workspace: current.id, code: codeOf(error) }, 'a Slack token could not be renewed');
      failedAt.set(current.id, now().getTime());
      // What is left of the old one is used; then what is posted waits.
      if (leftMs(current) > 0) return current;
      throw error;
    }
  }

  /** Of all that need it in this process, one asks. */
  function renewedOnce(old: Installed): Promise<Installed | null> {
    const begun = renewing.get(old.id);
    if (begun) return begun;
    const asking = renewed(old).finally(() => renewing.delete(old.id));
    renewing.set(old.id, asking);
    return asking;
  }

  async function usable(found: Installed): Promise<Installed | null> {
    const left = leftMs(found);
    const failed = failedAt.get(found.id);
    const isTooSoon = failed !== undefined && now().getTime() - failed < AFTER_FAILURE_MS;
    if (left >= RENEW_BEFORE_MS || (isTooSoon && left > 0)) return found;
    const asking = renewedOnce(found);
    if (left < URGENT_MS) return asking;
    // Slack waits three seconds for an answer, and what there is will do meanwhile.
    asking.catch(() => {});
    return found;
  }

  return {
    async workspace(id) {
      const found = await store.installed(id);
      const fresh = found && (await usable(found));
      if (!fresh) return null;
      const { enterprise, token, botId, botUserId } = fresh;
      return { id: fresh.id, accounts: enterprise ?? fresh.id, token, botId, botUserId };
    },
    async removed(id, botUsers) {
      await store.remove(id, botUsers);
      log.warn({ workspace: id }, 'Herald was taken out of a Slack workspace');
    },
  };
}
