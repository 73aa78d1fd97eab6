/**
 * The kinds of account that there are: what their settings are checked by, and what speaks for them. A new kind is a line here,
 * its name in `dispatch/account.ts` and its file in `integrations/providers/`.
 */
import type { z } from 'zod';
import { gatewayAccount } from '../integrations/providers/http/account.ts';
import type { AccountSettings } from '../integrations/providers/http/account-settings.ts';
import type { Gateway } from '../integrations/providers/http/gateway.ts';
import { describedGateway } from '../integrations/providers/http/provider.ts';
import { httpSettings } from '../integrations/providers/http/settings.ts';
import { infobipGateway, infobipSettings } from '../integrations/providers/infobip.ts';
import { kannelGateway, kannelSettings } from '../integrations/providers/kannel.ts';
import { smppProvider } from '../integrations/providers/smpp/provider.ts';
import { smppSettings } from '../integrations/providers/smpp/settings.ts';
import { smscGateway, smscSettings } from '../integrations/providers/smsc.ts';
import { twilioGateway, twilioSettings } from '../integrations/providers/twilio.ts';
import { type Account, type AccountKind, passwordPlace, webhookPlace } from './dispatch/account.ts';
import type { AccountStore } from './dispatch/account-store.ts';
import type { WrittenAccount } from './dispatch/accounts-file.ts';
import type { Provider, Turns } from './dispatch/provider.ts';
import type { MakeProvider } from './dispatch/room.ts';
import type { AccountTap, Taps } from './dispatch/taps.ts';
import type { WebhookRoute } from './dispatch/webhook.ts';
import type { Log } from './platform/log.ts';
import type { Keyring } from './platform/secrets.ts';
import { gatewayPath } from './web/gateways.ts';

export interface ProviderGround {
  readonly keyring: Keyring;
  readonly log: Log;
  /** Where the web server is reached from outside; null when nowhere. */
  readonly publicUrl: string | null;
  /** Who listens along on an account, while somebody checks it. */
  readonly taps?: Taps;
}

type Deps = {
  readonly log: Log;
  readonly now: () => Date;
  readonly random: () => number;
  readonly turns?: Turns;
  readonly tap?: () => AccountTap | null;
};

interface Kind {
  readonly settings: z.ZodType;
  make(settings: unknown, deps: Deps): Provider;
  webhooks(settings: unknown): readonly WebhookRoute[];
}

/** A kind that is spoken to by HTTP. */
const byHttp = <S extends AccountSettings>(settings: z.ZodType<S>, gateway: (settings: S) => Gateway): Kind => ({
  settings,
  make(unread, deps) {
    const read = settings.parse(unread);
    return gatewayAccount(gateway(read), read, deps);
  },
  webhooks: (unread) => gateway(settings.parse(unread)).webhooks,
});

const KINDS: Readonly<Record<AccountKind, Kind>> = {
  smpp: {
    settings: smppSettings,
    make: (settings, deps) => smppProvider(smppSettings.parse(settings), deps),
    webhooks: () => [],
  },
  http: byHttp(httpSettings, describedGateway),
  infobip: byHttp(infobipSettings, infobipGateway),
  kannel: byHttp(kannelSettings, kannelGateway),
  smsc: byHttp(smscSettings, smscGateway),
  twilio: byHttp(twilioSettings, twilioGateway),
};

/**
 * What is wrong with the settings of an account in the admin's file, each with its place; nothing when all is well. A secret
 * for webhooks may be left out of the file once it is kept.
 */
export function settingsProblems(written: WrittenAccount, hasKept: boolean): readonly string[] {
  const { kind, name, settings, password = '', webhookSecret, partsPerSecond, window } = written;
  const secrets = { password, ...(kind !== 'smpp' && { webhookSecret: webhookSecret ?? (hasKept ? KEPT : '') }) };
  const reading = KINDS[kind].settings.safeParse({ window, ...settings, name, ...secrets, partsPerSecond });
  return (reading.error?.issues ?? []).map(
    ({ path, message }) => `${name}.${path[0] === 'webhookSecret' ? '' : 'settings.'}${path.join('.')}: ${message}`,
  );
}

/** Stands for a secret that is not in the file any more; every kind takes it. */
const KEPT = 'kept-from-an-earlier-start';

/** `now`: the time that all processes agree on; it says which messages are too late to be sent. */
export function providersWith(ground: ProviderGround, now: () => Date = () => new Date()): MakeProvider {
  return (account, { partsPerSecond, turns }) =>
    KINDS[account.kind].make(settingsOf(ground, account, partsPerSecond), {
      log: ground.log,
      now,
      random: Math.random,
      ...(turns && { turns }),
      ...(ground.taps && { tap: () => ground.taps!(account.name) }),
    });
}

/** Accounts are read anew after so long: they change at a start, and receipts come by the thousand. */
const FRESH_MS = 5_000;

/** The webhooks of every account in use, by its name. What is wrong with one account is thrown only to who asks for that one. */
export function webhooksWith(ground: ProviderGround, store: AccountStore) {
  let inUse = new Map<string, Account>();
  let known = new Map<string, readonly WebhookRoute[]>();
  let readAt = Number.NEGATIVE_INFINITY;
  return async (name: string): Promise<readonly WebhookRoute[] | null> => {
    if (performance.now() - readAt > FRESH_MS) {
      const enabled = (await store.accounts()).filter((account) => account.enabled);
      inUse = new Map(enabled.map((account) => [account.name, account]));
      known = new Map();
      readAt = performance.now();
    }
    const account = inUse.get(name);
    if (!account) return null;
    const routes = known.get(name) ?? KINDS[account.kind].webhooks(settingsOf(ground, account, account.partsPerSecond));
    known.set(name, routes);
    return routes;
  };
}

function settingsOf({ keyring, publicUrl }: ProviderGround, account: Account, partsPerSecond: number): unknown {
  const { name, window, settings, secret, webhookSecret } = account;
  const { sandbox: _sandbox, ...own } = settings;
  const password = secret ? keyring.open(secret, passwordPlace(name)) : '';
  const shared = { window, ...own, name, password, partsPerSecond };
  if (account.kind === 'smpp') return shared;
  return {
    ...shared,
    webhookSecret: webhookSecret ? keyring.open(webhookSecret, webhookPlace(name)) : '',
    webhooksUrl: publicUrl === null ? '' : `${publicUrl}${gatewayPath(name)}`,
  };
}
