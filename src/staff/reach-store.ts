/**
 * How employees are reached in chats, as MongoDB keeps it beside linked accounts and notices: where the private place of an
 * account is, whether it can be written to, when its person was last heard there, and in which chat a notice is to be shown.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { Card } from './card.ts';
import type { Notice } from './store.ts';
import type { Posted } from './surface.ts';

type Gone = Extract<Posted, { kind: 'gone' }>['why'];

/** A linked account as somewhere to write to. */
export interface Reach {
  readonly surface: string;
  readonly account: string;
  readonly employee: string;
  /** Its private place, once looked up. */
  readonly place: string | null;
  readonly lastHeardAt: Date | null;
  readonly linkedAt: Date;
  /** Since when nothing can be shown there; until the person is heard there again. */
  readonly dead: { readonly at: Date; readonly why: Gone } | null;
  /** The person was told of it in another chat. */
  readonly deadTold: boolean;
  /** Titles of cards that may not have been shown there, to be said at the next contact. */
  readonly doubtful: readonly string[];
}

interface AccountRecord {
  readonly _id: string;
  readonly employee: string;
  readonly linkedAt: Date;
  readonly place?: string | null;
  readonly lastHeardAt?: Date;
  readonly dead?: Reach['dead'];
  readonly deadTold?: boolean;
  readonly doubtful?: readonly string[];
}

interface NoticeRecord extends Omit<Notice, 'id'> {
  readonly _id: string;
  readonly card: Card;
  /** The chat that is to show it; `none`: no chat can, so it waits for the console. Absent until looked at. */
  readonly chat?: string;
  /** Chats that were tried in vain. */
  readonly tried?: readonly string[];
}

export interface UnroutedNotice extends Notice {
  readonly tried: readonly string[];
}

/** How exactly it is kept when somebody was last heard. */
const HEARD_EVERY_MS = 60_000;
/** More titles than this nobody reads. */
const MOST_DOUBTFUL = 5;
const PAGE = 100;
const NO_CHAT = 'none';

const idOf = (surface: string, account: string): string => `${surface}:${account}`;

export type ReachStore = ReturnType<typeof reachStore>;

export function reachStore(database: Database) {
  const accounts: Collection<AccountRecord> = database.db.collection('accounts');
  const notices: Collection<NoticeRecord> = database.db.collection('notices');

  return {
    async reach(surface: string, account: string): Promise<Reach | null> {
      const found = await accounts.findOne({ _id: idOf(surface, account) });
      return found && toReach(found);
    },
    /** The accounts at which the person may be written to, dead ones too, the one last used first. */
    async reachesOf(employee: string): Promise<Reach[]> {
      const found = await accounts.find({ employee }).toArray();
      return found.map(toReach).toSorted((a, b) => lastUse(b) - lastUse(a));
    },
    /**
     * The person was heard at the account: it is the one last used, and alive. Resolves with what may not have been shown there,
     * which is to be said, and then cleared.
     */
    async heard(
      { surface, account, lastHeardAt, dead, doubtful, employee }: Reach,
      now: Date,
    ): Promise<readonly string[]> {
      const isRecent = lastHeardAt !== null && now.getTime() - lastHeardAt.getTime() < HEARD_EVERY_MS;
      if (isRecent && !dead) return doubtful;
      await accounts.updateOne(
        { _id: idOf(surface, account) },
        { $set: { lastHeardAt: now, dead: null, deadTold: false } },
      );
      if (dead || lastHeardAt === null)
        await notices.updateMany({ employee, chat: NO_CHAT }, { $unset: { chat: '', tried: '' } });
      return doubtful;
    },
    async keepPlace(surface: string, account: string, place: string): Promise<void> {
      await accounts.updateOne({ _id: idOf(surface, account) }, { $set: { place } });
    },
    /** Nothing can be shown there any more. Its place is looked up anew should the person come back. */
    async bury(surface: string, account: string, dead: NonNullable<Reach['dead']>): Promise<void> {
      const id = { _id: idOf(surface, account) };
      await accounts.updateOne(id, { $set: { dead, deadTold: false, place: null } });
    },
    /** The person was told, elsewhere, that this chat takes nothing any more. */
    async toldOfDeath(surface: string, employee: string): Promise<void> {
      await accounts.updateMany(
        { employee, _id: { $gte: `${surface}:`, $lt: `${surface};` } },
        { $set: { deadTold: true } },
      );
    },
    async doubt(surface: string, account: string, title: string): Promise<void> {
      await accounts.updateOne(
        { _id: idOf(surface, account) },
        { $push: { doubtful: { $each: [title], $slice: -MOST_DOUBTFUL } } },
      );
    },
    /** The person was told of these. */
    async clearDoubts(surface: string, account: string, titles: readonly string[]): Promise<void> {
      if (titles.length === 0) return;
      await accounts.updateOne({ _id: idOf(surface, account) }, { $pull: { doubtful: { $in: titles } } });
    },

    /** Notices of which nobody has said yet in which chat they are to be shown, in their order. */
    async unrouted(): Promise<UnroutedNotice[]> {
      const found = await notices
        .find({ chat: { $exists: false } })
        .sort({ at: 1, _id: 1 })
        .limit(PAGE)
        .toArray();
      return found.map(toUnrouted);
    },
    async notice(id: string): Promise<UnroutedNotice | null> {
      const found = await notices.findOne({ _id: id });
      return found && toUnrouted(found);
    },
    /** Says in which chat it is to be shown, once; null: in none. */
    async route(id: string, surface: string | null): Promise<void> {
      await notices.updateOne({ _id: id, chat: { $exists: false } }, { $set: { chat: surface ?? NO_CHAT } });
    },
    /** The chat could not show it: another is to be looked for, or with `giveUp` none. */
    async unroute(id: string, surface: string, giveUp: boolean): Promise<void> {
      const tried = { $addToSet: { tried: surface } };
      const change = giveUp ? { ...tried, $set: { chat: NO_CHAT } } : { ...tried, $unset: { chat: '' as const } };
      await notices.updateOne({ _id: id, chat: surface }, change);
    },
  };
}

const lastUse = ({ lastHeardAt, linkedAt }: Reach): number => (lastHeardAt ?? linkedAt).getTime();

function toReach(record: AccountRecord): Reach {
  const { _id, employee, linkedAt, place, lastHeardAt, dead, deadTold, doubtful } = record;
  const colon = _id.indexOf(':');
  return {
    surface: _id.slice(0, colon),
    account: _id.slice(colon + 1),
    employee,
    place: place ?? null,
    lastHeardAt: lastHeardAt ?? null,
    linkedAt,
    dead: dead ?? null,
    deadTold: deadTold ?? false,
    doubtful: doubtful ?? [],
  };
}

function toUnrouted({ _id, employee, card, at, tried = [], ...rest }: NoticeRecord): UnroutedNotice {
  return { ...(rest.about && { about: rest.about }), id: _id, employee, card, at, tried };
}
