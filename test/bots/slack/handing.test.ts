/** Files that come with an answer in Slack: in private whatever conversation was talked in, and with a word when they cannot come. */
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { handOver } from '../../../bots/slack/handing.ts';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { userOf } from '../../fakes/slack/people.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, MANIFEST, MODES, type Mode, openBench } from './bench.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const benches: Bench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 5 });
const NAME = 'клиенты.results-12.xlsx';
const FAILED = `The file ${NAME} could not be handed over.`;

async function scene(mode: Mode = 'http', scopes?: readonly string[]) {
  const manifest = scopes ? { ...MANIFEST, oauth_config: { scopes: { bot: scopes } } } : MANIFEST;
  const bench = await openBench({ mode, database, fake: { manifest } });
  benches.push(bench);
  const { slack, folder } = bench;
  const [anna, boris] = [userOf(slack, 'Anna'), userOf(slack, 'Boris')];
  const general = slack.world.addChannel(slack.team, 'general', [anna.id, boris.id, slack.team.botUser]);
  const path = join(folder, 'results');
  const bytes = Buffer.from('PK\u0003\u0004 and more');
  writeFileSync(path, bytes);
  const attachment = { name: NAME, path, again: 'results 12' };
  const core = listeningCore();
  core.answer(() => ({ ...cardAbout('results:12', 'Results', ['results 12']), attachment }));
  await bench.start(core);
  const titles = () => anna.sees().map(({ text }) => text.split('\n')[0]);
  return { bench, slack, anna, boris, general, path, bytes, titles };
}

describe.each(MODES)('over %s, the file of a card', (mode) => {
  test('follows it in private, byte for byte and under its name, in the thread that was asked in', async () => {
    const { slack, anna, bytes, titles } = await scene(mode);
    await anna.says('results 12');
    await waitFor(() => expect(anna.given()).toMatchObject([{ name: NAME, bytes }]));
    expect(titles()).toEqual(['Results']);
    await anna.says('results 12', [], anna.sees()[0]!.id);
    await waitFor(() => expect(anna.given()).toHaveLength(2));
    expect(slack.world.messages.findLast(({ files }) => files.length > 0)?.thread).toBe(anna.sees()[0]!.id);
  });

  test('goes to the private conversation when it was asked for in a channel, and nobody else has it', async () => {
    const { anna, boris, general, titles } = await scene(mode);
    await anna.commands('results 12', general);
    await waitFor(() => expect(anna.given()).toHaveLength(1));
    expect([anna.sees(general).length, anna.given(general), boris.given(general), boris.given()]).toEqual([
      1,
      [],
      [],
      [],
    ]);
    expect(titles()).toEqual([]);
    await anna.presses(anna.sees(general)[0]!, 'Do results 12');
    await waitFor(() => expect(anna.given()).toHaveLength(2));
    expect(boris.given(general)).toEqual([]);
  });
});

describe('the file of a card', () => {
  test('that is gone is told of under its card', async () => {
    const { anna, path, titles } = await scene();
    rmSync(path);
    await anna.says('results 12');
    await waitFor(() => expect(titles()).toEqual(['Results', FAILED]));
    expect(anna.sees()[1]!.text).toContain('results 12');
  });

  test('that Herald was not allowed to give when it was installed is told of', async () => {
    const scopes = MANIFEST.oauth_config.scopes.bot.filter((scope) => scope !== 'files:write');
    const { anna, titles } = await scene('http', scopes);
    await anna.says('results 12');
    await waitFor(() => expect(titles()).toEqual(['Results', FAILED]));
  });

  test('comes later when Slack asks to wait', async () => {
    const { slack, anna, titles } = await scene();
    slack.rates.refuse('files.getUploadURLExternal', 1);
    await anna.says('results 12');
    await waitFor(() => expect(slack.calls.some(({ method }) => method === 'files.getUploadURLExternal')).toBe(true));
    slack.rates.allow();
    await waitFor(() => expect(anna.given()).toHaveLength(1));
    expect(titles()).toEqual(['Results']);
  });
});

/** A Slack that names `address` for the bytes, takes them or not, and answers `shared` to the sharing. */
async function strange(status: number, shared: number, address?: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    request.resume().on('end', () => {
      if (request.url === '/bytes') return response.writeHead(status).end();
      const isSharing = request.url!.endsWith('completeUploadExternal');
      response.writeHead(isSharing ? shared : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok: true, upload_url: address ?? `${origin}/bytes`, file_id: 'F1' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const apiUrl = `${origin}/api/`;
  const client = new WebClient('xoxb-1', { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
  const handing = {
    client,
    apiUrl,
    ending: AbortSignal.timeout(5000),
    insistently: <T>(_: 'chat.postMessage', call: () => Promise<T>) => call(),
  };
  const file = { name: NAME, path: import.meta.filename, again: 'results 12' };
  const handed = await handOver(handing, { channel: 'D1' }, file);
  server.closeAllConnections();
  server.close();
  return { handed, asked: asked.map((url) => url.split('/').at(-1)) };
}

describe('the bytes of a file', () => {
  test('go to no address that is not Slack’s', async () => {
    const { handed, asked } = await strange(200, 200, 'http://127.0.0.1:1/bytes');
    expect(handed).toMatchObject({ kind: 'not', why: { kind: 'failed' } });
    expect(asked).toEqual(['files.getUploadURLExternal']);
  });

  test('that were not taken are not shared', async () => {
    const { handed, asked } = await strange(500, 200);
    expect(handed).toMatchObject({ kind: 'not', why: { kind: 'failed' } });
    expect(asked).toEqual(['files.getUploadURLExternal', 'bytes']);
  });

  test('may have been shared when Slack breaks at it', async () => {
    expect((await strange(200, 500)).handed).toMatchObject({ kind: 'not', why: { kind: 'unsure' } });
  });
});
