/**
 * How receipts move a message: pure rules. A final state never regresses; a message of several parts is delivered when all
 * its parts are, and failed as soon as one is; what is unknown becomes known by a receipt.
 */
import type { MessageState } from '../campaigns/messages.ts';
import type { Receipt, ReceiptState } from './provider.ts';

/** States that a final receipt may still change: a receipt can overtake the submit's answer. */
export const MOVED_BY_RECEIPT: readonly MessageState[] = ['submitting', 'accepted', 'unknown'];

/** The state of a message by the last final word on each part; null while parts are awaited that could still decide. */
export function foldParts(parts: readonly (ReceiptState | null)[]): Exclude<ReceiptState, 'enroute'> | null {
  const failed = parts.find((state) => state === 'undelivered' || state === 'expired' || state === 'rejected');
  if (failed) return failed as Exclude<ReceiptState, 'enroute'>;
  return parts.every((state) => state === 'delivered') ? 'delivered' : null;
}

export const isFinal = (receipt: Receipt): boolean => receipt.state !== 'enroute';

/**
 * The forms in which one id may be written: as it is, without leading zeros and in lower case, and read from the other
 * base. Operators answer submits in hexadecimal and write receipts in decimal, or the other way round; ids pass 64 bits.
 */
export function idForms(raw: string): readonly string[] {
  const plain = plainId(raw);
  const forms = [plain];
  if (/^\d+$/.test(plain)) forms.push(BigInt(plain).toString(16));
  if (/^[0-9a-f]+$/.test(plain)) forms.push(BigInt(`0x${plain}`).toString(10));
  return [...new Set(forms)];
}

/** The form that an id is kept in; empty where there is none. */
export const plainId = (raw: string): string =>
  raw
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '');
