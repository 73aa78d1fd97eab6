/** What every part of the bot works with: the core behind it, the workspaces, and the ways to answer. */
import type { webApi } from '@slack/bolt';
import type { Taps } from '../../src/chat/taps.ts';
import type { TakenUpload } from '../../src/platform/uploads.ts';
import type { Card } from '../../src/staff/card.ts';
import type { ChatCore, ChatEvent } from '../../src/staff/surface.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { accountOf, placeOf } from './address.ts';
import { type Downloads, fetchFile } from './download.ts';
import type { SlackFile } from './payloads.ts';
import type { Replies, Spot } from './reply.ts';
import type { Turns } from './turns.ts';
import type { Workspace } from './workspaces.ts';

export const SLACK = 'slack';

export interface Desk {
  readonly core: ChatCore;
  readonly replies: Replies;
  readonly turns: Turns;
  readonly taps: Taps;
  readonly downloads: Downloads;
  readonly clientOf: (token: string) => webApi.WebClient;
  /** Whether an account is an employee's. */
  readonly knows: (account: string) => Promise<boolean>;
  /** What people are called, by their account. */
  readonly names: Map<string, string>;
  /** The language of the company, until a person's own is known. */
  readonly locale: Locale;
  /** The clock of the company, where a person's own is not known. */
  readonly zone: string;
  /** Where links to campaigns begin; null without an address of our own. */
  readonly publicUrl: string | null;
  /** How long a form may wait for the core before it is closed, ms. */
  readonly formMs: number;
  readonly now: () => Date;
}

/** A person in a workspace, as an event names them. */
export interface Speaker {
  readonly workspace: Workspace;
  readonly user: string;
  readonly name: string;
}

export const accountIn = ({ workspace, user }: Pick<Speaker, 'workspace' | 'user'>): string =>
  accountOf({ workspace: workspace.accounts, user });

export const localeOf = (desk: Desk, speaker: Pick<Speaker, 'workspace' | 'user'>): Promise<Locale> =>
  desk.core.localeOf(SLACK, accountIn(speaker));

export interface Saying {
  readonly id: string;
  readonly text: string;
  readonly isPrivate: boolean;
  /** What tells conversations of one person apart: a place, or a part of Slack that is none. */
  readonly conversation: string;
  readonly isGlance?: boolean;
  readonly file?: NonNullable<ChatEvent['file']>;
}

export const say = (desk: Desk, speaker: Speaker, saying: Saying): Promise<Card | null> =>
  desk.core.handle({ surface: SLACK, account: accountIn(speaker), displayName: speaker.name, ...saying });

/** Where the spot's forms and last campaign are kept: one conversation in private, whatever thread it is in. */
export const conversationOf = ({ workspace, user, channel, thread, isDirect }: Spot): string =>
  channel === undefined
    ? `${workspace}:${user}:home`
    : placeOf({ workspace, channel, thread: isDirect ? undefined : thread });

/** What was said with a file, once it is here, which `took` is told; a card when it cannot be had. */
export async function sayWith(
  desk: Desk,
  speaker: Speaker,
  saying: Saying,
  file: SlackFile | undefined,
  took: (path: string) => void = () => {},
): Promise<Card | null> {
  // Nobody fills the disk whom nobody knows.
  if (!file || !(await desk.knows(accountIn(speaker)))) return say(desk, speaker, saying);
  const { token } = speaker.workspace;
  const taken = await fetchFile(desk.downloads, desk.clientOf(token), token, file);
  if (taken.kind !== 'taken') return notTaken(taken, file, await localeOf(desk, speaker));
  took(taken.path);
  return say(desk, speaker, { ...saying, file: { name: taken.name, path: taken.path } });
}

/** The subject of cards about a file that could not be had. */
export const UPLOAD = 'upload';

function notTaken(
  taken: Exclude<TakenUpload, { kind: 'taken' }> | { readonly kind: 'failed' },
  { name }: SlackFile,
  locale: Locale,
): Card {
  const { t, number } = texts(locale);
  const shown = name ?? t('slack.file.nameless');
  if (taken.kind === 'failed') {
    return {
      subject: UPLOAD,
      tone: 'attention',
      title: t('slack.file.failed', { name: shown }),
      lead: [t('slack.file.failed.do')],
    };
  }
  const limit = number(Math.floor(taken.limitBytes / (1024 * 1024)));
  return {
    subject: UPLOAD,
    tone: 'attention',
    title: t('slack.file.too-large', { name: shown, limit }),
    lead: [t('slack.file.too-large.do')],
  };
}
