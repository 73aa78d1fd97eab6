/**
 * What an office is told before it lets a campaign out, and what holds when it has: money, a pace that grows, no more than three operators
 * for one message, and a canary whose sender is killed. Judged at the operator's log.
 */
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { terminalsIn } from '../support/console.ts';
import { until } from '../support/herald.ts';
import { journey } from '../support/journey.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { campaignNow, draftOver, letOut, messagesNow, people } from '../support/steps.ts';

describe('an office at its terminals', () => {
  let one: OperatedHouse;
  const { letIn, sees } = terminalsIn(() => one.house);
  beforeAll(async () => {
    one = await operatedHouse({
      accounts: [
        { name: 'alfa', perPart: '1.5', partsPerSecond: 10, senders: ['ACME'] },
        { name: 'slow', perPart: '0.01', partsPerSecond: 1, senders: ['SLOW'] },
      ],
      env: { CAP_CAMPAIGN_COST: '60', CAP_DAY_COST: '100' },
    });
    for (const who of ['anna', 'boris']) await letIn(who);
    for (const [name, count] of Object.entries({ few: 30, some: 20, many: 41, crowd: 300 }))
      one.house.file(`${name}.csv`, people(count));
  });
  afterAll(() => one.close());

  const drafted = (list: string, more: string) => `new "${one.house.folder}/${list}.csv" start=now ${more}`;
  const GREETING = 'text="Hello {{Name}}" sender=ACME';
  const markIn = (card: string): string => /Version mark\s+([0-9a-f]{6})/u.exec(card)![1]!;
  const approveAs = async (who: string, id: string) => {
    const seen = await sees(who, `show ${id}`, /Version mark/u);
    await sees(who, `approve ${id} ${markIn(seen)}`, /approved|being sent/iu);
  };

  journey('lets no more out than it may pay for, and is told what it would rather know before', {
    'a list that may cost more than a campaign may is refused with the figures, and nothing is sent': async () => {
      await sees('anna', drafted('many', GREETING), /41 recipients/u);
      const refused = await sees('anna', 'submit 1', /more than is allowed/u);
      expect(refused).toContain('It may cost 61.50 RUB, and no campaign may cost more than 60.00 RUB.');
      expect(refused).toContain('CAP_CAMPAIGN_COST');
      expect(await one.taken()).toBe(0);
    },

    'one within it is approved and sent, and there is nothing to warn of': async () => {
      await sees('anna', drafted('few', GREETING), /30 recipients/u);
      const waiting = await sees('anna', 'submit 2', /waiting for approval/u);
      expect(waiting).not.toMatch(/the same text|will go out before/u);
      await approveAs('boris', '2');
      await one.untilTaken(30);
    },

    'the same words to some of the same people are warned of before the approval, with whose they were': async () => {
      await sees('anna', drafted('some', GREETING.replace('Hello', ' hello ')), /20 recipients/u);
      await sees('anna', 'submit 3', /20 of these people have the same text from campaign 2 “few”/u);
      expect(await sees('boris', 'show 3', /Version mark/u)).toMatch(/20 of these people have the same text/u);
      await approveAs('boris', '3');
      await one.untilTaken(50);
    },

    'what will not be out in time is warned of, with how much of it will be': async () => {
      const end = DateTime.now().setZone(one.anna.zone).plus({ minutes: 3 }).toFormat('yyyy-MM-dd HH:mm');
      await sees('anna', drafted('crowd', `text="Good day" sender=SLOW until="${end}"`), /300 recipients/u);
      const waiting = await sees('anna', 'submit 4', /waiting for approval/u);
      const [, n] = /At this speed about (\d+) of 300 messages will go out before/u.exec(waiting) ?? [];
      expect(Number(n)).toBeGreaterThan(60);
      expect(Number(n)).toBeLessThanOrEqual(180);
    },

    'what fits alone and not into the day is refused with what is taken of it': async () => {
      await until('the others’ ends', async () => (await campaignNow(one.herald, '3')).state === 'finished');
      await sees('anna', 'copy 2', /30 recipients/u);
      const refused = await sees('anna', 'submit 5', /more than is allowed/u);
      expect(refused).toMatch(
        /It may cost 45\.00 RUB\. Of the 100\.00 RUB that may be spent on [^,]+, 75\.00 RUB are taken/u,
      );
      expect(refused).toContain('CAP_DAY_COST');
      expect(await one.taken()).toBe(50);
    },
  });
});

