/** Where numbers belong: a real look-up service over a socket, answers that are kept, and a service that fails or is slow. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpLookup } from '../../integrations/numbers/http-lookup.ts';
import { lookupSettings } from '../../integrations/numbers/settings.ts';
import { destinationFinder } from '../../src/dispatch/destinations.ts';
import { networksStore } from '../../src/dispatch/networks-store.ts';
import type { NumberLookup } from '../../src/dispatch/number-lookup.ts';
import { planMigrations } from '../../src/dispatch/plan-store.ts';
import { indexPlan } from '../../src/messages/number-plan.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { clockAt, personKey, silent } from './planted.ts';

const DAY = 86_400_000;
let database: FreshDatabase;
let server: Server;
let asked: string[] = [];
let answers: (number: string) => unknown;
let clock = clockAt('2026-11-23T09:00:00Z');
const lookups: NumberLookup[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database, planMigrations, { log: silent });
  server = createServer((request, response) => {
    void said(request).then((reply) => {
      if (reply === null) return;
      const [status, body] = reply;
      response.writeHead(status, { location: '/elsewhere' }).end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.drop();
});
beforeEach(async () => {
  clock = clockAt('2026-11-23T09:00:00Z');
  asked = [];
  answers = () => ({ mcc: '999', mnc: '2' });
  await database.db.collection('numberNetworks').deleteMany({});
});
afterEach(async () => {
  for (const one of lookups.splice(0)) await one.stop();
});

/** Null: it never answers. */
async function said(request: IncomingMessage): Promise<readonly [number, unknown] | null> {
  if (request.headers.authorization !== 'Bearer s3cret') return [401, {}];
  if (request.method === 'POST') {
    const { list } = JSON.parse(await text(request)) as { list: string[] };
    asked.push(...list);
    return [200, { results: list.map((number) => ({ number: number.slice(1), ...(answers(number) as object) })) }];
  }
  const number = new URL(request.url!, 'http://x').searchParams.get('number')!;
  asked.push(number);
  const answer = answers(number);
  if (answer === 'silence') return null;
  return typeof answer === 'number' ? [answer, {}] : [200, answer];
}

