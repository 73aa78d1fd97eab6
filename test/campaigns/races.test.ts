/**
 * Many people at one campaign at once. Whatever the order, what is approved is what was submitted and frozen at that moment, and
 * nobody's own work is approved by the same person.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, markOf, submit, withdraw } from '../../src/campaigns/approve.ts';
import { cancel, pause, resume } from '../../src/campaigns/control.ts';
import { editDraft } from '../../src/campaigns/draft.ts';
import { needsNumbers, prepare, unfinished } from '../../src/campaigns/prepare.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { hashOf, isWhatWasApproved, leafOf, rootOf } from '../../src/campaigns/terms.ts';
import { tick } from '../../src/campaigns/tick.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, done, HOUR, later, MONDAY, never } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['approver', 'author']);
});
afterAll(() => desk.close());

/** Whatever has an approval must be, byte for byte, what stands frozen in the database. */
async function expectSound(id: string): Promise<void> {
  const campaign = await desk.now(id);
  const { submission, approvedHash, approvals, frozen } = campaign;
  if (campaign.state === 'draft') expect([submission, approvedHash, approvals]).toEqual([null, null, []]);
  if (approvedHash === null) return;
  expect(isWhatWasApproved(campaign)).toBe(true);
  expect(hashOf(submission!.terms)).toBe(approvedHash);
  expect(approvals.map((one) => one.by)).not.toContain(campaign.editedBy);
  const messages = [];
  for await (const message of desk.room.messages.ofRun(frozen!.run)) messages.push(message);
  expect(
    messages.every(
      (message) =>
        message.text === submission!.terms.text.replace('{{Name}}', message.text.match(/Anna|Boris|Vera/)![0]),
    ),
  ).toBe(true);
  expect(rootOf([leafOf(messages)])).toBe(submission!.terms.root);
}

test('a hundred approvals and edits at once: what is approved always equals what is frozen', async () => {
  for (let round = 0; round < 100; round++) {
    const submitted = await desk.submitted(anna, { text: `Dear {{Name}}, round ${round}` });
    const mark = markOf(submitted.submission!.hash);
    const acts = [
      () => approve(desk.room, boris, submitted._id, mark),
      () => editDraft(desk.room, anna, submitted._id, { text: `Dear {{Name}}, pay for ${round}` }),
    ];
    const verdicts = await Promise.all((round % 2 ? acts.toReversed() : acts).map((act) => act()));
    const campaign = await desk.now(submitted._id);
    await expectSound(submitted._id);
    // An edit that was carried out leaves no approval, whichever came first.
    const edited = verdicts[round % 2 ? 0 : 1]!;
    if (edited.kind === 'done' && campaign.version === edited.campaign.version)
      expect(campaign.approvedHash).toBeNull();
  }
}, 60_000);

test('everybody does anything at once to one campaign: it is never approved in parts', async () => {
  for (let round = 0; round < 15; round++) {
    desk.clock = MONDAY;
    const { _id } = await desk.draft(anna, { start: { kind: 'at', at: later(HOUR) } });
    const approveNow = async () => {
      const { submission } = await desk.now(_id);
      return approve(desk.room, boris, _id, submission ? markOf(submission.hash) : 'none');
    };
    const acts = [
      () => submit(desk.room, anna, _id),
      approveNow,
      () => editDraft(desk.room, anna, _id, { text: 'Dear {{Name}}, other' }),
      () => prepare(desk.room, _id, `w${Math.random()}`, never),
      () => submit(desk.room, anna, _id),
      approveNow,
      () => schedule(desk.room, boris, _id, later(2 * HOUR)),
      () => withdraw(desk.room, anna, _id),
      () => submit(desk.room, anna, _id),
      approveNow,
      () => tick(desk.room),
      () => pause(desk.room, anna, _id),
      () => resume(desk.room, anna, _id),
    ];
    for (let from = 0; from < 3; from++)
      await Promise.all(
        acts.slice(from).map(async (act, n) => {
          await new Promise((resolve) => setTimeout(resolve, ((n * 7 + round * 3) % 10) * 2));
          await act();
        }),
      );
    await expectSound(_id);
    await cancel(desk.room, anna, _id);
  }
}, 60_000);

describe('numbers', () => {
  test('made by ten processes at once are made once', async () => {
    const draft = await desk.draft(anna);
    const edited = done(await editDraft(desk.room, anna, draft._id, { text: 'Dear {{Name}}, again' }));
    expect(needsNumbers(edited)).toBe(true);
    await Promise.all(Array.from({ length: 10 }, (_, n) => prepare(desk.room, draft._id, `p${n}`, never)));
    const ready = await desk.now(draft._id);
    expect(ready.frozen).toMatchObject({ run: `${draft._id}.2`, messages: 3 });
    const numbers = (await desk.audit(draft._id)).filter((action) => action === 'campaign.numbers');
    // The audience and the messages of the first text, the messages of the second.
    expect(numbers.length).toBe(3);
    expect((await desk.room.messages.leaves(`${draft._id}.2`)).length).toBe(1);
  });

  test('of an edit in the midst of reading are those of the edit, and nothing of the earlier text is left', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `+7916${String(1_000_000 + i)},Client ${i}`);
    const list = ['Phone,Name', ...rows].join('\n');
    const draft = await desk.draft(anna, {}, list);
    done(await editDraft(desk.room, anna, draft._id, { text: 'Second, {{Name}}' }));
    const making = prepare(desk.room, draft._id, 'one', never);
    await new Promise((resolve) => setTimeout(resolve, 30));
    done(await editDraft(desk.room, anna, draft._id, { text: 'Third, {{Name}}' }));
    await making;
    await prepare(desk.room, draft._id, 'one', never);
    const ready = await desk.now(draft._id);
    expect(ready.frozen).toMatchObject({ run: `${draft._id}.3`, messages: 3000 });
    const left = await desk.database.db.collection('messages').distinct('run', { run: { $regex: `^${draft._id}\\.` } });
    expect(left).toEqual([`${draft._id}.3`]);
  }, 30_000);

  test('that are broken off by a stop are taken up by the next process', async () => {
    const draft = await desk.draft(anna);
    done(await editDraft(desk.room, anna, draft._id, { text: 'Dear {{Name}}, more' }));
    await expect(prepare(desk.room, draft._id, 'stopping', AbortSignal.abort())).rejects.toThrow();
    expect((await desk.now(draft._id)).frozen).toBeNull();
    await unfinished(desk.room, 'next', never);
    expect((await desk.now(draft._id)).frozen?.messages).toBe(3);
  });

  test('of one draft that cannot be made do not keep others from theirs', async () => {
    const broken = await desk.draft(anna);
    const sound = await desk.draft(anna);
    for (const { _id } of [broken, sound])
      done(await editDraft(desk.room, anna, _id, { text: 'Dear {{Name}}, once more' }));
    const campaigns = desk.database.db.collection<{ _id: string }>('campaigns');
    await campaigns.updateOne({ _id: broken._id }, { $set: { text: '{{#broken' } });
    await expect(unfinished(desk.room, 'next', never)).rejects.toThrow('some drafts');
    expect((await desk.now(sound._id)).frozen?.messages).toBe(3);
    await campaigns.deleteOne({ _id: broken._id });
  });
});
