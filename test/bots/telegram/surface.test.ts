/** What Telegram asks beyond the contract of chats: its menus, groups, alerts, documents, and its ways of going wrong. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TelegramOptions } from '../../../bots/telegram/surface.ts';
import type { Card } from '../../../src/staff/card.ts';
import { capturedLog } from '../../contract/provider-far-end.ts';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { TOKEN } from '../../fakes/telegram/server.ts';
import { type Mode, openBench, SECRET } from './bot.ts';

const WAIT = { timeout: 5_000, interval: 5 };
const waitFor = (check: () => void) => vi.waitFor(check, WAIT);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function setUp(mode: Mode = 'polling', over: Partial<TelegramOptions> = {}) {
  const bench = await openBench(mode);
  cleanups.push(bench.close);
  const { telegram } = bench;
  const core = listeningCore();
  const log = capturedLog();
  const open = async (more: Partial<TelegramOptions> = {}) => {
    const surface = bench.make(log, { ...over, ...more });
    cleanups.push(() => surface.stop());
    await surface.start(core);
    return surface;
  };
  const surface = await open();
  const anna = telegram.user('Anna');
  const boris = telegram.user('Boris');
  anna.knowsBot();
  boris.knowsBot();
  return { bench, telegram, core, log, open, surface, anna, boris };
}

type Bot = Awaited<ReturnType<typeof setUp>>;

/** A card of campaign 12 that Anna can press on. */
async function posted({ surface, anna }: Bot, ...commands: readonly string[]) {
  await surface.post(anna.account, cardAbout('campaign:12', 'Campaign 12', commands), 'k');
  return anna.sees().at(-1)!;
}

