/** The provider's contract, kept over HTTP against a gateway of our own, its webhooks on a real web server. */
import { describeProvider } from '../../../contract/provider.ts';
import { type Gateway, openGateway } from '../../../fakes/gateway.ts';
import { mounted } from '../mounted.ts';
import { describedAccount, quickSettings } from './quick.ts';

describeProvider(
  'http',
  (farEnd: Gateway, log) =>
    mounted(
      (deps) => describedAccount(quickSettings(farEnd.port), deps),
      log,
      (url, path) => farEnd.postTo(`${url}${path}`),
    ),
  async () => {
    const farEnd = await openGateway();
    return { farEnd, close: () => farEnd.close() };
  },
);
