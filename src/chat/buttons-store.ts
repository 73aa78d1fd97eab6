/**
 * What buttons say, for chats whose buttons carry a few letters only: a short id stands for a command. The id follows from the
 * command, so the same button has the same id for ever and on every machine. It is no secret and gives no right: whoever presses
 * is judged as if having typed the command.
 */
import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';

interface ButtonRecord {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly command: string;
  readonly deleteAfter: Date;
}

/** A button works this long after its card was last shown or edited; commands may have personal data in them. */
const KEPT_MS = 30 * 86_400_000;

/** 16 letters of `A-Za-z0-9_-`: 96 bits, which no two commands share. */
export const buttonId = (command: string): string =>
  createHash('sha256').update(command).digest('base64url').slice(0, 16);

export type ButtonsStore = ReturnType<typeof buttonsStore>;

export function buttonsStore(database: Database) {
  const buttons: Collection<ButtonRecord> = database.db.collection('buttons');
  return {
    /** Keeps the commands of a card that is about to be shown; each is found by its `buttonId` from then on. */
    async keep(commands: readonly string[], now: Date): Promise<void> {
      if (commands.length === 0) return;
      const deleteAfter = new Date(now.getTime() + KEPT_MS);
      await buttons.bulkWrite(
        [...new Set(commands)].map((command) => ({
          updateOne: {
            filter: { _id: buttonId(command) },
            update: { $set: { schemaVersion: 1, command }, $max: { deleteAfter } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    /** What the button says; null when it is too old, or none of ours. */
    async command(id: string): Promise<string | null> {
      return (await buttons.findOne({ _id: id }))?.command ?? null;
    },
  };
}

export const buttonMigrations = [
  {
    id: 820,
    name: 'buttons: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('buttons').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
