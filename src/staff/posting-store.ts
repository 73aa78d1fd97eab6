/**
 * Postings as MongoDB keeps them, one document for each card in a chat: so newer edits fold into it by themselves, and whoever
 * dies leaves behind how far it was. Every step is a compare-and-set by the token of the try.
 */
import { createHash } from 'node:crypto';
import { type Collection, ObjectId } from 'mongodb';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import type { Card } from './card.ts';
import type { Next, Posting, PostingState } from './posting.ts';

/** What somebody wants a person to see in a chat. */
export interface Wanted {
  readonly key: string;
  readonly surface: string;
  readonly account: string;
  readonly employee: string;
  readonly card: Card;
  /** Notices that this card tells. */
  readonly notices?: readonly string[];
  /** It is kept up to date until `unlive`. */
  readonly live?: boolean;
  /** What it asks to be decided, until `answered`. */
  readonly asks?: string;
}

interface PostingRecord extends Omit<Posting, 'key'> {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly subject: string;
  /** Of the newest card that was wanted. */
  readonly hash: string;
  /** When it was first wanted, and a number beside it: the order at one place. */
  readonly at: Date;
  readonly seq: ObjectId;
  /** Of the try under way. */
  readonly token?: string;
  /** The version that was last asked to be shown: what is found later is that one. */
  readonly tried?: number;
  /** What came of it was not told yet to whoever wanted it. */
  readonly untold?: boolean;
  readonly live?: boolean;
  readonly asks?: string;
  readonly deleteAfter: Date;
}

interface RestRecord {
  readonly _id: string;
  readonly surface: string;
  /** Null: the whole chat rests. */
  readonly account: string | null;
  readonly until: Date;
}

/** What nobody could be shown for so long is forgotten; what was shown is not edited any more. */
const KEPT_DAYS = 30;
/** States in which a newer card replaces the one that is there. */
const FOLDS: readonly PostingState[] = ['waiting', 'posting', 'doubtful', 'posted'];
/** A later card waits so long for an earlier one. */
const IN_ORDER_MS = 60_000;
/** Postings looked at in one round. */
const PAGE = 50;

export type PostingStore = ReturnType<typeof postingStore>;

