/**
 * What writing results into a Google Sheet costs: calls, which Google counts, and time. Google is a fake that enforces the quota of
 * 60 reads and 60 writes a minute; its minutes, and Herald's waiting for them, are of a clock that only waiting moves, so that
 * `waited` is virtual and `seconds` is what this machine took. A workbook of the same rows is written beside it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PER_MINUTE } from '../../integrations/sheets/google/budget.ts';
import { PAYLOAD_BYTES } from '../../integrations/sheets/google/payload.ts';
import { googleSink } from '../../integrations/sheets/google/sink.ts';
import { workbookSink } from '../../integrations/sheets/results-workbook.ts';
import type { ResultRow, ResultSheet, ResultSink } from '../../src/results/sink.ts';
import { type GoogleDesk, googleDesk, idOf, link, never, WORDS } from '../integrations/sheets/google/desk.ts';
import type { BenchResult } from './main.ts';

interface Options {
  readonly messages: number;
  readonly say: (line: string) => void;
}

/** Campaigns that have news at the same time, so that the quota is what holds them up. */
const CROWD = 40;

export async function benchWriteback({ messages, say }: Options): Promise<BenchResult> {
  const desk = await googleDesk();
  const sink = googleSink({ client: desk.client, words: WORDS, singleWriter: desk.writer, patienceMs: 3_600_000 });
  try {
    const one = await oneSheet(desk, sink, messages);
    say(
      `${messages} rows into a sheet: ${one.calls} calls, ${one.seconds.toFixed(1)} s; least possible ${one.least} calls`,
    );
    const workbookSeconds = await workbook(messages);
    say(`${messages} rows into a workbook: ${workbookSeconds.toFixed(1)} s`);
    const crowd = await manySheets(desk, sink, Math.ceil(messages / CROWD));
    say(
      `${CROWD} campaigns at once: ${crowd.calls} calls in ${crowd.waited} s; the quota allows them in ${crowd.least} s`,
    );
    return {
      bench: 'writeback',
      value: one.calls,
      unit: 'calls',
      ceiling: one.least,
      ratio: Number(Math.min(one.least / one.calls, crowd.least / crowd.waited).toFixed(3)),
      rows: messages,
      seconds: Number(one.seconds.toFixed(1)),
      waited: one.waited,
      newsCalls: one.newsCalls,
      crowd: CROWD,
      crowdCalls: crowd.calls,
      crowdWaited: crowd.waited,
      crowdLeast: crowd.least,
      workbookSeconds: Number(workbookSeconds.toFixed(1)),
      clock: 'waited: virtual, seconds: real',
    };
  } finally {
    await desk.google.stop();
  }
}

async function oneSheet({ google, clock }: GoogleDesk, sink: ResultSink, rows: number) {
  const [target, keys] = await keyedSheet({ google }, 'one', rows);
  const before = google.calls.length;
  const [began, slept] = [performance.now(), clock.slept()];
  await written(sink, target, sheetOf('1', keys, 'delivered'));
  const seconds = (performance.now() - began) / 1000;
  const waited = Math.round((clock.slept() - slept) / 1000);
  const calls = google.calls.length - before;
  await written(
    sink,
    target,
    sheetOf('1', keys, 'delivered', (row) => row % 20 === 0),
  );
  return { calls, seconds, waited, least: leastCalls(keys), newsCalls: google.calls.length - before - calls };
}

/**
 * To know where the rows stand and, afterwards, that they still do: two reads. To make the columns: one write. And as many writes
 * as the values themselves fill, and one of those left out.
 */
function leastCalls(keys: readonly string[]): number {
  const bytes = keys.reduce(
    (sum, key, row) => sum + Buffer.byteLength(JSON.stringify(valuesOf(key, row, 'delivered').map(asSent))),
    0,
  );
  return 2 + 1 + Math.ceil(bytes / PAYLOAD_BYTES) + 1;
}

