/**
 * What is answered about a draft that was made or edited: what stands in the way of its numbers, else its card; and the source
 * that a person named, as a campaign wishes for it.
 */
import type { AudienceWish, Campaign } from '../campaigns/campaign.ts';
import { templateOf } from '../campaigns/freeze.ts';
import { checkVariables } from '../messages/template.ts';
import type { Card } from '../staff/card.ts';
import { type Employee, WHOLE_COMPANY } from '../staff/employee.ts';
import { sourceProblemCard } from './cards/audience.ts';
import { mistakeCard } from './cards/mistake.ts';
import { noticeCard } from './cards/notice.ts';
import { questionCard } from './cards/questions.ts';
import { readerOf, type Talk } from './command.ts';
import type { Reader } from './reader.ts';
import type { ChatRoom } from './room.ts';
import { shown, viewFor } from './view.ts';

/** The draft once its numbers were made, as far as they came within an answer's time; what comes later is told as a notice. */
export async function counted(talk: Talk, campaign: Campaign): Promise<Campaign> {
  const draft = await talk.numbers.of(campaign, (ready) => tellLate(talk, ready));
  return checkedEarly(talk, draft);
}

/** Without a sender no messages are made, but a misspelt column can be told of already. */
async function checkedEarly({ room }: Talk, draft: Campaign): Promise<Campaign> {
  const { state, problem, audience, text, sender } = draft;
  if (state !== 'draft' || problem || audience === null || text === null || sender !== null) return draft;
  const columns = (await room.campaigns.audiences.audience(WHOLE_COMPANY, audience))?.headings ?? [];
  const problems = checkVariables(templateOf(text), columns);
  return problems.length > 0 ? { ...draft, problem: { kind: 'variables', problems } } : draft;
}

/** What must be mended first, else the campaign's card. */
export async function afterEdit(talk: Talk, campaign: Campaign): Promise<Card> {
  const card = await shown(talk, campaign);
  return (await problemCard(talk, campaign, talk.reader)) ?? card;
}

/** What stands in the way of the numbers, asked or told in detail; null when the campaign's card says all there is. */
export async function problemCard(
  { room }: Pick<Talk, 'room'>,
  campaign: Campaign,
  reader: Reader,
): Promise<Card | null> {
  const { problem, _id: id, source } = campaign;
  const name = source?.name ?? campaign.name;
  switch (problem?.kind) {
    case 'questions': {
      const [question] = problem.questions;
      return question
        ? questionCard({ question, campaign: id, source: name, of: problem.questions.length }, reader)
        : null;
    }
    case 'source':
      return sourceProblemCard({ name, problem: problem.problem, campaign: id }, reader);
    case 'variables': {
      const audience = campaign.audience && (await room.campaigns.audiences.audience(WHOLE_COMPANY, campaign.audience));
      const columns = audience ? audience.headings : [];
      const { problems } = problem;
      return mistakeCard({ kind: 'variables', text: campaign.text ?? '', problems, columns, campaign: id }, reader);
    }
    case 'nobody':
    case 'broken':
    case undefined:
      return null;
  }
}

async function tellLate(talk: Talk, campaign: Campaign): Promise<void> {
  const { room, by } = talk;
  const { form } = await room.forms.conversation(talk.event);
  // Who is being asked for the text needs no notice that it is lacking; who has seen the last card waits for the numbers.
  const isAsked = form?.kind === 'new' && form.campaign === campaign._id && form.step !== 'confirm';
  if (!campaign.problem && isAsked) return;
  await tell(room, by, campaign);
}

/** Tells whoever edited a draft last that its numbers were made, by a process that did not promise it. */
export const tellNumbers =
  (room: ChatRoom) =>
  async (campaign: Campaign): Promise<void> => {
    const by = await room.staff.store.employee(campaign.editedBy);
    if (by) await tell(room, by, campaign);
  };

async function tell(room: ChatRoom, by: Employee, campaign: Campaign): Promise<void> {
  const reader = readerOf(room, by);
  const view = { ...(await viewFor(room, by, campaign)), kind: 'numbers', by: null } as const;
  const card = (await problemCard({ room }, campaign, reader)) ?? noticeCard(view, reader);
  const id = `numbers:${campaign._id}.${campaign.revision}:${by.id}:${campaign.version}`;
  await room.staff.store.post({ id, employee: by.id, card, at: room.now() });
}

export type NamedSource =
  | { readonly kind: 'wish'; readonly wish: AudienceWish }
  | { readonly kind: 'card'; readonly card: Card };

/** The file that came with the words, else what the words name: a link, or a path where people sit at this machine. */
export function sourceNamed({ event, room, reader }: Talk, named: string | null): NamedSource | null {
  if (event.file) {
    const { name, path } = event.file;
    return { kind: 'wish', wish: { ref: path, name, answers: {}, uploaded: true } };
  }
  if (named === null) return null;
  const isLink = /^https:\/\//iu.test(named);
  if (!isLink && !room.settings.localSurfaces.includes(event.surface)) {
    return {
      kind: 'card',
      card: sourceProblemCard({ name: named, problem: { code: 'not-found', ref: named } }, reader),
    };
  }
  const name = isLink ? named : (named.split(/[\\/]/u).at(-1) ?? named);
  return { kind: 'wish', wish: { ref: named, name, answers: {}, uploaded: false } };
}
