/**
 * A campaign: what is said to whom and when, and who allowed it. One document; `revision` counts what was edited, `version`
 * every change, so that nobody acts on something they have not seen.
 */
import type { NamedRows } from '../audiences/changes.ts';
import type { Unseen } from '../audiences/look-again.ts';
import type { Answers, Question } from '../audiences/questions.ts';
import type { SourceProblem } from '../audiences/source.ts';
import type { Currency } from '../messages/money.ts';
import type { UnknownVariable } from '../messages/template.ts';
import type { Dearer } from './dearer.ts';
import type { Guard, GuardFinding } from './guard-terms.ts';
import type { MessageState } from './messages.ts';
import type { DestinationCounts } from './quote.ts';
import type { Repeat } from './repeats.ts';
import type { SendingWindow } from './window.ts';

export const CAMPAIGN_STATES = [
  'draft',
  'submitted',
  'approved',
  'scheduled',
  'sending',
  'paused',
  'finished',
  'cancelled',
  'missed',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** Marketing is sent at most once; a service message at least once, with at most one flagged retry. */
export const CAMPAIGN_CLASSES = ['marketing', 'service'] as const;
export type CampaignClass = (typeof CAMPAIGN_CLASSES)[number];

/** When it begins: at an instant, or as soon as it is approved. */
export type Start = { readonly kind: 'at'; readonly at: Date } | { readonly kind: 'on-approval' };

/** `test` and `code` are single messages to an employee's own phone; they need no approval and are not listed. */
export type CampaignKind = 'campaign' | 'test' | 'code';

/** The audience as asked for: where it is, and what was answered about it. */
export interface AudienceWish {
  readonly ref: string;
  readonly name: string;
  readonly answers: Answers;
  /** An uploaded file is Herald's own copy: deleted once frozen. */
  readonly uploaded: boolean;
  /** Only these rows of an earlier campaign's audience, for `again`. */
  readonly rowsOf?: {
    readonly run: string;
    readonly audience: string;
    /** How many were taken, by what had become of their message; known once they are frozen. */
    readonly taken?: Readonly<Partial<Record<MessageState, number>>>;
  };
}

/** What stands in the way of a draft's numbers, for its author to mend. */
export type DraftProblem =
  | { readonly kind: 'source'; readonly problem: SourceProblem }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'variables'; readonly problems: readonly UnknownVariable[] }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'broken'; readonly detail: string };

/** What the messages of one revision come to; every number here is exact. */
export interface FrozenRun {
  /** `12.3`: campaign 12, revision 3. */
  readonly run: string;
  readonly revision: number;
  /** Hash over the leaves of all batches: what is approved, byte for byte. */
  readonly root: string;
  readonly batches: number;
  readonly messages: number;
  readonly parts: number;
  /** By the routes that were to carry it, micro-units. */
  readonly quote: number;
  /** By the dearest allowed route: it can never cost more, micro-units. */
  readonly ceiling: number;
  readonly currency: Currency;
  readonly encodings: { readonly gsm7: number; readonly ucs2: number };
  /** Messages by number of parts: `{ "1": 580, "2": 32 }`. */
  readonly byParts: Readonly<Record<string, number>>;
  /** By the provider that was to carry it: messages, parts, cost in micro-units. */
  readonly routes: readonly RouteShare[];
  /** Every provider that may carry any of it: those allowed by an approval. */
  readonly providers: readonly string[];
  /** Left out, by reason: of the audience's rows and of this text together. */
  readonly excluded: Readonly<Record<string, number>>;
  readonly zones: readonly string[];
  /** How it was found where the numbers belong; absent where nothing is known of that. */
  readonly numbers?: DestinationCounts;
  /** Ids of messages worth a look. */
  readonly samples: { readonly first: string; readonly longest: string; readonly doubtful: string | null };
  /** Characters that make messages long, with what they cost. */
  readonly savings: readonly Saving[];
}

export interface RouteShare {
  readonly provider: string;
  readonly messages: number;
  readonly parts: number;
  readonly cost: number;
}

export interface Saving {
  readonly char: string;
  readonly replacement: string | null;
  /** Messages that have more parts because of it. */
  readonly messages: number;
  readonly partsSaved: number;
}

/** What looking again at the source of a run's audience has shown. */
export interface SourceLook {
  readonly run: string;
  /** When it was last tried. */
  readonly at: Date;
  /** Why nothing could be seen then; null when it could. */
  readonly unseen: Unseen | null;
  /** What the last reading that came to its end found; null when there was none. */
  readonly seen: SourceSeen | null;
  /** What changes its author was told of by a message of its own, each kind once. */
  readonly told?: readonly SourceSeen['kind'][];
}

