/** Twilio: the contract of providers, then what its requests, errors and signatures are. */
import { describe, expect, it, test } from 'vitest';
import { twilioGateway, twilioSettings } from '../../../integrations/providers/twilio.ts';
import { outbound } from '../../contract/provider-far-end.ts';
import { ACCOUNT_SID, AUTH_TOKEN, callback, twilio } from '../../fakes/gateways/twilio.ts';
import { describeGateway, QUICK, webhooksUrlOf } from './mounted.ts';
import { answered, posted } from './questions.ts';

const settings = (over: object = {}) =>
  twilioSettings.parse({
    ...QUICK,
    name: 'acme-twilio',
    accountSid: ACCOUNT_SID,
    password: AUTH_TOKEN,
    webhooksUrl: webhooksUrlOf('acme-twilio'),
    ...over,
  });

describeGateway('twilio', twilio('acme-twilio'), ({ url }) => settings({ url }), twilioGateway);

const NOW = new Date('2026-11-23T09:00:00Z');

describe('a request to Twilio', () => {
  const form = (sms = outbound('hello'), over = {}) =>
    new URLSearchParams(twilioGateway(settings(over)).submission([sms], NOW).request.body);

  it('says how long the message may wait, and no longer than Twilio lets it', () => {
    const until = (ms: number) => form(outbound('hello', { validUntil: new Date(NOW.getTime() + ms) }));
    expect(until(90_500).get('ValidityPeriod')).toBe('90');
    expect(until(86_400_000).get('ValidityPeriod')).toBe('36000');
    expect(form().get('ValidityPeriod')).toBeNull();
  });

  test.each([
    ['Herald', 'Herald'],
    ['79161234567', '+79161234567'],
    ['12345', '12345'],
  ])('has the sender %s as %s', (sender, written) => {
    expect(form(outbound('hello', { sender })).get('From')).toBe(written);
  });

  it('leaves the number to a messaging service where there is one', () => {
    const asked = form(outbound('hello'), { messagingServiceSid: 'MG1' });
    expect([asked.get('From'), asked.get('MessagingServiceSid')]).toEqual([null, 'MG1']);
  });

  it('asks for callbacks only where their signature can be told', () => {
    expect(form().get('StatusCallback')).toBe(`${webhooksUrlOf('acme-twilio')}/receipts`);
    expect(form(outbound('hello'), { apiKey: 'SK1' }).get('StatusCallback')).toBeNull();
    expect(twilioGateway(settings({ apiKey: 'SK1' })).webhooks).toEqual([]);
    expect(form(outbound('hello'), { apiKey: 'SK1', webhookSecret: AUTH_TOKEN }).get('StatusCallback')).not.toBeNull();
    expect(form(outbound('hello'), { webhooksUrl: '' }).get('StatusCallback')).toBeNull();
  });
});

describe('an answer of Twilio', () => {
  const outcome = answered(twilioGateway(settings()));

  test.each([
    [201, { sid: 'SM1', error_code: null }, { kind: 'accepted', parts: [{ providerMessageId: 'SM1' }] }],
    [201, {}, { kind: 'unknown', why: { code: 'operator-error' } }],
    [201, { sid: 'SM1', error_code: 21610 }, { kind: 'refused', why: { code: 'blocked' } }],
    [400, { code: 21211 }, { kind: 'refused', why: { code: 'bad-number' } }],
    [400, { code: 21610 }, { kind: 'refused', why: { code: 'blocked' } }],
    [400, { code: 21606 }, { kind: 'refused', why: { code: 'bad-sender' } }],
    [400, { code: 21617 }, { kind: 'refused', why: { code: 'bad-text' } }],
    [400, { code: 21608 }, { kind: 'refused', why: { code: 'account' } }],
    [400, { code: 99999 }, { kind: 'refused', why: { code: 'our-fault', detail: 'HTTP 400: error 99999' } }],
    [401, { code: 20003 }, { kind: 'later', why: { code: 'account' } }],
    [429, { code: 20429 }, { kind: 'later', why: { code: 'throttled' } }],
    [400, { code: 21611 }, { kind: 'later', why: { code: 'throttled' } }],
    [500, { code: 20500 }, { kind: 'unknown', why: { code: 'operator-error' } }],
    [503, '<html>', { kind: 'unknown' }],
  ])('of %i %j is read as it is', (status, body, expected) => {
    expect(outcome(status, body)).toMatchObject([expected]);
  });
});

describe('a callback of Twilio', () => {
  const { webhooks } = twilioGateway(settings());
  const address = `${webhooksUrlOf('acme-twilio')}/receipts`;
  const receipt = (fields: object) =>
    posted(webhooks, 'receipts', callback(address, { MessageSid: 'SM1', To: '+79161234567', ...fields }));

  test.each([
    ['sent', '', 'enroute', null],
    ['delivered', '', 'delivered', null],
    ['undelivered', '30003', 'undelivered', '30003'],
    ['failed', '30007', 'rejected', '30007'],
    ['failed', '30036', 'expired', '30036'],
  ])('of %s with the error "%s" is a receipt of %s', (MessageStatus, ErrorCode, state, error) => {
    expect(receipt({ MessageStatus, ErrorCode })).toMatchObject({ receipts: [{ state, error, to: '+79161234567' }] });
  });

  it('is signed over every field and the whole address', () => {
    const fields = { MessageSid: 'SM1', MessageStatus: 'delivered', Body: 'да & нет', AddOns: '{"a":1}' };
    const good = callback(`${address}?from=console`, fields);
    expect(posted(webhooks, 'receipts', good).kind).toBe('receipts');
    expect(posted(webhooks, 'receipts', { ...good, address }).kind).toBe('forged');
    expect(posted(webhooks, 'receipts', { ...good, body: good.body.replace('delivered', 'failed') }).kind).toBe(
      'forged',
    );
    expect(posted(webhooks, 'inbound', { ...good, address }).kind).toBe('forged');
    expect(posted(webhooks, 'receipts', { ...good, headers: {} }).kind).toBe('forged');
  });

  it('without the fields of the manual is unreadable', () => {
    expect(receipt({}).kind).toBe('unreadable');
    const inbound = callback(`${webhooksUrlOf('acme-twilio')}/inbound`, { From: 'Bank', To: '1', Body: 'x' });
    expect(posted(webhooks, 'inbound', inbound).kind).toBe('unreadable');
  });
});