const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/lookup`;
const single = () => ({
  url: urlOf(),
  query: { number: '{number}' },
  headers: { authorization: 'Bearer {secret}' },
  answer: { mcc: 'mcc', mnc: 'mnc' },
  allowPrivate: true,
});
function lookup(more: object = {}): NumberLookup {
  const made = httpLookup(lookupSettings.parse({ ...single(), ...more }), 's3cret');
  lookups.push(made);
  return made;
}

const plan = indexPlan([
  { first: '7916', last: '7916', operator: 'Alfa', network: '999-01', region: 'Omsk', zone: 'Asia/Omsk' },
  { first: '7917', last: '7917', operator: 'Beta', network: null, region: '', zone: null },
]);
const finder = (of: NumberLookup | null, patienceMs = 60_000) =>
  destinationFinder({
    plan,
    asking: of && { lookup: of, networks: networksStore(database, 30 * DAY), patienceMs },
    now: clock.now,
    mono: () => performance.now(),
    log: silent,
  });
const reached = (phone: string) => ({ phone: phone as E164, person: personKey(phone) });
const people = ['+79161111111', '+79172222222', '+79993333333'].map(reached);

test('without a service the plan tells what it knows', async () => {
  const found = finder(null);
  expect(await found.of(people)).toEqual([{ network: '999-01', zone: 'Asia/Omsk' }, {}, {}]);
  expect(found.counts()).toEqual({ byPlan: 1, byLookup: 0, unasked: 0 });
});

describe('a service', () => {
  test('overrules the plan about the network, not about the zone, and is asked once for each person', async () => {
    const first = finder(lookup());
    expect(await first.of(people)).toEqual([
      { network: '999-02', zone: 'Asia/Omsk' },
      { network: '999-02' },
      { network: '999-02' },
    ]);
    expect(first.counts()).toEqual({ byPlan: 0, byLookup: 3, unasked: 0 });
    expect(asked).toHaveLength(3);
    answers = () => ({ mcc: '999', mnc: '03' });
    expect((await finder(lookup()).of(people))[0]).toMatchObject({ network: '999-02' });
    expect(asked).toHaveLength(3);
    const kept = await database.db.collection('numberNetworks').find({}).toArray();
    expect(JSON.stringify(kept)).not.toMatch(/"\+?7916/);
    expect(kept.every(({ deleteAfter }) => deleteAfter.getTime() === clock.now().getTime() + 30 * DAY)).toBe(true);
    clock.forward(31 * DAY);
    expect((await finder(lookup()).of(people))[0]).toMatchObject({ network: '999-03' });
  });

  test('is asked for many numbers in one request', async () => {
    const many = lookup({
      method: 'POST',
      query: {},
      json: { list: '{numbers}' },
      together: 2,
      answer: { list: 'results', number: 'number', network: 'mccmnc' },
    });
    answers = (number) => (number.endsWith('3') ? { mccmnc: null } : { mccmnc: '99907' });
    const found = finder(many);
    expect(await found.of(people)).toEqual([{ network: '999-07', zone: 'Asia/Omsk' }, { network: '999-07' }, {}]);
    // It was asked, and nothing was known: the plan holds.
    expect(found.counts()).toEqual({ byPlan: 0, byLookup: 2, unasked: 0 });
  });

  test('that knows only some leaves the others to the plan, and says how many', async () => {
    answers = (number) => (number.endsWith('1') ? 500 : { mcc: 999, mnc: 2 });
    const found = finder(lookup());
    expect(await found.of(people)).toEqual([
      { network: '999-01', zone: 'Asia/Omsk' },
      { network: '999-02' },
      { network: '999-02' },
    ]);
    expect(found.counts()).toEqual({ byPlan: 1, byLookup: 2, unasked: 1 });
  });

  test('that fails is left alone after a few times; one that redirects, or is not there, is one that fails', async () => {
    answers = () => 302;
    const found = finder(lookup({ atOnce: 1 }));
    const many = Array.from({ length: 10 }, (_, n) => reached(`+7916000000${n}`));
    expect((await found.of(many)).every(({ network }) => network === '999-01')).toBe(true);
    expect(asked).toHaveLength(3);
    await found.of(many);
    expect(asked).toHaveLength(3);
    expect(found.counts()).toEqual({ byPlan: 20, byLookup: 0, unasked: 20 });
  });

  test('that is slow holds nothing up: what came in time counts, the rest goes by the plan', async () => {
    answers = (number) => (number.endsWith('1') ? 'silence' : { mcc: '999', mnc: '2' });
    const found = finder(lookup(), 300);
    expect(await found.of(people)).toEqual([
      { network: '999-01', zone: 'Asia/Omsk' },
      { network: '999-02' },
      { network: '999-02' },
    ]);
    expect(found.counts().unasked).toBe(1);
    // Its time is used up for this run.
    const before = asked.length;
    await found.of([reached('+79164444444')]);
    expect(asked).toHaveLength(before);
  });

  test('in the own network is not reached unless that is allowed, and errors tell neither numbers nor the secret', async () => {
    const guarded = httpLookup({ ...lookupSettings.parse(single()), allowPrivate: false }, 's3cret');
    lookups.push(guarded);
    const failure = await guarded
      .ask(['+79161111111' as E164], AbortSignal.timeout(60_000))
      .catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'LookupFailed', message: 'E_PRIVATE_ADDRESS' });
    expect(asked).toEqual([]);
    const reading = lookupSettings.safeParse({ ...single(), allowPrivate: false });
    expect(reading.error?.issues[0]?.message).toMatch(/https/);
  });

  test.each([
    ['an unknown word', { query: { number: '{phone}' } }, /\{phone\}/],
    ['no network in the answer', { answer: {} }, /network, or mcc and mnc/],
    ['several numbers and no list', { together: 2 }, /where the answers/],
    ['a list without numbers', { answer: { network: 'a', list: 'b' } }, /together/],
  ])('set up with %s is refused', (_what, more, why) => {
    const reading = lookupSettings.safeParse({ ...single(), ...more });
    expect(reading.error?.issues.map(({ message }) => message).join()).toMatch(why);
  });
});
