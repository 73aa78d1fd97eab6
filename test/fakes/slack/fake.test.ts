/** The little Slack against something that others made: what both answer to the same calls of the real client. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webApi } from '@slack/bolt';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boltLogger } from '../../../bots/slack/log.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { MANIFEST } from '../../bots/slack/bench.ts';
import { userOf } from './people.ts';
import { openSlack, type SlackFake } from './server.ts';

const { WebClient } = webApi;
const options = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: boltLogger(silentLog) };

interface Side {
  readonly client: webApi.WebClient;
  readonly user: string;
  readonly channel: string;
  /** Who is not in the channel. */
  readonly outsider: string;
  /** The same with a token that there is not. */
  readonly stranger: webApi.WebClient;
  readonly trigger: () => Promise<string>;
}

let slack: SlackFake;
let emulator: { readonly url: string; close(): Promise<void> } | undefined;
const sides: { ours?: Side; theirs?: Side } = {};

beforeAll(async () => {
  slack = await openSlack({ manifest: MANIFEST });
  const anna = userOf(slack, 'anna');
  const general = slack.world.addChannel(slack.team, 'general', [anna.id, slack.team.botUser]);
  sides.ours = {
    client: new WebClient(slack.secrets.bot, { ...options, slackApiUrl: slack.apiUrl }),
    user: anna.id,
    channel: general.id,
    outsider: userOf(slack, 'carl').id,
    stranger: new WebClient('xoxb-nobody', { ...options, slackApiUrl: slack.apiUrl }),
    trigger: async () => slack.trigger(anna.id),
  };
  sides.theirs = await emulated();
});
afterAll(async () => {
  await slack.close();
  await emulator?.close();
});

async function emulated(): Promise<Side> {
  const opened = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      tokens: { 'xoxb-theirs': { login: 'herald', scopes: ['chat:write'] } },
      slack: {
        team: { name: 'Theirs', domain: 'theirs' },
        users: ['herald', 'anna', 'carl'].map((name) => ({ name, real_name: name })),
        channels: [{ name: 'general' }],
      },
    },
  });
  emulator = opened;
  const slackApiUrl = `${opened.url}/api/`;
  const client = new WebClient('xoxb-theirs', { ...options, slackApiUrl });
  const { members = [] } = await client.users.list({});
  const { channels = [] } = await client.conversations.list({});
  const idOf = (name: string) => members.find((one) => one.name === name)!.id!;
  const channel = channels.find(({ name }) => name === 'general')!.id!;
  await client.conversations.join({ channel });
  await client.conversations.invite({ channel, users: idOf('anna') });
  return {
    client,
    user: idOf('anna'),
    channel,
    outsider: idOf('carl'),
    stranger: new WebClient('', { ...options, slackApiUrl }),
    async trigger() {
      const made = await client.apiCall('views.generateTriggerId', { user_id: idOf('anna') });
      return String((made as { trigger_id?: unknown }).trigger_id);
    },
  };
}

/** The answer as far as a bot reads it, with ids by their kind; an error by its code. */
async function said(call: Promise<webApi.WebAPICallResult>): Promise<unknown> {
  try {
    return shape(await call);
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError) return { error: error.data.error };
    throw error;
  }
}

const shape = (value: unknown): unknown => {
  if (typeof value === 'string' && /^\d{10}\.\d{6}$/u.test(value)) return 'ts';
  if (typeof value === 'string' && /^[TCDUVB][A-Z0-9]{6,}$/u.test(value)) return value[0];
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
};

const modal = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Title' }, blocks: [] };
const metadata = { event_type: 'herald_posted', event_payload: { key: 'k1' } };

