/** Files that come with an answer in Telegram: after their card, and with a word and a way out when they cannot come. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { capturedLog } from '../../contract/provider-far-end.ts';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { TOKEN } from '../../fakes/telegram/server.ts';
import { openBench } from './bot.ts';

const WAIT = { timeout: 5_000, interval: 5 };
const waitFor = (check: () => void) => vi.waitFor(check, WAIT);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function setUp(name = 'клиенты.results-12.xlsx') {
  const bench = await openBench('polling');
  cleanups.push(bench.close);
  const { telegram } = bench;
  const core = listeningCore();
  const log = capturedLog();
  const surface = bench.make(log);
  cleanups.push(() => surface.stop());
  await surface.start(core);
  const anna = telegram.user('Anna');
  const path = join(bench.uploads, 'results');
  const bytes = Buffer.from('PK\u0003\u0004 \r\n--not the end--\r\n and more');
  writeFileSync(path, bytes);
  const attachment = { name, path, again: 'results 12' };
  core.answer(() => ({ ...cardAbout('results:12', 'Results', ['results 12']), attachment }));
  const titles = () => anna.sees().map(({ text }) => text.split('\n')[0]);
  return { telegram, log, surface, anna, path, bytes, titles };
}

const FAILED = 'The file клиенты.results-12.xlsx could not be handed over.';

describe('the file of a card', () => {
  test('follows it, byte for byte and under its name, and again when it is asked for by a button', async () => {
    const { telegram, anna, bytes } = await setUp();
    anna.says('results 12');
    await waitFor(() => expect(anna.given()).toEqual([{ name: 'клиенты.results-12.xlsx', bytes }]));
    const shown = telegram.calls.map(({ method }) => method).filter((method) => method.startsWith('send'));
    expect(shown).toEqual(['sendMessage', 'sendDocument']);
    anna.presses(anna.sees()[0]!, 'Do results 12');
    await waitFor(() => expect(anna.given()).toHaveLength(2));
    expect(anna.sees()).toHaveLength(1);
  });

  test('has a name that ends no header', async () => {
    const { anna } = await setUp('a"b\\c\r\nd.xlsx');
    anna.says('results 12');
    await waitFor(() => expect(anna.given().map(({ name }) => name)).toEqual(['a_b_c__d.xlsx']));
  });

  test('that is gone is told of under its card', async () => {
    const { anna, path, titles, log } = await setUp();
    rmSync(path);
    anna.says('results 12');
    await waitFor(() => expect(titles()).toEqual(['Results', FAILED]));
    expect(anna.sees()[1]!.codes).toEqual(['results 12']);
    expect(log.lines.join()).toContain('cannot be read');
  });

  test('that is larger than Telegram takes is told of, with the limit', async () => {
    const { telegram, anna, path, titles } = await setUp();
    truncateSync(path, 50 * 1024 * 1024 + 1);
    anna.says('results 12');
    const told = 'The file клиенты.results-12.xlsx is larger than the 50 MB that can be handed over here.';
    await waitFor(() => expect(titles()).toEqual(['Results', told]));
    expect(telegram.callsOf('sendDocument')).toEqual([]);
  });

  test('that Telegram finds too large is told of as well', async () => {
    const { telegram, anna, titles } = await setUp();
    telegram.failNext('sendDocument', 413, 'Request Entity Too Large');
    anna.says('results 12');
    await waitFor(() => expect(titles()[1]).toContain('50 MB'));
  });

  test('comes later when Telegram asks to wait', async () => {
    const { telegram, anna, titles } = await setUp();
    telegram.failNext('sendDocument', 429, 'Too Many Requests: retry after 0', { retry_after: 0 });
    anna.says('results 12');
    await waitFor(() => expect(anna.given()).toHaveLength(1));
    expect(titles()).toEqual(['Results']);
  });

  test('that Telegram lets wait for too long is told of', async () => {
    const { telegram, anna, titles } = await setUp();
    telegram.failNext('sendDocument', 429, 'Too Many Requests: retry after 600', { retry_after: 600 });
    anna.says('results 12');
    await waitFor(() => expect(titles()).toEqual(['Results', FAILED]));
  });

  test('that Telegram does not take is told of', async () => {
    const { telegram, anna, titles } = await setUp();
    telegram.failNext('sendDocument', 400, 'Bad Request: wrong file');
    anna.says('results 12');
    await waitFor(() => expect(titles()).toEqual(['Results', FAILED]));
  });

  test('of which nobody knows whether it came is not sent twice', async () => {
    const { telegram, anna, titles, log } = await setUp();
    telegram.failNext('sendDocument', 502, 'Bad Gateway');
    anna.says('results 12');
    const told = 'Nobody can say whether the file клиенты.results-12.xlsx has reached you.';
    await waitFor(() => expect(titles()).toEqual(['Results', told]));
    expect(telegram.callsOf('sendDocument')).toHaveLength(1);
    expect(log.lines.join()).not.toContain(TOKEN);
  });

  test('is not pressed upon somebody who has blocked Herald meanwhile', async () => {
    const { telegram, anna, titles, log } = await setUp();
    telegram.failNext('sendDocument', 403, 'Forbidden: bot was blocked by the user');
    anna.says('results 12');
    await waitFor(() => expect(log.lines.join()).toContain('a file was not handed over'));
    await waitFor(() => expect(telegram.isHeard()).toBe(true));
    expect(titles()).toEqual(['Results']);
  });
});
