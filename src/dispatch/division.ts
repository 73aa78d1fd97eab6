/**
 * How an account's bind slots and its rate are divided among workers: pure. Whatever order their renewals come in, and whoever
 * dies or falls silent in between, no slot is two workers', and what all of them may still be using is never more than the
 * operator allows: a share grows only by what others have given up, and said so.
 */

/** A bind slot that somebody holds, and how its session is. */
export interface HeldSlot {
  /** From 1 to the number of binds that the operator allows. */
  readonly number: number;
  /** Another for every holder that the slot has had. */
  readonly fence: number;
  readonly up: boolean;
  readonly why: string;
  readonly sandbox?: boolean;
}

/** A worker at an account; without slots it waits for one. */
export interface Holder {
  readonly owner: string;
  /** By the server's clock; until then all that it holds counts as used, whatever has become of it. */
  readonly until: Date;
  /** Whether it takes slots; one that is ending keeps what it has until it gives it back. */
  readonly wants: boolean;
  /** Parts a second that it was granted last. */
  readonly share: number;
  /** Parts a second that it may be using still: more than its share until it has said that it uses less. */
  readonly uses: number;
  readonly slots: readonly HeldSlot[];
}

/** The operator asked to slow down: the rate was cut to `to` then, and has been growing since. */
export interface Slowed {
  readonly to: number;
  readonly at: Date;
  /** Counts the cuts, so that what all workers are told of one of them makes one. */
  readonly nth: number;
}

export interface Ledger {
  /** The last fence that was given. */
  readonly fence: number;
  readonly holders: readonly Holder[];
  readonly slowed: Slowed | null;
}

/** What the operator allows. */
export interface Terms {
  readonly binds: number;
  readonly partsPerSecond: number;
  /** Where it limits each bind for itself as well. */
  readonly partsPerSecondPerBind?: number | undefined;
}

/** What a worker says when it renews. */
export interface Word {
  readonly owner: string;
  readonly wants: boolean;
  /** Parts a second that it uses at most, from before it asked. */
  readonly uses: number;
  /** How its sessions are, by fence. */
  readonly slots: readonly Pick<HeldSlot, 'fence' | 'up' | 'why' | 'sandbox'>[];
  /** Fences of sessions that are closed: their slots are given back. */
  readonly closed: readonly number[];
  /** The cut that was in force when it was told to slow down, by number; absent when it was not. */
  readonly slowedAfter?: number;
}

/** What a worker is answered. */
export interface Standing {
  readonly slots: readonly Pick<HeldSlot, 'number' | 'fence'>[];
  /** Fences of slots that others lack: to be closed, and given back then. */
  readonly leave: readonly number[];
  readonly share: number;
  /** Cuts so far. */
  readonly slowedTimes: number;
}

export const NOBODY: Ledger = { fence: 0, holders: [], slowed: null };

/** Cut to so much of the rate at a time; the least of it that is left; and how much of the whole comes back in a second. */
const CUT_TO = 0.7;
const LEAST_SHARE = 1 / 4;
const BACK_PER_SECOND = 1 / 50;

/** No more sessions than parts a second: each must be given a turn. */
export const slotsOf = ({ binds, partsPerSecond }: Terms): number =>
  Math.max(1, Math.min(binds, Math.floor(partsPerSecond)));

/** The rate that the account bears at the moment, as far as the operator's complaints tell. */
export function rateAt({ slowed }: Pick<Ledger, 'slowed'>, { partsPerSecond }: Terms, now: Date): number {
  if (!slowed) return partsPerSecond;
  const seconds = Math.max(0, now.getTime() - slowed.at.getTime()) / 1000;
  return Math.min(partsPerSecond, slowed.to + partsPerSecond * BACK_PER_SECOND * seconds);
}

