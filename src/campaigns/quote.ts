/**
 * What campaigns ask of dispatch: which providers may carry a message, and at what price. Dispatch implements it
 * (`dispatch/routing.ts`), so that the quote and the sending follow one rule.
 */
import type { Currency } from '../messages/money.ts';
import type { E164 } from '../messages/phone.ts';
import type { CampaignClass } from './campaign.ts';

/** A provider that may carry the message, and its price per part in micro-units. */
export interface RouteQuote {
  readonly provider: string;
  readonly perPart: number;
}

export interface Tariff {
  readonly currency: Currency;
  /** The one that is to carry it first; empty when nobody may. */
  routesFor(phone: E164): readonly RouteQuote[];
}

export interface Quoter {
  /** The prices in force for this sender and class at an instant; now when it is not said, or has passed. */
  tariff(terms: { readonly sender: string; readonly class: CampaignClass; readonly at?: Date }): Promise<Tariff>;
}

/** What a part may cost at most: a dearer account may have to step in. */
export const dearestOf = (routes: readonly RouteQuote[]): number => Math.max(...routes.map(({ perPart }) => perPart));
