/**
 * What the chat core works with: the rooms it speaks for, and what the composition root lends it. Built once in `main.ts`; there
 * is nothing in it of any one chat.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { CampaignRoom, Verdict } from '../campaigns/room.ts';
import type { CustomerRoom } from '../customers/suppress.ts';
import type { AccountStore } from '../dispatch/account-store.ts';
import type { BreakerTerms } from '../dispatch/breaker.ts';
import type { CheckBegun, CheckLook } from '../dispatch/check-account.ts';
import type { DeliveryStore } from '../dispatch/delivery-store.ts';
import type { HealthStore } from '../dispatch/health-store.ts';
import type { PlanStore } from '../dispatch/plan-store.ts';
import type { Exchange } from '../messages/exchange.ts';
import type { CountryCode, E164 } from '../messages/phone.ts';
import type { Disagreement } from '../platform/deployment-rule.ts';
import type { Log } from '../platform/log.ts';
import type { Employee } from '../staff/employee.ts';
import type { StaffRoom } from '../staff/enrol.ts';
import type { LinkRoom } from '../staff/linking.ts';
import type { PostingStore } from '../staff/posting-store.ts';
import type { ReachStore } from '../staff/reach-store.ts';
import type { FormStore } from './form-store.ts';
import type { HeardStore } from './heard-store.ts';
import type { SeenStore } from './seen-store.ts';

export interface ChatRoom {
  readonly campaigns: CampaignRoom;
  readonly staff: StaffRoom;
  readonly customers: CustomerRoom;
  readonly accounts: AccountStore;
  /** For accounts that charge in another currency than the company's. */
  readonly exchange?: Exchange;
  readonly health: HealthStore;
  readonly delivery: Pick<DeliveryStore, 'shares'>;
  /** Which ranges of numbers belong to whom. */
  readonly plans: PlanStore;
  readonly breaker: BreakerTerms;
  readonly forms: FormStore;
  /** What chats have said already, so that it is acted on once. */
  readonly heard: HeardStore;
  /** The queue of what is posted to chats unasked, and where people are reached. */
  readonly postings: PostingStore;
  readonly reaches: ReachStore;
  /** Which version of a campaign each person was last shown. */
  readonly seen: SeenStore;
  readonly linking: LinkRoom;
  /** The chats that there are; `open` is an address that opens one with a code already typed. */
  readonly doors: () => readonly { readonly surface: string; readonly open?: (code: string) => string | null }[];
  /** Sends the campaign's first message to the employee's own confirmed phone. */
  sendTest(by: Employee, campaign: Campaign): Promise<Verdict>;
  /** Sends an SMS with a confirmation code to the phone that the employee says is the own one. */
  sendPhoneCode(by: Employee, phone: E164, text: string): Promise<Verdict>;
  /** Texts to an admin's own phone through one account, and what passed on the wire meanwhile. */
  readonly checks: {
    begin(by: Employee, account: string): Promise<CheckBegun>;
    look(id: string): Promise<CheckLook | null>;
    /** The employee's latest of the account. */
    latest(by: Employee, account: string): Promise<CheckLook | null>;
  };
  /** Writes the campaign's results anew; `path` is where they are now. */
  writeResults(by: Employee, campaign: Campaign): Promise<ResultsWritten>;
  readonly deployment: {
    readonly id: string;
    /** Why nothing is sent from this copy of the database; null when it may send. */
    doubt(): Disagreement | null;
    /** An admin says that this database is the right one; resolves with the doubt that stays. */
    confirm(by: Employee): Promise<Disagreement | null>;
  };
  readonly settings: ChatSettings;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Six digits that nobody can guess. */
  readonly newCode: () => string;
  /** What is kept of a secret, so that it can be compared and not read. */
  readonly hash: (secret: string) => string;
  readonly log: Log;
  /** Tells ticks and workers that there may be something to do. */
  nudge(): void;
}

export type ResultsWritten =
  | {
      readonly kind: 'written';
      readonly path: string;
      readonly rows: number;
      readonly excluded: number;
      /** Rows of a sheet that are gone, or whose ID stands in several rows. */
      readonly unfound?: { readonly missing: number; readonly duplicates: number };
      /** A workbook with those too. */
      readonly also?: string;
      /** Why they are not in the sheet, where they belong: as `why`. */
      readonly instead?: string;
    }
  /** `why` has a sentence in the catalogue under `sink.<why>`. */
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'nothing-yet' };

/** How phones and texts of customers appear in chats. */
export type PersonalData = 'full' | 'masked' | 'none';

export interface ChatSettings {
  readonly company: string;
  readonly country: CountryCode;
  readonly personalData: PersonalData;
  /** Chats whose people sit at this machine, so that they may name a file by its path: the console. */
  readonly localSurfaces: readonly string[];
  /** How long an answer waits for the numbers of a draft before it says that they are being counted, ms. */
  readonly waitMs: number;
}
