/**
 * The fake against a stand-in that others wrote, `telegram-test-api`: Telegraf is called alike over both, and must see alike. And
 * the bot itself over the stand-in, so that it is not only our own idea of Telegram that it fits.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Telegraf } from 'telegraf';
import type { Message, Update } from 'telegraf/types';
import testApi from 'telegram-test-api';
import { afterEach, expect, test, vi } from 'vitest';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { startFakeTelegram, TOKEN } from '../../fakes/telegram/server.ts';
import { openBench } from './bot.ts';

const waitFor = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 5_000, interval: 20 });

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Its types speak of another module system than it is made for. */
const TelegramTestApi = testApi as unknown as typeof testApi.default;

/** The stand-in takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function startStandIn() {
  const server = new TelegramTestApi({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  cleanups.push(() => server.stop());
  return { server, client: server.getClient(TOKEN, { userId: 77, chatId: 77, firstName: 'Anna' }) };
}

/** What a person does at either of them. */
interface World {
  readonly url: string;
  writes(text: string): Promise<void>;
  presses(message: Message, data: string): Promise<void>;
}

async function ours(): Promise<World> {
  const fake = await startFakeTelegram();
  cleanups.push(fake.close);
  const anna = fake.user('Anna', { username: 'anna' });
  return {
    url: fake.url,
    writes: async (text) => anna.says(text),
    presses: async ({ message_id }) => void anna.presses({ id: String(message_id) }, 'Do it'),
  };
}

async function theirs(): Promise<World> {
  const { server, client } = await startStandIn();
  return {
    url: server.config.apiURL,
    async writes(text) {
      const said = text.startsWith('/') ? client.makeCommand(text) : client.makeMessage(text);
      await (text.startsWith('/') ? client.sendCommand(said as never) : client.sendMessage(said));
    },
    async presses(message, data) {
      await client.sendCallback(client.makeCallbackQuery(data, { message: message as never }));
    },
  };
}

/** The type of everything in it, as far as bots decide by it. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
}

/** Talks with a person by Telegraf's own calls; resolves with what it saw. */
async function conversation(world: World) {
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: world.url } });
  let offset = 0;
  const heard = async (): Promise<Update> => {
    const [update, ...more] = await waitFor(async () => {
      const updates = await telegram.callApi('getUpdates', { offset, timeout: 0 });
      if (updates.length === 0) throw new Error('nothing yet');
      return updates;
    });
    expect(more).toEqual([]);
    offset = update!.update_id + 1;
    return update!;
  };
  const me = await telegram.getMe();
  await telegram.deleteWebhook();
  await world.writes('hello');
  const said = await heard();
  await world.writes('/start K7Q4R9XFRM');
  const command = await heard();
  const chat = (said as Update.MessageUpdate).message.chat.id;
  const inline_keyboard = [[{ text: 'Do it', callback_data: 'do:1' }]];
  const sent = await telegram.sendMessage(chat, 'Shall I?', { reply_markup: { inline_keyboard } });
  await world.presses(sent, 'do:1');
  const pressed = await heard();
  const query = (pressed as Update.CallbackQueryUpdate).callback_query;
  await telegram.answerCbQuery(query.id);
  await telegram.editMessageText(chat, sent.message_id, undefined, 'Done');
  await telegram.deleteMessage(chat, sent.message_id);
  const left = await telegram.callApi('getUpdates', { offset, timeout: 0 });
  return { me, said, command, sent, pressed, left };
}

