/**
 * Codes on their way from one chat to another, as MongoDB keeps them. Only a code's hash is kept; a code is good for ten minutes
 * and for one account.
 */
import type { ClientSession, Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';

/** The account that a code was said by. */
export interface Claim {
  readonly surface: string;
  readonly account: string;
  /** What the chat calls the person; anybody can choose one. */
  readonly name: string;
}

export interface LinkCode {
  /** Short enough for a button, and no secret: it names the code to who may confirm it. */
  readonly id: string;
  /** Whose account it will be. */
  readonly employee: string;
  /** Who asked for the code, and confirms who said it: the employee, or the admin who invites. */
  readonly issuedBy: string;
  readonly expiresAt: Date;
  readonly claim: Claim | null;
}

interface LinkCodeRecord extends Omit<LinkCode, 'id'> {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly codeHash: string;
  readonly deleteAfter: Date;
}

export type LinkStore = ReturnType<typeof linkStore>;

export function linkStore(database: Database) {
  const codes: Collection<LinkCodeRecord> = database.db.collection('linkCodes');
  return {
    /** Keeps a code; those that the same person asked for before, for the same employee, are void from now on. */
    async issue(code: LinkCode, codeHash: string): Promise<void> {
      const { id, ...rest } = code;
      await codes.deleteMany({ employee: code.employee, issuedBy: code.issuedBy });
      await codes.insertOne({ _id: id, schemaVersion: 1, ...rest, codeHash, deleteAfter: code.expiresAt });
    },
    /** Gives the code to the first account that says it; null when there is no such code, or another account was first. */
    async claim(codeHash: string, claim: Claim, now: Date): Promise<LinkCode | null> {
      const found = await codes.findOneAndUpdate(
        { codeHash, claim: null, expiresAt: { $gt: now } },
        { $set: { claim } },
        { returnDocument: 'after' },
      );
      return found && toCode(found);
    },
    /** Takes the claimed code out, for whoever asked for it; null when there is none any more. */
    async take(id: string, issuedBy: string, now: Date, session: ClientSession): Promise<LinkCode | null> {
      const found = await codes.findOneAndDelete(
        { _id: id, issuedBy, claim: { $ne: null }, expiresAt: { $gt: now } },
        { session },
      );
      return found && toCode(found);
    },
  };
}

const toCode = ({ _id, employee, issuedBy, expiresAt, claim }: LinkCodeRecord): LinkCode => ({
  id: _id,
  employee,
  issuedBy,
  expiresAt,
  claim,
});

export const linkMigrations = [
  {
    id: 150,
    name: 'link codes: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('linkCodes')
        .createIndexes([
          { key: { codeHash: 1 }, unique: true },
          { key: { employee: 1, issuedBy: 1 } },
          { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
        ]);
    },
  },
];
