/**
 * MongoDB of the fault matrix: a replica set of one or three real mongod that can be killed, started again and made to step
 * down. Nobody has to log in: they listen on loopback, and die with this process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Document, MongoClient } from 'mongodb';
import { findMongod } from '../../src/platform/mongo/binary.ts';

export interface Member {
  readonly port: number;
  isAlive(): boolean;
  /** With `kill -9`. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface MongoSet {
  readonly members: readonly Member[];
  /** For clients that find the primary by themselves. */
  uri(dbName: string): string;
  /** Straight to one port, such as that of a proxy before a set of one. */
  uriAt(port: number, dbName: string): string;
  /** The member that takes writes, once there is one. */
  primary(): Promise<Member>;
  stepDown(): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const SET = 'faults';
const PATIENCE_MS = 60_000;
/** Three members on a small machine still elect within some seconds of a fault. */
const ELECTION_MS = 2000;

export async function startMongoSet(folder: string, count: 1 | 3): Promise<MongoSet> {
  const { path } = await findMongod({ env: process.env, say: console.log });
  const ports = await freePorts(count);
  const members = ports.map((port) => memberAt(path, join(folder, `mongo-${port}`), port));
  await Promise.all(members.map((member) => member.start()));
  const config = {
    _id: SET,
    members: ports.map((port, _id) => ({ _id, host: `${HOST}:${port}` })),
    settings: { electionTimeoutMillis: ELECTION_MS, heartbeatIntervalMillis: 500, heartbeatTimeoutSecs: 2 },
  };
  await ask(ports[0]!, { replSetInitiate: config });

  const primary = async (): Promise<Member> => {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      for (const member of members.filter((one) => one.isAlive())) {
        const hello = await ask(member.port, { hello: 1 }).catch(() => null);
        if (hello?.isWritablePrimary) return member;
      }
      await sleep(100);
    }
    throw new Error('the replica set has no primary');
  };
  await primary();

  return {
    members,
    uri: (dbName) => `mongodb://${ports.map((port) => `${HOST}:${port}`).join(',')}/${dbName}?replicaSet=${SET}`,
    uriAt: (port, dbName) => `mongodb://${HOST}:${port}/${dbName}?directConnection=true`,
    primary,
    async stepDown() {
      const { port } = await primary();
      await ask(port, { replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5, force: true });
    },
    async close() {
      await Promise.all(members.map((member) => member.kill()));
    },
  };
}

function memberAt(mongod: string, data: string, port: number): Member {
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  mkdirSync(data, { recursive: true });
  process.on('exit', () => child?.kill('SIGKILL'));
  return {
    port,
    isAlive: () => child !== null,
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = spawn(mongod, argumentsFor(data, port), { stdio: 'ignore' });
      ended = once(child, 'exit').then(() => {
        child = null;
      });
      await untilAnswers(port, () => child !== null);
    },
  };
}

const argumentsFor = (data: string, port: number): readonly string[] => [
  ...['--dbpath', data, '--port', String(port), '--bind_ip', HOST, '--nounixsocket', '--quiet'],
  ...['--replSet', SET, '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '128'],
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false', '--logpath', join(data, 'mongod.log'), '--logappend'],
];

async function untilAnswers(port: number, isAlive: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive() && Date.now() < deadline) {
    if (await ask(port, { ping: 1 }).catch(() => null)) return;
    await sleep(50);
  }
  throw new Error('mongod does not answer');
}

async function ask(port: number, command: Document): Promise<Document> {
  const client = new MongoClient(`mongodb://${HOST}:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
  });
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}

/** All held open at once, so that they are different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, HOST);
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