describe('while things go wrong', () => {
  for (const mode of ['polling', 'webhook'] as const) {
    test(`an update that cannot be read ends nothing, by ${mode}`, async () => {
      const { telegram, core, log, anna } = await setUp(mode);
      telegram.tells('message', { message_id: 1, date: 1, chat: { id: anna.id, type: 'private' } });
      anna.says('status');
      await waitFor(() => expect(anna.sees().map(({ text }) => text)).toEqual([expect.stringContaining('status')]));
      await waitFor(() => expect(telegram.isHeard()).toBe(true));
      expect(core.heard).toHaveLength(1);
      expect(log.lines.join()).toContain('an update could not be read');
    });

    test(`what was said while nobody listened is heard after a restart, by ${mode}`, async () => {
      const { telegram, core, anna, surface, open } = await setUp(mode);
      anna.says('one');
      await waitFor(() => expect(core.heard).toHaveLength(1));
      await surface.stop();
      anna.says('two');
      await open();
      await waitFor(() => expect(core.heard.map(({ text }) => text)).toEqual(['one', 'two']));
      await waitFor(() => expect(telegram.isHeard()).toBe(true));
    });
  }

  test('a second instance that polls interrupts, and does not end it', async () => {
    const { telegram, core, anna } = await setUp();
    await waitFor(() => expect(telegram.callsOf('getUpdates').length).toBeGreaterThan(0));
    await waitFor(() => {
      telegram.terminatePoll();
      expect(telegram.callsOf('getUpdates').length).toBeGreaterThan(4);
    });
    anna.says('status');
    await waitFor(() => expect(core.heard).toHaveLength(1));
  });

  test('a start without Telegram, with a wrong answer, with a limit: it is tried again until it works', async () => {
    const bench = await openBench('polling');
    cleanups.push(bench.close);
    const { telegram } = bench;
    telegram.failNext('getMe', 401, 'Unauthorized');
    telegram.failNext('getMe', 502, 'Bad Gateway');
    telegram.failNext('deleteWebhook', 429, 'Too Many Requests: retry after 0', { retry_after: 0 });
    telegram.failNext('getUpdates', 409, 'Conflict: terminated by other getUpdates request');
    telegram.failNext('setMyCommands', 429, 'Too Many Requests: retry after 0', { retry_after: 0 });
    const core = listeningCore();
    const surface = bench.make();
    cleanups.push(() => surface.stop());
    expect(surface.deepLink('K7')).toBeNull();
    await surface.start(core);
    telegram.user('Anna').says('status');
    await waitFor(() => expect(core.heard).toHaveLength(1));
    await waitFor(() => expect(telegram.menus.size).toBe(6));
    expect(surface.deepLink('K7')).toBe('https://t.me/herald_test_bot?start=K7');
  });

  test('with nobody to connect to, cards wait, and it can still be stopped', async () => {
    const { surface, open, anna } = await setUp();
    await surface.stop();
    const lost = await open({ apiUrl: 'http://127.0.0.1:1' });
    expect(await lost.post(anna.account, cardAbout('status', 'Status'), 'k')).toMatchObject({
      kind: 'later',
      wide: 'surface',
    });
    await lost.stop();
  });

  test('what was heard last is confirmed at the stop, and not heard again', async () => {
    const { telegram, core, surface, anna } = await setUp();
    const stopping = Promise.withResolvers<void>();
    core.answer(() => {
      stopping.resolve(surface.stop());
      return cardAbout('status', 'Status');
    });
    anna.says('status');
    await stopping.promise;
    expect(anna.sees()).toHaveLength(1);
    expect(telegram.isHeard()).toBe(true);
  });

  test('an answer that is no answer leaves nobody sure, and the token out of the log', async () => {
    const { surface, open, anna, log } = await setUp();
    await surface.stop();
    const page = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(page, 'listening');
    cleanups.push(async () => void page.close());
    const misled = await open({ apiUrl: `http://127.0.0.1:${(page.address() as AddressInfo).port}` });
    expect(await misled.post(anna.account, cardAbout('status', 'Status'), 'k')).toMatchObject({ kind: 'unknown' });
    await waitFor(() => expect(log.lines.join()).toContain('does not answer as it should'));
    await misled.stop();
    expect(log.lines.filter((line) => line.includes(TOKEN))).toEqual([]);
  });

  test('a card whose buttons cannot be kept is not shown', async () => {
    const keep = () => Promise.reject(new Error('the database is away'));
    const { surface, anna } = await setUp('polling', { buttons: { keep, command: async () => null } });
    expect(await surface.post(anna.account, cardAbout('status', 'Status', ['help']), 'k')).toMatchObject({
      kind: 'later',
    });
    expect(anna.sees()).toEqual([]);
  });

  test('an answer that Telegram lets wait comes later, and holds up nobody', async () => {
    const { telegram, anna, boris, core } = await setUp();
    telegram.failNext('sendMessage', 429, 'Too Many Requests: retry after 1', { retry_after: 1 });
    anna.says('status');
    await waitFor(() => expect(core.heard).toHaveLength(1));
    await waitFor(() => expect(telegram.isHeard()).toBe(true));
    boris.says('status');
    await waitFor(() => expect(boris.sees()).toHaveLength(1));
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
  });

  test('an answer that would have to wait for hours is let go, and said so', async () => {
    const { telegram, anna, log } = await setUp();
    telegram.failNext('sendMessage', 429, 'Too Many Requests: retry after 10072', { retry_after: 10_072 });
    anna.says('status');
    await waitFor(() => expect(log.lines.join()).toContain('an answer was not shown'));
    anna.says('list');
    await waitFor(() => expect(anna.sees().at(-1)!.text).toContain('list'));
  });

  test('an answer still waiting at the stop is let go, and said so', async () => {
    const { telegram, anna, log, surface } = await setUp();
    telegram.failNext('sendMessage', 429, 'Too Many Requests: retry after 50', { retry_after: 50 });
    anna.says('status');
    await waitFor(() => expect(telegram.callsOf('sendMessage')).toHaveLength(1));
    await waitFor(() => expect(telegram.isHeard()).toBe(true));
    await surface.stop();
    expect(log.lines.join()).toContain('answers that Telegram let wait are not shown');
  });

  test('the limits of Telegram are said with the time that they ask for, of one place or of all', async () => {
    const { telegram, surface, anna, boris } = await setUp();
    telegram.limit({ burst: 3, perSecond: 30 });
    const post = (to: string) => surface.post(to, cardAbout('status', 'Status'), 'k');
    for (let n = 0; n < 3; n++) expect(await post(anna.account)).toMatchObject({ kind: 'posted' });
    expect(await post(anna.account)).toEqual({ kind: 'later', afterMs: 1_000, wide: 'place' });
    for (let n = 0; n < 3; n++) expect(await post(boris.account)).toMatchObject({ kind: 'posted' });
    expect(await post(boris.account)).toEqual({ kind: 'later', afterMs: 1_000, wide: 'surface' });
  });

  test('a bot that is blocked is seen, and can write again once it is not', async () => {
    const { surface, anna, log } = await setUp();
    const post = () => surface.post(anna.account, cardAbout('status', 'Status'), 'k');
    anna.blocks();
    expect(await post()).toEqual({ kind: 'gone', why: 'blocked' });
    await waitFor(() => expect(log.lines.join()).toContain('"kicked"'));
    anna.unblocks();
    expect(await post()).toMatchObject({ kind: 'posted' });
    await waitFor(() => expect(log.lines.join()).toContain('"member"'));
  });

  test('a person who never wrote, and a place that is no number, cannot be written to', async () => {
    const { surface, telegram } = await setUp();
    const card = cardAbout('status', 'Status');
    expect(await surface.post(telegram.user('Vera').account, card, 'k')).toEqual({ kind: 'gone', why: 'no-right' });
    expect(await surface.post('@everybody', card, 'k')).toEqual({ kind: 'gone', why: 'no-such-place' });
  });
});

