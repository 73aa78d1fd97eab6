/**
 * The judge: compares what the operator was sent, by its own log, with what Herald's database says. It trusts neither the
 * worker nor the database to tell whether anybody was sent to twice.
 */
import type { LogEntry } from '../../integrations/sandbox/log.ts';
import type { MessageRecord } from '../../src/campaigns/messages.ts';

export interface Judgement {
  /** People whom the operator was sent more than one copy for. */
  readonly dup: number;
  /** People in the run whom the operator never saw, and of whom the database does not say why. */
  readonly lost: number;
  /** Called sent by the database, never seen by the operator. */
  readonly falseSent: number;
  /** Seen by the operator with another text than the frozen one. */
  readonly wrong: number;
  /** Said to be unknown. */
  readonly unknown: number;
  /** Neither final nor waiting for a receipt. */
  readonly stuck: number;
}

const NOT_SENT = ['failed', 'cancelled', 'missed', 'suppressed', 'removed', 'unknown'];
const SENT = ['accepted', 'delivered', 'undelivered', 'expired', 'rejected'];

/** One part a message, so that a line of the log is a message. Refused submits (throttled and such) were not taken. */
export function judge(log: readonly LogEntry[], messages: readonly MessageRecord[]): Judgement {
  const taken = Map.groupBy(
    log.filter((entry) => entry.messageId !== null),
    (entry) => entry.to.replace(/^\+/, ''),
  );
  const copies = (message: MessageRecord) => taken.get(message.phone.slice(1)) ?? [];
  const count = (holds: (message: MessageRecord) => boolean) => messages.filter(holds).length;
  return {
    dup: count((message) => copies(message).length > 1),
    lost: count((message) => copies(message).length === 0 && !NOT_SENT.includes(message.state)),
    falseSent: count((message) => copies(message).length === 0 && SENT.includes(message.state)),
    wrong: count((message) => copies(message).some((entry) => entry.text !== message.text)),
    unknown: count((message) => message.state === 'unknown'),
    stuck: count((message) => message.state === 'queued' || message.state === 'submitting'),
  };
}