/** One renewal: `word` is written into the ledger, and its owner gets what is due to it now. */
export function renew(
  before: Ledger,
  terms: Terms,
  word: Word,
  now: Date,
  leaseMs: number,
): { readonly ledger: Ledger; readonly standing: Standing } {
  const known = before.holders.find(({ owner }) => owner === word.owner);
  const others = before.holders.filter(({ owner, until }) => owner !== word.owner && until >= now);
  const slowed = slowedBy(before, terms, word, now);

  const kept = (known?.slots ?? [])
    .filter(({ fence }) => !word.closed.includes(fence))
    .map((slot) => ({ ...slot, ...word.slots.find(({ fence }) => fence === slot.fence) }));
  const due = slotsDue(terms, word, kept.length, others);
  const taken = freeNumbers(terms, [...others.flatMap(({ slots }) => slots), ...kept])
    .slice(0, Math.max(0, due - kept.length))
    .map((number, nth): HeldSlot => ({ number, fence: before.fence + 1 + nth, up: false, why: 'starting' }));
  const slots = [...kept, ...taken];
  const leave = word.wants ? surplus(terms, kept, due) : [];

  const using = known ? Math.min(known.uses, word.uses) : 0;
  const mine = { owner: word.owner, slots: slots.filter(({ fence }) => !leave.includes(fence)) };
  const wanted = sharesOf(rateAt({ slowed }, terms, now), terms, [...others, mine]).get(word.owner) ?? 0;
  const left = Math.max(0, terms.partsPerSecond - others.reduce((sum, { uses }) => sum + uses, 0));
  const share = Math.min(wanted, left);

  const holder: Holder = {
    owner: word.owner,
    until: new Date(now.getTime() + leaseMs),
    wants: word.wants,
    share,
    uses: Math.max(using, share),
    slots,
  };
  return {
    ledger: { fence: before.fence + taken.length, holders: [...others, holder], slowed },
    standing: {
      slots: slots.map(({ number, fence }) => ({ number, fence })),
      leave,
      share,
      slowedTimes: slowed?.nth ?? 0,
    },
  };
}

/** One that has closed everything, and uses nothing any more. */
export const withoutHolder = (before: Ledger, owner: string): Ledger => ({
  ...before,
  holders: before.holders.filter((one) => one.owner !== owner),
});

/** Of several who were told to slow down under the same cut, only the first makes the next one. */
function slowedBy(before: Ledger, terms: Terms, { slowedAfter }: Word, now: Date): Slowed | null {
  const nth = before.slowed?.nth ?? 0;
  if (slowedAfter !== nth) return before.slowed;
  const least = Math.min(terms.partsPerSecond, Math.max(slotsOf(terms), terms.partsPerSecond * LEAST_SHARE));
  return { to: Math.max(least, rateAt(before, terms, now) * CUT_TO), at: now, nth: nth + 1 };
}

/** Evenly, the odd ones to those that hold the most already, so that nothing changes hands without need. */
function slotsDue(terms: Terms, { owner, wants }: Word, held: number, others: readonly Holder[]): number {
  if (!wants) return 0;
  const all = [
    { owner, held },
    ...others.filter((one) => one.wants).map((one) => ({ owner: one.owner, held: one.slots.length })),
  ].sort((a, b) => b.held - a.held || (a.owner < b.owner ? -1 : 1));
  const slots = slotsOf(terms);
  const place = all.findIndex((one) => one.owner === owner);
  return Math.floor(slots / all.length) + (place < slots % all.length ? 1 : 0);
}

function freeNumbers(terms: Terms, held: readonly HeldSlot[]): number[] {
  const numbers = new Set(held.map(({ number }) => number));
  return Array.from({ length: slotsOf(terms) }, (_, at) => at + 1).filter((number) => !numbers.has(number));
}

/** Those above what is due, and those that there are no longer. */
function surplus(terms: Terms, kept: readonly HeldSlot[], due: number): number[] {
  return kept
    .toSorted((a, b) => a.number - b.number)
    .filter(({ number }, place) => place >= due || number > slotsOf(terms))
    .map(({ fence }) => fence);
}

/**
 * The rate by owner, in whole parts but for one: evenly among those who have a session that is up, and none more than its
 * sessions may carry. What one cannot use, the others may.
 */
function sharesOf(
  rate: number,
  { partsPerSecondPerBind = Number.POSITIVE_INFINITY }: Terms,
  holders: readonly Pick<Holder, 'owner' | 'slots'>[],
): ReadonlyMap<string, number> {
  const most = holders
    .map(({ owner, slots }) => ({ owner, up: slots.filter(({ up }) => up).length }))
    .filter(({ up }) => up > 0)
    .map(({ owner, up }) => ({ owner, most: up * partsPerSecondPerBind }))
    .sort((a, b) => a.most - b.most || (a.owner < b.owner ? -1 : 1));
  const shares = new Map<string, number>();
  let left = rate;
  for (const [place, one] of most.entries()) {
    const isLast = place === most.length - 1;
    const share = Math.min(one.most, isLast ? left : Math.floor(left / (most.length - place)));
    shares.set(one.owner, share);
    left -= share;
  }
  return shares;
}