/** Calls, and what of the answer both have to agree on. */
const CALLS: Readonly<Record<string, readonly [(side: Side) => Promise<webApi.WebAPICallResult>, object]>> = {
  'auth.test': [({ client }) => client.auth.test(), { ok: true, team_id: 'T', user_id: 'U' }],
  'chat.postMessage': [
    ({ client, channel }) => client.chat.postMessage({ channel, text: 'Hello', metadata }),
    { ok: true, channel: 'C', ts: 'ts', message: { type: 'message', text: 'Hello', ts: 'ts' } },
  ],
  'chat.postMessage nowhere': [
    ({ client }) => client.chat.postMessage({ channel: 'C0NOWHERE0', text: 'Hello' }),
    { error: 'channel_not_found' },
  ],
  'chat.postMessage of nothing': [
    ({ client, channel }) => client.apiCall('chat.postMessage', { channel }),
    { error: 'no_text' },
  ],
  'chat.postMessage to a person': [
    ({ client, user }) => client.chat.postMessage({ channel: user, text: 'Hello' }),
    { ok: true, channel: 'D', ts: 'ts' },
  ],
  'chat.update of nothing': [
    ({ client, channel }) => client.chat.update({ channel, ts: '1.1', text: 'Hello' }),
    { error: 'message_not_found' },
  ],
  'chat.postEphemeral': [
    ({ client, channel, user }) => client.chat.postEphemeral({ channel, user, text: 'Hello' }),
    { ok: true, message_ts: 'ts' },
  ],
  'chat.postEphemeral to who is not there': [
    ({ client, channel, outsider }) => client.chat.postEphemeral({ channel, user: outsider, text: 'Hello' }),
    { error: 'user_not_in_channel' },
  ],
  'conversations.open': [
    ({ client, user }) => client.conversations.open({ users: user }),
    { ok: true, channel: { id: 'D' } },
  ],
  'conversations.open with nobody': [
    ({ client }) => client.apiCall('conversations.open', {}),
    { error: 'users_list_not_supplied' },
  ],
  'conversations.history nowhere': [
    ({ client }) => client.conversations.history({ channel: 'D0NOWHERE0' }),
    { error: 'channel_not_found' },
  ],
  'users.info': [({ client, user }) => client.users.info({ user }), { ok: true, user: { id: 'U', name: 'anna' } }],
  'users.info of nobody': [({ client }) => client.users.info({ user: 'U0NOBODY0' }), { error: 'user_not_found' }],
  'files.info of nothing': [({ client }) => client.files.info({ file: 'F0NOTHING0' }), { error: 'file_not_found' }],
  'views.open': [
    async ({ client, trigger }) => client.views.open({ trigger_id: await trigger(), view: modal }),
    { ok: true, view: { id: 'V', type: 'modal', hash: expect.any(String) } },
  ],
  'views.open without a trigger': [
    ({ client }) => client.views.open({ trigger_id: 'made.up', view: modal }),
    { error: 'invalid_trigger_id' },
  ],
  'views.open twice': [
    async ({ client, trigger }) => {
      const trigger_id = await trigger();
      await client.views.open({ trigger_id, view: modal });
      return client.views.open({ trigger_id, view: modal });
    },
    { error: 'exchanged_trigger_id' },
  ],
  'views.update of nothing': [
    ({ client }) => client.views.update({ view_id: 'V0NOTHING0', view: modal }),
    { error: 'not_found' },
  ],
  'views.update of what has changed': [
    async ({ client, trigger }) => {
      const { view } = await client.views.open({ trigger_id: await trigger(), view: modal });
      return client.views.update({ view_id: view!.id!, hash: '1.old', view: modal });
    },
    { error: 'hash_conflict' },
  ],
  'views.publish': [
    ({ client, user }) => client.views.publish({ user_id: user, view: { type: 'home', blocks: [] } }),
    { ok: true, view: { id: 'V', type: 'home' } },
  ],
  'oauth.v2.access': [
    ({ client }) => client.oauth.v2.access({ client_id: '1', client_secret: '2', code: 'made-up' }),
    { error: expect.stringMatching(/^invalid_(?:code|client_id)$/u) },
  ],
};

describe.each(['ours', 'theirs'] as const)('to what the client calls, %s answers', (name) => {
  test.each(Object.entries(CALLS))('%s', async (_, [call, answer]) => {
    expect(await said(call(sides[name]!))).toMatchObject(answer);
  });

  test('chat.update and conversations.history of what was posted', async () => {
    const { client, user } = sides[name]!;
    const { channel } = await client.chat.postMessage({ channel: user, text: 'Before', metadata });
    const { messages: [first] = [] } = await client.conversations.history({
      channel: channel!,
      include_all_metadata: true,
    });
    expect(first).toMatchObject({ text: 'Before', metadata });
    await client.chat.update({ channel: channel!, ts: first!.ts!, text: 'After' });
    const { messages: [second] = [] } = await client.conversations.history({
      channel: channel!,
      include_all_metadata: true,
    });
    expect(second).toMatchObject({ text: 'After', ts: first!.ts, metadata });
    await client.chat.delete({ channel: channel!, ts: first!.ts! });
    const { messages = [] } = await client.conversations.history({ channel: channel! });
    expect(messages.some(({ ts }) => ts === first!.ts)).toBe(false);
  });
});

test('a token that there is not is told so', async () => {
  expect(await said(sides.ours!.stranger.auth.test())).toEqual({ error: 'invalid_auth' });
});