describe('a message that nobody wants', () => {
  let one: OperatedHouse;
  const NAMES = ['first', 'second', 'third', 'fourth'] as const;
  beforeAll(async () => {
    one = await operatedHouse({
      accounts: NAMES.map((name, index) => ({ name, perPart: `${index + 1}` })),
      faults: { submitErrors: { '7': 'ESME_RINVSRCADR' } },
    });
  });
  afterAll(() => one.close());

  test('is tried at three operators, the cheapest first, and given up; the others go out at the first', async () => {
    const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(20)));
    await one.untilEnded(campaign);
    const log = await one.log();
    for (const { phone, state, error } of await messagesNow(one.herald, campaign.frozen!.run)) {
      const tried = log.filter(({ to }) => phone.endsWith(to.replace('+', ''))).map(({ account }) => account);
      const isRefused = phone.endsWith('7');
      expect([phone, state, tried]).toEqual([
        phone,
        isRefused ? 'failed' : 'accepted',
        isRefused ? ['first', 'second', 'third'] : ['first'],
      ]);
      if (isRefused) expect(error).toBe('bad-sender');
    }
    expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, stuck: 0 });
  }, 60_000);
});

describe('a pace that grows', () => {
  let one: OperatedHouse;
  beforeAll(async () => {
    one = await operatedHouse({
      accounts: [{ name: 'alfa', partsPerSecond: 200 }],
      env: { RAMP_MINUTES: '1' },
    });
  });
  afterAll(() => one.close());

  test('begins with a tenth, and nobody is lost by it; the service class has all of it at once', async () => {
    const seconds = async (campaignClass: 'marketing' | 'service', from: number) => {
      const since = (await one.log()).length;
      const draft = await draftOver(one.house, one.anna, people(200, from), { class: campaignClass });
      const campaign = await letOut(one.herald, one.anna, one.boris, draft);
      await one.untilEnded(campaign);
      expect(await one.judge(campaign, since)).toMatchObject({ dup: 0, lost: 0, stuck: 0 });
      const times = (await one.operator.log(since)).map(({ at }) => new Date(at).getTime());
      return (Math.max(...times) - Math.min(...times)) / 1000;
    };
    // 20 a second at first, and 3 more with each second: 200 of them take about 7 seconds instead of one.
    expect(await seconds('marketing', 0)).toBeGreaterThan(3);
    expect(await seconds('service', 1000)).toBeLessThan(await seconds('marketing', 2000));
  }, 60_000);
});

test('a canary is no larger for all who are killed while they send it, and what it shows lets the others follow', async () => {
  const one = await operatedHouse({
    accounts: [{ name: 'alfa', partsPerSecond: 50, window: 5 }],
    faults: {
      receipts: 'all',
      receiptDelayMs: 0,
      undeliveredShare: 0,
      expiredShare: 0,
      rejectedShare: 0,
      holdReceipts: true,
    },
    roles: 'bots',
    env: { CANARY_ABOVE: '100', CANARY_SECONDS: '600' },
  });
  try {
    let worker = await one.worker();
    const campaign = await letOut(one.herald, one.anna, one.boris, await draftOver(one.house, one.anna, people(300)));
    for (const count of [5, 20, 35]) {
      await one.untilTaken(count);
      await worker.kill();
      worker = await one.worker();
    }
    const canary = async () => (await campaignNow(one.herald, campaign._id)).guard?.canary;
    await until('the whole canary on its way', async () => (await canary())?.sentAt, 60_000);
    expect(await canary()).toMatchObject({ state: 'open', size: 50, left: 0 });
    const taken = await one.taken();
    expect(taken).toBeGreaterThanOrEqual(35);
    expect(taken).toBeLessThanOrEqual(50);

    await one.operator.setFaults({ holdReceipts: false });
    await one.untilEnded(campaign);
    expect(await canary()).toMatchObject({ state: 'passed' });
    expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 });
  } finally {
    await one.close();
  }
}, 180_000);
