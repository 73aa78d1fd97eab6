/**
 * Who writes results, and when: first when a campaign is over, then again while there is news of it. Several are written at once, the
 * freshest news first, so that none waits for a sheet whose Google is busy; and none keeps others from theirs by failing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WriteBack } from './store.ts';
import { type ResultRoom, writeResults } from './write-back.ts';

export interface NewsPace {
  /** Write-backs under way at a time: each holds its rows in memory. */
  readonly abreast: number;
  /** While some are under way, others are looked for this often, ms. */
  readonly lookMs: number;
}

const PACE: NewsPace = { abreast: 4, lookMs: 2_000 };

/** Results that are owed, and receipts, are looked for this long after they were owed, or written last. */
const NEWS_MS = 72 * 3_600_000;

/**
 * Writes what has had news since it was written, or was not written where it belongs; resolves with the campaigns written, when
 * nothing is under way any more. What fails is tried again the next time.
 */
export async function writeNews(
  room: ResultRoom,
  signal: AbortSignal,
  { abreast, lookMs }: NewsPace = PACE,
): Promise<readonly string[]> {
  const written: string[] = [];
  const failed = new Set<string>();
  const underWay = new Map<string, Promise<void>>();

  async function write({ run, campaign }: WriteBack): Promise<void> {
    try {
      const done = await writeResults(room, campaign, signal);
      if (done.kind === 'written') return void written.push(campaign);
      if (!signal.aborted) room.log.warn({ campaign, report: done }, 'results could not be written');
    } catch (err) {
      if (!signal.aborted) room.log.error({ campaign, err }, 'results could not be written');
    }
    failed.add(run);
    if (!signal.aborted) await room.store.tried(run, room.now());
  }

  while (!signal.aborted) {
    // What is found of these may be from before they were written.
    const atTheAsking = new Set(underWay.keys());
    for (const last of await room.store.awaiting(new Date(room.now().getTime() - NEWS_MS))) {
      if (underWay.size >= abreast || signal.aborted) break;
      if (atTheAsking.has(last.run) || failed.has(last.run) || !(await isDue(room, last))) continue;
      underWay.set(
        last.run,
        write(last).finally(() => underWay.delete(last.run)),
      );
    }
    if (underWay.size === 0) break;
    await Promise.race([...underWay.values(), sleep(lookMs)]);
  }
  await Promise.all(underWay.values());
  return written;
}

async function isDue(room: ResultRoom, last: WriteBack): Promise<boolean> {
  if (room.now() < restsUntil(last)) return false;
  if (last.owedSince !== null) return true;
  const { states } = await room.messages.counts(last.run);
  return last.counts !== JSON.stringify(states);
}

/** So long a write-back rests for each of its rows, ms: receipts trickle in for days, and not for each a large one is made anew. */
const REST_MS_A_ROW = 1;
const LONGEST_REST_MS = 600_000;

/**
 * By what there is to write, and not by how long it took: who had to wait for Google, or for a busy machine, has no less news. What
 * is owed rests as long as it was owed already, so that it is tried ever less often.
 */
export function restsUntil({ at, rows, owedSince }: Pick<WriteBack, 'at' | 'rows' | 'owedSince'>): Date {
  const owedMs = owedSince ? at.getTime() - owedSince.getTime() : 0;
  return new Date(at.getTime() + Math.min(LONGEST_REST_MS, Math.max(rows * REST_MS_A_ROW, owedMs)));
}