test('Telegraf sees alike over the fake and over the stand-in', async () => {
  const [here, there] = [await conversation(await ours()), await conversation(await theirs())];
  for (const seen of [here, there]) {
    expect(seen.me).toMatchObject({ username: expect.any(String), first_name: expect.any(String) });
    expect(seen.said).toMatchObject({
      message: { text: 'hello', chat: { type: 'private' }, from: { first_name: 'Anna' } },
    });
    expect(seen.command).toMatchObject({
      message: { text: '/start K7Q4R9XFRM', entities: [{ type: 'bot_command', offset: 0, length: 6 }] },
    });
    expect(seen.sent).toMatchObject({ text: 'Shall I?', reply_markup: { inline_keyboard: [[{ text: 'Do it' }]] } });
    expect(seen.pressed).toMatchObject({
      callback_query: { data: 'do:1', message: { message_id: seen.sent.message_id } },
    });
    expect(seen.left).toEqual([]);
  }
  const shape = (seen: typeof here) => {
    const { update_id, message } = seen.said as Update.MessageUpdate;
    const { callback_query } = seen.pressed as Update.CallbackQueryUpdate;
    const { id: chat } = message.chat;
    const { id, is_bot, first_name } = message.from!;
    return shapeOf({
      update_id,
      message: { message_id: message.message_id, date: message.date, chat, from: { id, is_bot, first_name } },
      query: { id: callback_query.id, from: callback_query.from.id },
      sent: { message_id: seen.sent.message_id, chat: seen.sent.chat.id },
    });
  };
  expect(shape(here)).toEqual(shape(there));
});

test('a webhook is posted to alike by the fake and by the stand-in', async () => {
  const bodies: unknown[] = [];
  const { createServer: createHttp } = await import('node:http');
  const hook = createHttp(async (request, response) => {
    const chunks = await request.toArray();
    bodies.push({ type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  cleanups.push(async () => hook.close());
  const address = `http://127.0.0.1:${(hook.address() as { port: number }).port}/hook`;

  const fake = await startFakeTelegram({ reach: () => address });
  cleanups.push(fake.close);
  await new Telegraf(TOKEN, { telegram: { apiRoot: fake.url } }).telegram.setWebhook('https://herald.test/hook');
  fake.user('Anna').says('hello');
  await waitFor(() => expect(bodies).toHaveLength(1));

  const { server, client } = await startStandIn();
  await new Telegraf(TOKEN, { telegram: { apiRoot: server.config.apiURL } }).telegram.setWebhook(address);
  await client.sendMessage(client.makeMessage('hello'));
  await waitFor(() => expect(bodies).toHaveLength(2));
  for (const one of bodies) {
    expect(one).toMatchObject({
      type: expect.stringContaining('application/json'),
      body: { update_id: expect.any(Number), message: { text: 'hello', from: { first_name: expect.any(String) } } },
    });
  }
});

test('the bot answers, and edits what was pressed, over the stand-in', async () => {
  const { server, client } = await startStandIn();
  const bench = await openBench('polling');
  cleanups.push(bench.close);
  const core = listeningCore();
  const surface = bench.make(undefined, { apiUrl: server.config.apiURL });
  cleanups.push(() => surface.stop());
  await surface.start(core);
  core.answer(() => cardAbout('campaign:12', 'Sending', ['pause 12']));
  await client.sendCommand(client.makeCommand('/show 12'));
  const { result } = await client.getUpdates();
  const { messageId, message } = result[0]! as unknown as {
    messageId: number;
    message: { text: string; reply_markup: unknown };
  };
  expect(message.text).toMatch(/^<b>Sending<\/b>/);

  core.answer(() => cardAbout('campaign:12', 'Paused'));
  const { inline_keyboard } = message.reply_markup as { inline_keyboard: { callback_data: string }[][] };
  const { message: place } = client.makeCallbackQuery('');
  const pressed = { ...place, message_id: messageId };
  await client.sendCallback(
    client.makeCallbackQuery(inline_keyboard[0]![0]!.callback_data, { message: pressed as never }),
  );
  await waitFor(() => expect(core.heard.map(({ text }) => text)).toEqual(['/show 12', 'pause 12']));
  await waitFor(async () => {
    const history = await client.getUpdatesHistory();
    expect(JSON.stringify(history)).toContain('<b>Paused</b>');
  });
});
