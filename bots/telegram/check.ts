/** Looks whether Telegram is set up as Herald needs it: the token, and the way by which updates come. */
import { TelegramError } from 'telegraf';
import type { Finding } from '../../src/platform/finding.ts';
import type { Texts } from '../../src/texts/index.ts';
import { type Api, createApi } from './api.ts';
import { WEBHOOK_PATH } from './webhook.ts';

export interface TelegramCheck {
  readonly botToken: string | null;
  readonly apiUrl: string | null;
  readonly mode: 'polling' | 'webhook';
  readonly publicUrl: string | null;
  readonly words: Texts;
}

const CALL_MS = 10_000;

export async function* checkTelegram(check: TelegramCheck): AsyncGenerator<Finding> {
  const { botToken, apiUrl, words } = check;
  if (botToken === null) return yield { state: 'off', says: words.t('check.telegram.off') };
  const api = createApi({ token: botToken, apiUrl: apiUrl ?? undefined, callMs: CALL_MS });
  try {
    const { username } = await api.call('getMe', {});
    yield { state: 'well', says: words.t('check.telegram.token', { name: `@${username}` }) };
    yield await checkUpdates(api, check);
  } catch (error) {
    yield whyNot(error, words);
  }
}

function whyNot(error: unknown, words: Texts): Finding {
  // https://core.telegram.org/bots/api#making-requests: 401 for a token that is none, 404 for one of another form.
  if (error instanceof TelegramError && (error.code === 401 || error.code === 404)) {
    const says = words.t('check.telegram.token.bad', { why: error.description });
    return { state: 'wrong', says, advice: words.t('check.telegram.token.bad.do') };
  }
  const advice = words.t('check.unreachable.do', { host: 'api.telegram.org' });
  return { state: 'wrong', says: words.t('check.unreachable', { name: 'Telegram' }), advice };
}

async function checkUpdates(api: Api, { mode, publicUrl, words }: TelegramCheck): Promise<Finding> {
  const { url, last_error_message: failure, pending_update_count: n } = await api.call('getWebhookInfo', {});
  if (mode === 'polling') {
    if (!url) return { state: 'well', says: words.t('check.telegram.polling') };
    const says = words.t('check.telegram.webhook.other', { url });
    return { state: 'wrong', says, advice: words.t('check.telegram.webhook.other.do') };
  }
  const expected = publicUrl === null ? null : `${publicUrl}${WEBHOOK_PATH}`;
  if (url !== expected) {
    const says = url ? words.t('check.telegram.webhook.other', { url }) : words.t('check.telegram.webhook.none');
    return { state: 'wrong', says, advice: words.t('check.telegram.webhook.start') };
  }
  // Telegram remembers its last failure for long; what matters is whether anything is still undelivered.
  if (!failure || n === 0) return { state: 'well', says: words.t('check.telegram.webhook', { url }) };
  const says = words.t('check.telegram.webhook.fails', { why: failure, n });
  return { state: 'wrong', says, advice: words.t('check.telegram.webhook.fails.do') };
}
