/** A postman in a process of its own, for tests that kill it: `node postman-process.ts <mongo> <database> <far chat> <can find>`. */
import { silentLog } from '../../src/platform/log.ts';
import { connectMongo } from '../../src/platform/mongo/connect.ts';
import { postingStore } from '../../src/staff/posting-store.ts';
import { createPostman } from '../../src/staff/postman.ts';
import { reachStore } from '../../src/staff/reach-store.ts';
import { farSurface } from './far-chat.ts';

const [uri, name, url, canFind] = process.argv.slice(2) as [string, string, string, string];
const database = await connectMongo(uri, name);
createPostman({
  database,
  store: postingStore(database),
  reaches: reachStore(database),
  surfaces: [farSurface(url, { canFind: canFind === 'yes' })],
  senders: { fill: async () => {}, judge: async ({ card }) => card, settled: async () => {} },
  now: () => new Date(),
  log: silentLog,
  pollMs: 10,
  leaseMs: 400,
}).start();
