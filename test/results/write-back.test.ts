/** Write-backs are projections: made whole from MongoDB each time, repeated while there is news, and not otherwise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel } from '../../src/campaigns/control.ts';
import { idsOfRun, type MessageRecord } from '../../src/campaigns/messages.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { silentLog } from '../../src/platform/log.ts';
import { restsUntil, writeNews } from '../../src/results/news.ts';
import type { ExcludedRow, ResultRow, ResultSheet, ResultSink, WriteReport } from '../../src/results/sink.ts';
import { resultStore } from '../../src/results/store.ts';
import { oweResults, type ResultRoom, resultName, writeResults } from '../../src/results/write-back.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { texts } from '../../src/texts/index.ts';
import { type CampaignDesk, campaignDesk, HOUR, later, MONDAY, never } from '../campaigns/desk.ts';
import { sentUnder } from '../dispatch/planted.ts';

interface Sheet {
  readonly target: string;
  readonly sheet: ResultSheet;
  readonly rows: readonly ResultRow[];
  readonly excluded: readonly ExcludedRow[];
}

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
let folder: string;
let room: ResultRoom;
let written: Sheet[];
/** Targets that cannot be written to. */
let closed: string[];

const sink: ResultSink = {
  kind: 'memory',
  claims: () => true,
  async write(target, sheet) {
    if (closed.includes(dirname(target))) return { kind: 'failed', why: 'not-writable' };
    const [rows, excluded] = [await Array.fromAsync(sheet.rows()), await Array.fromAsync(sheet.excluded())];
    written.push({ target, sheet, rows, excluded });
    return { kind: 'written', target, rows: rows.length, excluded: excluded.length };
  },
};

beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author'], { locale: 'ru' });
  boris = await desk.hire('boris', ['approver']);
  folder = mkdtempSync(join(tmpdir(), 'herald-results-'));
  room = {
    campaigns: desk.room.store,
    messages: desk.room.messages,
    audiences: desk.room.audiences,
    staff: desk.room.staff,
    emailOf: async () => null,
    store: resultStore(desk.database),
    sink,
    folder,
    personalData: 'full',
    country: 'RU',
    now: () => desk.clock,
    log: silentLog,
  };
});
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  desk.clock = MONDAY;
  written = [];
  closed = [];
  await desk.database.db.collection('writeBacks').deleteMany({});
});

const LIST = [
  'Phone,Name',
  '+79161234567,Anna',
  '12,Short',
  '+79161234568,Boris',
  '+79161234567,Twice',
  '+79161234569,',
].join('\n');

/** Workbooks that were written. */
const books = () => written.map(({ target }) => target);

/** A campaign that is under way. */
async function running(): Promise<Campaign> {
  const draft = await desk.draft(anna, { text: 'Dear {{Name}}' }, LIST);
  const submitted = await submit(desk.room, anna, draft._id);
  if (submitted.kind === 'refused') throw new Error(submitted.refusal.code);
  await approve(desk.room, boris, draft._id, markOf(submitted.campaign.submission!.hash));
  await tick(desk.room);
  return desk.now(draft._id);
}

const set = (campaign: Campaign, fields: Partial<MessageRecord>, n?: number) =>
  desk.database.db
    .collection<MessageRecord>('messages')
    .updateMany(
      n === undefined ? { _id: idsOfRun(campaign.frozen!.run) } : { _id: `${campaign.frozen!.run}:000000${n}` },
      { $set: fields },
    );

