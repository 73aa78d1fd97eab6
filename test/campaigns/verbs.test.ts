/** What people do to campaigns: submit, approve, reject, withdraw, edit, schedule, pause, resume, cancel, copy, send again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approve, markOf, reject, submit, withdraw } from '../../src/campaigns/approve.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel, pause, resume } from '../../src/campaigns/control.ts';
import { copyCampaign, createDraft, type DraftFields, editDraft, sendAgain } from '../../src/campaigns/draft.ts';
import { idsOfRun, MESSAGE_STATES, type MessageRecord } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { schedule, staysWithinTerms } from '../../src/campaigns/schedule.ts';
import { tick } from '../../src/campaigns/tick.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, HOUR, later, MONDAY, never } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let boris: Employee;
let vera: Employee;
let stranger: Employee;
beforeAll(async () => {
  desk = await campaignDesk({ rules: [{ department: 'sales', class: 'service', needed: 2 }] });
  anna = await desk.hire('anna', ['author']);
  boris = await desk.hire('boris', ['approver']);
  vera = await desk.hire('vera', ['approver', 'author']);
  stranger = await desk.hire('gleb', ['author', 'approver', 'analyst'], { department: 'risk' });
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.clock = MONDAY;
});

const mark = (campaign: Campaign) => markOf(campaign.submission!.hash);
const at = (ms: number) => ({ kind: 'at', at: later(ms) }) as const;
const messages = () => desk.database.db.collection<MessageRecord>('messages');

describe('submit', () => {
  test('binds the terms, and tells of it', async () => {
    const submitted = await desk.submitted(anna, { start: at(HOUR) });
    expect(submitted).toMatchObject({ state: 'submitted', submission: { by: 'anna', at: MONDAY } });
    expect(submitted.submission!.terms).toMatchObject({
      text: 'Dear {{Name}}, hello',
      sender: 'HERALD',
      people: 3,
      parts: 3,
      ceiling: 6_000_000,
      currency: 'RUB',
      providers: ['alfa', 'beta'],
      notBefore: later(HOUR),
      notAfter: new Date('2026-11-23T17:00:00Z'),
      root: submitted.frozen!.root,
    });
    expect(await desk.events(submitted._id)).toEqual(['campaign.submitted']);
    expect(await desk.audit(submitted._id)).toContain('campaign.submitted');
  });

  test.each<[string, DraftFields, string]>([
    ['without a time ahead', { start: at(0) }, 'start-passed'],
    ['to end before it begins', { start: at(HOUR), notAfter: later(HOUR) }, 'after-deadline'],
  ])('is refused %s', async (_what, fields, code) => {
    expect(codeOf(await submit(desk.room, anna, (await desk.draft(anna, fields))._id))).toBe(code);
  });

  test('is refused while something is lacking, and says what', async () => {
    const { _id } = done(await createDraft(desk.room, anna, { sender: 'HERALD' }));
    expect(await submit(desk.room, anna, _id)).toEqual({
      kind: 'refused',
      refusal: { code: 'lacking', lacks: ['audience', 'text'] },
    });
  });

  test('is refused twice', async () => {
    expect(codeOf(await submit(desk.room, anna, (await desk.submitted(anna))._id))).toBe('wrong-state');
  });
});

describe('approve', () => {
  test('names the mark that was seen; then it waits for its time', async () => {
    const submitted = await desk.submitted(anna, { start: at(HOUR) });
    expect(codeOf(await approve(desk.room, boris, submitted._id, '000000'))).toBe('stale-version');
    expect(codeOf(await approve(desk.room, boris, submitted._id, ''))).toBe('stale-version');
    const approved = done(await approve(desk.room, boris, submitted._id, mark(submitted)));
    expect(approved).toMatchObject({
      state: 'scheduled',
      approvedHash: submitted.submission!.hash,
      approvals: [{ by: 'boris', inPlaceOf: null, at: MONDAY }],
    });
    expect(await desk.events(submitted._id)).toEqual(['campaign.submitted', 'campaign.approved']);
    expect(codeOf(await approve(desk.room, vera, submitted._id, mark(submitted)))).toBe('wrong-state');
  });

  test('without a time yet, it is approved and waits for one', async () => {
    expect((await desk.approved(anna, boris, { start: null })).state).toBe('approved');
  });

  test('two must where the rule says so, and they are two', async () => {
    const submitted = await desk.submitted(anna, { class: 'service' });
    const half = done(await approve(desk.room, boris, submitted._id, mark(submitted)));
    expect(half).toMatchObject({ state: 'submitted', approvedHash: null });
    expect(codeOf(await approve(desk.room, boris, submitted._id, mark(submitted)))).toBe('decided-already');
    const whole = done(await approve(desk.room, vera, submitted._id, mark(submitted)));
    expect(whole).toMatchObject({ state: 'scheduled', approvals: [{ by: 'boris' }, { by: 'vera' }] });
    expect(await desk.events(submitted._id)).toEqual([
      'campaign.submitted',
      'campaign.half-approved',
      'campaign.approved',
    ]);
  });

  test('an approver and the approver’s deputy are one, in whatever order', async () => {
    const dina = await desk.hire('dina', ['viewer']);
    await desk.room.staff.change('boris', { deputy: { deputy: 'dina', until: later(HOUR) } });
    const one = await desk.submitted(anna, { class: 'service' });
    done(await approve(desk.room, dina, one._id, mark(one)));
    expect(codeOf(await approve(desk.room, boris, one._id, mark(one)))).toBe('decided-already');
    const other = await desk.submitted(anna, { class: 'service' });
    done(await approve(desk.room, boris, other._id, mark(other)));
    expect(codeOf(await approve(desk.room, dina, other._id, mark(other)))).toBe('not-an-approver');
    // Once the time of the deputy is over, so is the right.
    desk.clock = later(HOUR);
    const late = await desk.submitted(anna);
    expect(codeOf(await approve(desk.room, dina, late._id, mark(late)))).toBe('not-an-approver');
    await desk.room.staff.change('boris', { deputy: null });
  });

  test('by whom edited it last is refused, though another wrote it', async () => {
    const draft = await desk.draft(anna);
    done(await editDraft(desk.room, vera, draft._id, { name: 'Better' }));
    const submitted = done(await submit(desk.room, anna, draft._id));
    expect(codeOf(await approve(desk.room, vera, draft._id, mark(submitted)))).toBe('own-campaign');
  });

  test('after its start or its end is refused', async () => {
    const submitted = await desk.submitted(anna, { start: at(HOUR) });
    desk.clock = later(HOUR + 1);
    expect(codeOf(await approve(desk.room, boris, submitted._id, mark(submitted)))).toBe('start-passed');
    desk.clock = MONDAY;
    const other = await desk.submitted(anna, { notAfter: later(HOUR) });
    desk.clock = later(HOUR);
    expect(codeOf(await approve(desk.room, boris, other._id, mark(other)))).toBe('after-deadline');
  });

  test('of terms that somebody changed in the database is refused', async () => {
    const submitted = await desk.submitted(anna);
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: submitted._id }, { $set: { 'submission.terms.ceiling': 1 } });
    expect(codeOf(await approve(desk.room, boris, submitted._id, mark(submitted)))).toBe('stale-version');
  });
});

describe('reject and withdraw', () => {
  test('a rejected campaign is a draft again, with its reason, and approvals given before are void', async () => {
    const submitted = await desk.submitted(anna, { class: 'service' });
    done(await approve(desk.room, boris, submitted._id, mark(submitted)));
    const rejected = done(await reject(desk.room, vera, submitted._id, 'too loud'));
    expect(rejected).toMatchObject({
      state: 'draft',
      submission: null,
      approvals: [],
      rejection: { by: 'vera', reason: 'too loud', revision: 1 },
    });
    // What may tell of a person is nowhere but in the campaign, which has an end.
    const subject = `campaign:${submitted._id}`;
    const trail = await desk.room.staff.auditOf(subject);
    expect(trail.at(-1)).toMatchObject({ action: 'campaign.rejected', detail: { reasonLength: 8 } });
    const events = await desk.database.db.collection('events').find({ subject }).toArray();
    expect(JSON.stringify([trail, events])).not.toContain('too loud');
    const again = done(await submit(desk.room, anna, submitted._id));
    expect(again.rejection).toBeNull();
    expect(done(await approve(desk.room, boris, again._id, mark(again))).state).toBe('submitted');
  });

  test('its author cannot reject it, and nobody a draft', async () => {
    const submitted = await desk.submitted(anna);
    expect(codeOf(await reject(desk.room, anna, submitted._id, 'no'))).toBe('own-campaign');
    expect(codeOf(await reject(desk.room, boris, (await desk.draft(anna))._id, 'no'))).toBe('wrong-state');
  });

  test('withdrawn, it is a draft without any approval, from wherever it stood', async () => {
    for (const campaign of [
      await desk.submitted(anna),
      await desk.approved(anna, boris, { start: null }),
      await desk.approved(anna, boris),
    ]) {
      const draft = done(await withdraw(desk.room, anna, campaign._id));
      expect(draft).toMatchObject({ state: 'draft', submission: null, approvals: [], approvedHash: null });
      expect(codeOf(await withdraw(desk.room, anna, campaign._id))).toBe('wrong-state');
    }
  });
});

describe('an edit after the approval', () => {
  test.each<[string, DraftFields, boolean]>([
    ['of the text', { text: 'Hi {{Name}}' }, true],
    ['of the sender', { sender: 'ACME' }, true],
    ['of the class', { class: 'service' }, true],
    ['of the zone', { zone: 'Asia/Omsk' }, true],
    ['of the name', { name: 'Autumn' }, false],
    ['of the purpose', { purpose: 'news' }, false],
    ['of the time', { start: at(2 * HOUR) }, false],
    ['of the deadline', { notAfter: later(5 * HOUR) }, false],
    ['of the window', { window: { from: '10:00', to: '12:00' } }, false],
    ['of the cost centre', { costCentre: 'east' }, false],
  ])('%s voids it', async (_what, fields, makesMessages) => {
    const approved = await desk.approved(anna, boris);
    const edited = done(await editDraft(desk.room, vera, approved._id, fields));
    expect(edited).toMatchObject({
      state: 'draft',
      submission: null,
      approvals: [],
      approvedHash: null,
      editedBy: 'vera',
    });
    expect(edited.revision).toBe(makesMessages ? 2 : 1);
    expect(edited.frozen === null).toBe(makesMessages);
    // What was frozen for the earlier text is gone.
    const left = await messages().countDocuments({ _id: idsOfRun(`${approved._id}.1`) });
    expect(left).toBe(makesMessages ? 0 : 3);
  });

  test('is refused once it runs', async () => {
    const { _id } = await desk.approved(anna, boris);
    await tick(desk.room);
    expect(codeOf(await editDraft(desk.room, anna, _id, { text: 'Hi' }))).toBe('wrong-state');
  });
});

describe('schedule', () => {
  test('within the approved terms moves it, and nothing must be approved anew', async () => {
    const approved = await desk.approved(anna, boris, { start: at(HOUR), notAfter: later(6 * HOUR) });
    const moved = done(await schedule(desk.room, anna, approved._id, later(5 * HOUR)));
    expect(moved).toMatchObject({
      state: 'scheduled',
      approvedHash: approved.approvedHash,
      start: at(5 * HOUR),
      editedBy: 'anna',
    });
  });

  test.each([
    ['before the approved beginning', HOUR - 1],
    ['at the approved end', 8 * HOUR],
  ])('%s voids the approval', async (_what, when) => {
    const approved = await desk.approved(anna, boris, { start: at(HOUR) });
    expect(staysWithinTerms(approved, later(when))).toBe(false);
    const moved = done(await schedule(desk.room, vera, approved._id, later(when)));
    expect(moved).toMatchObject({
      state: 'draft',
      approvedHash: null,
      approvals: [],
      submission: null,
      editedBy: 'vera',
    });
  });

  test('of what was approved without a time gives it one', async () => {
    const approved = await desk.approved(anna, boris, { start: null });
    expect(done(await schedule(desk.room, anna, approved._id, later(26 * HOUR)))).toMatchObject({ state: 'scheduled' });
  });

  test('of a draft only sets its time', async () => {
    const draft = await desk.draft(anna);
    expect(done(await schedule(desk.room, anna, draft._id, later(HOUR)))).toMatchObject({
      state: 'draft',
      start: at(HOUR),
      revision: 1,
    });
  });

  test.each<[string, number, string]>([
    ['in the past', 0, 'past'],
    ['after the author’s own deadline', 3 * HOUR, 'after-deadline'],
  ])('%s is refused', async (_what, when, code) => {
    const draft = await desk.draft(anna, { notAfter: later(3 * HOUR) });
    expect(codeOf(await schedule(desk.room, anna, draft._id, later(when)))).toBe(code);
  });
});

describe('the hand on what runs', () => {
  const running = async () => {
    const { _id } = await desk.approved(anna, boris);
    await tick(desk.room);
    return _id;
  };

  test('pause, resume, cancel, each told of, none out of its state', async () => {
    const id = await running();
    expect(codeOf(await resume(desk.room, anna, id))).toBe('wrong-state');
    expect(done(await pause(desk.room, boris, id))).toMatchObject({
      state: 'paused',
      hold: { why: 'by-hand', by: 'boris', at: MONDAY },
    });
    expect(codeOf(await pause(desk.room, boris, id))).toBe('wrong-state');
    desk.clock = later(HOUR);
    expect(done(await resume(desk.room, anna, id))).toMatchObject({ state: 'sending', hold: null, startedAt: MONDAY });
    expect(done(await cancel(desk.room, anna, id))).toMatchObject({ state: 'cancelled', finishedAt: later(HOUR) });
    for (const verb of [pause, resume, cancel]) expect(codeOf(await verb(desk.room, anna, id))).toBe('wrong-state');
    const said = ['started', 'paused', 'resumed', 'cancelled'].map((event) => `campaign.${event}`);
    expect((await desk.events(id)).slice(2)).toEqual(said);
  });

  test('a pause outlives its time: then it cannot be resumed', async () => {
    const id = await running();
    done(await pause(desk.room, anna, id));
    desk.clock = later(40 * HOUR);
    expect(codeOf(await resume(desk.room, anna, id))).toBe('after-deadline');
  });

  test('is for those with the right to it', async () => {
    const id = await running();
    const ivan = await desk.hire('ivan', ['viewer', 'analyst']);
    for (const verb of [pause, cancel]) expect(codeOf(await verb(desk.room, ivan, id))).toBe('not-allowed');
  });

  test('of two who act at once on the same sight of it, one is told that it has changed', async () => {
    const id = await running();
    const both = await Promise.all([pause(desk.room, anna, id), cancel(desk.room, boris, id)]);
    const codes = both.map(codeOf);
    // Either the second saw what the first did, or it is told so.
    expect(codes).toContain(null);
    const { state } = await desk.now(id);
    if (codes[1] === null) expect(state).toBe('cancelled');
    else expect(['changed-meanwhile', 'wrong-state']).toContain(codes[1]);
  });
});

describe('another department', () => {
  test('does not even learn that a campaign exists', async () => {
    const submitted = await desk.submitted(anna);
    const id = submitted._id;
    const tried = [
      approve(desk.room, stranger, id, mark(submitted)),
      reject(desk.room, stranger, id, 'no'),
      submit(desk.room, stranger, id),
      withdraw(desk.room, stranger, id),
      editDraft(desk.room, stranger, id, { text: 'Mine now' }),
      schedule(desk.room, stranger, id, later(HOUR)),
      pause(desk.room, stranger, id),
      resume(desk.room, stranger, id),
      cancel(desk.room, stranger, id),
      copyCampaign(desk.room, stranger, id, 'Mine'),
      sendAgain(desk.room, stranger, id, 'Mine'),
    ];
    const nothing = { kind: 'refused', refusal: { code: 'no-such-campaign', id } };
    for (const verdict of await Promise.all(tried)) expect(verdict).toEqual(nothing);
    expect(await approve(desk.room, stranger, '999999', 'x')).toEqual({
      kind: 'refused',
      refusal: { code: 'no-such-campaign', id: '999999' },
    });
    expect(await desk.room.store.campaign({ departments: ['risk'] }, id)).toBeNull();
    expect(await desk.room.store.campaign({ departments: [] }, id)).toBeNull();
    expect(await desk.room.store.list({ departments: ['risk'] })).toEqual([]);
    expect((await desk.room.store.list({ departments: ['sales'] }, { most: 500 })).some((one) => one._id === id)).toBe(
      true,
    );
  });

  test('whoever is granted a wider sight sees it, and acts by the own roles only', async () => {
    const submitted = await desk.submitted(anna);
    const guest = await desk.hire('guest', ['viewer'], { department: 'risk', sees: ['sales'] });
    expect(codeOf(await approve(desk.room, guest, submitted._id, mark(submitted)))).toBe('not-an-approver');
    expect(codeOf(await editDraft(desk.room, guest, submitted._id, { name: 'x' }))).toBe('not-allowed');
  });

  test('who has left can do nothing at once', async () => {
    const submitted = await desk.submitted(anna);
    const gone = { ...boris, active: false };
    expect(codeOf(await approve(desk.room, gone, submitted._id, mark(submitted)))).toBe('no-such-campaign');
    expect(codeOf(await createDraft(desk.room, { ...anna, active: false }, {}))).toBe('not-allowed');
  });
});

describe('copy', () => {
  test('is a draft of one’s own with the same text and source, and nothing of the decisions', async () => {
    const approved = await desk.approved(anna, boris, {
      name: 'Autumn',
      class: 'service',
      costCentre: 'east',
      notAfter: later(5 * HOUR),
    });
    const copied = done(await copyCampaign(desk.room, vera, approved._id, 'Winter'));
    expect(copied).toMatchObject({
      name: 'Winter',
      state: 'draft',
      createdBy: 'vera',
      class: 'service',
      costCentre: 'east',
      text: approved.text,
      sender: 'HERALD',
      source: approved.source,
      audience: null,
      submission: null,
      approvals: [],
      start: null,
      notAfter: null,
      frozen: null,
    });
    expect((await prepare(desk.room, copied._id, 'test', never))?.frozen).toMatchObject({
      run: `${copied._id}.1`,
      messages: 3,
    });
  });

  test('stays in its department and under its rules, whoever made it', async () => {
    const guest = await desk.hire('olga', ['author'], { department: 'risk', sees: ['sales'] });
    const { _id } = await desk.draft(anna, { class: 'service' });
    const copied = done(await copyCampaign(desk.room, guest, _id, 'Copy'));
    expect(copied).toMatchObject({ department: 'sales', createdBy: 'olga' });
    expect(await desk.room.store.campaign({ departments: ['risk'] }, copied._id)).toBeNull();
    await prepare(desk.room, copied._id, 'test', never);
    done(await schedule(desk.room, guest, copied._id, later(HOUR)));
    const submitted = done(await submit(desk.room, guest, copied._id));
    expect(codeOf(await approve(desk.room, stranger, copied._id, mark(submitted)))).toBe('no-such-campaign');
    // Of service messages of sales two must approve; of those of risk one would do.
    expect(done(await approve(desk.room, boris, copied._id, mark(submitted))).state).toBe('submitted');
    expect(done(await approve(desk.room, vera, copied._id, mark(submitted))).state).toBe('scheduled');
  });

  test('of an uploaded list takes the frozen audience; of one that is not frozen yet, none', async () => {
    const fields = { text: 'Hello', sender: 'HERALD' };
    const ref = desk.lists.keep('uploaded', 'Phone,Name\n+79161234567,Anna');
    const source = { ref, name: 'uploaded.xlsx', answers: {}, uploaded: true };
    const draft = done(await createDraft(desk.room, anna, { ...fields, source }));
    expect(done(await copyCampaign(desk.room, anna, draft._id, 'Early'))).toMatchObject({
      source: null,
      audience: null,
    });
    const ready = await prepare(desk.room, draft._id, 'test', never);
    const copied = done(await copyCampaign(desk.room, anna, draft._id, 'Late'));
    expect(copied).toMatchObject({ source, audience: ready!.audience });
    expect((await prepare(desk.room, copied._id, 'test', never))?.frozen?.messages).toBe(1);
  });
});

describe('again', () => {
  /** A campaign that has run, its messages in every state that there is. */
  async function ran(): Promise<Campaign> {
    const phones = MESSAGE_STATES.map((state, i) => `+7916000${String(1000 + i)},${state}`);
    const draft = await desk.draft(anna, {}, ['Phone,Name', ...phones].join('\n'));
    const run = draft.frozen!.run;
    for (const [i, state] of MESSAGE_STATES.entries())
      await messages().updateOne({ _id: `${run}:${String(i + 1).padStart(7, '0')}` }, { $set: { state } });
    return draft;
  }
  const end = (id: string, state = 'finished', ended = true) =>
    desk.database.db.collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { state, ended } });

  test('takes those who were not reached, and nobody else', async () => {
    const campaign = await ran();
    expect(codeOf(await sendAgain(desk.room, anna, campaign._id, 'Again'))).toBe('wrong-state');
    await end(campaign._id);
    const again = done(await sendAgain(desk.room, anna, campaign._id, 'Again'));
    expect(again).toMatchObject({ state: 'draft', name: 'Again', text: campaign.text, submission: null });
    const ready = await prepare(desk.room, again._id, 'test', never);
    expect(ready?.frozen?.messages).toBe(6);
    expect(ready?.source?.rowsOf?.taken).toEqual({
      failed: 1,
      undelivered: 1,
      expired: 1,
      rejected: 1,
      missed: 1,
      cancelled: 1,
    });
    const texts = await messages()
      .find({ _id: idsOfRun(ready!.frozen!.run) })
      .sort({ _id: 1 })
      .toArray();
    expect(texts.map((message) => message.text.replace(/^Dear (.*), hello$/, '$1')).toSorted()).toEqual([
      'cancelled',
      'expired',
      'failed',
      'missed',
      'rejected',
      'undelivered',
    ]);
    const audience = await desk.room.audiences.audience({ departments: ['sales'] }, ready!.audience!);
    expect(audience).toMatchObject({ counts: { rows: 6, recipients: 6, excluded: {} }, state: 'frozen' });
  });

  test('of a cancelled campaign, and of an "again" itself', async () => {
    const campaign = await ran();
    await end(campaign._id, 'cancelled');
    const first = done(await sendAgain(desk.room, anna, campaign._id, 'First'));
    const ready = (await prepare(desk.room, first._id, 'test', never))!;
    await messages().updateMany({ _id: idsOfRun(ready.frozen!.run) }, { $set: { state: 'delivered' } });
    await messages().updateOne({ _id: ready.frozen!.samples.first }, { $set: { state: 'expired' } });
    await end(first._id);
    const second = done(await sendAgain(desk.room, anna, first._id, 'Second'));
    expect((await prepare(desk.room, second._id, 'test', never))?.frozen?.messages).toBe(1);
  });

  test('is done once: what was reached since is known to the new campaign alone', async () => {
    const campaign = await ran();
    await end(campaign._id);
    const said = () => sendAgain(desk.room, anna, campaign._id, 'Again');
    const twice = await Promise.all([said(), said()]);
    expect(twice.filter((one) => one.kind === 'refused').length).toBe(1);
    const [again] = twice.flatMap((one) => (one.kind === 'done' ? [one.campaign] : [])) as [Campaign];
    expect(await said()).toMatchObject({ refusal: { code: 'sent-again-already', as: again._id } });
    await end(again._id);
    expect(codeOf(await said())).toBe('sent-again-already');
  });

  test('is done anew where the first try was cancelled before it began', async () => {
    const campaign = await ran();
    await end(campaign._id);
    const again = done(await sendAgain(desk.room, anna, campaign._id, 'Again'));
    done(await cancel(desk.room, anna, again._id));
    expect(codeOf(await sendAgain(desk.room, anna, campaign._id, 'Again'))).toBeNull();
  });

  test('takes nobody to whom an earlier copy may have gone, whatever became of the second', async () => {
    const campaign = await ran();
    await messages().updateMany({ _id: idsOfRun(campaign.frozen!.run) }, { $set: { possibleDuplicate: true } });
    await end(campaign._id, 'cancelled');
    expect(codeOf(await sendAgain(desk.room, anna, campaign._id, 'Again'))).toBe('nothing-to-send-again');
    const failed = { _id: idsOfRun(campaign.frozen!.run), state: 'failed' } as const;
    await messages().updateOne(failed, { $unset: { possibleDuplicate: 1 } });
    const again = done(await sendAgain(desk.room, anna, campaign._id, 'Again'));
    expect((await prepare(desk.room, again._id, 'test', never))?.frozen?.messages).toBe(1);
  });

  test('of a campaign cancelled before it was sent takes everybody, once nothing of it is queued any more', async () => {
    const { _id, frozen } = await desk.submitted(anna);
    done(await cancel(desk.room, anna, _id));
    expect(codeOf(await sendAgain(desk.room, anna, _id, 'Again'))).toBe('still-ending');
    await messages().updateMany({ _id: idsOfRun(frozen!.run) }, { $set: { state: 'cancelled' } });
    await desk.room.store.closeEnd(_id);
    const again = done(await sendAgain(desk.room, anna, _id, 'Again'));
    const ready = await prepare(desk.room, again._id, 'test', never);
    expect(ready?.frozen?.messages).toBe(3);
    expect(ready?.source?.rowsOf?.taken).toEqual({ cancelled: 3 });
  });

  test('stays in its department, whoever made it', async () => {
    const guest = await desk.hire('pavel', ['author'], { department: 'risk', sees: ['sales'] });
    const campaign = await ran();
    await end(campaign._id);
    const again = done(await sendAgain(desk.room, guest, campaign._id, 'Again'));
    expect(again).toMatchObject({ department: 'sales', createdBy: 'pavel' });
    const ready = await prepare(desk.room, again._id, 'test', never);
    expect(await desk.room.audiences.audience({ departments: ['sales'] }, ready!.audience!)).not.toBeNull();
    expect(await desk.room.audiences.audience({ departments: ['risk'] }, ready!.audience!)).toBeNull();
  });

  test('has nobody to send to when all were reached', async () => {
    const { _id, frozen } = await desk.draft(anna);
    await messages().updateMany({ _id: idsOfRun(frozen!.run) }, { $set: { state: 'delivered' } });
    await end(_id);
    expect(codeOf(await sendAgain(desk.room, anna, _id, 'Again'))).toBe('nothing-to-send-again');
    const bare = done(await createDraft(desk.room, anna, { text: 'Hi' }));
    expect(codeOf(await sendAgain(desk.room, anna, bare._id, 'Again'))).toBe('nothing-to-send-again');
  });

  test('suppressed since are left out', async () => {
    const campaign = await ran();
    await end(campaign._id);
    const failed = (await messages().findOne({ _id: idsOfRun(campaign.frozen!.run), state: 'failed' }))!;
    await desk.database.db.collection<{ _id: string }>('suppressions').insertOne({ _id: failed.person });
    const again = done(await sendAgain(desk.room, anna, campaign._id, 'Again'));
    const ready = await prepare(desk.room, again._id, 'test', never);
    expect(ready?.frozen).toMatchObject({ messages: 5, excluded: { suppressed: 1 } });
  });
});