export function postingStore(database: Database) {
  const postings: Collection<PostingRecord> = database.db.collection('postings');
  const rests: Collection<RestRecord> = database.db.collection('postingRests');
  const ofTry = (key: string, token: string) => ({ _id: key, token });

  return {
    /**
     * Has the card shown; where one stands or waits under this key, it becomes this one. Nothing happens when it is this one
     * already, or when it was given up; unless its place is gone, or another chat is to show what one would not take: then it goes
     * to the account that is named now.
     */
    async want(wanted: Wanted, now: Date): Promise<void> {
      const fresh = freshRecord(wanted, now);
      const { _id, notices, seq: _seq, at: _at, copy: _copy, ...renewed } = fresh;
      const added = await postings.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
      if (added.upsertedCount === 1) return;
      if (notices.length > 0) {
        await postings.updateOne({ _id }, [
          { $set: { notices: { $setUnion: ['$notices', notices] }, untold: { $not: [{ $in: ['$state', OPEN] }] } } },
        ]);
      }
      const { card, hash, subject, deleteAfter } = fresh;
      await postings.updateOne({ _id, hash: { $ne: hash }, state: { $in: [...FOLDS] } }, [
        {
          $set: {
            card: { $literal: card },
            hash,
            subject: { $literal: subject },
            deleteAfter,
            version: { $add: ['$version', 1] },
            state: { $cond: [{ $eq: ['$state', 'posted'] }, 'waiting', '$state'] },
          },
        },
      ]);
      const elsewhere = {
        $or: [{ state: 'gone' as const }, { state: 'parked' as const, surface: { $ne: wanted.surface } }],
      };
      await postings.updateOne({ _id, ...elsewhere }, { $set: { ...renewed, untold: false } });
    },

    /** What may be posted or looked up now, news before edits, each place in its order. */
    async due(surface: string, now: Date, restingAccounts: readonly string[]): Promise<Posting[]> {
      // Who is to get an earlier card first is not shown a later one; but not for long, whatever keeps the earlier one.
      const heldUp = await postings.distinct('account', {
        surface,
        kind: 'new',
        state: { $in: ['waiting', 'doubtful'] },
        dueAt: { $gt: now },
        at: { $gt: new Date(now.getTime() - IN_ORDER_MS) },
      });
      const found = await postings
        .find({
          surface,
          state: { $in: ['waiting', 'doubtful'] },
          dueAt: { $lte: now },
          account: { $nin: [...new Set([...restingAccounts, ...heldUp])] },
        })
        .sort({ kind: -1, at: 1, seq: 1 })
        .limit(PAGE)
        .toArray();
      return found.map(toPosting);
    },

    /** Written durably before the chat is asked. Null when it has changed since it was read, or another has it. */
    async claim({ key, version, state }: Posting, token: string): Promise<boolean> {
      const tried = state === 'waiting' ? { tried: version } : {};
      const claim = { state: 'posting' as const, token, ...tried };
      const claimed = await postings.updateOne({ _id: key, version, state }, { $set: claim });
      return claimed.matchedCount === 1;
    },
    /** Nothing was asked after all. */
    async unclaim({ key, state }: Posting, token: string): Promise<void> {
      await postings.updateOne(ofTry(key, token), { $set: { state }, $unset: { token: '' } });
    },

    /** What came of a try; false when the try was taken from us. */
    async settle(
      { key }: Posting,
      token: string,
      next: Next,
      { now, editMs }: { now: Date; editMs: number },
    ): Promise<boolean> {
      const settled = await postings.updateOne(ofTry(key, token), [
        { $set: settling(next, now, editMs) },
        { $unset: 'token' },
      ]);
      return settled.matchedCount === 1;
    },
    /** It was not meant any more; false when it has changed meanwhile. */
    async drop({ key, version, state }: Posting): Promise<boolean> {
      const dropped = await postings.updateOne({ _id: key, version, state }, [
        { $set: { state: 'dropped', card: null, untold: HAS_NOTICES } },
      ]);
      return dropped.matchedCount === 1;
    },
    /** Tries that somebody has left behind. Nobody else may be posting to this chat. */
    async leftBehind(surface: string): Promise<readonly { readonly posting: Posting; readonly token: string }[]> {
      const found = await postings.find({ surface, state: 'posting' }).toArray();
      return found.map((one) => ({ posting: toPosting(one), token: one.token ?? '' }));
    },

    /** Postings that are over and of which this was not told yet. */
    async untold(surface: string): Promise<Posting[]> {
      return (await postings.find({ surface, untold: true }).limit(PAGE).toArray()).map(toPosting);
    },
    /** What came of it was told; where it is wanted anew since, that has still to be told. */
    async told({ key, state, notices }: Posting): Promise<void> {
      await postings.updateOne(
        { _id: key, state, notices: [...notices] },
        { $set: { notices: [] }, $unset: { untold: '' } },
      );
    },

    async posting(key: string): Promise<Posting | null> {
      const found = await postings.findOne({ _id: key });
      return found && toPosting(found);
    },
    /** Cards that are kept up to date. */
    async live(): Promise<Posting[]> {
      return (await postings.find({ live: true }).toArray()).map(toPosting);
    },
    async unlive(prefix: string): Promise<void> {
      await postings.updateMany(
        { live: true, _id: { $gte: prefix, $lt: `${prefix}\uffff` } },
        { $unset: { live: '' } },
      );
    },

    /** Cards that ask for a decision which nobody knows to have been made. */
    async asking(): Promise<readonly { readonly posting: Posting; readonly asks: string }[]> {
      const found = await postings.find({ asks: { $exists: true } }).toArray();
      return found.map((one) => ({ posting: toPosting(one), asks: one.asks ?? '' }));
    },
    async answered(key: string): Promise<void> {
      await postings.updateOne({ _id: key }, { $unset: { asks: '' } });
    },

    /** The chat asks not to be written to at this account's place, or at all, until then. */
    async rest(surface: string, account: string | null, until: Date): Promise<void> {
      const _id = JSON.stringify([surface, account]);
      await rests.updateOne({ _id }, { $set: { surface, account }, $max: { until } }, { upsert: true });
    },
    async rests(surface: string, now: Date): Promise<{ account: string | null; until: Date }[]> {
      const found = await rests.find({ surface, until: { $gt: now } }).toArray();
      return found.map(({ account, until }) => ({ account, until }));
    },
  };
}