describe('the little Slack', () => {
  const anna = () => userOf(slack, 'anna');
  const client = () => sides.ours!.client;
  const errorOf = async (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error) => (error instanceof webApi.WebAPIPlatformError ? error.data.error : error),
    );

  test('takes eight new messages in a channel at once, then one a second, and says how long to wait', async () => {
    const { id: channel } = anna().direct;
    for (let n = 0; n < 8; n++) await client().chat.postMessage({ channel, text: String(n) });
    const error = await errorOf(client().chat.postMessage({ channel, text: 'too fast' }));
    expect(error).toBeInstanceOf(webApi.WebAPIRateLimitedError);
    expect(error).toMatchObject({ retryAfter: 1 });
    await client().chat.postMessage({ channel: anna().direct.id, text: 'elsewhere' });
  });

  test.each([
    ['a header that is too long', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    ['a sign that is not escaped', [{ type: 'section', text: { type: 'mrkdwn', text: 'a & b' } }]],
    ['too many blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    [
      'two blocks of one id',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
    ['an empty actions block', [{ type: 'actions', elements: [] }]],
    ['a kind of block that there is not', [{ type: 'table' }]],
  ])('refuses %s', async (_, blocks) => {
    const call = client().apiCall('chat.postMessage', { channel: anna().direct.id, text: 'x', blocks });
    expect(await errorOf(call)).toBe('invalid_blocks');
  });

  test('refuses a method without its scope, or a token that was taken back or has ended', async () => {
    const { world, team } = slack;
    const withToken = (token: string, expiresAt: number, isRevoked: boolean) => {
      world.tokens.set(token, { token, team: team.id, scopes: [], expiresAt, isRevoked });
      return new WebClient(token, { ...options, slackApiUrl: slack.apiUrl });
    };
    const posting = (one: webApi.WebClient) => errorOf(one.chat.postMessage({ channel: 'C1', text: 'x' }));
    expect(await posting(withToken('a', Number.POSITIVE_INFINITY, false))).toBe('missing_scope');
    expect(await posting(withToken('b', Number.POSITIVE_INFINITY, true))).toBe('token_revoked');
    expect(await posting(withToken('c', Date.now(), false))).toBe('token_expired');
  });

  test('takes five answers at an address, and no blocks that it would not take elsewhere', async () => {
    const user = anna();
    const address = slack.addresses.open({
      channel: user.direct.id,
      user: user.id,
      bot: slack.team.botUser,
      original: undefined,
    });
    const answer = async (body: object) => {
      const response = await fetch(address, { method: 'POST', body: JSON.stringify(body) });
      return response.ok ? 'ok' : ((await response.json()) as { error: string }).error;
    };
    expect(await answer({ text: 'x', blocks: [{ type: 'table' }] })).toBe('invalid_blocks');
    for (let n = 0; n < 4; n++) expect(await answer({ text: String(n) })).toBe('ok');
    expect(await answer({ text: 'too many' })).toBe('used_url');
    expect(user.sees().map(({ spoken }) => spoken)).toEqual(['0', '1', '2', '3']);
    expect(await (await fetch(`${address}x`, { method: 'POST', body: '{}' })).json()).toEqual({
      ok: false,
      error: 'expired_url',
    });
  });

  test('tells an event again under the same id, with the number and the reason, until it is acknowledged in time', async () => {
    const heard: { id: string; num: string | undefined; reason: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { event_id: id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { event_id: string };
        const { 'x-slack-retry-num': num, 'x-slack-retry-reason': reason } = request.headers as Record<string, string>;
        heard.push({ id, num, reason });
        // Late, then broken, then well.
        if (heard.length > 1) response.writeHead(heard.length === 2 ? 500 : 200).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const impatient = await openSlack({ manifest: MANIFEST, ackMs: 300, retryMs: [0, 10, 20] });
    impatient.listensAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const told = await userOf(impatient, 'anna').says('help');
    expect(told.acked).toBe(true);
    expect(heard.map(({ num, reason }) => [num, reason])).toEqual([
      [undefined, undefined],
      ['1', 'http_timeout'],
      ['2', 'http_error'],
    ]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
    await impatient.close();
    server.closeAllConnections();
    server.close();
  });

  test('tells nothing of events, commands and shortcuts that the app does not have', async () => {
    const bare = {
      ...MANIFEST,
      settings: { event_subscriptions: { bot_events: [] } },
      features: { ...MANIFEST.features, shortcuts: [] },
    };
    const other = await openSlack({ manifest: bare });
    const user = userOf(other, 'anna');
    expect(() => user.says('help')).toThrow('message.im');
    expect(() => user.shortcut('new_campaign')).toThrow('new_campaign');
    await other.close();
  });
});
