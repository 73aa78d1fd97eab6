/**
 * Reads a batch and checks it against the leaf that was approved. What is sent is this verified copy, byte for byte; the
 * database is asked again only for the states of its messages.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Batch } from '../campaigns/messages.ts';
import { isWhatWasApproved, leafOf, rootOf } from '../campaigns/terms.ts';
import type { DispatchRoom } from './room.ts';
import type { MessageToSend } from './store.ts';

export interface VerifiedBatch {
  /** By id, with the states that they had when they were read. */
  readonly messages: ReadonlyMap<string, MessageToSend>;
  /** They were read just now, and not for an earlier piece. */
  readonly isFresh: boolean;
}

export interface BatchReader {
  /** The messages of the batch, or null when it is not what was approved. */
  read(campaign: Campaign, batch: Batch): Promise<VerifiedBatch | null>;
}

/** Batches kept in memory: several pieces of one are sent one after the other. */
const KEPT = 8;
/** Runs of which the leaves are kept in memory. */
const RUNS_KEPT = 64;

export function batchReader(room: DispatchRoom): BatchReader {
  const kept = new Map<string, VerifiedBatch['messages']>();
  const sound = new Map<string, ReadonlySet<string>>();

  /** The leaves that make up the root that was approved, or null when those in MongoDB do not; read once for each run. */
  async function approvedLeaves(campaign: Campaign): Promise<ReadonlySet<string> | null> {
    const { frozen } = campaign;
    if (!frozen || (campaign.kind === 'campaign' && !isWhatWasApproved(campaign))) return null;
    const known = sound.get(frozen.run);
    if (known) return known;
    const leaves = await room.campaigns.messages.leaves(frozen.run);
    if (rootOf(leaves) !== frozen.root) return null;
    const approved = new Set(leaves);
    sound.set(frozen.run, approved);
    keepNewest(sound, RUNS_KEPT);
    return approved;
  }

  return {
    async read(campaign, batch) {
      const approved = await approvedLeaves(campaign);
      if (!approved?.has(batch.leaf)) return null;
      const before = kept.get(batch._id);
      if (before) return { messages: before, isFresh: false };
      const messages = await room.store.messagesOf(batch);
      if (leafOf(messages) !== batch.leaf) return null;
      const verified = new Map(messages.map((message) => [message._id, message]));
      // Nobody asks again for a batch that is leased to its end.
      if (batch.next <= batch.last) kept.set(batch._id, verified);
      keepNewest(kept, KEPT);
      return { messages: verified, isFresh: true };
    },
  };
}

/** A Map keeps the order of insertion, so the first are the oldest. */
function keepNewest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
