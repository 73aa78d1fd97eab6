/** Four eyes: whoever wrote any of it, at any time and in any order, has no say in whether it is sent. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approve, markOf, reject, submit, withdraw } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel } from '../../src/campaigns/control.ts';
import { copyCampaign, createDraft, type DraftFields, editDraft, sendAgain } from '../../src/campaigns/draft.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { Verdict } from '../../src/campaigns/room.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, HOUR, later, MONDAY, never } from './desk.ts';

let desk: CampaignDesk;
/** All of them write and approve; the last one writes nothing. */
const staff: Employee[] = [];
beforeAll(async () => {
  desk = await campaignDesk();
  for (const id of ['anna', 'boris', 'vera', 'gleb', 'dina']) {
    staff.push(await desk.hire(id, ['author', 'approver']));
  }
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.clock = MONDAY;
});

const named = (id: string): Employee => staff.find((one) => one.id === id)!;
const tryAll = async ({ _id, submission }: Campaign, whom = staff.slice(0, -1)) => {
  const tried = [];
  for (const one of whom) {
    tried.push([one.id, codeOf(await approve(desk.room, one, _id, markOf(submission!.hash)))] as const);
  }
  return tried;
};

describe('who wrote the text', () => {
  test('may not approve it after somebody else has renamed the campaign', async () => {
    const draft = await desk.draft(named('anna'));
    done(await editDraft(desk.room, named('boris'), draft._id, { text: 'Dear {{Name}}, pay' }));
    done(await editDraft(desk.room, named('anna'), draft._id, { name: 'Autumn' }));
    await prepare(desk.room, draft._id, 'test', never);
    const submitted = done(await submit(desk.room, named('anna'), draft._id));
    expect(submitted.editors).toEqual(['anna', 'boris']);
    expect(await tryAll(submitted)).toEqual([
      ['anna', 'own-campaign'],
      ['boris', 'own-campaign'],
      ['vera', null],
      ['gleb', 'wrong-state'],
    ]);
  });

  test('may not approve a copy of it that somebody else made, nor what goes out again', async () => {
    const draft = await desk.draft(named('anna'));
    done(await editDraft(desk.room, named('boris'), draft._id, { name: 'Autumn' }));
    const copied = done(await copyCampaign(desk.room, named('vera'), draft._id, 'Copy'));
    expect(copied).toMatchObject({ createdBy: 'vera', editedBy: 'vera', editors: ['anna', 'boris', 'vera'] });
    const found = { _id: draft._id };
    const run = draft.frozen!.run;
    await desk.database.db.collection('messages').updateOne({ run }, { $set: { state: 'failed' } });
    await desk.database.db.collection<{ _id: string }>('campaigns').updateOne(found, { $set: { state: 'finished' } });
    const again = done(await sendAgain(desk.room, named('vera'), draft._id, 'Again'));
    expect(again.editors).toEqual(['anna', 'boris', 'vera']);
  });

  test('is read from who made it and who edited it last, where it was kept before all editors were', async () => {
    const { _id } = await desk.draft(named('anna'));
    done(await editDraft(desk.room, named('boris'), _id, { name: 'Autumn' }));
    await desk.database.db.collection<{ _id: string }>('campaigns').updateOne({ _id }, { $unset: { editors: 1 } });
    expect((await desk.now(_id)).editors).toEqual(['anna', 'boris']);
    expect(done(await editDraft(desk.room, named('vera'), _id, { name: 'Winter' })).editors).toEqual([
      'anna',
      'boris',
      'vera',
    ]);
  });
});

test('the time of an approved campaign is written by whoever sets it', async () => {
  const approved = await desk.approved(named('anna'), named('boris'), { start: { kind: 'at', at: later(HOUR) } });
  done(await schedule(desk.room, named('boris'), approved._id, later(2 * HOUR)));
  done(await withdraw(desk.room, named('anna'), approved._id));
  const submitted = done(await submit(desk.room, named('anna'), approved._id));
  expect(codeOf(await approve(desk.room, named('boris'), approved._id, markOf(submitted.submission!.hash)))).toBe(
    'own-campaign',
  );
});

/** What writes something of a campaign, and what only moves it. */
const EDITS: Record<string, (by: Employee, campaign: Campaign) => Promise<Verdict>> = {
  text: (by, { _id, version }) => editDraft(desk.room, by, _id, { text: `Dear {{Name}}, the ${version}th` }),
  name: (by, { _id }) => editDraft(desk.room, by, _id, { name: 'Autumn' }),
  deadline: (by, { _id }) => editDraft(desk.room, by, _id, { notAfter: later(9 * HOUR) }),
  answers: (by, { _id, source }) =>
    editDraft(desk.room, by, _id, { source: { ...source!, answers: { ...source!.answers, hiddenRows: 'take' } } }),
  time: (by, { _id }) => schedule(desk.room, by, _id, later(3 * HOUR)),
};
const MOVES: Record<string, (by: Employee, campaign: Campaign) => Promise<Verdict>> = {
  submit: (by, { _id }) => submit(desk.room, by, _id),
  withdraw: (by, { _id }) => withdraw(desk.room, by, _id),
  reject: (by, { _id }) => reject(desk.room, by, _id, 'no'),
  approve: (by, { _id, submission }) => approve(desk.room, by, _id, submission ? markOf(submission.hash) : ''),
};

test('whoever made any edit, in whatever order, never approves', async () => {
  const step = fc.record({
    by: fc.constantFrom('anna', 'boris', 'vera', 'gleb'),
    act: fc.constantFrom('copy', ...Object.keys(EDITS), ...Object.keys(MOVES)),
  });
  const sequences = fc.array(step, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sequences, async (steps) => {
      let campaign = await desk.draft(named('anna'));
      const wrote = new Set(['anna']);
      for (const { by, act } of steps) {
        const verb = act === 'copy' ? copied : (EDITS[act] ?? MOVES[act]!);
        const verdict = await verb(named(by), campaign);
        if (act === 'approve' && wrote.has(by)) expect(verdict.kind).toBe('refused');
        if (verdict.kind === 'done' && !(act in MOVES)) wrote.add(by);
        campaign = (await prepare(
          desk.room,
          verdict.kind === 'done' ? verdict.campaign._id : campaign._id,
          't',
          never,
        ))!;
      }
      if (campaign.state !== 'draft') done(await withdraw(desk.room, named('dina'), campaign._id));
      done(await schedule(desk.room, named('dina'), campaign._id, later(HOUR)));
      const submitted = done(await submit(desk.room, named('dina'), campaign._id));
      const writers = [...wrote].map(named);
      expect(await tryAll(submitted, writers)).toEqual(writers.map((one) => [one.id, 'own-campaign']));
      await cancel(desk.room, named('anna'), campaign._id);
    }),
    { numRuns: 40 },
  );
}, 60_000);

const copied = (by: Employee, { _id }: Campaign): Promise<Verdict> => copyCampaign(desk.room, by, _id, 'Copy');

test('a first draft has one writer', async () => {
  const fields: DraftFields = { text: 'Hi' };
  expect(done(await createDraft(desk.room, named('gleb'), fields)).editors).toEqual(['gleb']);
});
