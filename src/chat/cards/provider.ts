/** An operator's account that cannot be reached, or can again: since when, what it means, which campaigns it carries. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { nameOf } from './facts.ts';
import { action, speechFor } from './speech.ts';

export interface ProviderNews {
  readonly provider: string;
  readonly isDown: boolean;
  readonly since: Date;
  /** Other providers that take messages now. */
  readonly others: readonly string[];
  /** Those under way that it may carry, as far as they are the reader's. */
  readonly campaigns: readonly Campaign[];
}

export function providerCard(news: ProviderNews, reader: Reader): Card {
  const say = speechFor(reader);
  const { provider, isDown, since, others, campaigns } = news;
  const when = say.dateTime(since, reader.zone);
  const lines = campaigns.map((campaign) =>
    say.t('card.brief', {
      id: campaign._id,
      name: nameOf(campaign),
      state: say.t(`campaign-state.${campaign.state}`),
    }),
  );
  const meanwhile =
    others.length > 0 ? say.t('provider.others', { list: say.list(others) }) : say.t('provider.no-others');
  return {
    subject: `provider:${provider}`,
    tone: isDown ? 'bad' : 'good',
    title: say.t(isDown ? 'provider.down' : 'provider.back', { provider }),
    lead: [say.t('provider.since', { when }), isDown ? meanwhile : say.t('provider.goes-on')],
    ...(lines.length > 0 && { sections: [{ title: say.t('provider.campaigns'), lines }] }),
    actions: [action(say, 'do.status', say.command('status'))],
  };
}
