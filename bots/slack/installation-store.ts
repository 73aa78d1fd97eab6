/**
 * Workspaces that Herald was installed in, with their tokens sealed. Records of one company: it may have several workspaces, or an
 * organisation of them.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../../src/platform/mongo/connect.ts';
import type { Keyring, Sealed } from '../../src/platform/secrets.ts';

/** One installation with its tokens in the open. */
export interface Installed {
  /** The workspace, or the organisation when it was installed for all of it. */
  readonly id: string;
  readonly enterprise: string | null;
  readonly name: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly token: string;
  /** Absent where tokens last for ever. */
  readonly rotation: { readonly refreshToken: string; readonly expiresAt: Date } | null;
}

interface InstallationRecord {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly enterprise: string | null;
  readonly name: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly token: Sealed;
  readonly refreshToken: Sealed | null;
  readonly expiresAt: Date | null;
  readonly installedAt: Date;
}

export type InstallationStore = ReturnType<typeof installationStore>;

export function installationStore(database: Database, keyring: Pick<Keyring, 'seal' | 'open'>, now: () => Date) {
  const installations: Collection<InstallationRecord> = database.db.collection('slackInstallations');
  const place = (id: string, field: string) => `slackInstallations/${id}/${field}`;

  const sealed = (id: string, token: string, rotation: Installed['rotation']) => ({
    token: keyring.seal(token, place(id, 'token')),
    refreshToken: rotation && keyring.seal(rotation.refreshToken, place(id, 'refreshToken')),
    expiresAt: rotation?.expiresAt ?? null,
  });

  const opened = ({ _id: id, ...record }: InstallationRecord): Installed => ({
    id,
    enterprise: record.enterprise,
    name: record.name,
    botId: record.botId,
    botUserId: record.botUserId,
    token: keyring.open(record.token, place(id, 'token')),
    rotation:
      record.refreshToken && record.expiresAt
        ? { refreshToken: keyring.open(record.refreshToken, place(id, 'refreshToken')), expiresAt: record.expiresAt }
        : null,
  });

  return {
    /** Of a workspace or an organisation; of an organisation whose workspaces were installed one by one, the first. */
    async installed(id: string): Promise<Installed | null> {
      const found =
        (await installations.findOne({ _id: id })) ??
        (await installations.find({ enterprise: id }).sort({ installedAt: 1 }).limit(1).next());
      return found && opened(found);
    },
    async keep({ id, token, rotation, ...fields }: Installed): Promise<void> {
      const record = { schemaVersion: 1 as const, ...fields, ...sealed(id, token, rotation) };
      await installations.updateOne(
        { _id: id },
        { $set: record, $setOnInsert: { installedAt: now() } },
        { upsert: true },
      );
    },
    /** Tokens in place of others; not where the workspace was taken out meanwhile. */
    async renew(id: string, token: string, rotation: NonNullable<Installed['rotation']>): Promise<void> {
      await installations.updateOne({ _id: id }, { $set: sealed(id, token, rotation) });
    },
    /** What is told of with a bot user is taken out only if it is still that one: it may have been installed anew. */
    async remove(id: string, botUsers?: readonly string[]): Promise<void> {
      await installations.deleteOne({ _id: id, ...(botUsers && { botUserId: { $in: [...botUsers] } }) });
    },
  };
}

export const slackMigrations = [
  {
    id: 1010,
    name: 'slack: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('slackInstallations').createIndex({ enterprise: 1, installedAt: 1 });
    },
  },
];