describe('results', () => {
  test('have every row of the list: with what happened to it, or why it was left out', async () => {
    const campaign = await running();
    await set(campaign, { state: 'delivered', sent: sentUnder(1, MONDAY), doneAt: MONDAY }, 1);
    const report = await writeResults(room, campaign._id, never);
    expect(report).toMatchObject({ kind: 'written', rows: 2, excluded: 3 });
    const [{ sheet, rows, excluded }] = written as [Sheet];
    const words = texts('ru');
    expect(sheet).toMatchObject({ headings: ['Phone', 'Name'], zone: 'Europe/Moscow', tab: words.t('result-tab') });
    expect(rows.map((row) => [row.number, row.cells[1], row.values[0], row.values[3]])).toEqual([
      [2, 'Anna', words.t('message-state.delivered'), 1.5],
      [4, 'Boris', words.t('message-state.queued'), null],
    ]);
    expect(excluded.map((row) => [row.number, row.reason])).toEqual([
      [3, words.t('excluded.phone-too-short')],
      [5, words.t('excluded.duplicate')],
      [6, words.t('excluded.missing-value')],
    ]);
  });

  test('are none before it has begun, whatever became of it', async () => {
    const draft = await desk.draft(anna);
    expect(await writeResults(room, draft._id, never)).toEqual({ kind: 'nothing-yet' });
    await cancel(desk.room, anna, draft._id);
    expect(await writeResults(room, draft._id, never)).toEqual({ kind: 'nothing-yet' });
    expect(await writeResults(room, '99999', never)).toEqual({ kind: 'nothing-yet' });
    expect(written).toEqual([]);
  });

  test('stand beside the source; in the own folder where that is uploaded, or cannot be written to', async () => {
    const campaign = await running();
    const ref = join(tmpdir(), 'lists', 'people.xlsx');
    await desk.database.db
      .collection<{ _id: string }>('audiences')
      .updateOne({ _id: campaign.audience! }, { $set: { 'source.kind': 'file', 'source.ref': ref } });
    await writeResults(room, campaign._id, never);
    expect(written[0]!.target).toBe(join(tmpdir(), 'lists', resultName(campaign)));
    closed = [join(tmpdir(), 'lists')];
    expect(await writeResults(room, campaign._id, never)).toMatchObject({ path: join(folder, resultName(campaign)) });
    closed = [join(tmpdir(), 'lists'), folder];
    expect(await writeResults(room, campaign._id, never)).toEqual({ kind: 'failed', why: 'not-writable' });
    closed = [];
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: campaign._id }, { $set: { 'source.uploaded': true } });
    expect(await writeResults(room, campaign._id, never)).toMatchObject({ path: join(folder, resultName(campaign)) });
  });

  test('are called after the list and the campaign', async () => {
    const campaign = await running();
    expect(resultName(campaign)).toBe(`people.results-${campaign._id}.xlsx`);
    expect(resultName({ ...campaign, source: null })).toBe(`audience.results-${campaign._id}.xlsx`);
  });
});

describe('results of a list that is itself a place for them', () => {
  let report: WriteReport;
  const asked: string[] = [];
  const place: ResultSink = {
    kind: 'place',
    claims: (target) => target.endsWith('.list'),
    async write(target, sheet) {
      asked.push(`${sheet.campaign} ${sheet.email} ${target}`);
      return report;
    },
  };
  const beside = () => ({ ...room, places: [place], emailOf: async (id: string) => `${id}@example.com` });
  const done: WriteReport = { kind: 'written', target: 'people.list', rows: 2, excluded: 3 };
  const counts = (campaign: Campaign) => room.store.last(campaign.frozen!.run);

  test('stand there and nowhere else, written in the name of whose campaign it is', async () => {
    const campaign = await running();
    report = done;
    expect(await writeResults(beside(), campaign._id, never)).toEqual({
      kind: 'written',
      path: 'people.list',
      rows: 2,
      excluded: 3,
    });
    expect(asked.at(-1)).toMatch(new RegExp(`^${campaign._id} anna@example.com people.list$`));
    expect(books()).toEqual([]);
  });

  test('stand in a workbook too when some of its rows are no longer found', async () => {
    const campaign = await running();
    const unfound = { missing: 1, duplicates: 0 };
    report = { ...done, unfound };
    const also = join(folder, resultName(campaign));
    expect(await writeResults(beside(), campaign._id, never)).toMatchObject({ path: 'people.list', also, unfound });
    expect(books()).toEqual([also]);
  });

  test('stand in a workbook when it cannot be written to, and in their place as soon as it can', async () => {
    const campaign = await running();
    await set(campaign, { state: 'delivered' });
    report = { kind: 'failed', why: 'google-silent' };
    const path = join(folder, resultName(campaign));
    expect(await writeResults(beside(), campaign._id, never)).toMatchObject({ path, instead: 'google-silent' });
    expect(await counts(campaign)).toMatchObject({ owedSince: MONDAY, awaited: 0 });
    report = done;
    desk.clock = later(HOUR);
    expect(await writeNews(beside(), never)).toEqual([campaign._id]);
    expect(await counts(campaign)).toMatchObject({ owedSince: null, target: 'people.list' });
    desk.clock = later(2 * HOUR);
    expect(await writeNews(beside(), never)).toEqual([]);
  });

  test('are not tried again where the reason will not pass', async () => {
    const campaign = await running();
    await set(campaign, { state: 'delivered' });
    report = { kind: 'failed', why: 'sheet-full' };
    await writeResults(beside(), campaign._id, never);
    expect(await counts(campaign)).toMatchObject({ owedSince: null });
    closed = [folder];
    expect(await writeResults(beside(), campaign._id, never)).toEqual({ kind: 'failed', why: 'not-writable' });
  });
});

