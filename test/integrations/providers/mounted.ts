/**
 * Accounts by HTTP under contract: as the composition root does it, their webhooks stand on a real web server and hand over
 * where dispatch listens.
 */
import { type AccountDeps, gatewayAccount, type HttpProvider } from '../../../integrations/providers/http/account.ts';
import type { AccountSettings } from '../../../integrations/providers/http/account-settings.ts';
import type { Gateway } from '../../../integrations/providers/http/gateway.ts';
import type { Provider } from '../../../src/dispatch/provider.ts';
import { createHttp } from '../../../src/platform/http.ts';
import type { Log } from '../../../src/platform/log.ts';
import { gatewayPath, mountGateways } from '../../../src/web/gateways.ts';
import { type Cannot, describeProvider } from '../../contract/provider.ts';
import { type Dialect, type FakeGateway, openFakeGateway, PUBLIC_URL } from '../../fakes/gateways/server.ts';

/** The provider with its webhooks on a server of its own, whose address is told once it listens. */
export function mounted(
  make: (deps: AccountDeps) => HttpProvider,
  log: Log,
  listens: (url: string, path: string) => void,
): Provider {
  const provider = make({ log, now: () => new Date(), random: Math.random });
  let http: ReturnType<typeof createHttp> | null = null;
  return {
    ...provider,
    async start(on) {
      http = createHttp({ host: '127.0.0.1', port: 0, log });
      mountGateways(http.app, {
        routes: async (account) => (account === provider.name ? provider.webhooks : null),
        take: on,
        now: () => new Date(),
        log,
      });
      listens((await http.start()).url, gatewayPath(provider.name));
      await provider.start(on);
    },
    async stop() {
      await provider.stop();
      await http?.stop();
    },
  };
}

/** Deadlines as short as a busy machine allows. */
export const QUICK = {
  partsPerSecond: 5_000,
  window: 5,
  allowPrivate: true,
  connectTimeoutMs: 500,
  answerTimeoutMs: 1_000,
  probeMs: 30,
  throttle: { firstMs: 10, longestMs: 20 },
};

export const webhooksUrlOf = (account: string): string => `${PUBLIC_URL}${gatewayPath(account)}`;

/** One id stands for all parts of a message. */
const ONE_ID = 'the gateway gives one id for all parts of a message';
export const ONE_ID_A_MESSAGE: Cannot = {
  'gives one id per part, in the order of the parts': ONE_ID,
  'hands over a receipt for every part': ONE_ID,
};

/** Plays the contract of providers through the gateway of this dialect. */
export function describeGateway<S extends AccountSettings>(
  name: string,
  dialect: Dialect,
  settingsFor: (farEnd: FakeGateway) => S,
  gateway: (settings: S) => Gateway,
  cannot: Cannot = ONE_ID_A_MESSAGE,
): void {
  describeProvider(
    name,
    (farEnd: FakeGateway, log) => {
      const settings = settingsFor(farEnd);
      return mounted(
        (deps) => gatewayAccount(gateway(settings), settings, deps),
        log,
        (url) => farEnd.reachHerald(url),
      );
    },
    async () => {
      const farEnd = await openFakeGateway(dialect);
      return { farEnd, close: () => farEnd.close() };
    },
    cannot,
  );
}
