/** What a form's card shows beside its question: what is known so far, how to answer, answers to press. */

import type { Campaign } from '../campaigns/campaign.ts';
import type { Action, Fact } from '../staff/card.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import { type Speech, speechFor } from './cards/speech.ts';
import { asVariable } from './cards/variables.ts';
import type { Talk } from './command.ts';
import { recentLists } from './recent-lists.ts';

/** The questions that have words of their own. */
export type Asked = 'source' | 'text' | 'sender' | 'when';

export function knownOf({ words, reader }: Talk, campaign: Campaign | null): readonly Fact[] {
  if (!campaign) return [];
  const { source, text, sender, start } = campaign;
  const when = start?.kind === 'at' ? words.dateTime(start.at, reader.zone) : start && words.t('form.on-approval');
  const facts: [label: string, value: string | null][] = [
    [words.t('form.known.source'), source?.name ?? null],
    [words.t('form.known.text'), text],
    [words.t('form.known.sender'), sender],
    [words.t('form.known.when'), when],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

export async function hintsOf({ room, words }: Talk, campaign: Campaign | null, asked: Asked): Promise<string[]> {
  const hints = [words.t(`form.${asked}.hint`)];
  if (asked !== 'text' || !campaign?.audience) return hints;
  const audience = await room.campaigns.audiences.audience(WHOLE_COMPANY, campaign.audience);
  if (audience) hints.push(words.t('form.text.columns', { columns: words.list(audience.headings.map(asVariable)) }));
  return hints;
}

/** Answers worth offering; none is a guess that could do harm. */
const OFFERED = 4;

export async function optionsOf(talk: Talk, campaign: Campaign | null, asked: Asked): Promise<readonly Action[]> {
  const say = speechFor(talk.reader);
  switch (asked) {
    case 'source':
      return (await recentLists(talk.room, talk.by)).map(({ name, link }) => ({ label: name, command: link }));
    case 'sender':
      return sendersOffered(talk, campaign, say);
    case 'when':
      return [{ label: say.t('form.now'), command: editOf(campaign, say.option('start', say.t('word.now')), say) }];
    case 'text':
      return [];
  }
}

const editOf = (campaign: Campaign | null, pair: string, say: Speech): string =>
  say.command('edit', campaign?._id ?? '', pair);

async function sendersOffered({ room }: Talk, campaign: Campaign | null, say: Speech): Promise<readonly Action[]> {
  const accounts = await room.accounts.accounts();
  const senders = new Set(accounts.flatMap((account) => (account.enabled ? account.senders : [])));
  return [...senders]
    .slice(0, OFFERED)
    .map((sender) => ({ label: sender, command: editOf(campaign, say.named('sender', sender), say) }));
}
