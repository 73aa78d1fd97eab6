/** What is left of a request once it asks for nothing any more: one line that says how it was decided, and a way to the campaign. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { nameOf } from './facts.ts';
import { action, oneLine, type Speech, speechFor } from './speech.ts';

export interface DecidedView {
  readonly campaign: Campaign;
  readonly names: (handle: string) => string;
}

export function decidedCard(view: DecidedView, reader: Reader): Card {
  const say = speechFor(reader);
  const { _id: id } = view.campaign;
  return {
    subject: `campaign:${id}`,
    tone: 'info',
    title: decisionIn(view, say),
    actions: [action(say, 'do.open', say.command('show', id))],
  };
}

/** Who decided, else what the campaign is now: taken back, changed, cancelled. */
function decisionIn({ campaign, names }: DecidedView, say: Speech): string {
  const { _id: id, state, approvals, rejection } = campaign;
  const given = { id, name: nameOf(campaign) };
  const called = (handles: readonly string[]) => say.list(handles.map((one) => oneLine(names(one))));
  if (state === 'draft' && rejection) return say.t('notice.rejected', { ...given, by: called([rejection.by]) });
  if (state !== 'draft' && state !== 'submitted' && approvals.length > 0)
    return say.t('notice.approved', { ...given, by: called(approvals.map(({ by }) => by)) });
  return say.t('card.title', { ...given, state: say.t(`campaign-state.${state}`) });
}
