/** Infobip: the contract of providers over whole batches, then what its answers and reports are. */
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { gatewayAccount } from '../../../integrations/providers/http/account.ts';
import { infobipGateway, infobipSettings } from '../../../integrations/providers/infobip.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { outbound, startKept } from '../../contract/provider-far-end.ts';
import { API_KEY, infobip, SECRET } from '../../fakes/gateways/infobip.ts';
import { type FakeGateway, jsonReply, openFakeGateway } from '../../fakes/gateways/server.ts';
import { describeGateway, QUICK, webhooksUrlOf } from './mounted.ts';
import { answered, posted } from './questions.ts';

const settings = (over: object = {}) =>
  infobipSettings.parse({
    ...QUICK,
    window: 20,
    name: 'acme-infobip',
    url: 'https://xxxxx.api.infobip.com',
    password: API_KEY,
    webhookSecret: SECRET,
    webhooksUrl: webhooksUrlOf('acme-infobip'),
    ...over,
  });

describeGateway('infobip', infobip('acme-infobip'), ({ url }) => settings({ url }), infobipGateway);

const NOW = new Date('2026-11-23T09:00:00Z');
const NEVER = new AbortController().signal;
const THREE = [outbound('one'), outbound('two'), outbound('three')];
const IDS = infobipGateway(settings()).submission(THREE, NOW).ids!;

describe('a request to Infobip', () => {
  const messages = (over = {}, batch = THREE) =>
    JSON.parse(infobipGateway(settings(over)).submission(batch, NOW).request.body!).messages;

  it('carries a whole batch, each message under an id of ours', () => {
    expect(messages()).toMatchObject(
      THREE.map(({ to, text }, place) => ({
        sender: 'Herald',
        destinations: [{ to: to.slice(1), messageId: IDS[place] }],
        content: { text },
        webhooks: { delivery: { url: `${webhooksUrlOf('acme-infobip')}/receipts?token=${SECRET}` } },
      })),
    );
  });

  it('gives a message the same id each time, and another installation another one', () => {
    const again = infobipGateway(settings()).submission(THREE, new Date()).ids;
    expect(again).toEqual(IDS);
    const elsewhere = infobipGateway(settings({ password: 'another key' })).submission(THREE, NOW).ids!;
    expect(elsewhere.filter((id) => IDS.includes(id))).toEqual([]);
  });

  it('asks for no reports that could not come back, and says how long a message may wait', () => {
    expect(messages({ webhooksUrl: '' })[0].webhooks).toBeUndefined();
    expect(messages({ webhookSecret: '' })[0].webhooks).toBeUndefined();
    const until = outbound('x', { validUntil: new Date(NOW.getTime() + 90_000) });
    expect(messages({}, [until])[0].options.validityPeriod).toEqual({ amount: 90, timeUnit: 'SECONDS' });
  });
});

