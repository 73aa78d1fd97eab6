/** Herald is stopped and started in the midst of a send; what the workbook says in the end is what the database says. */
import { dirname, join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultName } from '../../src/results/write-back.ts';
import { texts } from '../../src/texts/index.ts';
import { until } from '../support/herald.ts';
import { type OperatedHouse, operatedHouse } from '../support/operated.ts';
import { draftOver, letOut, messagesNow, people } from '../support/steps.ts';

let one: OperatedHouse;
beforeAll(async () => {
  one = await operatedHouse({
    accounts: [{ name: 'alfa', partsPerSecond: 300, window: 50 }],
    faults: { receipts: 'all', receiptDelayMs: 300, answerDelayMs: 20, undeliveredShare: 0.1 },
  });
});
afterAll(() => one.close());

test('a restart in mid-send loses nobody and sends to nobody twice, and the results are those of the database', async () => {
  const draft = await draftOver(one.house, one.anna, `${people(600)}\n12,Short\n+79001000000,Twice`);
  const campaign = await letOut(one.herald, one.anna, one.boris, draft);
  for (const goal of [100, 250, 400]) {
    await one.untilTaken(goal);
    await one.house.restart();
  }
  const { frozen } = await one.untilEnded(campaign);
  const { run } = frozen!;
  await until('every receipt', async () => {
    const { states } = await one.herald.campaigns.messages.counts(run);
    return states.accepted + states.unknown === 0;
  });
  expect(await one.judge(campaign)).toMatchObject({ dup: 0, lost: 0, falseSent: 0, wrong: 0, unknown: 0, stuck: 0 });

  const { states } = await one.herald.campaigns.messages.counts(run);
  const last = await until(
    'results with every receipt',
    async () => {
      const kept = await one.herald.results.store.last(run);
      return kept?.counts === JSON.stringify(states) && kept;
    },
    20_000,
  );
  expect(last.target).toBe(join(dirname(campaign.source!.ref), resultName(campaign)));
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(last.target);
  const words = texts('en');
  const rows = rowsOf(book, words.t('result-tab'));
  const messages = await messagesNow(one.herald, run);
  const head = rows.findIndex((row) => row.includes(words.t('result-column.status')));
  const at = (row: readonly unknown[], column: 'status' | 'operator' | 'parts' | 'message-id') =>
    row[rows[head]!.indexOf(words.t(`result-column.${column}`))];
  const said = new Map(rows.slice(head + 1).map((row) => [at(row, 'message-id'), row]));
  expect(said.size).toBe(600);
  for (const { _id, state, sent, parts, phone } of messages) {
    const row = said.get(_id)!;
    expect([at(row, 'status'), at(row, 'operator'), at(row, 'parts')]).toEqual([
      words.t(`message-state.${state}`),
      sent?.provider,
      parts,
    ]);
    expect(String(row)).toContain(phone.slice(1));
  }
  const excluded = rowsOf(book, words.t('excluded-tab')).flat().map(String);
  expect(excluded).toContain(words.t('excluded.duplicate'));
  expect(excluded).toContain(words.t('excluded.phone-too-short'));
}, 60_000);

function rowsOf(book: ExcelJS.Workbook, tab: string): unknown[][] {
  const rows: unknown[][] = [];
  book.getWorksheet(tab)!.eachRow((row) => rows.push(row.values as unknown[]));
  return rows;
}
