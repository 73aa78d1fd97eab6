/** Changes of sheets are told: by Google's calls, and by asking where those stay away. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SheetWatch, sheetWatch, type WatchOptions } from '../../../../integrations/sheets/google/watch.ts';
import { changeWebhook } from '../../../../integrations/sheets/google/webhook.ts';
import type { Spreadsheet } from '../../../fakes/google/spreadsheet.ts';
import { type GoogleDesk, googleDesk, idOf, link, never } from './desk.ts';

let desk: GoogleDesk;
let server: Server;
let address: string;
let watch: SheetWatch;
let book: Spreadsheet;
/** Which of the links below was told of. */
let told: string[];
let links: string[];
let sheets = 0;
let ref: string;

beforeAll(async () => {
  desk = await googleDesk();
  const app = express();
  app.post('/google', (request, response, next) => changeWebhook(watch)(request, response, next));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/google`;
});
afterAll(async () => {
  await desk.google.stop();
  server.close();
});

const HOUR = 3_600_000;

function begin(options: Partial<WatchOptions> = {}): void {
  watch = sheetWatch({
    client: desk.client,
    address,
    secret: 'a secret of this deployment',
    newId: desk.google.drive.newChannelId,
    changed: (isMeant) => told.push(...links.filter(isMeant)),
    ...options,
  });
  watch.watch(ref, null);
}

beforeEach(() => {
  told = [];
  const name = `watched-${sheets++}`;
  ref = link(name);
  links = [ref];
  book = desk.google.hold(idOf(name), [{ title: 'A', rows: [['Phone'], ['+79161234567']] }]);
});

const channels = () => desk.google.drive.channels().filter(({ file }) => file === book.id);
const edit = async () => {
  book.type('A', 1, 0, '79160000000');
  await desk.google.drive.settled();
};

describe('a watched sheet', () => {
  test('is told of when somebody changes it, and not when the channel is opened', async () => {
    begin();
    await watch.tick(never);
    await desk.google.drive.settled();
    expect(told).toEqual([]);
    await edit();
    expect(told).toEqual([ref]);
  });

  test('is told of once for a while of typing, and again at its end', async () => {
    begin();
    await watch.tick(never);
    for (let letter = 0; letter < 5; letter += 1) await edit();
    expect(told).toEqual([ref]);
    desk.clock.forward(20_000);
    await watch.tick(never);
    await watch.tick(never);
    expect(told).toEqual([ref, ref]);
  });

  test('is told of by every link that leads to it: two campaigns may have come by two', async () => {
    links = [ref, `https://drive.google.com/open?id=${book.id}`, link('another')];
    begin();
    watch.watch(links[1]!, null);
    await watch.tick(never);
    await edit();
    expect(told).toEqual(links.slice(0, 2));
  });

  test('has the next channel before the last one ends', async () => {
    begin();
    for (let hour = 0; hour < 50; hour += 1) {
      await watch.tick(never);
      expect(channels()).toHaveLength(1);
      desk.clock.forward(HOUR);
    }
    await edit();
    expect(told).toEqual([ref]);
  });

  test('is asked about where Google cannot call, or does not', async () => {
    begin({ address: null });
    await watch.tick(never);
    expect(channels()).toEqual([]);
    await edit();
    expect(told).toEqual([]);
    await watch.tick(never);
    await watch.tick(never);
    expect(told).toEqual([ref]);
  });

  test('is asked about also when Google does not like our address, which is said once an hour', async () => {
    const unwelcome = `${address}/unwelcome`;
    desk.google.drive.unwelcome.add(unwelcome);
    begin({ address: unwelcome });
    await expect(watch.tick(never)).rejects.toThrow('some sheets cannot be watched');
    await edit();
    await watch.tick(never);
    expect(told).toEqual([ref]);
    desk.clock.forward(HOUR);
    await expect(watch.tick(never)).rejects.toThrow('some sheets cannot be watched');
  });

  test('keeps nobody from the others when it is gone', async () => {
    begin();
    const gone = ref;
    const name = `watched-${sheets++}`;
    const other = desk.google.hold(idOf(name), [{ title: 'A', rows: [['x']] }]);
    watch.watch(link(name), null);
    links.push(link(name));
    await watch.tick(never);
    book.trashed = true;
    other.type('A', 0, 0, 'y');
    await desk.google.drive.settled();
    desk.clock.forward(60_000);
    await watch.tick(never);
    expect(told).toContain(link(name));
    expect(told).not.toContain(gone);
  });

  test('is let go, and all are at the end', async () => {
    begin();
    await watch.tick(never);
    await watch.unwatch(ref);
    expect(channels()).toEqual([]);
    watch.watch(ref, null);
    await watch.tick(never);
    await watch.stop();
    expect(channels()).toEqual([]);
    watch.watch('people.xlsx', null);
    await watch.tick(never);
    expect(told).toEqual([]);
  });
});

describe('a call that is not Google’s', () => {
  const call = async (headers: Record<string, string>) => (await fetch(address, { method: 'POST', headers })).status;

  test.each([
    ['without a token', {}],
    ['with one that was made up', { 'X-Goog-Channel-Token': 'file.0000', 'X-Goog-Channel-ID': '1' }],
    ['with half a token', { 'X-Goog-Channel-Token': 'x', 'X-Goog-Channel-ID': '1', 'X-Goog-Resource-State': 'update' }],
  ])('%s is not believed', async (_, headers) => {
    begin();
    expect(await call(headers)).toBe(403);
    expect(told).toEqual([]);
  });
});

test('a call about a channel that another process has opened is believed, and told of, watched here or not', async () => {
  begin();
  await watch.tick(never);
  begin();
  await edit();
  expect(told).toEqual([ref]);
  await watch.unwatch(ref);
  desk.clock.forward(60_000);
  await edit();
  await edit();
  expect(told).toEqual([ref, ref]);
  desk.clock.forward(60_000);
  await edit();
  expect(told).toEqual([ref, ref, ref]);
});
