/**
 * States of messages as MongoDB keeps them, beside the pieces that they are sent in. Every move is a compare-and-set on the
 * state, and bears the number of the lease (fence) under which it is made.
 */
import type { Collection, Filter } from 'mongodb';
import {
  type Batch,
  type FrozenMessage,
  idsBetween,
  idsOfRun,
  type MessageRecord,
  type Piece,
  type SentUnder,
} from '../campaigns/messages.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { pieceStore } from './piece-store.ts';
import { FIRST, type Outcome, type Refusal, wireStore } from './wire-store.ts';

/** What of a message bears on sending it. */
export type MessageToSend = FrozenMessage &
  Pick<MessageRecord, 'network' | 'state' | 'refusedBy' | 'possibleDuplicate' | 'sent'>;

/** A column of it that is not read costs a tenth of the reading. */
const TO_SEND: Readonly<Record<keyof MessageToSend, 1>> = {
  _id: 1,
  person: 1,
  phone: 1,
  sender: 1,
  text: 1,
  encoding: 1,
  parts: 1,
  ceiling: 1,
  network: 1,
  state: 1,
  refusedBy: 1,
  possibleDuplicate: 1,
  sent: 1,
};

/** A message that waits to be sent. */
export interface Waiting {
  readonly id: string;
  readonly refusedBy: readonly string[];
  /** The account that may have it already, when it is sent once more: no other may be asked. */
  readonly retryAt: string | null;
}

/** What bears on where a queued message may go. */
export const waitingOf = ({
  refusedBy = [],
  possibleDuplicate,
  sent,
}: Pick<MessageRecord, 'refusedBy' | 'possibleDuplicate' | 'sent'>): Omit<Waiting, 'id'> => ({
  refusedBy,
  // Without an account that it was sent through no account may carry it.
  retryAt: possibleDuplicate ? (sent?.provider ?? '') : null,
});

/** Those of which a first copy may have been sent. */
const ONCE_MORE = { possibleDuplicate: true } as const;

export type DispatchStore = ReturnType<typeof dispatchStore>;

