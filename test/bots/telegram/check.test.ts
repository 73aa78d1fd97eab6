/** What `npm run check` says of Telegram, over a little Telegram that keeps the real one's rules. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkTelegram, type TelegramCheck } from '../../../bots/telegram/check.ts';
import { texts } from '../../../src/texts/index.ts';
import { type FakeTelegram, startFakeTelegram, TOKEN } from '../../fakes/telegram/server.ts';
import { findings, type Line } from '../../support/findings.ts';
import { until } from '../../support/herald.ts';

const PUBLIC_URL = 'https://herald.test';
const WEBHOOK = `${PUBLIC_URL}/telegram/webhook`;

let telegram: FakeTelegram;
beforeEach(async () => {
  telegram = await startFakeTelegram({ reach: (url) => url.replace(PUBLIC_URL, 'http://127.0.0.1:1') });
});
afterEach(() => telegram.close());

const look = (over: Partial<TelegramCheck> = {}): Promise<readonly Line[]> => {
  const check = { botToken: TOKEN, apiUrl: telegram.url, mode: 'polling', publicUrl: PUBLIC_URL, words: texts('en') };
  return findings(checkTelegram({ ...check, ...over } as TelegramCheck), [TOKEN, TOKEN.split(':')[1]!]);
};

/** As Herald, or another program with the same token, would. */
async function setWebhook(url: string): Promise<void> {
  const body = JSON.stringify({ url, secret_token: 'a-secret' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${telegram.url}/bot${TOKEN}/setWebhook`, { method: 'POST', headers, body });
}

const BOT: Line = ['well', 'Telegram: the bot is @herald_test_bot.'];

describe('Telegram by polling', () => {
  test('is well when nothing else is set up', async () => {
    expect(await look()).toEqual([
      BOT,
      ['well', 'Telegram: Herald fetches its messages (polling); nothing else has to be set up.'],
    ]);
  });

  test('shows the webhook of somebody else, said in Russian', async () => {
    await setWebhook('https://other.test/bot');
    expect((await look({ words: texts('ru') }))[1]).toEqual([
      'wrong',
      'Telegram: сообщения уходят на другой адрес: https://other.test/bot.',
      expect.stringContaining('другая программа'),
    ]);
  });
});

describe('Telegram by a webhook', () => {
  test('is not set before Herald has started', async () => {
    expect((await look({ mode: 'webhook' }))[1]).toEqual([
      'wrong',
      'Telegram: no webhook is set yet.',
      expect.stringContaining('npm start'),
    ]);
  });

  test('is well when it is ours and nothing waits', async () => {
    await setWebhook(WEBHOOK);
    expect(await look({ mode: 'webhook' })).toEqual([BOT, ['well', `Telegram: messages are posted to ${WEBHOOK}.`]]);
  });

  test('is of somebody else', async () => {
    await setWebhook('https://other.test/bot');
    expect((await look({ mode: 'webhook' }))[1]).toEqual([
      'wrong',
      'Telegram: messages are posted to another address: https://other.test/bot.',
      expect.stringContaining('npm start'),
    ]);
  });

  test('fails, with what waits', async () => {
    await setWebhook(WEBHOOK);
    telegram.user('Anna').says('hello');
    await until('the failure', async () => telegram.lastWebhookError());
    expect((await look({ mode: 'webhook' }))[1]).toEqual([
      'wrong',
      'Telegram cannot deliver: Connection failed. 1 message waits.',
      expect.stringContaining('PUBLIC_URL'),
    ]);
  });
});

test.each(['987654321:AAof_nobody_at_all', '1:x'])('The token %s is not accepted', async (botToken) => {
  expect(await findings(checkTelegramWith(botToken), [botToken])).toEqual([
    ['wrong', 'Telegram: the token is not accepted (Unauthorized).', expect.stringContaining('@BotFather')],
  ]);
});

const checkTelegramWith = (botToken: string) =>
  checkTelegram({ botToken, apiUrl: telegram.url, mode: 'polling', publicUrl: null, words: texts('en') });

test('Telegram that is not reached, or answers with what is no answer, says so without the token', async () => {
  const unreachable: Line = [
    'wrong',
    'Telegram cannot be reached from this machine.',
    expect.stringContaining('api.telegram.org'),
  ];
  expect(await look({ apiUrl: 'http://127.0.0.1:1' })).toEqual([unreachable]);
  telegram.failNext('getWebhookInfo', 502, 'Bad Gateway');
  expect(await look()).toEqual([BOT, unreachable]);
});

test('Telegram that is not set up is no fault', async () => {
  expect(await look({ botToken: null })).toEqual([['off', 'Telegram: not set up (docs/connect-telegram.md).']]);
});
