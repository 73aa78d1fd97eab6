/** What the stores that keep many documents at once promise when the database goes away under them. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, inject, test } from 'vitest';
import { audienceStore } from '../../src/audiences/store.ts';
import { receiptStore } from '../../src/dispatch/receipt-store.ts';
import { connectMongo } from '../../src/platform/mongo/connect.ts';

/** A way to the run's mongod that can be cut. */
async function cuttableMongo() {
  const mongod = new URL(inject('mongoUri'));
  const port = Number(mongod.port);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, mongod.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other).on('error', () => {});
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  mongod.port = String((server.address() as AddressInfo).port);
  mongod.searchParams.delete('replicaSet');
  mongod.searchParams.set('directConnection', 'true');
  const database = await connectMongo(mongod.href, 'cut', { patienceMs: 1500 });
  return {
    database,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The driver calls a lost connection a bulk failure without write errors: which looks like "nothing was refused". */
test('rows and ids that could not be kept are never taken for kept', async () => {
  const { database, cut } = await cuttableMongo();
  const [audiences, receipts] = [audienceStore(database), receiptStore(database)];
  const deleteAfter = new Date('2027-01-01');
  cut();
  const row = {
    _id: 'a1:0000001',
    audience: 'a1',
    number: 2,
    key: '2',
    cells: [],
    excluded: 'phone-empty',
  };
  const keeper = audiences.keeper();
  await keeper.take([row]);
  await expect(keeper.done()).rejects.toThrow();
  const part = { _id: 'alfa|1', message: '1.1:0000001', person: 'p', part: 0, of: 1, deleteAfter };
  await expect(receipts.learn([part])).rejects.toThrow();
  await database.close();
});
