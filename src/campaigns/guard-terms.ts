/** What campaigns are guarded by, as the settings say it; and what a guard keeps of a run. See docs/guards.md. */
import type { CapName, CapTerms } from './caps.ts';

export interface GuardTerms {
  readonly caps: CapTerms;
  /** Marketing campaigns to more people than this begin with a canary: a few messages that are watched before the others follow. */
  readonly canaryAbove: number;
  /** How long the pace of a marketing campaign grows from a tenth to all of it, ms; 0: it has all of it at once. */
  readonly rampMs: number;
  /** How long receipts of a canary are waited for, at most, ms. */
  readonly canaryMs: number;
  /** A campaign is stopped when more of what has an outcome failed, in percent. */
  readonly failuresPercent: number;
  /** And when more of those who were sent to have asked never to be again, in percent. */
  readonly optOutsPercent: number;
}

/** What has become of some of a run's messages. */
export interface Found {
  /** Handed to operators, whatever became of it. */
  readonly sent: number;
  readonly delivered: number;
  /** Refused, not delivered, or not in time. */
  readonly failed: number;
  /** People among those sent to who have asked since the start never to be sent to again. */
  readonly optOuts: number;
}

export interface Canary {
  /** How many messages it has, and how many of these nobody has taken yet. */
  readonly size: number;
  readonly left: number;
  /** How often it was given more, as too few of its messages could be sent to judge by. */
  readonly round: number;
  /** One that failed has stopped its campaign; that it goes on all the same is a person's doing. */
  readonly state: 'open' | 'passed' | 'failed';
  /** Since when all of it is sent. */
  readonly sentAt?: Date;
  readonly found?: Found;
}

/** Of one run; written by dispatch, and nobody has to agree to it as to a change of the campaign. */
export interface Guard {
  readonly run: string;
  /** The day on which it may send: its share of that day's budget is held. */
  readonly day: string;
  /** Null when it is small, or no marketing. */
  readonly canary: Canary | null;
  /** When its messages were last counted, by the server's clock. */
  readonly lookedAt?: Date;
  /** The shares at which it was stopped and a person let it go on, in percent. */
  readonly stoppedAt?: { readonly failures?: number; readonly optOuts?: number };
}

/** Why a guard has stopped a campaign, with the figures. */
export type GuardFinding =
  | {
      readonly kind: 'failures' | 'opt-outs';
      /** Whether it was found of the canary, or of all so far. */
      readonly of: 'canary' | 'run';
      readonly found: Found;
      readonly limit: number;
    }
  | {
      readonly kind: 'cap';
      readonly cap: CapName;
      readonly limit: number;
      readonly taken: number;
      readonly wanted: number;
      readonly currency: string;
    };