const OPEN: readonly PostingState[] = ['waiting', 'posting', 'doubtful'];
const ONE_MORE = { $add: ['$copy', 1] };
const HAS_NOTICES = { $gt: [{ $size: '$notices' }, 0] };

function freshRecord(
  { key, surface, account, employee, card, notices = [], live, asks }: Wanted,
  now: Date,
): PostingRecord {
  return {
    _id: key,
    schemaVersion: 1,
    surface,
    account,
    employee,
    subject: card.subject,
    card,
    hash: createHash('sha256').update(JSON.stringify(card)).digest('base64url'),
    copy: 0,
    version: 1,
    kind: 'new',
    ref: null,
    state: 'waiting',
    tries: 0,
    dueAt: now,
    notices,
    ...(live && { live }),
    ...(asks !== undefined && { asks }),
    at: now,
    seq: new ObjectId(),
    deleteAfter: daysAfter(now, KEPT_DAYS),
  };
}

/** As stages of a pipeline: whether a newer card came meanwhile is known to the document alone. */
function settling(next: Next, now: Date, editMs: number): Record<string, unknown> {
  switch (next.kind) {
    case 'shown': {
      const isNewest = { $lte: ['$version', '$tried'] };
      return {
        state: { $cond: [isNewest, 'posted', 'waiting'] },
        card: { $cond: [isNewest, null, '$card'] },
        kind: 'edit',
        ref: { $literal: next.ref },
        tries: 0,
        dueAt: new Date(now.getTime() + editMs),
        untold: HAS_NOTICES,
      };
    }
    case 'again': {
      const anew =
        next.as === 'new' ? { ref: null, copy: { $cond: [{ $eq: ['$kind', 'edit'] }, ONE_MORE, '$copy'] } } : {};
      return { state: 'waiting', kind: next.as, ...anew, tries: next.tries, dueAt: next.at };
    }
    case 'look':
      return { state: 'doubtful', tries: next.tries, dueAt: next.at };
    case 'over':
      return { state: next.state, untold: HAS_NOTICES, ...(next.state === 'gone' && { ref: null, copy: ONE_MORE }) };
  }
}

function toPosting(record: PostingRecord): Posting {
  const { _id, surface, account, employee, card, copy, version, kind, ref, state, tries, dueAt, notices } = record;
  return { key: _id, surface, account, employee, card, copy, version, kind, ref, state, tries, dueAt, notices };
}

export const postingMigrations = [
  {
    id: 110,
    name: 'postings: indexes',
    async up({ db }: Database): Promise<void> {
      await db
        .collection('postings')
        .createIndexes([
          { key: { surface: 1, state: 1, kind: -1, at: 1, seq: 1 } },
          { key: { surface: 1, untold: 1 }, partialFilterExpression: { untold: true } },
          { key: { live: 1 }, partialFilterExpression: { live: true } },
          { key: { deleteAfter: 1 }, expireAfterSeconds: 0 },
        ]);
      await db.collection('postingRests').createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    },
  },
  {
    id: 111,
    name: 'postings: what asks for a decision',
    async up({ db }: Database): Promise<void> {
      const asking = { asks: { $exists: true } };
      await db.collection('postings').createIndex({ asks: 1 }, { partialFilterExpression: asking });
    },
  },
];