export function dispatchStore(database: Database) {
  const messages: Collection<MessageRecord> = database.db.collection('messages');

  /** Ends what this copy did not send. What is not sent once more after all is as unknown as it was. */
  async function endUnsent(which: Filter<MessageRecord>, outcome: Outcome, at: Date): Promise<void> {
    await messages.updateMany({ ...which, ...FIRST }, { $set: { ...outcome, doneAt: at } });
    await messages.updateMany({ ...which, ...ONCE_MORE }, { $set: { ...outcome, state: 'unknown', doneAt: at } });
  }

  return {
    ...pieceStore(database),
    ...wireStore(database),

    async messagesOf(batch: Batch): Promise<MessageToSend[]> {
      return messages
        .find<MessageToSend>({ _id: idsBetween(batch.run, batch.first, batch.last) }, { projection: TO_SEND })
        .sort({ _id: 1 })
        .toArray();
    },
    async queuedIn(run: string, piece: Piece): Promise<Waiting[]> {
      const found = await messages
        .find(
          { _id: idsBetween(run, piece.first, piece.last), state: 'queued' },
          { projection: { refusedBy: 1, possibleDuplicate: 1, sent: 1 } },
        )
        .sort({ _id: 1 })
        .toArray();
      return found.map((message) => ({ id: message._id, ...waitingOf(message) }));
    },
    /**
     * Makes what an earlier holder left this lease's own. First the queued messages bear the new fence, so that the earlier holder,
     * should it wake up, marks none of them any more; then what it left as submitting, which may have been sent, is unknown and
     * never queued again. Returns how many are.
     */
    async takeOver(run: string, piece: Piece, at: Date): Promise<number> {
      await messages.updateMany(
        { _id: idsBetween(run, piece.first, piece.last), state: 'queued', fence: { $not: { $gte: piece.fence } } },
        { $set: { fence: piece.fence } },
      );
      const given = await messages.updateMany(
        { _id: idsBetween(run, piece.first, piece.last), state: 'submitting', fence: { $ne: piece.fence } },
        { $set: { state: 'unknown', error: 'worker-lost', doneAt: at } },
      );
      return given.modifiedCount;
    },
    /**
     * Writes `submitting` into single messages durably, before anything is on a wire. Returns the ids that are now this lease's to send; the others
     * were moved meanwhile (cancelled, missed) or belong to a later lease.
     */
    async mark(ids: readonly string[], under: SentUnder): Promise<readonly string[]> {
      const { fence } = under;
      const marked = await messages.updateMany(
        { _id: { $in: [...ids] }, state: 'queued', fence: { $not: { $gt: fence } } },
        { $set: { state: 'submitting', fence, sent: under }, $unset: { error: 1, errorDetail: 1 } },
      );
      if (marked.modifiedCount === ids.length) return ids;
      const mine = await messages
        .find({ _id: { $in: [...ids] }, state: 'submitting', fence }, { projection: { _id: 1 } })
        .toArray();
      return mine.map((one) => one._id);
    },
    /** Ends messages that were not on any wire. */
    async endQueued(ids: readonly string[], fence: number, outcome: Outcome, at: Date): Promise<void> {
      if (ids.length === 0) return;
      // Whoever took the piece over has put a higher fence on what was queued in it, and may be sending it by now.
      await endUnsent({ _id: { $in: [...ids] }, state: 'queued', fence: { $not: { $gt: fence } } }, outcome, at);
    },
    /** Takes back what was queued once more in a run that was ended meanwhile. */
    async takeBack(id: string, at: Date): Promise<void> {
      await messages.updateOne(
        { _id: id, state: 'queued', ...ONCE_MORE },
        { $set: { state: 'unknown', doneAt: at }, $unset: { possibleDuplicate: 1 } },
      );
    },
    /** Ends all of a run that is still queued: cancelled, or missed. Returns how many; a retry becomes unknown again. */
    async endAllQueued(run: string, state: 'cancelled' | 'missed', at: Date): Promise<number> {
      const queued = { _id: idsOfRun(run), state: 'queued' } as const;
      const ended = await messages.updateMany({ ...queued, ...FIRST }, { $set: { state, doneAt: at } });
      await messages.updateMany({ ...queued, ...ONCE_MORE }, [
        { $set: { state: 'unknown', doneAt: at, error: { $ifNull: ['$error', 'no-answer'] } } },
        { $unset: 'possibleDuplicate' },
      ]);
      return ended.modifiedCount;
    },
    /** When no lease is live any more, what is still submitting may have been sent. */
    async giveUpOnRun(run: string, at: Date): Promise<void> {
      await messages.updateMany(
        { _id: idsOfRun(run), state: 'submitting' },
        { $set: { state: 'unknown', error: 'worker-lost', doneAt: at } },
      );
    },
    /** Messages without an outcome in a run of which all batches are done: somebody died between two writes. */
    async leftBehind(run: string, most: number): Promise<string[]> {
      const found = await messages
        .find({ _id: idsOfRun(run), state: { $in: ['queued', 'submitting'] } }, { projection: { _id: 1 }, limit: most })
        .toArray();
      return found.map((message) => message._id);
    },
    /** Unknown messages of a run that were not sent a second time yet. */
    async unknownUnretried(run: string, before: Date, most: number): Promise<string[]> {
      const found = await messages
        .find(
          { _id: idsOfRun(run), state: 'unknown', possibleDuplicate: { $exists: false }, doneAt: { $lte: before } },
          { projection: { _id: 1 }, limit: most },
        )
        .toArray();
      return found.map((message) => message._id);
    },
    /** Queues an unknown message once more, flagged; false when it has become known meanwhile, or was retried before. */
    async queueOnceMore(id: string): Promise<boolean> {
      const queued = await messages.updateOne(
        { _id: id, state: 'unknown', possibleDuplicate: { $exists: false } },
        { $set: { state: 'queued', possibleDuplicate: true }, $unset: { doneAt: 1 } },
      );
      return queued.modifiedCount === 1;
    },
    /**
     * Writes one outcome into all messages that had it. A late answer makes known what was unknown; what the operator took is not
     * sent a second time, though it is queued for that.
     */
    async settle(ids: readonly string[], fence: number, outcome: Outcome, at: Date): Promise<void> {
      const sent: Filter<MessageRecord> = {
        _id: { $in: [...ids] },
        'sent.fence': fence,
        state: { $in: ['submitting', 'unknown'] },
      };
      if (outcome.state === 'failed') return endUnsent(sent, outcome, at);
      if (outcome.state !== 'accepted')
        return void (await messages.updateMany(sent, { $set: { ...outcome, doneAt: at } }));
      const $unset = { ...(!outcome.error && { error: 1 as const }), errorDetail: 1, doneAt: 1 } as const;
      const taken = await messages.updateMany(sent, { $set: outcome, $unset });
      if (taken.matchedCount === ids.length) return;
      await messages.updateMany(
        { _id: { $in: [...ids] }, state: 'queued', ...ONCE_MORE },
        { $set: outcome, $unset: { ...$unset, possibleDuplicate: 1 } },
      );
    },
    /**
     * Takes back what was certainly not sent, as if it had never been marked. `refusal` keeps the account from being asked again,
     * and says why should there be no other. Of a retry it stays known what the first copy was sent under.
     */
    async requeue(ids: readonly string[], fence: number, refusal: Refusal | null): Promise<void> {
      const sent = { _id: { $in: [...ids] }, fence, state: 'submitting' } as const;
      const back = {
        $set: {
          state: 'queued' as const,
          ...(refusal && { error: refusal.error, errorDetail: refusal.errorDetail }),
        },
        ...(refusal && { $addToSet: { refusedBy: refusal.provider } }),
      };
      const first = await messages.updateMany({ ...sent, ...FIRST }, { ...back, $unset: { sent: 1 } });
      if (first.modifiedCount < ids.length) await messages.updateMany({ ...sent, ...ONCE_MORE }, back);
    },
  };
}
