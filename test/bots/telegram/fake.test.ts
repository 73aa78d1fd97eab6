/** What the real Telegram refuses, the fake refuses, in the same words. */
import { Telegraf, TelegramError } from 'telegraf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseHtml } from '../../fakes/telegram/html.ts';
import { type FakeTelegram, startFakeTelegram, TOKEN } from '../../fakes/telegram/server.ts';

let fake: FakeTelegram;
let telegram: Telegraf['telegram'];
beforeAll(async () => {
  fake = await startFakeTelegram();
  telegram = new Telegraf(TOKEN, { telegram: { apiRoot: fake.url } }).telegram;
});
afterAll(() => fake.close());

const met = () => {
  const anna = fake.user('Anna');
  anna.knowsBot();
  return anna;
};

/** Code and words of the refusal. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TelegramError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a message', () => {
  const button = (callback_data: string, text = 'x') => ({
    reply_markup: { inline_keyboard: [[{ text, callback_data }]] },
  });

  test.each([
    ['too long', 'x'.repeat(4097), {}, '400: Bad Request: message is too long'],
    ['empty', '<b> </b>', { parse_mode: 'HTML' }, '400: Bad Request: message text is empty'],
    ['with a tag left open', '<b>x', { parse_mode: 'HTML' }, `Can't find end tag corresponding to start tag "b"`],
    ['with tags crossed', '<b><i>x</b></i>', { parse_mode: 'HTML' }, 'Unmatched end tag at byte offset 7'],
    [
      'with a tag that there is not',
      'я<h1>x</h1>',
      { parse_mode: 'HTML' },
      'Unsupported start tag "h1" at byte offset 2',
    ],
    ['with an end and no start', 'x</b>', { parse_mode: 'HTML' }, 'Unexpected end tag'],
    ['with a sign that was not escaped', '5 < 6', { parse_mode: 'HTML' }, 'Unclosed start tag'],
    ['with a button that carries too much', 'x', button('я'.repeat(33)), 'BUTTON_DATA_INVALID'],
    ['with a button that carries nothing', 'x', button(''), 'BUTTON_DATA_INVALID'],
    ['with a button that says nothing', 'x', button('x', ' '), 'Text buttons are unallowed'],
  ])('%s is refused', async (_, text, more, words) => {
    expect(await refusal(telegram.sendMessage(met().id, text, more as never))).toContain(words);
  });

  test('of 4096 letters and 64 bytes is taken, its markup not counted', async () => {
    const anna = met();
    const text = `<b>${'&lt;'.repeat(4096)}</b>`;
    await telegram.sendMessage(anna.id, text, { parse_mode: 'HTML', ...button('я'.repeat(32)) });
    expect(anna.sees()[0]).toMatchObject({ text: '<'.repeat(4096), buttons: ['x'] });
  });

  test('edited to what it is is refused, as are those of others and those that are gone', async () => {
    const anna = met();
    anna.says('hello');
    const { message_id } = await telegram.sendMessage(anna.id, 'x');
    const edit = (id: number, text: string) => refusal(telegram.editMessageText(anna.id, id, undefined, text));
    expect(await edit(message_id, 'x')).toContain('message is not modified');
    expect(await edit(message_id - 1, 'y')).toContain("message can't be edited");
    fake.removes({ id: String(message_id) });
    expect(await edit(message_id, 'y')).toContain('message to edit not found');
  });

  test('to nobody, to a stranger, to one who blocked: each is refused in its own words', async () => {
    expect(await refusal(telegram.sendMessage(1, 'x'))).toBe('400: Bad Request: chat not found');
    expect(await refusal(telegram.sendMessage(fake.user('Vera').id, 'x'))).toContain("can't initiate conversation");
    const anna = met();
    anna.blocks();
    expect(await refusal(telegram.sendMessage(anna.id, 'x'))).toBe('403: Forbidden: bot was blocked by the user');
  });
});

test('HTML is read as its rules say', () => {
  expect(parseHtml('<b>a</b> &lt;&#1103;&#x44f;&amp;&nbsp;&quot; <pre>  x\n</pre>')).toEqual({
    ok: true,
    text: 'a <яя&&nbsp;"   x\n',
    entities: [
      { type: 'bold', offset: 0, length: 1 },
      { type: 'pre', offset: 14, length: 4 },
    ],
  });
});

test('commands of a menu are small letters, described in 1 to 256', async () => {
  const set = (command: string, description: string) => telegram.setMyCommands([{ command, description }]);
  expect(await refusal(set('audience-check', 'x'))).toContain('BOT_COMMAND_INVALID');
  expect(await refusal(set('help', 'x'.repeat(257)))).toContain('BOT_COMMAND_DESCRIPTION_INVALID');
  await set('audience_check', 'x');
  expect(await telegram.getMyCommands()).toEqual([{ command: 'audience_check', description: 'x' }]);
});

test('a token that is none, a method that is none', async () => {
  const other = new Telegraf('1:x', { telegram: { apiRoot: fake.url } }).telegram;
  expect(await refusal(other.getMe())).toBe('401: Unauthorized');
  expect(await refusal(telegram.callApi('noMethod' as 'getMe', {}))).toBe('404: Not Found');
});

test('updates are given until they are confirmed, to one who asks at a time, and not beside a webhook', async () => {
  fake.user('Vera').says('one');
  const ask = (offset: number, timeout = 0) => telegram.callApi('getUpdates', { offset, timeout });
  const first = await ask(0);
  expect(await ask(0)).toEqual(first);
  const held = refusal(ask(first.at(-1)!.update_id + 1, 30));
  await expect.poll(() => fake.waiting()).toEqual([]);
  await ask(0);
  expect(await held).toMatch(/^409: Conflict: terminated by other getUpdates request/);
  expect(await refusal(telegram.setWebhook('http://herald.test'))).toContain('An HTTPS URL must be provided');
  expect(await refusal(telegram.setWebhook('https://herald.test', { secret_token: 'ключ' }))).toContain(
    'unallowed characters',
  );
  await telegram.setWebhook('https://127.0.0.1:1/');
  expect(await refusal(ask(0))).toContain("can't use getUpdates method while webhook is active");
  fake.user('Vera').says('two');
  await expect.poll(() => fake.lastWebhookError()).toBe('Connection failed');
  expect(await telegram.getWebhookInfo()).toMatchObject({ url: 'https://127.0.0.1:1/', pending_update_count: 1 });
  await telegram.deleteWebhook();
  expect(await ask(0)).toHaveLength(1);
});
