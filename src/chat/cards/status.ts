/** How Herald stands: whether it sends, over whom, what is under way and what waits for people. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Measures } from '../../dispatch/gauge.ts';
import type { Disagreement } from '../../platform/deployment-rule.ts';
import type { Action, Card, Fact, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { doubtOf } from './done.ts';
import { nameOf } from './facts.ts';
import { action, bar, isText, type Speech, speechFor } from './speech.ts';

export interface StatusView {
  readonly providers: readonly ProviderStatus[];
  readonly sending: readonly { readonly campaign: Campaign; readonly sent: number }[];
  readonly scheduled: number;
  /** Campaigns that wait for an approval, and how many of them the reader may decide. */
  readonly waiting: { readonly all: number; readonly forReader: number };
  /** Campaigns that were missed and ask a person. */
  readonly missed?: number | undefined;
  /** Everything was stopped by hand. */
  readonly stopped: { readonly by: string; readonly at: Date } | null;
  /** Why this deployment may not send; null when it may. */
  readonly doubt: Disagreement | null;
  readonly deployment: string;
  readonly names: (handle: string) => string;
  readonly may: { readonly stopAll: boolean; readonly operate: boolean };
}

export interface ProviderStatus {
  readonly name: string;
  readonly state: 'up' | 'down' | 'resting' | 'trying' | 'switched-off';
  /** Of what it was given in the last minutes. */
  readonly lately: Pick<Measures, 'taken' | 'failed'>;
  /** Sessions that are up, of those allowed. */
  readonly sessions: { readonly up: number; readonly allowed: number };
  /** Why it is down: the worker's words. */
  readonly why?: string | undefined;
  readonly partsPerSecond: number;
  /** It reaches the confirmed phones of employees only. */
  readonly isInTrial?: boolean | undefined;
  /** Who switched it off by hand, and when. */
  readonly stop?: { readonly by: string; readonly at: Date } | undefined;
}

export function statusCard(view: StatusView, reader: Reader): Card {
  const say = speechFor(reader);
  const trouble = view.doubt !== null || view.stopped !== null || !someUp(view);
  return {
    subject: 'status',
    tone: trouble ? 'bad' : someDown(view) || view.missed || trialsIn(view).length > 0 ? 'attention' : 'good',
    title: say.t(trouble ? 'status.title-trouble' : 'status.title-good'),
    lead: standing(view, say),
    facts: countFacts(view, say),
    sections: [...sendingSection(view, say), ...operatorsSection(view, say)],
    actions: actionsOf(view, say),
  };
}

const trialsIn = ({ providers }: StatusView): readonly string[] =>
  providers.filter(({ isInTrial }) => isInTrial).map(({ name }) => name);

const someDown = ({ providers }: StatusView): boolean =>
  providers.some(({ state }) => state === 'down' || state === 'resting');

/** Some account takes messages, if only a few. */
const someUp = ({ providers }: StatusView): boolean =>
  providers.some(({ state }) => state === 'up' || state === 'trying');

/** What stands in the way of sending, the gravest first; else that nothing does. */
function standing(view: StatusView, say: Speech): readonly string[] {
  const { doubt, stopped, sending, names } = view;
  const lines: string[] = [];
  if (doubt !== null) lines.push(say.t('status.doubt'), doubtOf(doubt, say));
  if (doubt !== null && doubt !== 'other-master-key') lines.push(say.t('deployment.do'));
  if (stopped) {
    const when = say.dateTime(stopped.at, say.reader.zone);
    lines.push(say.t('status.stopped', { name: names(stopped.by), when }));
  }
  if (!someUp(view)) lines.push(say.t('status.no-operator'));
  else if (someDown(view)) lines.push(say.t('status.some-down'));
  if (doubt === null && !stopped && lines.length === 0)
    lines.push(say.t(sending.length > 0 ? 'status.sending' : 'status.idle'));
  const trials = trialsIn(view);
  if (trials.length > 0) {
    const command = say.typed('provider', trials[0]!, say.t('word.live'));
    lines.push(say.t('status.trial', { list: say.list(trials), command }));
  }
  return lines;
}

