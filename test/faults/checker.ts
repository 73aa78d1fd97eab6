/**
 * The checker of the fault matrix: compares three histories, each kept by somebody else. What was approved is known from the
 * lists and texts that the matrix itself wrote; what was sent, from the operator's append-only log; what Herald says of it,
 * from its database. It believes none of them alone, and asks Herald's code nothing. Pure.
 */
import { type LogEntry, type LoggedMessage, messagesOf } from '../../integrations/sandbox/log.ts';
import type { MessageRecord, MessageState } from '../../src/campaigns/messages.ts';

/** What was approved for one person. */
export interface Approved {
  /** E.164; one person is in the matrix once. */
  readonly to: string;
  readonly text: string;
  readonly sender: string;
  readonly class: 'marketing' | 'service';
  /** Copies that a person asked for by hand, knowing that the first was unknown. */
  readonly againByHand?: number;
}

/** From when on nothing may be sent any more: after a stop, or after a person was suppressed. */
export interface Ban {
  /** One number, or `null` for all. */
  readonly to: string | null;
  /** ms of the machine's monotonic clock, as in the operator's log. */
  readonly from: number;
  /** When it was lifted; never, when left out. */
  readonly until?: number;
}

export interface History {
  readonly approved: readonly Approved[];
  readonly log: readonly LogEntry[];
  readonly records: readonly Pick<MessageRecord, 'phone' | 'state' | 'possibleDuplicate'>[];
  readonly bans?: readonly Ban[];
  /** Whether it may be sent at this instant at all: the window of the approval, by the true clock. */
  readonly isOpen?: (at: Date) => boolean;
  /** Herald says that the run is over; otherwise nothing moved it for as long as the row was patient. */
  readonly isOver: boolean;
  /** The operator sent a receipt for everything, and Herald acknowledged them: none may be left waiting for one. */
  readonly receiptsDone?: boolean;
}

export interface Verdict {
  /** Messages that the operator took. */
  readonly sent: number;
  /** Copies too many: of marketing above one, of service above one unless flagged, and above two always. */
  readonly dup: number;
  /** People without a copy of whom Herald does not say why: no record, or queued in a run that is over. */
  readonly lost: number;
  /** Called sent by Herald, never seen by the operator. */
  readonly falseSent: number;
  /** Taken by the operator, but not as approved: other number, text or sender, at a time when it was forbidden, or denied by Herald. */
  readonly wrong: number;
  /** Not final, and nothing will move it. */
  readonly stuck: number;
  /** Said to be unknown. */
  readonly unknown: number;
  /** The first violations, for whoever looks for the reason. */
  readonly examples: readonly string[];
}

type Violation = 'dup' | 'lost' | 'falseSent' | 'wrong' | 'stuck';

const CALLED_SENT: readonly MessageState[] = ['accepted', 'delivered', 'undelivered', 'expired', 'rejected'];
const CALLED_UNSENT: readonly MessageState[] = ['failed', 'cancelled', 'missed', 'suppressed', 'removed'];
const EXAMPLES = 10;

export function check(history: History): Verdict {
  const counts = { dup: 0, lost: 0, falseSent: 0, wrong: 0, stuck: 0 };
  const examples: string[] = [];
  const note = (violation: Violation, about: string, count = 1) => {
    if (count === 0) return;
    counts[violation] += count;
    if (examples.length < EXAMPLES) examples.push(`${violation}: ${about}`);
  };

  const sent = messagesOf(history.log);
  const copies = Map.groupBy(sent, (message) => plain(message.to));
  const records = new Map(history.records.map((record) => [plain(record.phone), record]));
  const approved = new Map(history.approved.map((one) => [plain(one.to), one]));

  for (const message of sent) {
    const why = whyWrong(message, approved.get(plain(message.to)), history);
    if (why) note('wrong', `${message.to}: ${why}`);
  }
  for (const [to, wish] of approved) {
    const record = records.get(to);
    const count = copies.get(to)?.length ?? 0;
    const state = record?.state ?? 'no record';
    note('dup', `${to}: ${count} copies, ${state}`, Math.max(0, count - mostCopies(wish, record?.possibleDuplicate)));
    for (const violation of standing(state, count, history)) note(violation, `${to}: ${count} copies, ${state}`);
  }
  const unknown = history.records.filter((record) => record.state === 'unknown').length;
  return { sent: sent.length, ...counts, unknown, examples };
}

const plain = (number: string): string => number.replace(/^\+/, '');

/** At most once, and service once more when it is flagged; what a person sent again by hand is on top. */
const mostCopies = (wish: Approved, isFlagged = false): number =>
  (wish.class === 'service' && isFlagged ? 2 : 1) + (wish.againByHand ?? 0);

/** What is wrong with what Herald says of a message, given how many copies the operator took. */
function standing(
  state: MessageState | 'no record',
  copies: number,
  { isOver, receiptsDone = false }: History,
): readonly Violation[] {
  if (state === 'no record') return ['lost'];
  if (copies > 0 && CALLED_UNSENT.includes(state)) return ['wrong'];
  if (state === 'queued') return [isOver ? 'lost' : 'stuck'];
  if (state === 'submitting') return ['stuck'];
  if (copies === 0 && CALLED_SENT.includes(state)) return ['falseSent'];
  return state === 'accepted' && receiptsDone ? ['stuck'] : [];
}

function whyWrong(message: LoggedMessage, wish: Approved | undefined, { bans = [], isOpen }: History): string | null {
  if (!wish) return 'nobody approved this number';
  if (message.complete && message.text !== wish.text) return 'another text';
  if (message.from !== wish.sender) return 'another sender';
  const banned = bans.some(
    ({ to, from, until = Number.POSITIVE_INFINITY }) =>
      (to === null || plain(to) === plain(message.to)) &&
      message.parts.some(({ mono }) => mono >= from && mono < until),
  );
  if (banned) return 'sent after it was forbidden';
  return isOpen && message.parts.some(({ at }) => !isOpen(new Date(at))) ? 'sent outside its window' : null;
}

/** Several verdicts as one: of the campaigns of a row, or of the rows of a run. */
export function sumOf(verdicts: readonly Verdict[]): Verdict {
  const sum = (of: Exclude<keyof Verdict, 'examples'>) => verdicts.reduce((total, one) => total + one[of], 0);
  return {
    sent: sum('sent'),
    dup: sum('dup'),
    lost: sum('lost'),
    falseSent: sum('falseSent'),
    wrong: sum('wrong'),
    stuck: sum('stuck'),
    unknown: sum('unknown'),
    examples: verdicts.flatMap((one) => one.examples).slice(0, EXAMPLES),
  };
}

/** Nothing happened that must never happen; `unknown` may. */
export const isClean = ({ dup, lost, falseSent, wrong, stuck }: Verdict): boolean =>
  dup + lost + falseSent + wrong + stuck === 0;
