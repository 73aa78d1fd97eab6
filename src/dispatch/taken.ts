/**
 * What this worker knows of messages that operators took from it, before MongoDB is asked: what they were sent under, until that is
 * written into them, and which message an id stands for. A worker that dies forgets it; all of it can be read again.
 */
import type { SentUnder } from '../campaigns/messages.ts';
import type { E164 } from '../messages/phone.ts';
import type { PartRecord } from './part-store.ts';

/** A part as its receipt finds it, and the number that it went to. */
export interface KnownPart {
  readonly part: PartRecord;
  readonly to: E164;
}

export interface TakenMessages {
  /** These were taken, which stands in their piece; in themselves it is not written yet. */
  add(ids: readonly string[], under: SentUnder): void;
  /** What this message was sent under, while that is not written into it. */
  under(id: string): SentUnder | undefined;
  /** Of these messages those that are not written yet. */
  unwrittenAmong(ids: readonly string[]): ReadonlyMap<SentUnder, readonly string[]>;
  /** These are written now. */
  written(ids: Iterable<string>): void;
  learn(parts: readonly KnownPart[]): void;
  part(key: string): KnownPart | undefined;
  /** The final word on this part has been kept. */
  forget(key: string): void;
  /** Answers are being kept until this settles. */
  keeping(kept: Promise<unknown>): void;
  /** Resolves once all answers that were being kept when it was called are, or could not be; null when there were none. */
  kept(): Promise<unknown> | null;
}

/** An id that is used again means the newer message, and the newer copy: so MongoDB keeps it too. */
const isNewer = ({ part }: KnownPart, before: KnownPart | undefined): boolean =>
  before === undefined ||
  before.part.message !== part.message ||
  before.part.of > part.of ||
  (part.isRetry === true && !before.part.isRetry) ||
  // Of the same copy more of its parts may be known by now.
  (part.all !== undefined && part.isRetry === before.part.isRetry);

/** Parts kept in mind: some seconds of the fastest pace. */
const PARTS_KEPT = 50_000;

export function createTaken(most = PARTS_KEPT): TakenMessages {
  const unwritten = new Map<string, SentUnder>();
  const parts = new Map<string, KnownPart>();
  const underWay = new Set<Promise<unknown>>();

  return {
    add(ids, under) {
      for (const id of ids) unwritten.set(id, under);
    },
    under: (id) => unwritten.get(id),
    unwrittenAmong(ids) {
      const groups = new Map<SentUnder, string[]>();
      for (const id of ids) {
        const under = unwritten.get(id);
        if (!under) continue;
        const group = groups.get(under);
        if (group) group.push(id);
        else groups.set(under, [id]);
      }
      return groups;
    },
    written(ids) {
      for (const id of ids) unwritten.delete(id);
    },
    learn(known) {
      for (const one of known) if (isNewer(one, parts.get(one.part._id))) parts.set(one.part._id, one);
      // A Map keeps the order of insertion, so the first are the oldest.
      for (const oldest of parts.keys()) {
        if (parts.size <= most) return;
        parts.delete(oldest);
      }
    },
    part: (key) => parts.get(key),
    forget: (key) => void parts.delete(key),
    keeping(kept) {
      underWay.add(kept);
      const done = () => void underWay.delete(kept);
      kept.then(done, done);
    },
    kept: () => (underWay.size === 0 ? null : Promise.allSettled(underWay)),
  };
}
