/** Kannel and Jasmin: the contract of providers over both, by GET and POST, then their words and reports. */
import { describe, expect, it, test } from 'vitest';
import { kannelGateway, kannelSettings } from '../../../integrations/providers/kannel.ts';
import { outbound } from '../../contract/provider-far-end.ts';
import { jasmin, kannel, PASSWORD, SECRET, USERNAME } from '../../fakes/gateways/kannel.ts';
import { describeGateway, ONE_ID_A_MESSAGE, QUICK, webhooksUrlOf } from './mounted.ts';
import { answered, posted } from './questions.ts';

const settings = (over: object = {}) =>
  kannelSettings.parse({
    ...QUICK,
    name: 'acme-kannel',
    url: 'http://10.0.0.5:13013/cgi-bin/sendsms',
    username: USERNAME,
    password: PASSWORD,
    webhookSecret: SECRET,
    webhooksUrl: webhooksUrlOf('acme-kannel'),
    ...over,
  });

const NO_PHONE = {
  ...ONE_ID_A_MESSAGE,
  'hands over a receipt with the id of the answer, and acknowledges it':
    'its reports name no phone, and we put none into an address',
};

for (const method of ['GET', 'POST'])
  describeGateway(
    `kannel by ${method}`,
    kannel('acme-kannel'),
    ({ url }) => settings({ url: `${url}/cgi-bin/sendsms`, method }),
    kannelGateway,
    NO_PHONE,
  );
describeGateway(
  'jasmin',
  jasmin('acme-kannel'),
  ({ url }) => settings({ url: `${url}/send`, dialect: 'jasmin' }),
  kannelGateway,
  NO_PHONE,
);

const NOW = new Date('2026-11-23T09:00:00Z');
const asked = (over: object = {}, sms = outbound('hello')) =>
  new URL(kannelGateway(settings({ method: 'GET', ...over })).submission([sms], NOW).request.url).searchParams;

describe('a request', () => {
  it('to Kannel says in what coding and for how many minutes', () => {
    const until = { validUntil: new Date(NOW.getTime() + 150_000) };
    const wide = asked({ smsc: 'mts' }, outbound('привет', until));
    expect([wide.get('coding'), wide.get('charset'), wide.get('validity'), wide.get('smsc')]).toEqual([
      ...['2', 'UTF-8', '2', 'mts'],
    ]);
    expect([asked().get('coding'), asked().get('validity')]).toEqual(['0', null]);
  });

  it('to Jasmin has the bytes of the text', () => {
    const wide = asked({ dialect: 'jasmin' }, outbound('Да', { validUntil: new Date(NOW.getTime() + 30_000) }));
    expect([wide.get('coding'), wide.get('hex-content'), wide.get('validity-period')]).toEqual(['8', '04140430', '1']);
    const narrow = asked({ dialect: 'jasmin' }, outbound('@€'));
    expect([narrow.get('coding'), narrow.get('hex-content')]).toEqual(['0', '001b65']);
  });

  test.each(['kannel', 'jasmin'])(
    'to %s names the message in the address for its report, each copy anew',
    (dialect) => {
      const gateway = kannelGateway(settings({ dialect, method: 'GET' }));
      const sms = outbound('hello');
      const [first, second] = [NOW, new Date(NOW.getTime() + 1)].map((now) => gateway.submission([sms], now));
      expect(first!.ids).not.toEqual(second!.ids);
      const address = new URL(first!.request.url).searchParams.get('dlr-url');
      expect(address).toContain(first!.ids![0]);
      // What stands behind a percent sign is Kannel's to fill in.
      expect(address!.replace(/&type=%d&said=%A$/, '')).not.toContain('%');
      expect(address).not.toContain(sms.to.slice(1));
    },
  );

  test.each(['kannel', 'jasmin'])('to %s asks for no report that could not come back', (dialect) => {
    for (const over of [{ webhooksUrl: '' }, { webhookSecret: '' }])
      expect([...asked({ dialect, ...over }).keys()].filter((name) => name.startsWith('dlr'))).toEqual([]);
  });
});