describe('an answer of Infobip', () => {
  const outcomes = answered(infobipGateway(settings()), THREE);
  const status = (groupId: number, id = 0, name = 'NAME') => ({ groupId, id, name });
  const taken = (place: number) => ({ messageId: IDS[place], status: status(1, 26) });

  it('is read message by message, in whatever order it tells of them', () => {
    const messages = [
      { messageId: IDS[2], status: status(5, 12) },
      taken(0),
      { messageId: IDS[1], status: status(5, 52) },
    ];
    expect(outcomes(200, { messages })).toMatchObject([
      { kind: 'accepted', parts: [{ providerMessageId: IDS[0] }] },
      { kind: 'refused', why: { code: 'bad-number', detail: 'HTTP 200: NAME' } },
      { kind: 'later', why: { code: 'no-credit' } },
    ]);
  });

  it('leaves unknown what it does not tell of', () => {
    expect(outcomes(200, { messages: [taken(1)] }).map(({ kind }) => kind)).toEqual(['unknown', 'accepted', 'unknown']);
    for (const odd of [{}, '<html>', { messages: 'none' }, { messages: [null, 7] }])
      expect(outcomes(200, odd).map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test.each([
    [status(0), 'accepted', undefined],
    [status(3, 5), 'accepted', undefined],
    [status(2, 9), 'refused', 'operator-error'],
    [status(4, 15), 'refused', 'expired'],
    [status(5, 10), 'refused', 'blocked'],
    [status(5, 13), 'refused', 'bad-sender'],
    [status(5, 19), 'refused', 'account'],
    [status(5, 21), 'later', 'operator-error'],
    [status(5, 23), 'unknown', 'operator-error'],
    [status(5, 25), 'refused', 'bad-text'],
    [status(5, 777), 'refused', 'operator-error'],
    [status(9), 'unknown', 'operator-error'],
  ])('with the status %j is %s: %s', (said, kind, code) => {
    const [outcome] = outcomes(200, { messages: [{ messageId: IDS[0], status: said }] });
    expect(outcome).toMatchObject({ kind, ...(code !== undefined && { why: { code } }) });
  });

  test.each([
    [401, 'later', 'account'],
    [429, 'later', 'throttled'],
    [400, 'refused', 'our-fault'],
    [500, 'unknown', 'operator-error'],
  ])('of %i is about all of the request: %s, %s', (answer, kind, code) => {
    expect(outcomes(answer, { errorCode: `E${answer}` })).toMatchObject(
      THREE.map(() => ({ kind, why: { code, detail: `HTTP ${answer}: E${answer}` } })),
    );
  });

  it('that refuses all for one tells which, so that the others go again without it', () => {
    const violations = [
      { property: 'messages[1].destinations[0].to', violation: 'invalid' },
      { property: 'messages[2].content.text', violation: 'too long' },
    ];
    expect(outcomes(400, { errorCode: 'E400', violations })).toMatchObject([
      { kind: 'later', why: { code: 'our-fault' } },
      { kind: 'refused', why: { code: 'bad-number' } },
      { kind: 'refused', why: { code: 'bad-text' } },
    ]);
    const [first] = outcomes(400, { violations: [{ property: 'messages[0].sender' }, { property: 'options' }, {}] });
    expect(first).toMatchObject({ kind: 'refused', why: { code: 'bad-sender' } });
    const [other] = outcomes(400, { violations: [{ property: 'messages[0]' }] });
    expect(other).toMatchObject({ kind: 'refused', why: { code: 'our-fault' } });
  });
});

describe('a batch over the wire', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function open(over: object = {}) {
    const farEnd: FakeGateway = await openFakeGateway(infobip('acme-infobip'));
    const account = settings({ url: farEnd.url, ...over });
    const deps = { log: silentLog, now: () => new Date(), random: Math.random };
    const provider = gatewayAccount(infobipGateway(account), account, deps);
    closing.push(
      () => farEnd.close(),
      () => provider.stop(),
    );
    await startKept(provider);
    return { farEnd, provider };
  }
  const sizes = ({ asked }: FakeGateway) => asked.map(({ body }) => JSON.parse(body).messages.length as number);
  const many = (count: number) => Array.from({ length: count }, (_, n) => outbound(`message ${n}`));

  it('goes in requests of a quarter of the window', async () => {
    const { farEnd, provider } = await open({ window: 20 });
    const outcomes = await provider.send(many(12), NEVER);
    expect(sizes(farEnd).toSorted()).toEqual([2, 5, 5]);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  });

  it('goes in requests of a twentieth of a second, whatever the window', async () => {
    const { farEnd, provider } = await open({ window: 400, partsPerSecond: 60 });
    await provider.send(many(6), NEVER);
    expect(sizes(farEnd)).toEqual([3, 3]);
  });

  it('does not carry what would be another number of parts than it was priced at, and tells of it in its place', async () => {
    const { farEnd, provider } = await open();
    const [first, second, third] = many(3);
    const outcomes = await provider.send([first!, { ...second!, parts: 2 }, third!], NEVER);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted']);
    expect(farEnd.taken().map(({ text }) => text)).toEqual(['message 0', 'message 2']);
  });

  it('that had no answer is unknown as a whole, each message with the id that its report will have', async () => {
    const { farEnd, provider } = await open();
    farEnd.behave('takes-in-silence');
    const outcomes = await provider.send(many(4), NEVER);
    expect(outcomes).toMatchObject(
      farEnd.taken().map(({ ids: [providerMessageId] }) => ({ kind: 'unknown', parts: [{ providerMessageId }] })),
    );
  });

  it('rests as a whole when one message of it came too fast, and as long as it is told', async () => {
    const { farEnd, provider } = await open();
    farEnd.answerNext(jsonReply(429, {}, { 'retry-after': '1' }));
    const outcomes = await provider.send(many(2), NEVER);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'later', afterMs: expect.any(Number) });
    expect(await provider.send(many(1), NEVER)).toMatchObject([{ kind: 'later', why: { detail: 'resting' } }]);
    expect(farEnd.asked).toHaveLength(1);
  });

  it('that meets nobody comes back as a whole, and is what tells that the gateway is away', async () => {
    const { farEnd, provider } = await open({ probeMs: 60_000 });
    farEnd.goAway(true);
    const outcomes = await provider.send(many(3), NEVER);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['later']));
    expect(provider.health()).toMatchObject({ up: false, why: 'ECONNREFUSED' });
    farEnd.goAway(false);
    await vi.waitFor(() => expect(provider.health().up).toBe(true), { timeout: 5_000 });
    expect(await provider.send(many(1), NEVER)).toMatchObject([{ kind: 'accepted' }]);
  });

  it('belongs to an account that is started once', async () => {
    const { provider } = await open();
    await expect(startKept(provider, false)).rejects.toThrow('started twice');
  });

  it('that waits for its turn is given back at once when it is aborted', async () => {
    const { farEnd, provider } = await open({ partsPerSecond: 2 });
    const abort = new AbortController();
    const sending = provider.send(many(2).concat(many(2)), abort.signal);
    await vi.waitFor(() => expect(farEnd.taken()).not.toHaveLength(0));
    abort.abort();
    expect((await sending).map(({ kind }) => kind)).toContain('later');
  });
});

