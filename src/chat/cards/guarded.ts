/** What guards say of a campaign: what would be too much, what its first messages have shown, and why it was stopped. */
import { type CapName, isMoney, type OverCap } from '../../campaigns/caps.ts';
import type { Found, GuardFinding } from '../../campaigns/guard-terms.ts';
import { guardOf } from '../../dispatch/guards.ts';
import type { CampaignView } from './campaign.ts';
import type { Speech } from './speech.ts';

/** The variables that an admin sets caps by. */
const SETTINGS: Readonly<Record<CapName, string>> = {
  campaignMessages: 'CAP_CAMPAIGN_MESSAGES',
  campaignCost: 'CAP_CAMPAIGN_COST',
  employeeMessages: 'CAP_EMPLOYEE_MESSAGES',
  dayMessages: 'CAP_DAY_MESSAGES',
  dayCost: 'CAP_DAY_COST',
};

export const capSetting = (cap: CapName): string => `\`${SETTINGS[cap]}\``;

export const isOfDay = (cap: CapName): boolean => cap !== 'campaignMessages' && cap !== 'campaignCost';

/** The figures of a cap that would be passed; `day` as people write it. */
export function capLine({ cap, ...over }: OverCap & { readonly currency: string }, day: string, say: Speech): string {
  const { currency } = over;
  const said = (n: number) => (isMoney(cap) ? say.money({ micros: n, currency }) : say.number(n));
  const figures = { limit: said(over.limit), taken: said(over.taken), wanted: said(over.wanted), day };
  return say.t(`guard.cap.${cap}`, figures);
}

/** Why a guard has stopped it, with the figures, and what to do. */
export function findingLines(finding: GuardFinding, at: Date, zone: string, say: Speech): readonly string[] {
  if (finding.kind === 'cap') {
    const advice = say.t('guard.cap.do', { setting: capSetting(finding.cap) });
    return [capLine(finding, say.date(at, zone), say), advice];
  }
  const { kind, of, found, limit } = finding;
  const { sent, failed, optOuts } = found;
  const settled = found.delivered + failed;
  const told =
    kind === 'failures'
      ? say.t(`guard.failures.${of}`, { failed, settled, share: percent(failed, settled), limit })
      : say.t(`guard.opt-outs.${of}`, { optOuts, sent, share: percent(optOuts, sent), limit });
  return [told, say.t(`guard.${kind}.do`)];
}

const percent = (part: number, of: number): number => Math.round((1000 * part) / Math.max(1, of)) / 10;

/** Of one that is being sent: what its first messages are for, or have shown. */
export function canaryLines({ campaign }: Pick<CampaignView, 'campaign'>, say: Speech): readonly string[] {
  const canary = guardOf(campaign)?.canary;
  if (!canary) return [];
  if (canary.state === 'open') return [say.t('guard.canary-open', { n: canary.size })];
  if (canary.state === 'failed' || !canary.found) return [];
  return [passedLine(canary.found, canary.size, say)];
}

const passedLine = ({ delivered, failed }: Found, n: number, say: Speech): string =>
  delivered + failed === 0 ? say.t('guard.canary-silent', { n }) : say.t('guard.canary-passed', { delivered, failed });