describe('the webhook', () => {
  const update = { update_id: 1, message: { message_id: 1, date: 1, text: 'stop all' } };
  const post = (url: string, headers: Record<string, string>, body: unknown = update) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const header = 'x-telegram-bot-api-secret-token';

  test('listens to nobody who does not know the secret', async () => {
    const { bench, core, telegram } = await setUp('webhook');
    await waitFor(() => expect(telegram.callsOf('setWebhook')).toHaveLength(1));
    for (const secret of ['', 'wrong', `${SECRET}x`, SECRET.slice(1)]) {
      expect((await post(bench.webhookUrl(), { [header]: secret })).status).toBe(403);
    }
    expect((await post(bench.webhookUrl(), {})).status).toBe(403);
    expect((await post(bench.webhookUrl(), { [header]: SECRET }, { hello: 1 })).status).toBe(400);
    expect((await post(bench.webhookUrl(), { [header]: SECRET }, 'x'.repeat(300_000))).status).toBe(413);
    expect(core.heard).toEqual([]);
  });

  test('asks for what it understands only, and keeps its secret to itself', async () => {
    const { telegram } = await setUp('webhook');
    await waitFor(() => expect(telegram.callsOf('setWebhook')).toHaveLength(1));
    expect(telegram.callsOf('setWebhook')[0]).toEqual({
      url: 'https://herald.test/telegram/webhook',
      secret_token: SECRET,
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    });
  });

  test('is not there for a bot that polls', async () => {
    const { bench } = await setUp('polling');
    expect((await post(bench.webhookUrl(), { [header]: SECRET })).status).toBe(404);
  });
});

