/** The settings of an account: what is taken for granted, and what is refused before anything connects. */
import { describe, expect, it } from 'vitest';
import { smppSettings } from '../../../../integrations/providers/smpp/settings.ts';

const LEAST = { name: 'acme', host: 'smpp.example', port: 2775, systemId: 'us', password: 'pw', partsPerSecond: 10 };

describe('settings of an SMPP account', () => {
  it('need little, and take the rest as most operators have it', () => {
    expect(smppSettings.parse(LEAST)).toMatchObject({
      bindMode: 'transceiver',
      window: 10,
      answerTimeoutMs: 60_000,
      enquireLinkMs: 30_000,
      reconnect: { firstMs: 1_000, longestMs: 60_000 },
      throttle: { firstMs: 1_000, longestMs: 60_000 },
      dataCoding: { gsm7: 0, ucs2: 8 },
      registeredDelivery: 1,
      receiptZone: 'UTC',
      notKept: 'ESME_RMSGQFUL',
    });
  });

  it.each([
    ['a zone that is none', { receiptZone: 'Mars/Olympus' }],
    ['a window of nothing', { window: 0 }],
    ['a pace of nothing', { partsPerSecond: 0 }],
    ['a status that is no number', { statuses: { ESME_RFOO: { kind: 'refused', code: 'no-credit' } } }],
    ['a code that dispatch does not know', { statuses: { '0x402': { kind: 'refused', code: 'moon' } } }],
    ['a certificate that is not to be checked', { tls: { rejectUnauthorized: false } }],
    ['a misspelt name', { windoww: 5 }],
  ])('refuse %s', (_, wrong) => {
    expect(smppSettings.safeParse({ ...LEAST, ...wrong }).success).toBe(false);
  });
});
