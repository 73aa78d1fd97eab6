/** What of a campaign is too dear for its approval: by whom it would go at what price, and the button that allows it. */
import { extraOf, isAsking } from '../../campaigns/dearer.ts';
import type { Action, Section } from '../../staff/card.ts';
import type { CampaignView } from './campaign.ts';
import { action, type Speech } from './speech.ts';

export function dearerSection({ campaign, decisionsNeeded = 1 }: CampaignView, say: Speech): readonly Section[] {
  const asked = campaign.dearer?.asked;
  if (!asked || !isAsking(campaign)) return [];
  const currency = campaign.frozen?.currency ?? '';
  const money = (micros: number) => say.money({ micros, currency });
  const rows = asked.steps.map(({ from, to, provider, messages }) => [
    money(from),
    money(to),
    provider,
    say.number(messages),
  ]);
  const head = ['dearer.approved', 'dearer.now', 'prices.account', 'dearer.messages'] as const;
  const deadline = campaign.submission?.terms.notAfter;
  return [
    {
      title: say.t('dearer.title'),
      table: { head: head.map((key) => say.t(key)), rows },
    },
    {
      title: '',
      lines: [
        say.t('dearer.extra', { money: money(extraOf(asked.steps)) }),
        ...(deadline ? [say.t('dearer.waits', { when: say.moment(deadline, campaign.zone) })] : []),
        ...(decisionsNeeded > 1 ? [say.t('dearer.needed', { n: decisionsNeeded, so: asked.decisions.length })] : []),
      ],
    },
  ];
}

export function dearerActions({ campaign, may }: CampaignView, say: Speech): readonly Action[] {
  const asked = campaign.dearer?.asked;
  if (!asked || !isAsking(campaign) || !may.raise) return [];
  return [action(say, 'do.allow-price', say.command('allow-price', campaign._id, asked.mark), 'primary')];
}
