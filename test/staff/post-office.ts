/** A queue of postings over a real database, and postmen to serve it: what tests of the queue stand on. */
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import type { Card } from '../../src/staff/card.ts';
import type { Posting } from '../../src/staff/posting.ts';
import { postingMigrations, postingStore } from '../../src/staff/posting-store.ts';
import { createPostman, type Postman, type PostmanOptions } from '../../src/staff/postman.ts';
import { reachStore } from '../../src/staff/reach-store.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import type { ChatSurface } from '../../src/staff/surface.ts';
import { until } from '../support/herald.ts';
import { freshDatabase } from '../support/mongo.ts';

export const cardOf = (title: string): Card => ({ subject: title, tone: 'info', title });

export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>;

export async function openPostOffice() {
  const database = await freshDatabase();
  await migrate(database, [...staffMigrations, ...postingMigrations], { log: silentLog });
  const store = postingStore(database);
  const reaches = reachStore(database);
  const staff = staffStore(database);
  const postmen: Postman[] = [];
  const settled: Posting[] = [];
  let fails = false;

  return {
    database,
    store,
    reaches,
    staff,
    /** What was told of postings that are shown or over. */
    settled,
    /** Titles that are not meant any more. */
    unmeant: new Set<string>(),
    /** Whether those who wanted cards fail at everything. */
    failing(now: boolean) {
      fails = now;
    },
    async link(account: string, surface = 'far', employee = account) {
      await staff.link(surface, account, employee, new Date('2026-11-23T09:00:00Z'));
    },
    want: (account: string, key: string, title: string, notices: readonly string[] = []) =>
      store.want({ key, surface: 'far', account, employee: account, card: cardOf(title), notices }, new Date()),
    hire(surfaces: readonly ChatSurface[], options: Partial<PostmanOptions> = {}): Postman {
      const postman = createPostman({
        database,
        store,
        reaches,
        surfaces,
        senders: {
          fill: async () => {
            if (fails) throw new Error('nothing can be gathered');
          },
          judge: async ({ card }) => {
            if (card?.title === 'poison') throw new Error('cannot be judged');
            return card && this.unmeant.has(card.title) ? null : card;
          },
          settled: async (posting) => {
            if (fails) throw new Error('nothing can be told');
            settled.push(posting);
          },
        },
        now: () => new Date(),
        log: silentLog,
        pollMs: 10,
        leaseMs: 3000,
        settleMs: 20,
        backoffMs: 5,
        mostTries: 6,
        ...options,
      });
      postmen.push(postman);
      postman.start();
      return postman;
    },
    stateOf: async (key: string) => (await store.posting(key))?.state,
    /** Waits until nothing is left to be done. */
    quiet: () =>
      until('a quiet queue', async () => {
        const open = { $or: [{ state: { $in: ['waiting', 'posting', 'doubtful'] } }, { untold: true }] };
        return (await database.db.collection('postings').countDocuments(open)) === 0;
      }),
    async close() {
      await Promise.all(postmen.map((postman) => postman.stop()));
      await database.drop();
    },
  };
}