describe('news', () => {
  test('are written while receipts are awaited or something is unknown, and only when there are any', async () => {
    const campaign = await running();
    await set(campaign, { state: 'accepted' });
    await set(campaign, { state: 'unknown' }, 2);
    await writeResults(room, campaign._id, never);
    desk.clock = later(HOUR);
    expect(await writeNews(room, never)).toEqual([]);
    await set(campaign, { state: 'delivered' }, 1);
    expect(await writeNews(room, never)).toEqual([campaign._id]);
    desk.clock = later(2 * HOUR);
    // Nothing is awaited any more, but one is unknown, and becomes known by a late receipt.
    await set(campaign, { state: 'undelivered' }, 2);
    expect(await writeNews(room, never)).toEqual([campaign._id]);
    desk.clock = later(3 * HOUR);
    expect(await writeNews(room, never)).toEqual([]);
    expect(written.length).toBe(3);
    expect(await room.store.last(campaign.frozen!.run)).toMatchObject({ awaited: 0, rows: 2, campaign: campaign._id });
  });

  test('are looked for three days and no longer', async () => {
    const campaign = await running();
    await set(campaign, { state: 'accepted' });
    await writeResults(room, campaign._id, never);
    await set(campaign, { state: 'delivered' });
    desk.clock = later(73 * HOUR);
    expect(await writeNews(room, never)).toEqual([]);
  });

  test('of one campaign that cannot be written do not keep others from theirs', async () => {
    const [one, other] = [await running(), await running()];
    for (const campaign of [one, other]) {
      await set(campaign, { state: 'accepted' });
      await writeResults(room, campaign._id, never);
      await set(campaign, { state: 'delivered' });
    }
    await desk.database.db.collection<{ _id: string }>('campaigns').deleteOne({ _id: one._id });
    desk.clock = later(HOUR);
    expect(await writeNews(room, never)).toEqual([other._id]);
  });

  test('are not begun once it is stopping', async () => {
    const campaign = await running();
    await set(campaign, { state: 'accepted' });
    await writeResults(room, campaign._id, never);
    await set(campaign, { state: 'delivered' });
    desk.clock = later(HOUR);
    expect(await writeNews(room, AbortSignal.abort())).toEqual([]);
  });

  test('of a campaign that is over are its results, owed from then on; one that never began has none', async () => {
    const [campaign, draft] = [await running(), await desk.draft(anna)];
    await set(campaign, { state: 'delivered' });
    await oweResults(room, draft._id);
    await oweResults(room, campaign._id);
    await oweResults(room, campaign._id);
    expect(await room.store.last(campaign.frozen!.run)).toBeNull();
    expect(await writeNews(room, never)).toEqual([campaign._id]);
    expect(await room.store.last(campaign.frozen!.run)).toMatchObject({ rows: 2, owedSince: null });
    desk.clock = later(HOUR);
    expect(await writeNews(room, never)).toEqual([]);
  });
});

