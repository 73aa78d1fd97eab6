/**
 * What becomes of a message whose parts may go separate ways: pure. The rule it keeps: once one part is on the wire only
 * this provider may finish the message, so `later` and `refused` are said only when no part was taken and none can be.
 */
import type { Failure, SendOutcome } from '../../../src/dispatch/provider.ts';

export type PartState =
  /** Not on the wire; `why` when the operator has already sent it back. */
  | { readonly is: 'waiting'; readonly why: Failure | null }
  | { readonly is: 'wire' }
  | { readonly is: 'taken'; readonly id: string }
  | { readonly is: 'refused'; readonly why: Failure }
  | { readonly is: 'lost'; readonly why: Failure };

export const WAITING: PartState = { is: 'waiting', why: null };
export const ON_WIRE: PartState = { is: 'wire' };

/** The outcome, or null while there is a part to send or an answer to hear. */
export function fateOf(parts: readonly PartState[]): SendOutcome | null {
  if (parts.length === 1) return fateOfOne(parts[0]!);
  if (parts.some(({ is }) => is === 'wire')) return null;

  const lost = parts.find(({ is }) => is === 'lost') as { why: Failure } | undefined;
  if (lost) return unknown(parts, lost.why);
  const taken = parts.filter(({ is }) => is === 'taken').length;
  if (taken === parts.length)
    return { kind: 'accepted', parts: parts.map((part) => ({ providerMessageId: idOf(part)! })) };

  const refusal = parts.find(({ is }) => is === 'refused') as { why: Failure } | undefined;
  if (refusal) return taken > 0 ? unknown(parts, refusal.why) : { kind: 'refused', why: refusal.why };
  const sentBack = whySentBack(parts);
  return taken === 0 && sentBack !== null ? { kind: 'later', why: sentBack } : null;
}

function fateOfOne(part: PartState): SendOutcome | null {
  switch (part.is) {
    case 'wire':
      return null;
    case 'waiting':
      return part.why === null ? null : { kind: 'later', why: part.why };
    case 'taken':
      return { kind: 'accepted', parts: [{ providerMessageId: part.id }] };
    case 'refused':
      return { kind: 'refused', why: part.why };
    case 'lost':
      return { kind: 'unknown', why: part.why };
  }
}

/**
 * Whether more of it may be sent. Not once nothing can make it whole; and what the operator sent back is tried again here
 * only once another part was taken, for until then the message may still go back as it came.
 */
export function mayGoOn(parts: readonly PartState[]): boolean {
  if (parts.some(({ is }) => is === 'refused' || is === 'lost')) return false;
  return whySentBack(parts) === null || parts.some(({ is }) => is === 'taken');
}

/** Why the operator has sent a part back; null when it has not. */
export function whySentBack(parts: readonly PartState[]): Failure | null {
  for (const part of parts) if (part.is === 'waiting' && part.why !== null) return part.why;
  return null;
}

/** Given up half-way: the ids of the parts that were taken come along, when there are any. */
export function unknown(parts: readonly PartState[], why: Failure): SendOutcome & { kind: 'unknown' } {
  if (!parts.some(({ is }) => is === 'taken')) return { kind: 'unknown', why };
  return { kind: 'unknown', why, parts: parts.map((part) => ({ providerMessageId: idOf(part) })) };
}

const idOf = (part: PartState): string | null => (part.is === 'taken' ? part.id : null);
