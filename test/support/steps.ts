/** Steps that journeys share: from rows to an approved campaign, by the verbs that people's commands carry out. */
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { createDraft, type DraftFields } from '../../src/campaigns/draft.ts';
import type { MessageRecord } from '../../src/campaigns/messages.ts';
import { idsOfRun } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { Herald } from '../../src/herald.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { done } from './carried-out.ts';
import { type TestHerald, until } from './herald.ts';

export { done };

/** A csv of `count` people who can be reached: +7 900 1xxxxxx, from the `first` of them on. */
export function people(count: number, first = 0): string {
  const rows = Array.from({ length: count }, (_, i) => `+7900${1_000_000 + first + i},Client ${first + i}`);
  return ['Phone,Name', ...rows].join('\n');
}

/** So that each draft has a file of its own: one that changes under a campaign is a list that has changed. */
let drafts = 0;

/** A draft with its numbers made, over a csv in the house's folder. */
export async function draftOver(
  house: TestHerald,
  author: Employee,
  csv: string,
  fields: DraftFields = {},
): Promise<Campaign> {
  const name = `audience-${author.id}-${++drafts}.csv`;
  const source = { ref: house.file(name, csv), name, answers: {}, uploaded: false };
  const room = house.herald.campaigns;
  const draft = done(
    await createDraft(room, author, {
      source,
      text: 'Dear {{Name}}, hello',
      sender: 'HERALD',
      start: { kind: 'on-approval' },
      ...fields,
    }),
  );
  // Herald's own look for unfinished drafts may be making the numbers already: then they are waited for.
  const prepared = await until('the numbers', async () => {
    const now = await prepare(room, draft._id, 'test', new AbortController().signal);
    return (now?.frozen || now?.problem) && now;
  });
  if (!prepared.frozen) throw new Error(`no numbers: ${JSON.stringify(prepared.problem)}`);
  return prepared;
}

/** Submits and approves it; it begins with the next tick. */
export async function letOut(herald: Herald, author: Employee, approver: Employee, draft: Campaign): Promise<Campaign> {
  const submitted = done(await submit(herald.campaigns, author, draft._id));
  return done(await approve(herald.campaigns, approver, draft._id, markOf(submitted.submission!.hash)));
}

export const campaignNow = async (herald: Herald, id: string): Promise<Campaign> =>
  (await herald.campaigns.store.campaign({ departments: 'all' }, id))!;

export const messagesNow = (herald: Herald, run: string): Promise<MessageRecord[]> =>
  herald.database.db
    .collection<MessageRecord>('messages')
    .find({ _id: idsOfRun(run) })
    .toArray();
