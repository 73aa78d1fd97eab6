/** Campaigns one a line: all that a person sees, and those that wait for an approval. */
import type { Campaign, CampaignState } from '../../campaigns/campaign.ts';
import type { Action, Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { coreOf, nameOf } from './facts.ts';
import { action, type Speech, speechFor } from './speech.ts';

export interface ListView {
  /** Newest first. */
  readonly campaigns: readonly Campaign[];
  /** How many there are in all, when not all are shown. */
  readonly total?: number | undefined;
  /** What was asked for, where that was not all there are. */
  readonly only?: CampaignState | 'mine' | undefined;
  readonly names: (handle: string) => string;
  readonly mayWrite: boolean;
  readonly now: Date;
}

export interface WaitingView {
  /** Submitted, soonest start first. */
  readonly campaigns: readonly { readonly campaign: Campaign; readonly mayDecide: boolean; readonly needed: number }[];
  readonly names: (handle: string) => string;
  readonly now: Date;
}

export function listCard({ campaigns, total, only, names, mayWrite }: ListView, reader: Reader): Card {
  const say = speechFor(reader);
  if (campaigns.length === 0) return only ? noneOf(only, say) : emptyList(mayWrite, say);
  const shown = campaigns.length;
  const part = total !== undefined && total > shown;
  const head = [
    say.t('list.number'),
    say.t('list.name'),
    say.t('list.state'),
    say.t('list.recipients'),
    say.t('list.when'),
    say.t('list.author'),
  ];
  const rows = campaigns.map((campaign) => [
    campaign._id,
    nameOf(campaign),
    wordFor(campaign.state, say),
    campaign.frozen ? say.number(campaign.frozen.messages) : '',
    whenOf(campaign, say),
    names(campaign.createdBy),
  ]);
  return {
    subject: 'list',
    tone: 'info',
    title: part ? say.t('list.title-part', { shown, total }) : say.t('list.title', { n: shown }),
    sections: [{ title: '', table: { head, rows } }],
    actions: openActions(campaigns, say),
    ...(shown > OPENED && { note: say.t('list.open-one', { command: say.typed('show', campaigns.at(-1)!._id) }) }),
  };
}

function noneOf(only: CampaignState | 'mine', say: Speech): Card {
  const title = only === 'mine' ? say.t('list.none-mine') : say.t('list.none-of', { state: wordFor(only, say) });
  return { subject: 'list', tone: 'info', title, actions: [action(say, 'do.list', say.command('list'))] };
}

function emptyList(mayWrite: boolean, say: Speech): Card {
  const command = say.typed('new', say.t('example.file'));
  return {
    subject: 'list',
    tone: 'info',
    title: say.t('list.empty'),
    lead: mayWrite ? [say.t('list.empty-hint', { command })] : [],
    actions: mayWrite
      ? [action(say, 'do.new', say.command('new'), 'primary')]
      : [action(say, 'do.help', say.command('help'))],
  };
}

/** Buttons for the first few; the rest are opened by number. */
const OPENED = 5;

const openActions = (campaigns: readonly Campaign[], say: Speech): readonly Action[] =>
  campaigns.slice(0, OPENED).map((campaign) => ({
    label: `${campaign._id} ${nameOf(campaign)}`,
    command: say.command('show', campaign._id),
  }));

/** In a table there is room for a word, not for a sentence. */
const wordFor = (state: CampaignState, say: Speech): string =>
  state === 'missed' ? say.t('list.missed') : say.t(`campaign-state.${state}`);

/** When it ended, began or is to begin; short, for a table. */
function whenOf({ finishedAt, startedAt, start }: Campaign, say: Speech): string {
  const at = finishedAt ?? startedAt ?? (start?.kind === 'at' ? start.at : null);
  if (at === null) return '';
  const { zone } = say.reader;
  return `${say.date(at, zone)}, ${say.time(at, zone)}`;
}

export function waitingCard({ campaigns, names }: WaitingView, reader: Reader): Card {
  const say = speechFor(reader);
  const n = campaigns.length;
  const own = campaigns.filter(({ mayDecide }) => mayDecide).length;
  if (n === 0) return { ...nothingWaits(say) };
  return {
    subject: 'waiting',
    tone: own > 0 ? 'attention' : 'info',
    title: say.t('waiting.title', { n }),
    lead: [
      own === n
        ? say.t('waiting.all-for-you')
        : own > 0
          ? say.t('waiting.for-you', { n: own })
          : say.t('waiting.not-for-you'),
    ],
    sections: campaigns.map(({ campaign, needed }) => ({
      title: `${campaign._id} ${nameOf(campaign)}`,
      lines: campaign.frozen ? [coreOf(campaign.frozen, say)] : [],
      facts: [
        { label: say.t('waiting.starts'), value: startsOf(campaign, say) },
        { label: say.t('card.author'), value: names(campaign.createdBy) },
        ...(needed > 1
          ? [
              {
                label: say.t('waiting.approvals'),
                value: say.t('status.progress-of', { sent: campaign.approvals.length, total: needed }),
              },
            ]
          : []),
      ],
    })),
    actions: campaigns.map(({ campaign }) => ({
      label: `${campaign._id} ${nameOf(campaign)}`,
      command: say.command('show', campaign._id),
    })),
  };
}

const nothingWaits = (say: Speech): Card => ({
  subject: 'waiting',
  tone: 'good',
  title: say.t('waiting.empty'),
  actions: [action(say, 'do.list', say.command('list'))],
});

function startsOf({ start, zone }: Campaign, say: Speech): string {
  if (start === null) return say.t('card.start-none');
  return start.kind === 'at' ? say.moment(start.at, zone) : say.t('card.start-on-approval');
}