describe('an answer', () => {
  const of = {
    kannel: answered(kannelGateway(settings())),
    jasmin: answered(kannelGateway(settings({ dialect: 'jasmin' }))),
  };

  test.each([
    [202, '0: Accepted for delivery', 'accepted', ''],
    [202, '3: Queued for later delivery', 'accepted', ''],
    [202, 'Sent.', 'accepted', ''],
    [202, '<html>Accepted</html>', 'unknown', 'operator-error'],
    [403, 'Authorization failed for sendsms', 'later', 'account'],
    [403, 'Not routable. Do not try again.', 'refused', 'account'],
    [403, 'Number(s) has/have been denied by white- and/or black-lists.', 'refused', 'blocked'],
    [400, 'Missing receiver number, rejected', 'refused', 'bad-number'],
    [400, 'Sender missing and no global set, rejected', 'refused', 'bad-sender'],
    [400, 'Charset or body misformed, rejected', 'refused', 'bad-text'],
    [400, 'Validity field misformed, rejected', 'refused', 'our-fault'],
    [404, 'Unknown request.', 'refused', 'our-fault'],
    [503, 'Temporal failure, try again later.', 'later', 'throttled'],
    [503, '<html>The proxy has no text for you</html>', 'unknown', 'operator-error'],
    [502, 'Error "No route found"', 'unknown', 'operator-error'],
  ])('of Kannel, %i "%s", is %s %s', (status, body, kind, code) => {
    expect(of.kannel(status, body)).toMatchObject([{ kind, ...(code !== '' && { why: { code } }) }]);
  });

  test.each([
    [200, 'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"', 'accepted', ''],
    [200, 'Pong', 'unknown', 'operator-error'],
    [403, 'Error "User throughput exceeded"', 'later', 'throttled'],
    [403, 'Error "Authentication failure for username:x"', 'later', 'account'],
    [403, 'Error "Authorization failed for username [x] (Can not send MT messages)."', 'refused', 'account'],
    [403, 'Error "Cannot charge submit_sm, check RouterPB log file for details"', 'later', 'no-credit'],
    [412, 'Error "No route found"', 'refused', 'account'],
    [400, 'Error "Argument [to] has an invalid value: [x]."', 'refused', 'bad-number'],
    [400, 'Error "Argument [from] has an invalid value: [x]."', 'refused', 'bad-sender'],
    [400, 'Error "Argument [hex-content] has an invalid value: [x]."', 'refused', 'bad-text'],
    [400, 'Error "Argument [dlr-url] has an invalid value: [x]."', 'refused', 'our-fault'],
    [500, 'Error "Cannot send submit_sm, check SMPPClientManagerPB log file for details"', 'unknown', 'operator-error'],
  ])('of Jasmin, %i "%s", is %s %s', (status, body, kind, code) => {
    expect(of.jasmin(status, body)).toMatchObject([{ kind, ...(code !== '' && { why: { code } }) }]);
  });
});

describe('a report', () => {
  const { webhooks } = kannelGateway(settings());
  const get = (path: 'receipts' | 'inbound', fields: Record<string, string>, token = SECRET) =>
    posted(webhooks, path, {
      address: `${webhooksUrlOf('acme-kannel')}/${path}?${new URLSearchParams({ token, ...fields })}`,
      method: 'GET',
    });

  test.each([
    ['1', '', 'delivered', null],
    ['2', '', 'undelivered', null],
    ['2', 'id:1 stat:EXPIRED err:0A1', 'expired', '0A1'],
    ['2', 'id:1 stat:DELIVRD err:000', 'undelivered', '000'],
    ['2', 'id:1 stat:REJECTD err:008', 'rejected', '008'],
    ['16', 'NACK/0x0000000b/Invalid Destination Address', 'rejected', '0x0000000b'],
    ['34', 'id:1 stat:EXPIRED err:027', 'expired', '027'],
    ['34', '', 'expired', null],
    ['8', 'ACK/', 'enroute', null],
  ])('of Kannel of the type %s with the words "%s" is %s %s', (type, said, state, error) => {
    expect(get('receipts', { id: 'x', type, said })).toEqual({
      kind: 'receipts',
      receipts: [{ provider: 'acme-kannel', providerMessageId: 'x', state, error, to: null, at: NOW }],
      answer: '',
    });
  });

  test.each([
    ['DELIVRD', 'delivered'],
    ['UNDELIV', 'undelivered'],
    ['EXPIRED', 'expired'],
    ['REJECTD', 'rejected'],
    ['ESME_ROK', 'enroute'],
  ])('of Jasmin of %s is %s, and acknowledged in the words that it waits for', (message_status, state) => {
    const jasmins = kannelGateway(settings({ dialect: 'jasmin' })).webhooks;
    const address = `${webhooksUrlOf('acme-kannel')}/receipts?token=${SECRET}&ref=x`;
    const body = new URLSearchParams({ id: 'its own', message_status, level: '2', err: '007' }).toString();
    expect(posted(jasmins, 'receipts', { address, method: 'POST', body })).toMatchObject({
      receipts: [{ providerMessageId: 'x', state, error: '007' }],
      answer: 'ACK/Jasmin',
    });
    expect(posted(jasmins, 'receipts', { address: address.replace('ref', 'id'), method: 'POST', body }).kind).toBe(
      'unreadable',
    );
  });

  it('without the secret is forged, without its fields unreadable', () => {
    expect(get('receipts', { id: 'x', type: '1' }, 'another').kind).toBe('forged');
    expect(get('receipts', { id: 'x' }).kind).toBe('unreadable');
    expect(kannelGateway(settings({ webhookSecret: '' })).webhooks).toEqual([]);
  });

  it('of a customer’s words tells when they came, and is not read in an alphabet that an address cannot carry', () => {
    const fields = { from: '+79161234567', to: '1234', text: 'стоп' };
    const time = String(NOW.getTime() / 1000 - 60);
    expect(get('inbound', { ...fields, time })).toMatchObject({
      messages: [{ text: 'стоп', at: new Date(NOW.getTime() - 60_000) }],
      answer: '',
    });
    expect(get('inbound', { ...fields, charset: 'UTF-16BE' }).kind).toBe('unreadable');
  });
});
