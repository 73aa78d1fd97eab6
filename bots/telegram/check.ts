/** Looks whether Telegram is set up as Herald needs it: the token, and the way by which updates come. */
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
  } catch (error) {
    const says = words.t('check.telegram.token.bad', { why: (error as Error).message });
    return yield { state: 'wrong', says, advice: words.t('check.telegram.token.bad.do') };
  }
  yield await checkUpdates(api, check);
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
  if (!failure) return { state: 'well', says: words.t('check.telegram.webhook', { url }) };
  const says = words.t('check.telegram.webhook.fails', { why: failure, n });
  return { state: 'wrong', says, advice: words.t('check.telegram.webhook.fails.do') };
}
