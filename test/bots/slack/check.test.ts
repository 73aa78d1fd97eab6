/** What `npm run check` says of Slack, over a little Slack that keeps the real one's rules. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkSlack, type SlackCheck } from '../../../bots/slack/check.ts';
import { silentLog } from '../../../src/platform/log.ts';
import type { ChatCore } from '../../../src/staff/surface.ts';
import { texts } from '../../../src/texts/index.ts';
import { findings, type Line } from '../../support/findings.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, MANIFEST, type Mode, openBench } from './bench.ts';

let database: FreshDatabase;
let bench: Bench;
beforeAll(async () => {
  database = await freshDatabase();
});
afterEach(() => bench.close());
afterAll(() => database.drop());

const open = async (mode: Mode, scopes = MANIFEST.oauth_config.scopes.bot) => {
  const manifest = { ...MANIFEST, oauth_config: { scopes: { bot: scopes } } };
  bench = await openBench({ mode, database, fake: { manifest } });
};

/** Nobody speaks in these tests. */
const core = { handle: async () => null } as unknown as ChatCore;

/** As it is all well, but for what is said. */
function look(over: Partial<SlackCheck['settings']> = {}, more: Partial<SlackCheck> = {}): Promise<readonly Line[]> {
  const { secrets, apiUrl } = bench.slack;
  const settings = {
    botToken: secrets.bot,
    appToken: null,
    signingSecret: secrets.signing,
    clientId: null,
    clientSecret: null,
    apiUrl,
    ...over,
  };
  const check = { settings, publicUrl: bench.url() || null, words: texts('en'), now: () => new Date(), log: silentLog };
  return findings(checkSlack({ ...check, ...more }), Object.values(secrets));
}

const SIGNED_IN: Line = ['well', 'Slack: signed in as @herald in “Northern Lines”.'];
const SCOPES: Line = ['well', 'Slack: all the scopes that Herald needs are granted.'];

describe('Slack over HTTP', () => {
  test('is well when it is reached, signed for, and refuses what is not', async () => {
    await open('http');
    await bench.start(core);
    expect(await look()).toEqual([
      SIGNED_IN,
      SCOPES,
      [
        'well',
        `Slack: ${bench.url()}/slack/events is reached from outside, takes what is signed and refuses what is not.`,
      ],
    ]);
  });

  test('has a signing secret of another app', async () => {
    await open('http');
    await bench.start(core);
    const [, , last] = await look({ signingSecret: 'of-another-app' });
    expect(last).toEqual([
      'wrong',
      `Slack: ${bench.url()}/slack/events does not take what Slack would send (answer: 401).`,
      expect.stringContaining('SLACK_SIGNING_SECRET'),
    ]);
  });

  test('is not heard by Herald yet', async () => {
    await open('http');
    await bench.listen(bench.surface());
    expect((await look()).at(-1)).toEqual(['wrong', expect.stringContaining('(answer: 503)'), expect.any(String)]);
  });

  test('has a public address where nobody is, said in Russian', async () => {
    await open('http');
    const [, , last] = await look({}, { publicUrl: 'http://127.0.0.1:1', words: texts('ru') });
    expect(last).toEqual([
      'wrong',
      'Slack: http://127.0.0.1:1/slack/events не принимает того, что пришлёт Slack (ответ: нет ответа).',
      expect.stringContaining('Запустите Herald'),
    ]);
  });

  test('has no public address', async () => {
    await open('http');
    expect((await look({}, { publicUrl: null })).at(-1)).toEqual([
      'wrong',
      'PUBLIC_URL is not set, so nobody outside can reach Herald.',
      expect.stringContaining('Socket Mode'),
    ]);
  });

  test('of several workspaces asks for no token of its own', async () => {
    await open('http');
    await bench.start(core);
    const lines = await look({ botToken: null, clientId: '123.456', clientSecret: bench.slack.secrets.client });
    expect(lines.map(([state]) => state)).toEqual(['well', 'well']);
    expect(lines[0]![1]).toContain('/slack/install');
  });
});

describe('The token', () => {
  test.each([
    ['of nobody', (): string => 'xoxb-of-nobody', 'invalid_auth'],
    [
      'that was revoked',
      (): string => {
        bench.slack.world.tokens.get(bench.slack.secrets.bot)!.isRevoked = true;
        return bench.slack.secrets.bot;
      },
      'token_revoked',
    ],
  ])('%s is not accepted', async (_, token, why) => {
    await open('socket');
    expect((await look({ botToken: token(), appToken: bench.slack.secrets.app }))[0]).toEqual([
      'wrong',
      `Slack: the bot token is not accepted (${why}).`,
      expect.stringContaining('OAuth & Permissions'),
    ]);
  });

  test('lacks scopes, which are named', async () => {
    await open('socket', [
      'chat:write',
      'commands',
      'im:history',
      'im:write',
      'links:read',
      'links:write',
      'users:read',
    ]);
    const lines = await look({ appToken: bench.slack.secrets.app }, { words: texts('ru') });
    expect(lines[1]).toEqual([
      'wrong',
      'Slack: не хватает прав: app_mentions:read, files:read, files:write.',
      expect.stringContaining('Reinstall to Workspace'),
    ]);
  });

  test('cannot be asked about where Slack is not reached', async () => {
    await open('socket');
    const lines = await look({ apiUrl: 'http://127.0.0.1:1/api/', appToken: bench.slack.secrets.app });
    expect(lines).toEqual([
      ['wrong', 'Slack cannot be reached from this machine.', expect.stringContaining('slack.com')],
      ['wrong', 'Slack cannot be reached from this machine.', expect.stringContaining('slack.com')],
    ]);
  });
});

describe('Slack by Socket Mode', () => {
  test('is well, and needs no address', async () => {
    await open('socket');
    const lines = await look({ appToken: bench.slack.secrets.app, signingSecret: null }, { publicUrl: null });
    expect(lines).toEqual([SIGNED_IN, SCOPES, ['well', 'Slack: Socket Mode opens.']]);
  });

  test.each([
    ['has a token that is none', 'socket' as const, 'xapp-of-nobody', 'invalid_auth'],
    ['is switched off in the app', 'http' as const, null, 'socket_mode_disabled'],
  ])('%s', async (_, mode, token, why) => {
    await open(mode);
    expect((await look({ appToken: token ?? bench.slack.secrets.app })).at(-1)).toEqual([
      'wrong',
      `Slack: Socket Mode does not open (${why}).`,
      expect.stringContaining('connections:write'),
    ]);
  });
});

test('Slack that is not set up is no fault', async () => {
  await open('http');
  expect(await look({ botToken: null })).toEqual([['off', 'Slack: not set up (docs/connect-slack.md).']]);
});
