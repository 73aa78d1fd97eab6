/**
 * A process that uses the embedded MongoDB of a folder: says its address in one line, then obeys what it reads: a line "stop" ends it in
 * order. Run as `node guest.ts <data folder>`.
 */
import { createInterface } from 'node:readline';
import { openMongo } from '../../../src/platform/mongo/embedded.ts';

const log = { info() {}, warn() {}, error() {} };
const mongo = await openMongo({ dataDir: process.argv[2] ?? '', log, cacheGB: 0.25, oplogMB: 64 });
process.stdout.write(`${mongo.uri}\n`);

createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line !== 'stop') return;
  await mongo.stop();
  process.exit(0);
});
