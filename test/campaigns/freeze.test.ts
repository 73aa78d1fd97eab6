/** Freezing: every number on the card is what stands in the database, and who cannot be sent the text is left out with a reason. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { type DraftFields, editDraft } from '../../src/campaigns/draft.ts';
import { type Batch, idsOfRun, type MessageRecord } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { Destination, DestinationFinder } from '../../src/campaigns/quote.ts';
import { leafOf, rootOf } from '../../src/campaigns/terms.ts';
import { isOpen } from '../../src/campaigns/window.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, done, never, personKey } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let routes: CampaignDesk['routes'];
beforeAll(async () => {
  desk = await campaignDesk();
  routes = desk.routes;
  anna = await desk.hire('anna', ['author']);
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.routes = routes;
  desk.destinations = undefined;
});

const draft = (rows: readonly string[], fields: DraftFields = {}, head = 'Phone,Name') =>
  desk.draft(anna, fields, [head, ...rows].join('\n'));
const messagesOf = (campaign: Campaign) =>
  desk.database.db
    .collection<MessageRecord>('messages')
    .find({ _id: idsOfRun(campaign.frozen!.run) })
    .sort({ _id: 1 })
    .toArray();
const batchesOf = (campaign: Campaign) =>
  desk.database.db.collection<Batch>('batches').find({ run: campaign.frozen!.run }).sort({ _id: 1 }).toArray();
const suppress = (phone: string) =>
  desk.database.db
    .collection<{ _id: string }>('suppressions')
    .updateOne({ _id: personKey(phone) }, { $set: { by: 'test' } }, { upsert: true });

describe('who is left out', () => {
  test('for each reason, with the reason kept for the row, and counted', async () => {
    await suppress('+79160000003');
    desk.routes = (phone) => (phone.startsWith('+7') ? routes(phone) : []);
    const campaign = await draft(
      [
        '+79160000001,Anna',
        '+79160000002,',
        '+79160000003,Suppressed',
        '+447911123456,Abroad',
        `+79160000005,${'long '.repeat(400)}`,
        '12,Short',
        '+79160000001,Twice',
        ',Nobody',
      ],
      { text: '{{Name}}' },
    );
    expect(campaign.frozen).toMatchObject({
      messages: 1,
      excluded: {
        'missing-value': 1,
        suppressed: 1,
        'no-route': 1,
        'bad-text': 1,
        duplicate: 1,
        'phone-too-short': 1,
        'phone-empty': 1,
      },
    });
    const kept = await desk.room.messages.exclusionsOf(campaign.frozen!.run);
    expect([...kept.values()].toSorted()).toEqual(['bad-text', 'missing-value', 'no-route', 'suppressed']);
    expect((await messagesOf(campaign)).map((message) => message.phone)).toEqual(['+79160000001']);
  });

  test('a value in an if may be missing, and blank is missing', async () => {
    const text = 'Hello{{#if Name}}, {{Name}}{{/if}}!';
    const campaign = await draft(['+79160000011,Anna', '+79160000012,'], { text });
    expect((await messagesOf(campaign)).map((message) => message.text)).toEqual(['Hello, Anna!', 'Hello!']);
    const strict = await draft(['+79160000011,Anna', '+79160000012,   '], { text: 'Hello, {{Name}}!' });
    expect(strict.frozen).toMatchObject({ messages: 1, excluded: { 'missing-value': 1 } });
  });

  test('everybody: then it is nobody, and says so', async () => {
    const campaign = await draft(['+79160000021,'], { text: '{{Name}}' });
    expect(campaign).toMatchObject({ problem: { kind: 'nobody' }, frozen: { messages: 0, quote: 0, ceiling: 0 } });
  });

  test('a variable that is no column stops it, with the name', async () => {
    const campaign = await draft(['+79160000031,Anna'], { text: 'Dear {{Nam}}' });
    expect(campaign.frozen).toBeNull();
    expect(campaign.problem).toMatchObject({ kind: 'variables', problems: [{ variable: 'Nam', nearest: 'Name' }] });
  });
});

describe('what is kept', () => {
  test('the text as it will be sent, with its encoding, parts and prices', async () => {
    const campaign = await draft(['+79160000041,Anna', '+79160000042,Борис', `+79160000043,${'x'.repeat(170)}`], {
      text: 'Hi {{Name}}',
    });
    expect(await messagesOf(campaign)).toMatchObject([
      {
        _id: `${campaign._id}.1:0000001`,
        text: 'Hi Anna',
        encoding: 'gsm7',
        parts: 1,
        ceiling: 2_000_000,
        price: 1_500_000,
        route: 'alfa',
        state: 'queued',
        sender: 'HERALD',
        person: personKey('+79160000041'),
      },
      { text: 'Hi Борис', encoding: 'ucs2', parts: 1 },
      { encoding: 'gsm7', parts: 2 },
    ]);
    const { frozen } = campaign;
    expect(frozen).toMatchObject({
      messages: 3,
      parts: 4,
      quote: 4 * 1_500_000,
      ceiling: 4 * 2_000_000,
      encodings: { gsm7: 2, ucs2: 1 },
      byParts: { 1: 2, 2: 1 },
      routes: [{ provider: 'alfa', messages: 3, parts: 4, cost: 6_000_000 }],
      providers: ['alfa', 'beta'],
      currency: 'RUB',
      samples: { first: `${campaign._id}.1:0000001`, longest: `${campaign._id}.1:0000003` },
    });
  });

  test('names are not escaped, and lines are as people wrote them', async () => {
    const campaign = await draft(["+79160000051,O'Neil & <Sons>"], { text: 'Dear {{Name}}' });
    expect((await messagesOf(campaign))[0]!.text).toBe("Dear O'Neil & <Sons>");
  });

  test('one zone a batch; a row without one follows the campaign’s, also when that changes', async () => {
    const rows = ['+79160000061,Anna,', '+79160000062,Boris,Asia/Omsk', '+79160000063,Vera,Europe/Moscow'];
    const campaign = await draft(rows, { zone: 'Asia/Kamchatka' }, 'Phone,Name,Time zone');
    expect(campaign.frozen!.zones).toEqual(['Asia/Kamchatka', 'Asia/Omsk', 'Europe/Moscow']);
    expect((await batchesOf(campaign)).map((batch) => batch.zone).toSorted()).toEqual(campaign.frozen!.zones);
    done(await editDraft(desk.room, anna, campaign._id, { zone: 'Asia/Omsk' }));
    const moved = (await prepare(desk.room, campaign._id, 'test', never))!;
    expect(moved.frozen!.zones).toEqual(['Asia/Omsk', 'Europe/Moscow']);
    expect(moved.audience).toBe(campaign.audience);
  });

  test('a doubtful number is pointed at', async () => {
    const campaign = await draft(['+79160000071,Anna', '9160000072,Boris'], {});
    expect(campaign.frozen!.samples.doubtful).toBe(`${campaign._id}.1:0000002`);
  });

  test('batches lie one after the other without gaps, each with the leaf of its messages', async () => {
    const rows = Array.from(
      { length: 2345 },
      (_, i) => `+7916${1_000_000 + i},Client ${i},${i % 3 ? 'Europe/Moscow' : 'Asia/Omsk'}`,
    );
    const campaign = await draft(rows, {}, 'Phone,Name,Time zone');
    const [batches, messages] = [await batchesOf(campaign), await messagesOf(campaign)];
    expect(messages.length).toBe(2345);
    expect(batches.length).toBe(campaign.frozen!.batches);
    let next = 1;
    for (const { first, last, leaf, next: cut } of batches) {
      expect([first, cut]).toEqual([next, next]);
      expect(leafOf(messages.slice(first - 1, last))).toBe(leaf);
      next = last + 1;
    }
    expect(next).toBe(2346);
    expect(rootOf(batches.map((batch) => batch.leaf))).toBe(campaign.frozen!.root);
    expect(await desk.room.messages.leaves(campaign.frozen!.run)).toEqual(batches.map((batch) => batch.leaf));
  }, 20_000);
});

describe('prices', () => {
  test('each message by its own cheapest route; the highest price by the dearest that may carry it', async () => {
    desk.routes = (phone) =>
      phone.endsWith('1')
        ? [{ provider: 'beta', perPart: 100 }]
        : [
            { provider: 'alfa', perPart: 200 },
            { provider: 'gamma', perPart: 900 },
          ];
    const campaign = await draft(['+79160000081,Anna', '+79160000082,Boris', '+79160000083,Vera']);
    expect(campaign.frozen).toMatchObject({
      quote: 500,
      ceiling: 1900,
      providers: ['alfa', 'beta', 'gamma'],
      routes: [
        { provider: 'alfa', messages: 2, cost: 400 },
        { provider: 'beta', messages: 1, cost: 100 },
      ],
    });
  });
});

test('whatever the list, the numbers are exactly what stands in the database', async () => {
  const name = fc.oneof(fc.constant(''), fc.string({ unit: fc.constantFrom('a', 'я', '€', ' ', '😀'), maxLength: 90 }));
  const row = fc.record({
    phone: fc.integer({ min: 0, max: 25 }),
    name,
    zone: fc.constantFrom('', 'Asia/Omsk', 'nowhere'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (list) => {
      await desk.database.db.collection('suppressions').deleteMany({});
      for (const n of [3, 7]) await suppress(`+79161000${String(n).padStart(3, '0')}`);
      desk.routes = (phone) =>
        phone.endsWith('9') ? [] : phone.endsWith('8') ? [{ provider: 'gamma', perPart: 7 }] : routes(phone);
      const rows = list.map(({ phone, name, zone }) => `+79161000${String(phone).padStart(3, '0')},${name},${zone}`);
      const campaign = await draft(rows, { text: 'Здравствуйте, {{Name}}! Ждём вас.' }, 'Phone,Name,Time zone');
      const frozen = campaign.frozen!;
      const messages = await messagesOf(campaign);
      const sum = (of: (message: MessageRecord) => number) =>
        messages.reduce((total, message) => total + of(message), 0);
      expect(frozen.messages).toBe(messages.length);
      expect(frozen.parts).toBe(sum((one) => one.parts));
      expect(frozen.quote).toBe(sum((one) => one.parts * one.price));
      expect(frozen.ceiling).toBe(sum((one) => one.parts * one.ceiling));
      expect(frozen.encodings.gsm7 + frozen.encodings.ucs2).toBe(messages.length);
      expect(Object.entries(frozen.byParts).reduce((total, [parts, count]) => total + Number(parts) * count, 0)).toBe(
        frozen.parts,
      );
      expect(frozen.routes.reduce((total, one) => total + one.cost, 0)).toBe(frozen.quote);
      expect(new Set(messages.map((one) => one.person)).size).toBe(messages.length);
      const excluded = Object.values(frozen.excluded).reduce((total, count) => total + count, 0);
      // Every row is a message or has a reason.
      expect(frozen.messages + excluded).toBe(list.length);
      const audience = await desk.room.audiences.audience({ departments: 'all' }, campaign.audience!);
      expect(audience!.counts.rows).toBe(list.length);
      const byText = await desk.room.messages.exclusionsOf(frozen.run);
      expect(audience!.counts.recipients).toBe(messages.length + byText.size);
      const { states, parts } = await desk.room.messages.counts(frozen.run);
      expect([states.queued, parts]).toEqual([frozen.messages, frozen.parts]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

describe('where a number belongs', () => {
  /** The eleven zones of Russia. */
  const ZONES = [
    'Europe/Kaliningrad',
    'Europe/Moscow',
    'Europe/Samara',
    'Asia/Yekaterinburg',
    'Asia/Omsk',
    'Asia/Krasnoyarsk',
    'Asia/Irkutsk',
    'Asia/Yakutsk',
    'Asia/Vladivostok',
    'Asia/Magadan',
    'Asia/Kamchatka',
  ];
  const planOf = (knows: (phone: string) => Destination): DestinationFinder => ({
    of: async (people) => people.map(({ phone }) => knows(phone)),
    counts: () => ({ byPlan: ZONES.length, byLookup: 0, unasked: 0 }),
  });

  test('says the zone where the row does not, and the campaign’s own is the last that is taken; each opens in its own day', async () => {
    desk.destinations = planOf((phone) => ({ zone: ZONES[Number(phone.slice(-2))]! }));
    const campaign = await draft(ZONES.map((_, n) => `+7916000${String(n).padStart(4, '0')},Client ${n}`));
    expect(campaign.frozen).toMatchObject({ zones: ZONES.toSorted(), numbers: { byPlan: ZONES.length } });
    const batches = await batchesOf(campaign);
    const messages = await messagesOf(campaign);
    for (const [n, { zone, first }] of batches.entries()) {
      expect(zone).toBe(ZONES[n]);
      expect(messages[first - 1]!.text).toBe(`Dear Client ${n}, hello`);
    }
    // From 9 in Kamchatka to 20 in Kaliningrad: of a November day, each is open for its own eleven hours.
    const openAt = (hour: number) =>
      ZONES.filter((zone) => isOpen(campaign.window, zone, new Date(Date.UTC(2026, 10, 22, 21 + hour))));
    expect(openAt(0)).toEqual(['Asia/Kamchatka']);
    expect(openAt(8)).toEqual(ZONES.slice(2));
    expect(openAt(20)).toEqual(['Europe/Kaliningrad']);

    desk.destinations = planOf((phone) => (phone.endsWith('0') ? {} : { zone: 'Asia/Omsk' }));
    const rows = [
      '+79160000010,Anna,UTC+12',
      '+79160000011,Boris,',
      '+79160000012,Clara,Asia/Magadan',
      '+79160000020,Dan,',
    ];
    const mixed = await draft(rows, {}, 'Phone,Name,Time zone');
    expect(mixed.frozen?.zones).toEqual(['Asia/Magadan', 'Asia/Omsk', 'Etc/GMT-12', 'Europe/Moscow']);
  });

  test('decides the price, and is kept with the message for the choice at sending; not in what is hashed', async () => {
    desk.destinations = planOf((phone) => (phone.endsWith('1') ? { network: '999-01' } : {}));
    desk.routes = (_phone, network) => [{ provider: network ? 'net' : 'alfa', perPart: 1_000_000 }];
    const campaign = await draft(['+79160000001,Anna', '+79160000002,Boris']);
    const messages = await messagesOf(campaign);
    expect(messages.map(({ network, route }) => [network, route])).toEqual([
      ['999-01', 'net'],
      [undefined, 'alfa'],
    ]);
    expect((await batchesOf(campaign))[0]!.leaf).toBe(leafOf(messages.map(({ network: _network, ...rest }) => rest)));
  });
});