describe('a report of Infobip', () => {
  const { webhooks } = infobipGateway(settings());
  const post = (body: unknown, token = SECRET) => ({
    address: `${webhooksUrlOf('acme-infobip')}/receipts?token=${token}`,
    method: 'POST' as const,
    body: JSON.stringify(body),
  });
  const report = (groupId: number) => ({
    messageId: IDS[0],
    to: '79161234567',
    doneAt: '2026-11-23T08:59:00.000+0000',
    status: { groupId, id: 9, name: 'X' },
    error: { id: 27, name: 'EC_ABSENT_SUBSCRIBER' },
  });

  test.each([
    [1, 'enroute'],
    [2, 'undelivered'],
    [3, 'delivered'],
    [4, 'expired'],
    [5, 'rejected'],
  ])('of the group %i is a receipt of %s', (group, state) => {
    expect(posted(webhooks, 'receipts', post({ results: [report(group), report(group)] }))).toMatchObject({
      receipts: [
        {
          ...{ provider: 'acme-infobip', providerMessageId: IDS[0], state, to: '+79161234567' },
          ...{ error: 'EC_ABSENT_SUBSCRIBER', at: new Date('2026-11-23T08:59:00Z') },
        },
        {},
      ],
    });
  });

  it('without the secret is forged, and what cannot be read is left out', () => {
    expect(posted(webhooks, 'receipts', post({ results: [] }, 'another')).kind).toBe('forged');
    const some = post({ results: [report(3), { messageId: '' }] });
    expect(posted(webhooks, 'receipts', some)).toMatchObject({ kind: 'receipts', receipts: [{}], left: 1 });
    expect(posted(webhooks, 'receipts', post({ results: [{ messageId: '' }] })).kind).toBe('unreadable');
    expect(posted(webhooks, 'receipts', post({})).kind).toBe('unreadable');
    expect(posted(webhooks, 'inbound', post({ results: [{ from: 'Bank', to: '1', text: 'x' }] })).kind).toBe(
      'unreadable',
    );
  });

  it('is taken only where there is a secret', () => {
    expect(infobipGateway(settings({ webhookSecret: '' })).webhooks).toEqual([]);
    expect(infobipSettings.safeParse({ ...settings(), webhookSecret: 'a & b' }).success).toBe(false);
  });
});
