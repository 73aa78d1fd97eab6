/** Settings whose deadlines are a fraction of a second, so that what goes wrong goes wrong at once. */
import { type SmppSettings, smppSettings } from '../../../../integrations/providers/smpp/settings.ts';

export function quickSettings(over: Partial<SmppSettings> & { port: number }): SmppSettings {
  return smppSettings.parse({
    name: 'acme',
    host: '127.0.0.1',
    systemId: 'herald',
    password: 'secret',
    partsPerSecond: 10_000,
    bindTimeoutMs: 1_000,
    answerTimeoutMs: 800,
    lateAnswersMs: 200,
    enquireLinkMs: 2_000,
    enquireTimeoutMs: 300,
    unbindTimeoutMs: 200,
    reconnect: { firstMs: 10, longestMs: 50 },
    throttle: { firstMs: 20, longestMs: 100 },
    inboundHoldMs: 60,
    inboundJoinMs: 400,
    ...over,
  });
}
