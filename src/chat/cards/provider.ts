/**
 * An operator's account: how it is, what waits for it and what nobody knows, what Herald does next, and who stopped it; asked for
 * by a person, or told when it cannot be reached and when it can again.
 */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Measures } from '../../dispatch/gauge.ts';
import type { ProviderMove } from '../../dispatch/switch.ts';
import type { Action, Card, Fact, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { nameOf } from './facts.ts';
import { action, EXAMPLE_PHONE, type Speech, speechFor } from './speech.ts';
import { remark, shareOf } from './status.ts';

export interface ProviderView {
  readonly provider: string;
  readonly state: 'up' | 'down' | 'resting' | 'trying' | 'switched-off' | 'not-in-use';
  /** Who stopped it, and when. */
  readonly stop: { readonly by: string; readonly at: Date } | null;
  /** It reaches the confirmed phones of employees only, until it is taken live. */
  readonly isInTrial?: boolean | undefined;
  /** Who took it live, and when. */
  readonly live?: { readonly by: string; readonly at: Date } | null | undefined;
  readonly stoppedAll: boolean;
  /** Until when it rests, while it does; until when it is left alone, as a person has started it. */
  readonly restsUntil: Date | null;
  readonly handsOffUntil: Date | null;
  /** Over the last minutes. */
  readonly lately: Measures;
  /** Since when it is down, where that has been seen. */
  readonly downSince: Date | null;
  /** Why it is down: the worker's words. */
  readonly why?: string | undefined;
  readonly sessions: { readonly up: number; readonly allowed: number };
  readonly partsPerSecond: number;
  /** What the operator bears of that at the moment, where it has said that Herald is too fast. */
  readonly slowedTo?: number | undefined;
  /** Other accounts that take messages now. */
  readonly others: readonly string[];
  /** Messages of the reader's campaigns that wait and are cheapest through it, and those that it may have sent. */
  readonly queued: number;
  readonly unknown: number;
  /** Those under way that it may carry, as far as they are the reader's. */
  readonly campaigns: readonly Campaign[];
  /** What was done to it, the latest last. */
  readonly moves: readonly Move[];
  readonly names: (handle: string) => string;
  readonly maySwitch: boolean;
  readonly mayTakeLive?: boolean | undefined;
}

export interface Move {
  readonly at: Date;
  readonly by: string;
  readonly move: ProviderMove;
  /** Of how many messages how many had failed, where that is why. */
  readonly failed: number;
  readonly of: number;
}

export interface ProviderNews extends ProviderView {
  readonly isDown: boolean;
  readonly since: Date;
}

const TONES = {
  up: 'good',
  down: 'bad',
  resting: 'bad',
  trying: 'attention',
  'switched-off': 'attention',
  'not-in-use': 'attention',
} as const;

export function standingProviderCard(view: ProviderView, reader: Reader): Card {
  const say = speechFor(reader);
  const { provider, state, stoppedAll } = view;
  return {
    ...common(view, say),
    tone: (stoppedAll || view.isInTrial) && state === 'up' ? 'attention' : TONES[state],
    title: say.t('provider.title', { provider, state: say.t(`status.${state}`) }),
    lead: [...standing(view, say), ...trialLines(view, say), ...whatComes(view, say)],
  };
}

/** What is told of it without being asked. */
export function providerCard(news: ProviderNews, reader: Reader): Card {
  const say = speechFor(reader);
  const { provider, isDown, since } = news;
  const told = [say.t('provider.since', { when: say.dateTime(since, reader.zone) })];
  return {
    ...common(news, say),
    tone: isDown ? 'bad' : 'good',
    title: say.t(isDown ? 'provider.down' : 'provider.back', { provider }),
    lead: isDown
      ? [...told, meanwhile(news, say), say.t('provider.down-next'), ...whatComes(news, say)]
      : [...told, say.t('provider.goes-on')],
  };
}

const common = (view: ProviderView, say: Speech) => ({
  subject: `provider:${view.provider}`,
  facts: factsOf(view, say),
  sections: [...campaignsSection(view, say), ...movesSection(view, say)],
  actions: actionsOf(view, say),
});

/** How it is now, and what follows from that. */
function standing(view: ProviderView, say: Speech): readonly string[] {
  const { state, stop, stoppedAll, downSince, restsUntil, handsOffUntil, why, names } = view;
  const everything = stoppedAll ? [say.t('provider.all-stopped')] : [];
  const when = (at: Date) => say.dateTime(at, say.reader.zone);
  switch (state) {
    case 'up':
      return [
        ...(stoppedAll ? everything : [say.t('provider.up-next'), ...slowedLines(view, say)]),
        ...(handsOffUntil ? [say.t('provider.hands-off', { when: when(handsOffUntil) })] : []),
      ];
    case 'resting':
      return [
        ...(restsUntil ? [say.t('provider.rests', { when: when(restsUntil) })] : []),
        ...(stoppedAll ? everything : [meanwhile(view, say)]),
      ];
    case 'trying':
      return [say.t('provider.tried'), ...(stoppedAll ? everything : [meanwhile(view, say)])];
    case 'down':
      return [
        ...(downSince ? [say.t('provider.since', { when: when(downSince) })] : []),
        ...(why ? [remark(why, say)] : []),
        ...(stoppedAll ? everything : [meanwhile(view, say)]),
        say.t('provider.down-next'),
      ];
    case 'switched-off':
      return [
        ...(stop ? [say.t('provider.stopped-by', { name: names(stop.by), when: when(stop.at) })] : []),
        say.t('provider.stopped-next'),
        ...(stoppedAll ? everything : [meanwhile(view, say)]),
      ];
    case 'not-in-use':
      return [say.t('provider.not-in-use')];
  }
}

/** It comes back to its whole pace by itself, within a minute. */
function slowedLines({ slowedTo, partsPerSecond: whole }: ProviderView, say: Speech): readonly string[] {
  return slowedTo === undefined ? [] : [say.t('provider.slowed', { now: slowedTo, whole })];
}

function trialLines({ isInTrial, provider }: ProviderView, say: Speech): readonly string[] {
  if (!isInTrial) return [];
  const command = say.typed('provider', provider, say.t('word.live'));
  return [say.t('provider.trial'), say.t('provider.trial-how', { phone: say.typed('phone', EXAMPLE_PHONE), command })];
}

const meanwhile = ({ others }: ProviderView, say: Speech): string =>
  others.length > 0 ? say.t('provider.others', { list: say.list(others) }) : say.t('provider.no-others');

/** What becomes of that which waits, and of that which nobody knows. */
function whatComes({ campaigns, queued, unknown, state, stoppedAll }: ProviderView, say: Speech): readonly string[] {
  const ends = campaigns.flatMap(({ submission }) => submission?.terms.notAfter ?? []);
  const first = ends.toSorted((a, b) => a.getTime() - b.getTime())[0];
  const waits = queued > 0 && first && (state !== 'up' || stoppedAll);
  return [
    ...(waits ? [say.t('provider.queued-until', { when: say.dateTime(first, say.reader.zone) })] : []),
    ...(unknown > 0 ? [say.t('provider.unknown-next', { n: unknown })] : []),
  ];
}

function factsOf(view: ProviderView, say: Speech): readonly Fact[] {
  const { sessions, partsPerSecond, queued, unknown, lately } = view;
  const { taken, failed, answers, answerMs, delivered, undelivered, receiptMs } = lately;
  const receipts = delivered + undelivered;
  const seconds = (ms: number) => say.t('provider.seconds', { time: say.number(Math.round(ms / 10) / 100) });
  return [
    ...(taken + failed > 0 ? [{ label: say.t('status.taken'), value: shareOf(taken, taken + failed, say) }] : []),
    ...(answers > 0 ? [{ label: say.t('provider.answers'), value: seconds(answerMs / answers) }] : []),
    ...(receipts > 0
      ? [
          { label: say.t('provider.delivered'), value: shareOf(delivered, receipts, say) },
          { label: say.t('provider.receipts'), value: seconds(receiptMs / receipts) },
        ]
      : []),
    { label: say.t('provider.queued'), value: say.number(queued) },
    { label: say.t('provider.unknown'), value: say.number(unknown) },
    { label: say.t('status.connections'), value: say.t('status.connections-of', sessions) },
    { label: say.t('status.pace'), value: say.number(partsPerSecond) },
    ...liveFact(view, say),
  ];
}

/** Herald itself has taken those live that were in use before there were trials. */
function liveFact({ live, names }: ProviderView, say: Speech): readonly Fact[] {
  if (!live || live.by === 'herald') return [];
  const value = say.t('provider.live-by', { when: say.dateTime(live.at, say.reader.zone), name: names(live.by) });
  return [{ label: say.t('provider.live-since'), value }];
}

function campaignsSection({ campaigns }: ProviderView, say: Speech): readonly Section[] {
  if (campaigns.length === 0) return [];
  const lines = campaigns.map((campaign) =>
    say.t('card.brief', {
      id: campaign._id,
      name: nameOf(campaign),
      state: say.t(`campaign-state.${campaign.state}`),
    }),
  );
  return [{ title: say.t('provider.campaigns'), lines }];
}

/** As many as are worth a look. */
const MOVES_SHOWN = 5;

function movesSection({ moves, names }: ProviderView, say: Speech): readonly Section[] {
  if (moves.length === 0) return [];
  const lines = moves.slice(-MOVES_SHOWN).map(({ at, by, move, failed, of }) => {
    const name = by === 'herald' ? say.t('notice.herald') : names(by);
    return say.t('provider.move', {
      when: say.dateTime(at, say.reader.zone),
      what:
        move === 'rested' || move === 'back'
          ? say.t(`provider-move.${move}`, { failed, of })
          : say.t(`provider-move.${move}`),
      name,
    });
  });
  return [{ title: say.t('provider.moves'), lines }];
}

function actionsOf(
  { provider, state, maySwitch, isInTrial, mayTakeLive }: ProviderView,
  say: Speech,
): readonly Action[] {
  const live = action(say, 'do.provider-live', say.command('provider', provider, say.t('word.live')), 'danger');
  const start = action(say, 'do.provider-start', say.command('provider', provider, say.t('word.start')), 'primary');
  const stop = action(say, 'do.provider-stop', say.command('provider', provider, say.t('word.stop')), 'danger');
  const isStopped = state === 'switched-off';
  const isHeldBack = isStopped || state === 'resting' || state === 'trying';
  return [
    ...(maySwitch && isHeldBack ? [start] : []),
    ...(isInTrial && mayTakeLive ? [live] : []),
    action(say, 'do.show', say.command('provider', provider)),
    action(say, 'do.status', say.command('status')),
    ...(maySwitch && !isStopped && state !== 'not-in-use' ? [stop] : []),
  ];
}
