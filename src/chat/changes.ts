/** What changed in a campaign since a person was last shown it: pure. A version is a few flat facts, kept beside the notice. */
import { createHash } from 'node:crypto';
import type { Campaign } from '../campaigns/campaign.ts';

/** The facts of a version that somebody decides about. Times in ISO 8601, money in micro-units, the text as a hash. */
export type Version = Readonly<Record<string, string | number | null>>;

export type StartThen = Date | 'on-approval' | null;

export type Change =
  | { readonly what: 'text' }
  | { readonly what: 'sender'; readonly before: string; readonly after: string }
  /** Null: no time is set. */
  | { readonly what: 'start'; readonly before: StartThen; readonly after: StartThen }
  /** The same number may be of other people. */
  | { readonly what: 'people'; readonly before: number; readonly after: number }
  | { readonly what: 'cost'; readonly before: number; readonly after: number; readonly currency: string };

export function versionOf({ text, sender, start, audience, frozen }: Campaign): Version {
  return {
    text: createHash('sha256')
      .update(text ?? '')
      .digest('base64url'),
    sender,
    start: start?.kind === 'at' ? start.at.toISOString() : (start?.kind ?? null),
    audience,
    people: frozen?.messages ?? 0,
    cost: frozen?.ceiling ?? 0,
    currency: frozen?.currency ?? '',
  };
}

/** In the order in which a person looks at them. */
export function changesBetween(before: Version, after: Version): readonly Change[] {
  const differs = (fact: string): boolean => before[fact] !== after[fact];
  const changes: Change[] = [];
  if (differs('text')) changes.push({ what: 'text' });
  if (differs('sender')) changes.push({ what: 'sender', ...both(before, after, 'sender', String) });
  if (differs('start')) changes.push({ what: 'start', ...both(before, after, 'start', startIn) });
  if (differs('people') || differs('audience')) {
    changes.push({ what: 'people', ...both(before, after, 'people', Number) });
  }
  if (differs('cost')) {
    changes.push({ what: 'cost', ...both(before, after, 'cost', Number), currency: String(after.currency) });
  }
  return changes;
}

type Fact = Version[string];

function startIn(fact: Fact): StartThen {
  if (typeof fact !== 'string') return null;
  return fact === 'on-approval' ? fact : new Date(fact);
}

const both = <T>(before: Version, after: Version, fact: string, read: (fact: Fact) => T): { before: T; after: T } => ({
  before: read(before[fact] ?? null),
  after: read(after[fact] ?? null),
});
