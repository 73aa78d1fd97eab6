/**
 * A campaign through a gateway that nobody here wrote: Herald by HTTP to a real Kannel, Kannel by SMPP to the sandbox operator,
 * receipts and replies back the same way; judged at the operator's log.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesOf } from '../../integrations/sandbox/log.ts';
import { type RemoteOperator, spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { kannelPrograms } from '../../scripts/kannel.ts';
import type { MessageRecord } from '../../src/campaigns/messages.ts';
import { takeLive } from '../../src/dispatch/trial-period.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { freePorts, type Kannel, startKannel } from '../support/kannel.ts';
import { campaignNow, draftOver, letOut, messagesNow } from '../support/steps.ts';

const programs = await kannelPrograms();
const SECRET = 'known-to-herald-and-kannel';
const PATIENCE_MS = 40_000;

/** By the last digits of the number: the operator does not know it, takes it and does not deliver, takes it and it expires. */
const FATES = { '11': 'rejected', '12': 'undelivered', '13': 'expired' } as const;
const TEXTS = {
  GSM: '@£$ {price} [5] ~10€ ^\\| Ñandú',
  Cyrillic: 'Ваш заказ № 5 готов – приходите 🎉',
  long: `${'a'.repeat(152)}€${'b'.repeat(151)}{}${'c'.repeat(40)}`,
  'long Cyrillic': `${'я'.repeat(66)}🎉${'ю'.repeat(65)}🎁🎂 конец`,
};

let folder: string;
let operator: RemoteOperator;
let kannel: Kannel;
let house: TestHerald;
let [anna, boris]: Employee[] = [];

describe.skipIf('lacking' in programs)(
  `through Kannel${'lacking' in programs ? ` (not here: ${programs.lacking})` : ''}`,
  () => {
    beforeAll(async () => {
      if ('lacking' in programs) return;
      folder = mkdtempSync(join(tmpdir(), 'herald-by-kannel-'));
      operator = await spawnOperator({
        accounts: [{ name: 'kannel', password: 'secret' }],
        faults: { submitErrors: { '11': 'ESME_RINVDSTADR' }, outcomes: { '12': 'undelivered', '13': 'expired' } },
      });
      const [port] = await freePorts(1);
      const webUrl = `http://127.0.0.1:${port}`;
      kannel = await startKannel(programs, {
        operatorPort: operator.port,
        inboundUrl: `${webUrl}/gateways/kannel/inbound?token=${SECRET}`,
      });
      const file = join(folder, 'providers.json');
      writeFileSync(file, JSON.stringify([accountAt(kannel.url)]));
      house = await testHerald({ PUBLIC_URL: webUrl, HTTP_PORT: String(port), PROVIDERS_FILE: file });
      [anna, boris] = [await house.hire('anna', ['author']), await house.hire('boris', ['approver'])];
      const { accounts, campaigns, now } = house.herald.dispatch;
      const desk = { accounts, database: campaigns.database, staff: campaigns.staff, now };
      await takeLive(desk, await house.hire('olga', ['admin']), 'kannel');
    }, 120_000);
    afterAll(async () => {
      await house?.close();
      await kannel?.close();
      await operator?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    let seen = 0;
    const sent = async () => messagesOf(await operator.log(seen));

    /** Sends it to numbers that end so; resolves when every message has its last word. */
    async function concluded(text: string, ends: readonly string[]): Promise<readonly MessageRecord[]> {
      seen = (await operator.log()).length;
      const rows = ends.map((end) => `+790010000${end}`);
      const draft = await draftOver(house, anna!, ['Phone', ...rows].join('\n'), { text });
      const { _id, frozen } = await letOut(house.herald, anna!, boris!, draft);
      const now = () => messagesNow(house.herald, frozen!.run);
      const isOver = ({ state }: MessageRecord) => !['queued', 'submitting', 'accepted', 'unknown'].includes(state);
      await until('the last word', async () => (await now()).every(isOver), PATIENCE_MS).catch(async (cause) => {
        const found = (await now()).map(({ state, error, errorDetail }) => ({ state, error, errorDetail }));
        throw new Error(`${JSON.stringify(found)}\n${kannel.said().slice(-20_000)}`, { cause });
      });
      await until('the end', async () => (await campaignNow(house.herald, _id)).state === 'finished', PATIENCE_MS);
      return now();
    }

    const stateByEnd = (messages: readonly MessageRecord[]) =>
      Object.fromEntries(messages.map(({ phone, state }) => [phone.slice(-2), state]));

    test.each(Object.entries(TEXTS))(
      'a text of %s arrives as it was approved, once, and its receipts come back',
      async (_, text) => {
        const ends = ['01', '02', '03'];
        const messages = await concluded(text, ends);
        expect(stateByEnd(messages)).toEqual(Object.fromEntries(ends.map((end) => [end, 'delivered'])));
        const taken = await sent();
        expect(taken.map(({ to }) => to).toSorted()).toEqual(ends.map((end) => `790010000${end}`));
        for (const message of taken) {
          expect(message).toMatchObject({ text, complete: true, from: 'HERALD' });
          expect(message.parts).toHaveLength(messages[0]!.parts);
          for (const { flaws, sourceTon, destinationTon, validity } of message.parts) {
            expect([sourceTon, destinationTon]).toEqual([5, 1]);
            // The end of the window, in UTC: Kannel counts it from the minutes that it is given.
            expect(validity).toMatch(/^\d{12}000\+$/);
            // Kannel cuts between the halves of an emoji too; a phone that shows the whole puts them together again.
            expect(flaws.filter((flaw) => flaw !== 'split-surrogate')).toEqual([]);
          }
        }
      },
      3 * PATIENCE_MS,
    );

    test.each(['short', 'long'] as const)(
      'a %s text that does not arrive ends as the operator says',
      async (length) => {
        const text = length === 'short' ? 'Hello' : TEXTS.long;
        expect(stateByEnd(await concluded(text, ['10', ...Object.keys(FATES)]))).toEqual({
          '10': 'delivered',
          ...FATES,
        });
      },
      3 * PATIENCE_MS,
    );

    test(
      'replies in Latin and in Cyrillic letters, short and long, are kept as they were written',
      async () => {
        const replies = ['STOP', 'Ваш заказ № 5 – стоп 🎉', TEXTS['long Cyrillic']];
        for (const text of replies) await operator.inbound({ from: '79001000001', to: '1234', text });
        const inbound = house.herald.database.db.collection<{ _id: string; text: string }>('inbound');
        await until('the replies', async () => (await inbound.countDocuments()) >= replies.length, PATIENCE_MS);
        expect((await inbound.find().toArray()).map(({ text }) => text).toSorted()).toEqual(replies.toSorted());
      },
      2 * PATIENCE_MS,
    );
  },
);

const accountAt = (url: string) => ({
  name: 'kannel',
  kind: 'kannel',
  settings: { url, username: 'herald', allowPrivate: true },
  password: 'the-password',
  webhookSecret: SECRET,
  partsPerSecond: 100,
  window: 10,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '7', perPart: '1.5' }],
});