describe('a press', () => {
  test('that was refused says why over the card, which stays as it is', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'approve 12 a1b2c3');
    const refusal: Card = {
      subject: 'refusal:campaign:12',
      tone: 'attention',
      title: 'You wrote it.',
      lead: ['Another decides.'],
    };
    bot.core.answer(() => refusal);
    const query = bot.anna.presses(message, 'Do approve 12 a1b2c3');
    await waitFor(() =>
      expect(bot.anna.told(query)).toEqual({ text: 'You wrote it.\nAnother decides.', isAlert: true }),
    );
    expect(bot.anna.sees()).toEqual([message]);
  });

  test('that was refused in many words, or about something else, is answered by a message', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'approve 12', 'show 13', 'shwo');
    for (const [command, refusal] of [
      ['approve 12', { subject: 'refusal', tone: 'bad', title: 'No. '.repeat(60) }],
      ['show 13', { subject: 'refusal:campaign:13', tone: 'bad', title: 'Not that one.' }],
      ['shwo', { subject: 'mistake', tone: 'attention', title: 'I did not understand.' }],
    ] as const) {
      bot.core.answer(() => refusal);
      const query = bot.anna.presses(message, `Do ${command}`);
      await waitFor(() => expect(bot.anna.sees().at(-1)!.text).toBe(refusal.title.trim()));
      await waitFor(() => expect(bot.anna.told(query)).toEqual({ text: '', isAlert: false }));
    }
    expect(bot.anna.sees()[0]).toEqual(message);
  });

  test('is answered in a moment though the core takes longer, and the card is edited then', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    const slow = Promise.withResolvers<Card>();
    bot.core.answer(() => slow.promise);
    const query = bot.anna.presses(message, 'Do pause 12');
    await waitFor(() => expect(bot.anna.told(query)).toEqual({ text: 'One moment …', isAlert: false }));
    slow.resolve(cardAbout('campaign:12', 'Paused'));
    await waitFor(() => expect(bot.anna.sees()[0]!.text).toContain('Paused'));
    expect(bot.anna.sees()).toHaveLength(1);
  });

  test('is answered in a moment though another answer is under way in the same chat', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    const slow = Promise.withResolvers<Card>();
    bot.core.answer(() => slow.promise);
    bot.anna.says('results 12');
    const query = bot.anna.presses(message, 'Do pause 12');
    await waitFor(() => expect(bot.anna.told(query)).not.toBeNull());
    expect(bot.core.heard).toHaveLength(1);
    slow.resolve(cardAbout('campaign:12', 'Now'));
    await waitFor(() => expect(bot.core.heard).toHaveLength(2));
  });

  test('tapped twice is one, each tap answered; tapped again later it is another', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'copy 12');
    bot.core.answer(() => cardAbout('campaign:13', 'A copy'));
    const [first, second] = [bot.anna.presses(message, 'Do copy 12'), bot.anna.presses(message, 'Do copy 12')];
    await waitFor(() => expect(bot.anna.told(first)).not.toBeNull());
    await waitFor(() => expect(bot.anna.told(second)).not.toBeNull());
    await waitFor(() => expect(bot.telegram.isHeard()).toBe(true));
    expect(bot.core.heard).toHaveLength(1);
    await waitFor(() => {
      bot.anna.presses(message, 'Do copy 12');
      expect(bot.core.heard.length).toBeGreaterThan(1);
    });
  });

  test('too old to be answered is acted on all the same', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    const slow = Promise.withResolvers<Card>();
    bot.core.answer(() => slow.promise);
    bot.anna.presses(message, 'Do pause 12');
    bot.telegram.age();
    slow.resolve(cardAbout('campaign:12', 'Paused'));
    await waitFor(() => expect(bot.anna.sees()[0]!.text).toContain('Paused'));
  });

  test('with nothing to be said is answered with nothing', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    bot.core.answer(() => null);
    const query = bot.anna.presses(message, 'Do pause 12');
    await waitFor(() => expect(bot.anna.told(query)).toEqual({ text: '', isAlert: false }));
    expect(bot.anna.sees()).toEqual([message]);
  });

  test('of a button that nobody knows any more, or ever did, is told so', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    for (const data of ['approve 12', 'AAAAAAAAAAAAAAAA.BBBBBBBBBBBB', '']) {
      const query = bot.telegram.forge(bot.anna, message, data);
      await waitFor(() => expect(bot.anna.told(query)).toMatchObject({ isAlert: true }));
      expect(bot.anna.told(query)!.text).toMatch(/^This button is too old/);
    }
    expect(bot.core.heard).toEqual([]);
  });

  test('on a card that is gone is answered by a new one', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    bot.core.answer(() => cardAbout('campaign:12', 'Paused'));
    bot.anna.presses(message, 'Do pause 12');
    bot.telegram.removes(message);
    await waitFor(() => expect(bot.anna.sees().map(({ text }) => text)).toEqual([expect.stringContaining('Paused')]));
  });

  test('that the servers are slow to confirm is done again: an edit made twice is one', async () => {
    const bot = await setUp();
    const message = await posted(bot, 'pause 12');
    bot.core.answer(() => cardAbout('campaign:12', 'Paused'));
    bot.telegram.failNext('editMessageText', 502, 'Bad Gateway');
    bot.anna.presses(message, 'Do pause 12');
    await waitFor(() => expect(bot.anna.sees()[0]!.text).toContain('Paused'));
    expect(bot.anna.sees()).toHaveLength(1);
  });
});

