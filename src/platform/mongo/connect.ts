/**
 * The connection to MongoDB that everything in one process shares. Every write is acknowledged by the majority and the journal, so what
 * was said to be stored is stored. A server on which that or a transaction cannot hold is refused at start, not met at the first campaign.
 */
import { type ClientSession, type Db, MongoClient } from 'mongodb';
import mongoose, { type Connection } from 'mongoose';
import { OLDEST_MAJOR } from './binary.ts';

export interface Database {
  /** For mongoose models. */
  readonly connection: Connection;
  readonly db: Db;
  readonly client: MongoClient;
  /** Runs it in one transaction, again where MongoDB asks for that: `run` may not have effects outside the session. */
  inTransaction<T>(run: (session: ClientSession) => Promise<T>): Promise<T>;
  /** What tells this deployment from a restored copy of it: 24 hex digits, drawn when the replica set (or sharded cluster) was made. */
  replicaSetId(): Promise<string>;
  /** The server's clock: the one all processes agree on. */
  now(): Promise<Date>;
  close(): Promise<void>;
}

/** The server there is cannot carry Herald; `message` is written for the person who started it. */
export class UnfitMongo extends Error {
  override readonly name = 'UnfitMongo';
}

export interface ConnectOptions {
  /** How long to look for a server, at start and after it went away; milliseconds. */
  readonly patienceMs?: number;
}

/** Throws {@link UnfitMongo} for a server without transactions or older than Herald needs, and the driver's error where there is none. */
export async function connectMongo(uri: string, dbName: string, options: ConnectOptions = {}): Promise<Database> {
  const connection = mongoose.createConnection(uri, {
    dbName,
    appName: 'herald',
    autoIndex: false, // indexes are made by migrations
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    retryWrites: true,
    serverSelectionTimeoutMS: options.patienceMs ?? 15_000,
  });
  try {
    await connection.asPromise();
    const database = wrap(connection);
    await refuseUnfit(database.db);
    return database;
  } catch (error) {
    await connection.close(true).catch(() => {});
    throw error;
  }
}

function wrap(connection: Connection): Database {
  const { db } = connection;
  const client = connection.getClient();
  if (!db || !(client instanceof MongoClient))
    throw new Error('mongoose brought a MongoDB driver of its own: pin `mongodb` to the version it uses');
  return {
    connection,
    db,
    client,
    inTransaction: (run) => client.withSession((session) => session.withTransaction(() => run(session))),
    async replicaSetId() {
      const id = (await isMongos(db)) ? await clusterId(client) : await setId(db);
      if (!id) throw new Error('MongoDB did not say which replica set it is');
      return String(id);
    },
    async now() {
      const { localTime } = await hello(db);
      if (!(localTime instanceof Date)) throw new Error('MongoDB did not say what time it is');
      return localTime;
    },
    close: () => connection.close(),
  };
}

const hello = (db: Db) => db.admin().command({ hello: 1 });
const isMongos = async (db: Db) => (await hello(db)).msg === 'isdbgrid';
const setId = async (db: Db) => (await db.admin().command({ replSetGetConfig: 1 })).config.settings.replicaSetId;
const clusterId = async (client: MongoClient) => (await client.db('config').collection('version').findOne())?.clusterId;

async function refuseUnfit(db: Db): Promise<void> {
  const { version } = await db.admin().command({ buildInfo: 1 });
  const { setName, msg } = await hello(db);
  const why = whyUnfit({ version, setName, msg });
  if (why) throw new UnfitMongo(why);
}

/** From MongoDB's answers to `buildInfo` and `hello`; null for a server that can carry Herald. */
export function whyUnfit(server: { version: string; setName?: string; msg?: string }): string | null {
  if (Number.parseInt(server.version, 10) < OLDEST_MAJOR) {
    return `This is MongoDB ${server.version}; Herald needs ${OLDEST_MAJOR} or newer.`;
  }
  if (server.setName || server.msg === 'isdbgrid') return null;
  return (
    'This MongoDB is a standalone server, which has no transactions. Make it a replica set, of one member if need be: start mongod with ' +
    '`--replSet herald` and run `rs.initiate()` once in mongosh. Or leave MONGODB_URI empty, and Herald runs one of its own.'
  );
}