describe('a campaign whose place is slow, busy or broken', () => {
  const MINUTE = 60_000;
  /** Of two campaigns with news, the first is written to the place, the second beside its list. */
  async function twoWithNews(): Promise<[Campaign, Campaign]> {
    const two: [Campaign, Campaign] = [await running(), await running()];
    await desk.database.db
      .collection<{ _id: string }>('audiences')
      .updateOne({ _id: two[0].audience! }, { $set: { 'source.ref': 'slow.list' } });
    for (const campaign of two) {
      await set(campaign, { state: 'delivered' });
      await oweResults(room, campaign._id);
    }
    return two;
  }
  const over = (write: ResultSink['write']): ResultRoom => ({
    ...room,
    places: [{ kind: 'place', claims: (target) => target === 'slow.list', write }],
  });
  const done: WriteReport = { kind: 'written', target: 'slow.list', rows: 2, excluded: 3 };

  test('does not rest for having waited: what came meanwhile is written next', async () => {
    const [campaign] = await twoWithNews();
    await set(campaign, { state: 'accepted' }, 1);
    const slow = over(async () => {
      desk.clock = later(5 * MINUTE);
      return done;
    });
    expect(await writeNews(slow, never)).toContain(campaign._id);
    await set(campaign, { state: 'delivered' }, 1);
    desk.clock = later(5 * MINUTE + 1000);
    expect(await writeNews(slow, never)).toEqual([campaign._id]);
  });

  test('rests by its rows, and what is owed as long as it was owed', () => {
    const rest = (rows: number, owedSince: Date | null = null) =>
      restsUntil({ at: MONDAY, rows, owedSince }).getTime() - MONDAY.getTime();
    expect(rest(80)).toBe(80);
    expect(rest(100_000)).toBe(100_000);
    expect(rest(2_000_000)).toBe(600_000);
    expect(rest(80, MONDAY)).toBe(80);
    expect(rest(80, later(-MINUTE))).toBe(MINUTE);
    expect(rest(80, later(-HOUR))).toBe(600_000);
  });

  test('holds up no other', async () => {
    const [held, other] = await twoWithNews();
    const { promise: free, resolve: release } = Promise.withResolvers<WriteReport>();
    const quick = { abreast: 2, lookMs: 5 };
    const writing = writeNews(
      over(() => free),
      never,
      quick,
    );
    await expect.poll(() => room.store.last(other.frozen!.run)).toMatchObject({ rows: 2 });
    // Also what comes while it is held.
    const third = await running();
    await set(third, { state: 'delivered' });
    await oweResults(room, third._id);
    await expect.poll(() => room.store.last(third.frozen!.run)).toMatchObject({ rows: 2 });
    expect(await room.store.last(held.frozen!.run)).toBeNull();
    release(done);
    expect(await writing).toEqual([other._id, third._id, held._id]);
  });

  test('is not written twice where it was looked for while it was written', async () => {
    const campaign = await running();
    await set(campaign, { state: 'delivered' });
    await oweResults(room, campaign._id);
    const { promise: free, resolve: release } = Promise.withResolvers<WriteReport>();
    const held = over(() => free);
    let looks = 0;
    const store: ResultRoom['store'] = {
      ...held.store,
      async awaiting(since) {
        const found = await room.store.awaiting(since);
        looks += 1;
        if (looks !== 2) return found;
        expect(found).toMatchObject([{ campaign: campaign._id }]);
        release(done);
        await expect.poll(() => room.store.last(campaign.frozen!.run)).not.toBeNull();
        return found;
      },
    };
    expect(await writeNews({ ...held, store }, never, { abreast: 2, lookMs: 5 })).toEqual([campaign._id]);
    expect(looks).toBeGreaterThan(1);
  });

  test('keeps no other from its results by breaking', async () => {
    const [broken, other] = await twoWithNews();
    const breaks = over(async () => {
      throw new Error('broken');
    });
    expect(await writeNews(breaks, never)).toEqual([other._id]);
    desk.clock = later(MINUTE);
    expect(
      await writeNews(
        over(async () => done),
        never,
      ),
    ).toEqual([broken._id]);
  });

  test('is tried ever less often, and three days long', async () => {
    const [campaign] = await twoWithNews();
    const tries: number[] = [];
    const closed = over(async () => {
      tries.push(desk.clock.getTime() - MONDAY.getTime());
      return { kind: 'failed', why: 'sheet-closed' };
    });
    for (let ms = 0; ms <= 2 * HOUR; ms += 5000) {
      desk.clock = later(ms);
      await writeNews(closed, never);
    }
    expect(tries.length).toBeGreaterThan(10);
    expect(tries.length).toBeLessThan(25);
    expect(await room.store.last(campaign.frozen!.run)).toMatchObject({ owedSince: MONDAY });
    desk.clock = later(73 * HOUR);
    expect(await writeNews(closed, never)).toEqual([]);
  });
});
