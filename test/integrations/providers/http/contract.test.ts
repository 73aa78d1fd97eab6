/** The provider's contract, kept over HTTP against a gateway of our own, its webhooks on a real web server. */
import { httpProvider } from '../../../../integrations/providers/http/provider.ts';
import type { Provider } from '../../../../src/dispatch/provider.ts';
import { createHttp } from '../../../../src/platform/http.ts';
import type { Log } from '../../../../src/platform/log.ts';
import { gatewayPath, mountGateways } from '../../../../src/web/gateways.ts';
import { describeProvider } from '../../../contract/provider.ts';
import { type Gateway, openGateway } from '../../../fakes/gateway.ts';
import { quickSettings } from './quick.ts';

/** As the composition root does it: the account's webhooks stand on the web server, and hand over where dispatch listens. */
function makeProvider(farEnd: Gateway, log: Log): Provider {
  const provider = httpProvider(quickSettings(farEnd.port), { log, now: () => new Date(), random: Math.random });
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
      farEnd.postTo(`${(await http.start()).url}${gatewayPath(provider.name)}`);
      await provider.start(on);
    },
    async stop() {
      await provider.stop();
      await http?.stop();
    },
  };
}

async function openFarEnd() {
  const farEnd = await openGateway();
  return { farEnd, close: () => farEnd.close() };
}

describeProvider('http', makeProvider, openFarEnd);
