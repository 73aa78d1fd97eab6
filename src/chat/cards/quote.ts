/** What a campaign costs and by whom it goes, for each group of numbers, and why not by the others. */
import type { Campaign, FrozenRun } from '../../campaigns/campaign.ts';
import type { QuoteGroup, Standing } from '../../dispatch/price-quote.ts';
import { times } from '../../messages/money.ts';
import type { Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { nameOf, subjectOf } from './facts.ts';
import { prefixSaid } from './prices.ts';
import { action, type Speech, speechFor } from './speech.ts';

export interface QuoteView {
  readonly campaign: Campaign;
  /** With most parts first. */
  readonly groups: readonly QuoteGroup[];
  /** The instant whose prices these are. */
  readonly at: Date;
}

/** Groups that a card shows, and of each the accounts. */
const GROUPS = 6;
const ACCOUNTS = 6;

export function quoteCard({ campaign, groups, at }: QuoteView, reader: Reader): Card {
  const say = speechFor(reader);
  const { _id: id, frozen, zone } = campaign;
  const open = action(say, 'do.open', say.command('show', id));
  const base = { subject: `quote:${subjectOf(campaign)}`, actions: [open] };
  const title = say.t('quote.title', { id, name: nameOf(campaign) });
  if (!frozen) return { ...base, tone: 'attention', title, lead: [say.t('quote.none')] };
  const { currency, quote, ceiling } = frozen;
  const money = (micros: number) => say.money({ micros, currency });
  const uncarried = groups
    .filter((group) => carrierOf(group) === null)
    .reduce((sum, { messages }) => sum + messages, 0);
  const now = groups.reduce((sum, group) => sum + (carrierOf(group)?.perPart ?? 0) * group.parts, 0);
  const more = groups.length - GROUPS;
  return {
    ...base,
    tone: uncarried > 0 ? 'attention' : 'info',
    title,
    lead: [
      say.t('quote.prices-of', { when: say.moment(at, zone) }),
      ...(uncarried > 0 ? [say.t('quote.uncarried', { n: uncarried })] : []),
      ...numbersSaid(frozen, say),
    ],
    facts: [
      { label: say.t('quote.now'), value: money(now) },
      { label: say.t('quote.counted'), value: money(quote) },
      { label: say.t('quote.ceiling'), value: money(ceiling) },
    ],
    sections: [
      ...groups.slice(0, GROUPS).map((group) => groupSection(group, say)),
      ...(more > 0 ? [{ title: '', lines: [say.t('quote.more', { n: more })] }] : []),
    ],
  };
}

/** How it was found where the numbers belong. */
function numbersSaid({ numbers }: FrozenRun, say: Speech): readonly string[] {
  if (!numbers) return [];
  const { byPlan, byLookup, unasked } = numbers;
  return [
    say.t('quote.numbers-of', { byPlan, byLookup }),
    ...(unasked > 0 ? [say.t('quote.unasked', { n: unasked })] : []),
  ];
}

const carrierOf = ({ standings }: QuoteGroup) => standings.find(({ verdict }) => verdict === 'carries')?.route ?? null;

function groupSection(group: QuoteGroup, say: Speech): Section {
  const { prefix, messages, parts, standings } = group;
  const rows = standings
    .slice(0, ACCOUNTS)
    .map((standing) => [
      standing.provider,
      priceOf(standing, say),
      deliveredOf(standing, say),
      say.t(`quote.${standing.verdict}`),
    ]);
  const carrier = carrierOf(group);
  const cost = carrier && say.money(times({ micros: carrier.perPart, currency: carrier.currency }, parts));
  const counts = { prefix: prefixSaid(prefix, say), messages, parts };
  return {
    title: cost === null ? say.t('quote.group', counts) : say.t('quote.group-cost', { ...counts, cost }),
    table: {
      head: [say.t('prices.account'), say.t('prices.price'), say.t('quote.delivered'), say.t('quote.why')],
      rows,
    },
  };
}

function priceOf({ route }: Standing, say: Speech): string {
  if (!route) return '';
  const price = say.money({ micros: route.perPart, currency: route.currency });
  if (!route.accountPrice) return price;
  const { perPart: micros, currency } = route.accountPrice;
  return `${price} (${say.money({ micros, currency })})`;
}

/** What a delivered part is expected to cost, and the share by which it is reckoned, where there is one. */
function deliveredOf({ route }: Standing, say: Speech): string {
  if (!route) return '';
  const { expected: micros, currency, chargedOn, share } = route;
  const money = say.money({ micros, currency });
  if (chargedOn === 'delivery') return say.t('quote.charged-on-delivery', { money });
  return share === 1 ? money : say.t('quote.of-share', { money, share: say.number(Math.round(share * 100)) });
}