export type SourceSeen = { readonly at: Date; readonly revision: string } & (
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly removed: NamedRows; readonly changed: NamedRows; readonly added: NamedRows }
  /** A file, whose rows cannot be found again, is not the one that was read. */
  | { readonly kind: 'other-file' }
  /** So few rows are left that it is not believed: a person decides. */
  | { readonly kind: 'shrunk'; readonly left: number; readonly of: number }
);

export interface Decision {
  readonly by: string;
  /** Whose authority it was, when a deputy decided. */
  readonly inPlaceOf: string | null;
  readonly at: Date;
}

export interface Campaign {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly kind: CampaignKind;
  readonly department: string;
  readonly name: string;
  readonly class: CampaignClass;
  /** What the customer's consent must cover: `offers`, `service-notice`. */
  readonly purpose: string;
  readonly costCentre: string;
  readonly text: string | null;
  readonly sender: string | null;
  readonly source: AudienceWish | null;
  /** Id of the frozen audience. */
  readonly audience: string | null;
  /** Zone of recipients whose row names none, and in which the campaign's times are shown. */
  readonly zone: string;
  readonly start: Start | null;
  /** As the author set it; null: the end of the last window. */
  readonly notAfter: Date | null;
  readonly window: SendingWindow;
  readonly revision: number;
  readonly version: number;
  readonly state: CampaignState;
  readonly frozen: FrozenRun | null;
  readonly problem: DraftProblem | null;
  /** Rows read or messages rendered so far, while numbers are being made. */
  readonly progress: { readonly step: 'reading' | 'rendering'; readonly done: number } | null;
  readonly createdBy: string;
  /** Who edited it last. */
  readonly editedBy: string;
  /** Everybody who wrote any of it, also what it was copied from: none of them may approve it. A set, earliest first. */
  readonly editors: readonly string[];
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly submission: { readonly by: string; readonly at: Date; readonly terms: Terms; readonly hash: string } | null;
  readonly approvals: readonly Decision[];
  /** Set with the last needed approval; what is sent is checked against it. */
  readonly approvedHash: string | null;
  readonly rejection: (Decision & { readonly reason: string; readonly revision: number }) | null;
  /** Why it stands still, when paused or missed. */
  /** What people were asked to let go at a dearer price than was approved, and what they have allowed. */
  readonly dearer?: Dearer | null;
  readonly hold: {
    readonly why: HoldReason;
    readonly by: string;
    readonly at: Date;
    /** With `guarded`: what the guard has found. */
    readonly finding?: GuardFinding;
  } | null;
  /** Other campaigns that say the same to some of the same people, as it was submitted. */
  readonly repeats?: readonly Repeat[];
  /** What guards keep of its run, once it is sent. */
  readonly guard?: Guard;
  /** What has become of its source since it was frozen, once somebody looked. */
  readonly look?: SourceLook;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Of a cancelled one: nothing of it is queued any more. */
  readonly ended?: boolean;
  /** Spans between reminders that have passed since it was submitted; approvers were told of the last. */
  readonly reminders: number;
  /** When it is erased with all that belongs to it, as `keptUntil` has it. */
  readonly deleteAfter: Date;
}

export type HoldReason =
  | 'by-hand'
  | 'start-missed'
  | 'undecided'
  | 'not-what-was-approved'
  | 'too-late'
  | 'source-shrunk'
  | 'guarded';

/** What an approval binds to. Any change of these voids it. */
export interface Terms {
  readonly campaign: string;
  readonly revision: number;
  readonly text: string;
  readonly sender: string;
  readonly class: CampaignClass;
  readonly purpose: string;
  readonly people: number;
  readonly parts: number;
  /** It may cost no more: micro-units. */
  readonly ceiling: number;
  readonly currency: Currency;
  readonly providers: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Root of hashes of the frozen batches. */
  readonly root: string;
}

/** The uploaded file that its audience is still to be read from, or null: Herald's own copy, which nobody else will delete. */
export const uploadOf = ({ source, audience }: Pick<Campaign, 'source' | 'audience'>): string | null =>
  source?.uploaded && !source.rowsOf && audience === null ? source.ref : null;

/** The id of one revision's messages. */
export const runOf = (campaign: Pick<Campaign, '_id' | 'revision'>): string => `${campaign._id}.${campaign.revision}`;
