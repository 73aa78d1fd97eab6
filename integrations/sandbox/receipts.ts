/**
 * Which receipts a part gets, when, and what they say, in the form that SMPP 3.4 prints in its appendix B and operators
 * have kept to ever since. Pure; `mailbox.ts` sends them.
 */
import { chance, type Random } from './chance.ts';
import { type AccountFaults, byLastDigits, type Outcome } from './faults.ts';
import { ESM, TLV, tlv, writeDeliver } from './pdus.ts';

/** What a receipt may say; only `enroute` is not final. */
export type ReceiptState = Outcome | 'enroute';

/** A part that was taken. */
export interface TakenPart {
  readonly from: string;
  readonly to: string;
  /** dest_addr_ton, which its receipt repeats. */
  readonly toTon: number;
  /** The id as receipts write it. */
  readonly receiptId: string;
  /** registered_delivery of its submit_sm. */
  readonly registered: number;
  /** Its place among its message's parts, from 1; 1 for a message of one part. */
  readonly index: number;
  /** user_message_reference, when it came with one. */
  readonly userReference: number | null;
  readonly submittedAt: Date;
}

export interface PlannedReceipt {
  readonly afterMs: number;
  readonly state: ReceiptState;
}

/** `outcomeDraw`, from [0, 1), belongs to the message or the part; `random` is for what need not be repeatable. */
export function planReceipts(
  part: TakenPart,
  faults: AccountFaults,
  outcomeDraw: number,
  random: Random,
): readonly PlannedReceipt[] {
  const outcome = outcomeOf(part.to, faults, outcomeDraw);
  if (!isWanted(part, faults, outcome) || chance(faults.receiptLossShare, random)) return [];

  const afterMs = faults.receiptBeforeAnswer
    ? 0
    : faults.receiptDelayMs + (faults.receiptJitterMs > 0 ? Math.floor(random() * (faults.receiptJitterMs + 1)) : 0);
  const planned: PlannedReceipt[] = [{ afterMs, state: outcome }];
  if (faults.enrouteFirst) planned.unshift({ afterMs: Math.floor(afterMs / 2), state: 'enroute' });
  if (faults.contradictFinal) {
    planned.push({ afterMs: afterMs + 50, state: outcome === 'delivered' ? 'undelivered' : 'delivered' });
  }
  if (faults.receiptCopies === 1) return planned;
  return planned.flatMap((receipt) => Array.from({ length: faults.receiptCopies }, () => receipt));
}

/** registered_delivery, bits 1 and 0 (3.4, 5.2.17): 00 none, 01 always, 10 only of failure. */
function isWanted(part: TakenPart, faults: AccountFaults, outcome: Outcome): boolean {
  if (faults.receipts === 'none') return false;
  if (faults.receipts === 'first-part' && part.index !== 1) return false;
  const asked = part.registered & 0x03;
  return asked === 1 || (asked === 2 && outcome !== 'delivered');
}

function outcomeOf(to: string, faults: AccountFaults, draw: number): Outcome {
  const fixed = byLastDigits(faults.outcomes, to);
  if (fixed !== undefined) return fixed;
  let below = faults.undeliveredShare;
  if (draw < below) return 'undelivered';
  below += faults.expiredShare;
  if (draw < below) return 'expired';
  below += faults.rejectedShare;
  return draw < below ? 'rejected' : 'delivered';
}

/** stat of the text, message_state of the TLV (3.4, 5.2.28), and an error code such as operators give. */
const WORDS: Readonly<Record<ReceiptState, { stat: string; messageState: number; err: string }>> = {
  enroute: { stat: 'ENROUTE', messageState: 1, err: '000' },
  delivered: { stat: 'DELIVRD', messageState: 2, err: '000' },
  expired: { stat: 'EXPIRED', messageState: 3, err: '027' },
  undelivered: { stat: 'UNDELIV', messageState: 5, err: '011' },
  rejected: { stat: 'REJECTD', messageState: 8, err: '088' },
};

/** The body of the deliver_sm that carries a receipt: it goes the way back, from the customer to the sender. */
export function writeReceipt(part: TakenPart, state: ReceiptState, faults: AccountFaults, doneAt: Date): Buffer {
  const words = WORDS[state];
  const tlvs: Buffer[] = [];
  if (faults.receiptForm !== 'text') {
    tlvs.push(tlv(TLV.receipted_message_id, Buffer.from(`${part.receiptId}\0`, 'latin1')));
    tlvs.push(tlv(TLV.message_state, Buffer.from([words.messageState])));
  }
  if (faults.echoUserReference && part.userReference !== null) {
    const reference = Buffer.alloc(2);
    reference.writeUInt16BE(part.userReference);
    tlvs.push(tlv(TLV.user_message_reference, reference));
  }
  return writeDeliver({
    from: part.to,
    fromTon: part.toTon,
    to: part.from,
    esmClass: ESM.receipt,
    dataCoding: 0,
    message: faults.receiptForm === 'tlv' ? Buffer.alloc(0) : receiptText(part, state, doneAt),
    tlvs,
  });
}

/** "id:IIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:", times in UTC. */
function receiptText(part: TakenPart, state: ReceiptState, doneAt: Date): Buffer {
  const { stat, err } = WORDS[state];
  const delivered = state === 'delivered' ? '001' : '000';
  const dates = `submit date:${minute(part.submittedAt)} done date:${minute(doneAt)}`;
  return Buffer.from(
    `id:${part.receiptId} sub:001 dlvrd:${delivered} ${dates} stat:${stat} err:${err} text:`,
    'latin1',
  );
}

/** YYMMDDhhmm. */
const minute = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(2, 12);