describe('what is said', () => {
  test('and takes long to answer is answered by a word, which becomes the answer', async () => {
    const { core, anna } = await setUp();
    const slow = Promise.withResolvers<Card | null>();
    core.answer(() => slow.promise);
    anna.says('результаты 12');
    await waitFor(() => expect(anna.sees().map(({ text }) => text)).toEqual(['One moment …']));
    slow.resolve(cardAbout('results:12', 'The results'));
    await waitFor(() => expect(anna.sees()[0]!.text).toContain('The results'));
    expect(anna.sees()).toHaveLength(1);
  });

  test('and has no answer leaves no word behind', async () => {
    const { core, anna } = await setUp();
    const slow = Promise.withResolvers<Card | null>();
    core.answer(() => slow.promise);
    anna.says('pause 12');
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
    slow.resolve(null);
    await waitFor(() => expect(anna.sees()).toEqual([]));
  });

  test('to a core that breaks is answered with regret', async () => {
    const { core, anna } = await setUp();
    core.answer(() => Promise.reject(new Error('broken')));
    anna.says('status');
    await waitFor(() => expect(anna.sees()[0]?.text).toMatch(/^Something went wrong/));
  });

  test('by a link is the payload that it carries', async () => {
    const { core, anna } = await setUp();
    anna.starts('K7Q4R9XFRM');
    anna.starts('hello');
    anna.starts();
    anna.says('/audience_check clients.xlsx');
    await waitFor(() =>
      expect(core.heard.map(({ text }) => text)).toEqual([
        'start K7Q4R9XFRM',
        'start',
        'start',
        '/audience_check clients.xlsx',
      ]),
    );
  });

  test('by a picture or a voice is answered with what can be read; other bots and services with nothing', async () => {
    const { core, anna, telegram } = await setUp();
    anna.shows({ sticker: { file_id: 's' } });
    await waitFor(() => expect(anna.sees()[0]?.text).toMatch(/^I read text/));
    anna.shows({ animation: { file_id: 'a' }, document: { file_id: 'a' } });
    await waitFor(() => expect(anna.sees()).toHaveLength(2));
    anna.shows({ pinned_message: {} });
    telegram.user('Robot', { is_bot: true }).says('hello');
    telegram.tells('message', {
      message_id: 9,
      from: anna.person,
      chat: { id: anna.id, type: 'private' },
      date: 1,
      edit: 1,
    });
    anna.says('status');
    await waitFor(() => expect(core.heard.map(({ text }) => text)).toEqual(['status']));
    await waitFor(() => expect(anna.sees()).toHaveLength(3));
  });
});

describe('a document', () => {
  const CSV = Buffer.from('Phone\n+79990000001\n');

  test('is stored and handed over with what was written to it', async () => {
    const { core, anna } = await setUp();
    anna.sends({ name: 'клиенты.csv', bytes: CSV, caption: 'новая' });
    anna.sends({ name: 'more.csv', bytes: CSV });
    await waitFor(() => expect(core.heard).toHaveLength(2));
    expect(core.heard.map(({ text, file }) => [text, file?.name])).toEqual([
      ['новая', 'клиенты.csv'],
      ['', 'more.csv'],
    ]);
    expect(readFileSync(core.heard[0]!.file!.path)).toEqual(CSV);
  });

  test('too large for Telegram to hand over is refused politely, with the limit', async () => {
    const { core, anna, bench } = await setUp();
    anna.sends({ name: 'huge.xlsx', bytes: CSV, size: 21 * 1024 * 1024 });
    await waitFor(() => expect(anna.sees()[0]?.text).toMatch(/^“huge\.xlsx” is larger than the 20 MB/));
    expect(core.heard).toEqual([]);
    expect(readdirSync(bench.uploads)).toEqual([]);
  });

  test('larger than we take is refused with our own limit, and leaves nothing behind', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024);
    const { uploadsIn } = await import('../../../src/platform/uploads.ts');
    const bot = await setUp();
    await bot.surface.stop();
    const folder = join(bot.bench.uploads, 'small');
    await bot.open({ uploads: uploadsIn(folder, 2 * 1024 * 1024) });
    bot.anna.sends({ name: 'big.csv', bytes });
    await waitFor(() => expect(bot.anna.sees()[0]?.text).toMatch(/^“big\.csv” is larger than the 2 MB/));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that Telegram does not hand over is asked for once more', async () => {
    const { telegram, anna } = await setUp();
    telegram.failNext('getFile', 400, 'Bad Request: file is too big');
    anna.sends({ name: 'a.csv', bytes: CSV });
    await waitFor(() => expect(anna.sees()[0]?.text).toMatch(/larger than the 20 MB/));
    telegram.failNext('getFile', 400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    anna.sends({ name: 'b.csv', bytes: CSV });
    await waitFor(() => expect(anna.sees()[1]?.text).toMatch(/^I could not fetch “b\.csv”/));
  });

  test('of a stranger is not stored', async () => {
    const { core, anna, bench } = await setUp('polling', { knows: async () => false });
    anna.sends({ name: 'a.csv', bytes: CSV, caption: 'hello' });
    await waitFor(() => expect(core.heard).toEqual([expect.not.objectContaining({ file: expect.anything() })]));
    expect(readdirSync(bench.uploads)).toEqual([]);
  });
});

