/** Looks whether Slack is set up as Herald needs it: the token, its scopes, and the way by which Slack speaks to us. */
import { createHmac } from 'node:crypto';
import { webApi } from '@slack/bolt';
import type { Finding } from '../../src/platform/finding.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Texts } from '../../src/texts/index.ts';
import { clientOptions } from './client.ts';
import { SCOPES } from './manifest.ts';
import { EVENTS_PATH, type SlackOptions } from './surface.ts';

export interface SlackCheck {
  readonly settings: SlackOptions['settings'];
  readonly publicUrl: string | null;
  readonly words: Texts;
  readonly now: () => Date;
  readonly log: Log;
}

const CALL_MS = 10_000;

export async function* checkSlack(check: SlackCheck): AsyncGenerator<Finding> {
  const { settings, words } = check;
  const { botToken, appToken, clientId, apiUrl } = settings;
  if (botToken === null && clientId === null) return yield { state: 'off', says: words.t('check.slack.off') };
  const client = (token: string) =>
    new webApi.WebClient(token, clientOptions({ apiUrl, timeoutMs: CALL_MS, log: check.log }));
  if (botToken === null) yield { state: 'well', says: words.t('check.slack.many') };
  else yield* checkToken(client(botToken), words);
  if (appToken === null) yield await checkEvents(check);
  else yield await checkSocket(client(appToken), words);
}

async function* checkToken(client: webApi.WebClient, words: Texts): AsyncGenerator<Finding> {
  let known: webApi.AuthTestResponse;
  try {
    known = await client.auth.test();
  } catch (error) {
    const why = whyRefused(error);
    if (why === null) return yield unreachable(words);
    const says = words.t('check.slack.token.bad', { why });
    return yield { state: 'wrong', says, advice: words.t('check.slack.token.bad.do') };
  }
  yield { state: 'well', says: words.t('check.slack.token', { user: known.user ?? '?', team: known.team ?? '?' }) };
  const granted = new Set(known.response_metadata?.scopes ?? []);
  const lacking = SCOPES.filter((scope) => !granted.has(scope));
  if (lacking.length === 0) return yield { state: 'well', says: words.t('check.slack.scopes') };
  const says = words.t('check.slack.scopes.lacking', { scopes: lacking.join(', ') });
  yield { state: 'wrong', says, advice: words.t('check.slack.scopes.lacking.do') };
}

async function checkSocket(client: webApi.WebClient, words: Texts): Promise<Finding> {
  try {
    await client.apps.connections.open();
    return { state: 'well', says: words.t('check.slack.socket') };
  } catch (error) {
    const why = whyRefused(error);
    if (why === null) return unreachable(words);
    const says = words.t('check.slack.socket.bad', { why });
    return { state: 'wrong', says, advice: words.t('check.slack.socket.bad.do') };
  }
}

/** Knocks from outside as Slack does, once rightly signed and once not. */
async function checkEvents({ settings, publicUrl, words, now }: SlackCheck): Promise<Finding> {
  if (publicUrl === null) {
    return { state: 'wrong', says: words.t('check.public-url.none'), advice: words.t('check.slack.public-url.do') };
  }
  const url = `${publicUrl}${EVENTS_PATH}`;
  const [right, forged] = await Promise.all([
    knock(url, settings.signingSecret ?? '', now()),
    knock(url, 'somebody else’s', now()),
  ]);
  if (right === 200 && forged === 401) return { state: 'well', says: words.t('check.slack.events', { url }) };
  const says = words.t('check.slack.events.bad', {
    url,
    status: right === 0 ? words.t('check.no-answer') : `${right}`,
  });
  return { state: 'wrong', says, advice: words.t('check.slack.events.bad.do') };
}

/** Slack's own question for an address (api.slack.com/events/url_verification), under its signature `v0`. */
async function knock(url: string, secret: string, at: Date): Promise<number> {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'herald' });
  const time = Math.floor(at.getTime() / 1000);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(time),
    'x-slack-signature': signature,
  };
  try {
    const signal = AbortSignal.timeout(CALL_MS);
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}

const unreachable = (words: Texts): Finding => ({
  state: 'wrong',
  says: words.t('check.unreachable', { name: 'Slack' }),
  advice: words.t('check.unreachable.do', { host: 'slack.com' }),
});

/** Slack's word for it: `invalid_auth`; null where Slack said nothing. */
const whyRefused = (error: unknown): string | null => (error as { data?: { error?: string } }).data?.error ?? null;