function countFacts({ waiting, scheduled, missed = 0, deployment }: StatusView, say: Speech): readonly Fact[] {
  const { all, forReader } = waiting;
  return [
    {
      label: say.t('status.waiting'),
      value: all === 0 ? say.number(0) : say.t('status.waiting-of', { all, own: forReader }),
    },
    { label: say.t('status.scheduled'), value: say.number(scheduled) },
    ...(missed > 0 ? [{ label: say.t('status.missed'), value: say.number(missed) }] : []),
    { label: say.t('status.deployment'), value: deployment },
  ];
}

function sendingSection({ sending }: StatusView, say: Speech): readonly Section[] {
  if (sending.length === 0) return [];
  const rows = sending.map(({ campaign, sent }) => {
    const total = campaign.frozen?.messages ?? 0;
    return [`${campaign._id} ${nameOf(campaign)}`, bar(sent, total, 10), say.t('status.progress-of', { sent, total })];
  });
  const head = [say.t('status.campaign'), '', say.t('status.progress')];
  return [{ title: say.t('status.under-way'), table: { head, rows } }];
}

function operatorsSection({ providers, names }: StatusView, say: Speech): readonly Section[] {
  if (providers.length === 0) return [];
  const head = [
    say.t('card.operator'),
    say.t('card.state'),
    say.t('status.connections'),
    say.t('status.pace'),
    say.t('status.taken'),
    say.t('status.remark'),
  ];
  const remarkOf = ({ stop, why, isInTrial }: Pick<ProviderStatus, 'stop' | 'why' | 'isInTrial'>): string =>
    stop
      ? say.t('status.off-by', { name: names(stop.by), when: say.dateTime(stop.at, say.reader.zone) })
      : why !== undefined
        ? remark(why, say)
        : isInTrial
          ? say.t('status.in-trial')
          : '';
  const rows = providers.map(({ name, state, sessions, partsPerSecond, lately, ...more }) => [
    name,
    say.t(`status.${state}`),
    say.t('status.connections-of', sessions),
    say.number(partsPerSecond),
    shareOf(lately.taken, lately.taken + lately.failed, say),
    remarkOf(more),
  ]);
  return [{ title: say.t('status.operators'), table: { head, rows } }];
}

/** A failure's code has words; an operator's own are shown as they came. */
export const remark = (why: string, say: Speech): string =>
  isText(`failure.${why}`) ? say.t(`failure.${why}` as 'failure.no-answer') : why;

function actionsOf({ providers, stopped, doubt, waiting, missed, may }: StatusView, say: Speech): readonly Action[] {
  const confirmable = doubt !== null && doubt !== 'other-master-key';
  return [
    ...(stopped && may.stopAll ? [action(say, 'do.go-on', say.command('go-on'), 'primary')] : []),
    ...(confirmable && may.operate
      ? [action(say, 'do.confirm-deployment', say.command('deployment-confirm'), 'danger')]
      : []),
    ...(waiting.forReader > 0 ? [action(say, 'do.waiting', say.command('waiting'), 'primary')] : []),
    ...(missed ? [action(say, 'do.missed', say.command('list', say.t('word.missed')))] : []),
    ...lookActions(providers, say),
    action(say, 'do.list', say.command('list')),
    ...(!stopped && may.stopAll ? [action(say, 'do.stop-all', say.command('stop-all'), 'danger')] : []),
  ];
}

/** As many as leave room for the other buttons. */
const LOOKED_AT = 2;

/** What does not take messages is worth a look. */
const lookActions = (providers: readonly ProviderStatus[], say: Speech): readonly Action[] =>
  providers
    .filter(({ state, isInTrial }) => state !== 'up' || isInTrial)
    .slice(0, LOOKED_AT)
    .map(({ name }) => ({
      label: say.t('status.look-at', { provider: name }),
      command: say.command('provider', name),
    }));

/** `98 % of 1,240`; nothing of nothing. A share that is not whole is never shown as if it were. */
export const shareOf = (part: number, of: number, say: Speech): string =>
  of === 0 ? '' : say.t('status.taken-of', { share: Math.floor((100 * part) / of), of });