describe('a group', () => {
  test('hears of campaigns nothing, and is told where to go on when the bot is spoken to', async () => {
    const { telegram, core, anna } = await setUp();
    const group = telegram.group('Marketing', anna);
    group.hears(anna, 'lunch?');
    group.hears(anna, '/show 12');
    group.hears(anna, '/show@another_bot 12');
    group.hears(anna, 'mail me at anna@herald.test');
    expect(group.sees()).toEqual([]);
    const addressed = ['/show@herald_test_bot 12', 'hey @Herald_test_bot, show 12', '/help'];
    for (const text of addressed) group.hears(anna, text);
    group.hears(anna, 'and 13?', { reply_to_message: { from: { username: 'herald_test_bot' } } });
    await waitFor(() => expect(group.sees()).toHaveLength(addressed.length + 1));
    for (const hint of group.sees()) {
      expect(hint).toMatchObject({ text: 'I talk about campaigns in private only. Let us go on there.' });
      expect(hint.links).toEqual(['https://t.me/herald_test_bot?start=hello']);
    }
    expect(core.heard).toEqual([]);
  });

  test('cannot press what was posted there', async () => {
    const { telegram, core, surface, anna } = await setUp();
    const group = telegram.group('Marketing', anna);
    await surface.post(group.id(), cardAbout('campaign:12', 'Campaign 12', ['pause 12']), 'k');
    const query = anna.presses(group.sees()[0]!, 'Do pause 12');
    await waitFor(() =>
      expect(anna.told(query)).toMatchObject({ isAlert: true, text: expect.stringContaining('in private') }),
    );
    expect(core.heard).toEqual([]);
  });

  test('that became a supergroup is found at its new id', async () => {
    const { telegram, surface, anna } = await setUp();
    const group = telegram.group('Marketing', anna);
    const ref = await surface.post(group.id(), cardAbout('status', 'Status'), 'k');
    const old = group.id();
    const now = group.grows();
    expect(await surface.post(old, cardAbout('status', 'Status'), 'k')).toEqual({ kind: 'moved', to: now });
    expect(await surface.post(now, cardAbout('status', 'Status'), 'k')).toMatchObject({
      kind: 'posted',
      ref: { to: now },
    });
    if (ref.kind !== 'posted') throw new Error('it was not posted');
    expect(await surface.update(ref.ref, cardAbout('status', 'New'))).toEqual({ kind: 'moved', to: now });
    group.removesBot();
  });
});

test('the menu has every command in private and help alone in groups, in both languages', async () => {
  const { telegram } = await setUp();
  await waitFor(() => expect(telegram.menus.size).toBe(6));
  const menu = (name: string) => telegram.menus.get(name)!;
  expect(menu('all_private_chats:ru').find(({ command }) => command === 'audience_check')!.description).toMatch(
    /таблиц/,
  );
  expect(menu('all_private_chats:en').length).toBeGreaterThan(30);
  expect(menu('all_private_chats:')).toEqual(menu('all_private_chats:en'));
  expect(menu('all_group_chats:ru').map(({ command }) => command)).toEqual(['help']);
});

test('no address is looked up for the preview of a link', async () => {
  const bot = await setUp();
  await posted(bot);
  expect(bot.telegram.callsOf('sendMessage')[0]).toMatchObject({ link_preview_options: { is_disabled: true } });
});
