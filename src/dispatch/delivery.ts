/**
 * What share of messages an account delivers, for comparing what a delivered message costs. A share in use moves only when what
 * is measured is clearly elsewhere, seldom, and a step at a time: few receipts do not swing it, and it does not flap. Pure.
 */
import type { E164 } from '../messages/phone.ts';

/** Where numbers are alike in how they are delivered to: their network, else their first four digits. */
export const destinationOf = (phone: E164, network?: string): string => network ?? phone.slice(1, 5);

/** Receipts of an account for a destination within the window. */
export interface Delivered {
  readonly provider: string;
  readonly destination: string;
  readonly delivered: number;
  readonly undelivered: number;
}

/** A share in use: of an account for a destination, of an account (destination empty), or of all accounts (both empty). */
export interface ShareInUse {
  readonly provider: string;
  readonly destination: string;
  /** Above 0, at most 1. */
  readonly share: number;
  /** When it moved last. */
  readonly since: Date;
}

/** Shares in use by `shareKey`; the same object until one of them moves. */
export type Shares = ReadonlyMap<string, number>;

export const NO_SHARES: Shares = new Map();

export const shareKey = (provider: string, destination: string): string => `${provider}|${destination}`;

export const destinationIn = (key: string): string => key.slice(key.indexOf('|') + 1);

/** The share to reckon with: for the destination, else of the account, else of all accounts; 1 while nothing was measured. */
export const shareOf = (shares: Shares, provider: string, destination: string): number =>
  shares.get(shareKey(provider, destination)) ??
  shares.get(shareKey(provider, '')) ??
  shares.get(shareKey('', '')) ??
  1;

export interface DeliveryTerms {
  /** Older receipts say nothing any more, ms. */
  readonly windowMs: number;
  /** So many receipts are needed for a share of its own, and so many to keep it. */
  readonly enough: number;
  readonly stays: number;
  /** The wider share weighs as much as so many receipts. */
  readonly prior: number;
  /** No share is reckoned lower: a message costs at most so many times its price. */
  readonly least: number;
  /** Nearer than this to what is measured, a share stays as it is. */
  readonly margin: number;
  /** The largest steps, and the time between two, ms. */
  readonly down: number;
  readonly up: number;
  readonly everyMs: number;
}

export const DELIVERY_TERMS: DeliveryTerms = {
  windowMs: 24 * 3_600_000,
  enough: 200,
  stays: 100,
  prior: 100,
  least: 0.25,
  margin: 0.02,
  down: 0.1,
  up: 0.05,
  everyMs: 5 * 60_000,
};

export interface ShareMove {
  readonly before: ShareInUse | null;
  /** Null: it is not told from the wider share any more. */
  readonly after: ShareInUse | null;
}

/** What is to move now, the widest first; each is reckoned from the wider share as it is in use. */
export function shareMoves(
  inUse: readonly ShareInUse[],
  counted: readonly Delivered[],
  now: Date,
  terms: DeliveryTerms,
): readonly ShareMove[] {
  const known = new Map(inUse.map((one) => [shareKey(one.provider, one.destination), one]));
  const shares: Shares = new Map(inUse.map((one) => [shareKey(one.provider, one.destination), one.share]));
  const moves: ShareMove[] = [];
  for (const [key, counts] of totals(inUse, counted)) {
    const before = known.get(key) ?? null;
    const after = moved(before, counts, widerOf(shares, counts), now, terms);
    if (after !== before) moves.push({ before, after });
  }
  return moves;
}

/** Counts of every share that there is or may be. */
function totals(inUse: readonly ShareInUse[], counted: readonly Delivered[]): ReadonlyMap<string, Delivered> {
  const all = new Map<string, Delivered>();
  const add = (provider: string, destination: string, delivered: number, undelivered: number) => {
    const key = shareKey(provider, destination);
    const before = all.get(key) ?? { provider, destination, delivered: 0, undelivered: 0 };
    const sum = { delivered: before.delivered + delivered, undelivered: before.undelivered + undelivered };
    all.set(key, { ...before, ...sum });
  };
  for (const { provider, destination, delivered, undelivered } of counted) {
    add('', '', delivered, undelivered);
    add(provider, '', delivered, undelivered);
    add(provider, destination, delivered, undelivered);
  }
  for (const { provider, destination } of inUse) add(provider, destination, 0, 0);
  return all;
}

/** The share that stands in where there is none of its own. */
function widerOf(shares: Shares, { provider, destination }: Delivered): number {
  if (provider === '') return 1;
  return destination === '' ? (shares.get(shareKey('', '')) ?? 1) : shareOf(shares, provider, '');
}

function moved(
  before: ShareInUse | null,
  { provider, destination, delivered, undelivered }: Delivered,
  wider: number,
  now: Date,
  terms: DeliveryTerms,
): ShareInUse | null {
  if (before && now.getTime() - before.since.getTime() < terms.everyMs) return before;
  const all = delivered + undelivered;
  const speaks = all >= (before ? terms.stays : terms.enough);
  if (!before && !speaks) return null;
  const measured = speaks ? (delivered + terms.prior * wider) / (all + terms.prior) : wider;
  const target = Math.min(1, Math.max(terms.least, measured));
  const from = before?.share ?? wider;
  if (Math.abs(target - from) < terms.margin) return speaks ? before : null;
  const share = Math.max(from - terms.down, Math.min(from + terms.up, target));
  return { provider, destination, share: Math.round(share * 1000) / 1000, since: now };
}
