/**
 * What campaigns ask of dispatch: which providers may carry a message, and at what price. Dispatch implements it
 * (`dispatch/routing.ts`), so that the quote and the sending follow one rule.
 */
import type { Currency } from '../messages/money.ts';
import type { E164 } from '../messages/phone.ts';
import type { Network } from '../messages/price.ts';
import type { CampaignClass } from './campaign.ts';

/** A provider that may carry the message, and its price per part in micro-units. */
export interface RouteQuote {
  readonly provider: string;
  readonly perPart: number;
}

export interface Tariff {
  readonly currency: Currency;
  /** The one that is to carry it first; empty when nobody may. `network`: where the number belongs, when that is known. */
  routesFor(phone: E164, network?: Network): readonly RouteQuote[];
  /** For one run; absent where nothing is known of where numbers belong. */
  readonly destinations?: DestinationFinder;
}

/** Somebody to reach. */
export interface Reached {
  readonly phone: E164;
  readonly person: string;
}

/** Where a number belongs, as far as it is known. */
export interface Destination {
  readonly network?: Network;
  /** IANA zone of its region. */
  readonly zone?: string;
}

export interface DestinationFinder {
  /** One for each, in their order. */
  of(people: readonly Reached[]): Promise<readonly Destination[]>;
  /** How it was found so far. */
  counts(): DestinationCounts;
}

export interface DestinationCounts {
  /** Numbers whose network the numbering plan told, and the look-up service. */
  readonly byPlan: number;
  readonly byLookup: number;
  /** Numbers that the service could not be asked for: they go by the plan, as if none were ported. */
  readonly unasked: number;
}

export interface Quoter {
  /** The prices in force for this sender and class at an instant; now when it is not said, or has passed. */
  tariff(terms: { readonly sender: string; readonly class: CampaignClass; readonly at?: Date }): Promise<Tariff>;
}

/** What a part may cost at most: a dearer account may have to step in. */
export const dearestOf = (routes: readonly RouteQuote[]): number => Math.max(...routes.map(({ perPart }) => perPart));