const asSent = (value: ResultRow['values'][number]) =>
  value instanceof Date ? value.getTime() / 86_400_000 + 25_569 : value;

/** All of them finish in the same moment. */
async function manySheets({ google, clock }: GoogleDesk, sink: ResultSink, rows: number) {
  const sheets = await Promise.all(Array.from({ length: CROWD }, (_, i) => keyedSheet({ google }, `crowd-${i}`, rows)));
  // With an untouched minute before them.
  clock.forward(120_000);
  const before = google.calls.length;
  const slept = clock.slept();
  await Promise.all(sheets.map(([target, keys], i) => written(sink, target, sheetOf(`c${i}`, keys, 'delivered'))));
  const calls = google.calls.slice(before);
  if (calls.some(({ status }) => status !== 200)) throw new Error('Google had to refuse a call');
  const writes = calls.filter(({ method }) => /Update/.test(method)).length;
  const minutes =
    Math.max(Math.ceil(writes / PER_MINUTE.write), Math.ceil((calls.length - writes) / PER_MINUTE.read)) - 1;
  return { calls: calls.length, waited: Math.round((clock.slept() - slept) / 1000), least: minutes * 60 };
}

async function keyedSheet(
  { google }: Pick<GoogleDesk, 'google'>,
  name: string,
  count: number,
): Promise<[string, readonly string[]]> {
  const keys = Array.from({ length: count }, (_, row) => `h-${String(row).padStart(10, '0')}`);
  const rows = keys.map((key, row) => [`+7900${1_000_000 + row}`, `Client ${row}`, key]);
  const book = google.hold(idOf(name), [{ title: 'People', rows: [['Phone', 'Name', WORDS.keyHeading], ...rows] }]);
  book.tabs[0]!.columns[2]!.marks = [{ metadataId: 1, metadataKey: 'herald', metadataValue: 'key' }];
  return [link(name), keys];
}

const STARTED = Date.parse('2026-11-23T07:00:00Z');

function valuesOf(key: string, row: number, status: string): ResultRow['values'] {
  const sent = new Date(STARTED + row * 10);
  return [status, 'alfa', 2, 4.7, sent, null, `12.r1:${key.slice(-7)}`, new Date(sent.getTime() + 4000), 0];
}

function sheetOf(
  campaign: string,
  keys: readonly string[],
  status: string,
  undelivered = (_: number) => false,
): ResultSheet {
  return {
    campaign,
    source: { kind: 'google-sheet', ref: '', tab: 'People' },
    group: 'Autumn offer, 23 Nov 2026',
    tab: 'Results',
    excludedTab: 'Left out',
    headings: ['Phone', 'Name'],
    columns: [
      'Status',
      'Operator',
      'Parts',
      'Cost, RUB',
      'Sent at',
      'Error',
      'Message ID',
      'Updated at',
      'Receipts awaited',
    ],
    kinds: ['text', 'text', 'count', 'money', 'time', 'text', 'text', 'time', 'count'],
    zone: 'Europe/Moscow',
    excludedColumns: ['Row', 'Reason'],
    countColumn: 'Rows',
    async *rows() {
      for (const [row, key] of keys.entries()) {
        const values = valuesOf(key, row, undelivered(row) ? 'undelivered' : status);
        yield { key, number: row + 2, cells: [`+7900${1_000_000 + row}`, `Client ${row}`], values };
      }
    },
    async *excluded() {},
  };
}

async function written(sink: ResultSink, target: string, sheet: ResultSheet): Promise<void> {
  const report = await sink.write(target, sheet, never);
  if (report.kind !== 'written' || report.unfound)
    throw new Error(`the results were not written: ${JSON.stringify(report)}`);
}

async function workbook(rows: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-bench-'));
  const keys = Array.from({ length: rows }, (_, row) => `h-${String(row).padStart(10, '0')}`);
  const began = performance.now();
  try {
    await written(workbookSink(), join(folder, 'results.xlsx'), sheetOf('1', keys, 'delivered'));
    return (performance.now() - began) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
