/** What holds of every gateway by HTTP, whatever it answers and posts; and how messages are put together into requests. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { inRequests, roomOfRequest } from '../../../integrations/providers/http/batch.ts';
import { ownId } from '../../../integrations/providers/http/gateway.ts';
import { infobipGateway, infobipSettings } from '../../../integrations/providers/infobip.ts';
import { kannelGateway, kannelSettings } from '../../../integrations/providers/kannel.ts';
import { smscGateway, smscSettings } from '../../../integrations/providers/smsc.ts';
import { twilioGateway, twilioSettings } from '../../../integrations/providers/twilio.ts';
import { pace } from '../../../src/platform/pace.ts';
import { outbound } from '../../contract/provider-far-end.ts';
import { answered, posted } from './questions.ts';

const shared = {
  ...{ name: 'acme', password: 'secret', webhookSecret: 'sixteen-or-more-letters', partsPerSecond: 10 },
  webhooksUrl: 'https://herald.example/gateways/acme',
};
const kannel = { ...shared, url: 'https://k.example/cgi-bin/sendsms', username: 'herald' };
const GATEWAYS = {
  twilio: twilioGateway(twilioSettings.parse({ ...shared, accountSid: 'AC1' })),
  infobip: infobipGateway(infobipSettings.parse({ ...shared, url: 'https://x.api.infobip.com' })),
  kannel: kannelGateway(kannelSettings.parse(kannel)),
  jasmin: kannelGateway(kannelSettings.parse({ ...kannel, dialect: 'jasmin' })),
  smsc: smscGateway(smscSettings.parse({ ...shared, login: 'me' })),
};
const body = fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '[]', '{"messages":[null]}', '{"results":{}}'));

describe.each(Object.entries(GATEWAYS))('%s', (_, gateway) => {
  it('takes no answer but its own for a message that was sent, and none of a server’s fault for one that was not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), body, (status, said) => {
        const [outcome] = answered(gateway)(status, said);
        expect(outcome!.kind).not.toBe('accepted');
        if (status >= 500 || status === 408 || status < 400) expect(outcome!.kind).toBe('unknown');
      }),
    );
  });

  it('reads nothing that is not proven, and stumbles over nothing that is', () => {
    fc.assert(
      fc.property(body, fc.constantFrom('receipts' as const, 'inbound' as const), (said, path) => {
        const address = `${shared.webhooksUrl}/${path}`;
        expect(posted(gateway.webhooks, path, { address, method: 'POST', body: said }).kind).toBe('forged');
        const token = `?token=${shared.webhookSecret}`;
        const kind = posted(gateway.webhooks, path, { address: address + token, method: 'POST', body: said }).kind;
        expect(['forged', 'unreadable', 'receipts', 'inbound']).toContain(kind);
      }),
    );
  });

  it('puts every message whole into its request, and no secret of it into the ids', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300 }), (text) => {
        const sms = outbound(text);
        const { request, ids = [] } = gateway.submission([sms], new Date());
        expect(URL.canParse(request.url)).toBe(true);
        for (const value of Object.values(request.headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
        for (const id of ids) expect(id).toMatch(/^[\w.-]{1,40}$/);
        expect(ids.join()).not.toContain(sms.to.slice(1));
      }),
    );
  });
});

describe('our name for a message', () => {
  const sms = outbound('hello', { ref: `${'9'.repeat(30)}.3:0000017` });

  it('fits every gateway, and is another one for another copy, key, text or person', () => {
    const others = [
      ownId(sms, 'key', 'again'),
      ownId(sms, 'other'),
      ownId({ ...sms, text: 'bye' }, 'key'),
      ownId({ ...sms, to: outbound('x').to }, 'key'),
    ];
    expect(ownId(sms, 'key')).toMatch(/^[\w.-]{1,40}$/);
    expect(new Set([ownId(sms, 'key'), ...others]).size).toBe(5);
    expect(ownId(sms, 'key')).toBe(ownId(sms, 'key'));
  });
});

describe('requests of several messages', () => {
  test.each([
    [1, 1_000, 400, 1, 400],
    [100, 1_000, 400, 50, 8],
    [100, 10_000, 400, 100, 4],
    [100, 10_000, 10, 2, 5],
    [100, 5, 400, 1, 400],
    [100, 5, 1, 1, 1],
  ])('of at most %i, at %i parts a second and a window of %i, carry %i and are %i at once', (...given) => {
    const [batch, partsPerSecond, window, most, requests] = given;
    expect(roomOfRequest(batch, { partsPerSecond, window })).toMatchObject({ most, requests });
  });

  it('carry every message once and in order, and no more parts than there is room for but a message of its own', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 60 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 20 }), (each, most) => {
        const batch = each.map((count) => ({ ...outbound('x'), parts: count }));
        const requests = inRequests(batch, { most, requests: 1, burst: most });
        expect(requests.flat()).toEqual([...batch.keys()]);
        for (const places of requests) {
          const sum = places.reduce((all, place) => all + each[place]!, 0);
          expect(sum <= most || places.length === 1).toBe(true);
        }
      }),
    );
  });

  it('keep the pace: no second sees more than the rate', () => {
    const sizes = fc.record({ rate: fc.integer({ min: 20, max: 400 }), share: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(sizes, ({ rate, share }) => {
        const burst = Math.max(1, Math.floor((rate * share) / 400));
        const bucket = pace(rate, 0, burst);
        const taken: number[] = [];
        for (let now = 0; now < 3_000; now += 7) while (bucket.take(now)) taken.push(now);
        for (const from of new Set(taken))
          expect(taken.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 30 },
    );
  });
});
