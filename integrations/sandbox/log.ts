/**
 * The operator's log: what it was sent, one JSON line for each submit_sm, written before the answer. It is the judge of
 * Herald's tests, and this file is how it is read: pure functions over its lines.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Flaw, Part, TextEncoding } from './decode.ts';
import type { OverLimit } from './submit.ts';

/** One submit_sm as the operator took it. */
export interface LogEntry {
  /** When it came, by the wall clock, ISO 8601 in UTC. */
  readonly at: string;
  /** When it came, in ms of the machine's monotonic clock, the same one for all processes. */
  readonly mono: number;
  /** Running number of this run of the operator, from 1. */
  readonly n: number;
  readonly account: string;
  /** Which connection it came through, such as `herald/3`. */
  readonly bind: string;
  /** Its sequence_number. */
  readonly seq: number;
  readonly from: string;
  readonly to: string;
  readonly sourceTon: number;
  readonly destinationTon: number;
  readonly dataCoding: number;
  /** Null when the operator keeps no texts (`--no-text`), or when the PDU cannot be read. */
  readonly encoding: TextEncoding | null;
  readonly text: string | null;
  readonly part: Part | null;
  readonly flaws: readonly Flaw[];
  /** registered_delivery. */
  readonly registered: number;
  /** validity_period as it came; empty when none. */
  readonly validity: string;
  readonly userReference: number | null;
  /** Submits without an answer on this bind when it came, itself included. */
  readonly unanswered: number;
  /** The status that it was answered with, or is to be after a delay; null: never answered. */
  readonly answered: number | null;
  /** As in submit_sm_resp. Null when it was not taken; a message that was taken has one even if never answered. */
  readonly messageId: string | null;
  /** The limit that it broke, for which it was refused. */
  readonly overLimit: OverLimit | null;
}

/** A whole message, put together from its parts. */
export interface LoggedMessage {
  readonly account: string;
  readonly to: string;
  readonly from: string;
  /** Of the parts that came, in order; null when the operator kept no texts. */
  readonly text: string | null;
  /** In the order of their place in the message. */
  readonly parts: readonly LogEntry[];
  /** True when every part came. */
  readonly complete: boolean;
}

/** Reads a log file; a last line cut short by a `kill -9` is left out. */
export async function readOperatorLog(path: string): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  let torn = false;
  for await (const line of createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (torn) throw new Error(`${path}: line ${entries.length + 1} is not JSON`);
    const entry = parseLine(line);
    if (entry === null) torn = true;
    else entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): LogEntry | null {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return null;
  }
}

/** True when the operator took it: it has an id, and would be delivered and charged, answered or not. */
export const wasTaken = (entry: LogEntry): boolean => entry.messageId !== null;

/**
 * The messages that the operator took, in the order in which their first parts came. Parts belong together by account,
 * sender, number, reference and total; a part that has come already begins another message, so nothing sent twice is
 * folded into one.
 */
export function messagesOf(log: readonly LogEntry[]): readonly LoggedMessage[] {
  const all: LogEntry[][] = [];
  const unfinished = new Map<string, LogEntry[][]>();
  for (const entry of log) {
    if (!wasTaken(entry)) continue;
    if (entry.part === null || entry.part.total <= 1) {
      all.push([entry]);
      continue;
    }
    const key = [entry.account, entry.from, entry.to, entry.part.ref, entry.part.total].join('\0');
    const candidates = unfinished.get(key) ?? [];
    let message = candidates.find((parts) => parts.every((other) => other.part?.index !== entry.part?.index));
    if (message === undefined) {
      message = [];
      all.push(message);
      candidates.push(message);
    }
    message.push(entry);
    const open = candidates.filter((parts) => parts.length < entry.part!.total);
    if (open.length > 0) unfinished.set(key, open);
    else unfinished.delete(key);
  }
  return all.map(join);
}

function join(entries: readonly LogEntry[]): LoggedMessage {
  const parts = entries.toSorted((a, b) => (a.part?.index ?? 1) - (b.part?.index ?? 1));
  const { account, to, from, part } = parts[0]!;
  const text = parts.some((entry) => entry.text === null) ? null : parts.map((entry) => entry.text).join('');
  return { account, to, from, text, parts, complete: parts.length === (part?.total || 1) };
}

/** A token that more than one message carries. */
export interface Duplicate {
  readonly token: string;
  readonly messages: readonly LoggedMessage[];
}

/**
 * Tokens that came more than once. `tokenOf` finds what only one message should carry, such as a number written into its
 * text; messages for which it is null are left out.
 */
export function duplicatesIn(
  messages: readonly LoggedMessage[],
  tokenOf: (message: LoggedMessage) => string | null,
): readonly Duplicate[] {
  const byToken = Map.groupBy(messages, tokenOf);
  return [...byToken]
    .filter((group): group is [string, LoggedMessage[]] => group[0] !== null && group[1].length > 1)
    .map(([token, carriers]) => ({ token, messages: carriers }));
}
