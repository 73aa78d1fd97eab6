/**
 * Long messages that come in as parts, put together. No part is acknowledged before the whole of it is durable, and yet
 * an operator that sends one at a time must not wait for ever: an answer is held back for a moment, then the part is
 * asked for again (and kept in memory meanwhile), so a crash loses nothing and the next part can come.
 */
import type { DeliverSm } from './deliver.ts';
import { messageText } from './inbound-text.ts';

/** Answers one deliver_sm: kept, or come again. */
export type Acknowledge = (kept: boolean) => void;

/** A message put together, whole or as far as it came. */
export interface Joined {
  readonly first: DeliverSm;
  /** `…` stands for each run of parts that never came; null when it is no text. */
  readonly text: string | null;
  /** To be called once, when the message is durable or could not be made so: answers its parts. */
  settle(kept: boolean, nowMs: number): void;
}

export interface PartJoiner {
  /** Takes a part in; gives the message back when it was the last one missing. */
  add(deliver: DeliverSm, answer: Acknowledge, nowMs: number): Joined | null;
  /** To be called now and then: asks again for what was held long enough, and gives up on what never came whole. */
  overdue(nowMs: number): readonly Joined[];
  /** Something is remembered, so `overdue` has work to come. */
  readonly isBusy: boolean;
}

interface Entry {
  readonly parts: (DeliverSm | undefined)[];
  state: 'gathering' | 'handed-over' | 'kept';
  since: number;
  held: { readonly answer: Acknowledge; readonly since: number }[];
}

export function partJoiner(holdMs: number, joinMs: number): PartJoiner {
  const entries = new Map<string, Entry>();

  function begin(key: string, total: number, nowMs: number): Entry {
    const entry: Entry = { parts: new Array(total).fill(undefined), state: 'gathering', since: nowMs, held: [] };
    entries.set(key, entry);
    return entry;
  }

  return {
    add(deliver, answer, nowMs) {
      const { reference, total, index } = deliver.part!;
      const key = `${deliver.source} ${deliver.destination} ${reference} ${total}`;
      let entry = entries.get(key) ?? begin(key, total, nowMs);
      const known = entry.parts[index - 1];
      const isRepeated = known?.body.equals(deliver.body) ?? false;
      if (isRepeated && entry.state === 'kept') {
        answer(true);
        return null;
      }
      // Other bytes under the same mark are another message: references of 8 bits come round.
      if (!isRepeated && (known || entry.state !== 'gathering')) {
        release(entry, false);
        entry = begin(key, total, nowMs);
      }
      // A copy: the bytes are a view of everything that came with them.
      entry.parts[index - 1] ??= { ...deliver, body: Buffer.from(deliver.body) };
      entry.held.push({ answer, since: nowMs });
      const isWhole = entry.state === 'gathering' && !entry.parts.includes(undefined);
      return isWhole ? handOver(entry) : null;
    },

    overdue(nowMs) {
      const incomplete: Joined[] = [];
      for (const [key, entry] of entries) {
        const isOld = nowMs - entry.since >= joinMs;
        if (entry.state === 'kept' && isOld) entries.delete(key);
        else if (entry.state === 'gathering' && isOld) incomplete.push(handOver(entry));
        else if (entry.state === 'gathering') askAgain(entry, nowMs - holdMs);
      }
      return incomplete;
    },

    get isBusy() {
      return entries.size > 0;
    },
  };
}

function handOver(entry: Entry): Joined {
  entry.state = 'handed-over';
  return {
    first: entry.parts.find((part) => part !== undefined)!,
    text: textOf(entry.parts),
    settle(kept, nowMs) {
      // Not kept: the parts stay here, and the next repetition of one of them tries again.
      entry.state = kept ? 'kept' : 'gathering';
      entry.since = nowMs;
      release(entry, kept);
    },
  };
}

function release(entry: Entry, kept: boolean): void {
  for (const { answer } of entry.held) answer(kept);
  entry.held = [];
}

function askAgain(entry: Entry, heldBefore: number): void {
  for (const { answer, since } of entry.held) if (since <= heldBefore) answer(false);
  entry.held = entry.held.filter(({ since }) => since > heldBefore);
}

/** Bytes first, then text: a cut may fall inside a character. Parts in different codings are read each by its own. */
function textOf(parts: readonly (DeliverSm | undefined)[]): string | null {
  let text = '';
  for (let i = 0; i < parts.length; ) {
    const part = parts[i];
    if (!part) {
      if (!text.endsWith('…')) text += '…';
      i++;
      continue;
    }
    let end = i + 1;
    while (parts[end]?.dataCoding === part.dataCoding) end++;
    const bytes = Buffer.concat(parts.slice(i, end).map((each) => each!.body));
    const piece = messageText(part.dataCoding, bytes);
    if (piece === null) return null;
    text += piece;
    i = end;
  }
  return text;
}
