/** What time brings about: starts, missed starts, reminders; late, twice, and from several processes at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, markOf } from '../../src/campaigns/approve.ts';
import type { Campaign, CampaignState } from '../../src/campaigns/campaign.ts';
import { resume } from '../../src/campaigns/control.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { hashOf } from '../../src/campaigns/terms.ts';
import { type Due, dueAt, tick } from '../../src/campaigns/tick.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, HOUR, later, MONDAY } from './desk.ts';

describe('what is due', () => {
  const terms = {
    campaign: '1',
    revision: 1,
    text: 'Hello',
    sender: 'HERALD',
    class: 'marketing',
    purpose: 'offers',
    people: 1,
    parts: 1,
    ceiling: 1,
    currency: 'RUB',
    providers: ['alfa'],
    notBefore: MONDAY,
    notAfter: later(8 * HOUR),
    root: 'r',
  } as const;
  const campaign = (state: CampaignState, fields: object = {}): Campaign =>
    ({
      _id: '1',
      revision: 1,
      text: 'Hello',
      sender: 'HERALD',
      class: 'marketing',
      purpose: 'offers',
      state,
      start: { kind: 'at', at: MONDAY },
      frozen: { root: 'r' },
      submission: { at: later(-HOUR), terms, hash: hashOf(terms) },
      approvedHash: state === 'submitted' ? null : hashOf(terms),
      reminders: 0,
      ...fields,
    }) as unknown as Campaign;
  const due = (one: Campaign, sinceStart: number): string => {
    const found: Due = dueAt(one, later(sinceStart), 2 * HOUR, 2 * HOUR);
    return found.kind === 'miss' ? found.why : found.kind;
  };

  test.each<[string, Campaign, number, string]>([
    ['scheduled, a moment before its start', campaign('scheduled'), -1, 'nothing'],
    ['scheduled, at its start', campaign('scheduled'), 0, 'start'],
    ['scheduled, two hours late', campaign('scheduled'), 2 * HOUR, 'start'],
    ['scheduled, more than two hours late', campaign('scheduled'), 2 * HOUR + 1, 'start-missed'],
    [
      'scheduled, at the end of its time',
      campaign('scheduled', { start: { kind: 'at', at: later(7 * HOUR) } }),
      8 * HOUR,
      'too-late',
    ],
    ['scheduled, changed since its approval', campaign('scheduled', { text: 'Hi' }), 0, 'not-what-was-approved'],
    ['scheduled, not approved at all', campaign('scheduled', { approvedHash: null }), 0, 'not-what-was-approved'],
    ['submitted, undecided before its start', campaign('submitted'), -1, 'nothing'],
    ['submitted, undecided at its start', campaign('submitted'), 0, 'undecided'],
    ['submitted without a start, in its time', campaign('submitted', { start: null }), 7 * HOUR, 'remind'],
    ['submitted without a start, at its end', campaign('submitted', { start: null }), 8 * HOUR, 'undecided'],
    ['submitted, two hours ago', campaign('submitted', { start: { kind: 'on-approval' } }), HOUR, 'remind'],
    [
      'submitted, reminded of already',
      campaign('submitted', { start: { kind: 'on-approval' }, reminders: 1 }),
      HOUR,
      'nothing',
    ],
    [
      'submitted, reminded of once in five hours',
      campaign('submitted', { start: { kind: 'on-approval' }, reminders: 1 }),
      4 * HOUR,
      'remind',
    ],
    ['approved, waiting for a time', campaign('approved', { start: null }), HOUR, 'nothing'],
    ['approved, at the end of its time', campaign('approved', { start: null }), 8 * HOUR, 'start-missed'],
    ['a draft', campaign('draft'), HOUR, 'nothing'],
    ['what is sending', campaign('sending'), 9 * HOUR, 'nothing'],
    ['what is paused', campaign('paused'), 9 * HOUR, 'nothing'],
    ['what is missed', campaign('missed'), 9 * HOUR, 'nothing'],
    ['what is over', campaign('finished'), 9 * HOUR, 'nothing'],
    ['what is cancelled', campaign('cancelled'), 9 * HOUR, 'nothing'],
  ])('%s', (_what, one, sinceStart, expected) => {
    expect(due(one, sinceStart)).toBe(expected);
  });
});

describe('a tick', () => {
  let desk: CampaignDesk;
  let anna: Employee;
  let boris: Employee;
  beforeAll(async () => {
    desk = await campaignDesk();
    anna = await desk.hire('anna', ['author']);
    boris = await desk.hire('boris', ['approver']);
  });
  afterAll(() => desk.close());

  const at = (ms: number) => ({ kind: 'at', at: later(ms) }) as const;
  const reset = () => {
    desk.clock = MONDAY;
  };

  test('starts what is due, once, however many tick at once', async () => {
    reset();
    const { _id } = await desk.approved(anna, boris, { start: at(HOUR) });
    expect(await tick(desk.room)).toEqual([]);
    desk.clock = later(HOUR + 1);
    const ticks = await Promise.all(Array.from({ length: 8 }, () => tick(desk.room)));
    expect(ticks.flat()).toEqual([_id]);
    expect(await desk.now(_id)).toMatchObject({ state: 'sending', startedAt: desk.clock });
    expect((await desk.events(_id)).filter((event) => event === 'campaign.started')).toEqual(['campaign.started']);
    desk.clock = later(9 * HOUR);
    expect(await tick(desk.room)).toEqual([]);
  });

  test('starts at once what starts on approval', async () => {
    reset();
    const { _id } = await desk.approved(anna, boris);
    await tick(desk.room);
    expect((await desk.now(_id)).state).toBe('sending');
  });

  test('asks a person where it comes more than two hours late, who may still send it in its time', async () => {
    reset();
    const { _id } = await desk.approved(anna, boris, { start: at(HOUR) });
    desk.clock = later(3 * HOUR + 1);
    expect(await tick(desk.room)).toEqual([_id]);
    expect(await desk.now(_id)).toMatchObject({
      state: 'missed',
      startedAt: null,
      hold: { why: 'start-missed', by: 'herald' },
    });
    expect(await tick(desk.room)).toEqual([]);
    expect(done(await resume(desk.room, anna, _id))).toMatchObject({
      state: 'sending',
      hold: null,
      startedAt: desk.clock,
    });
  });

  test('a missed one may be given another time within its terms, without a new approval', async () => {
    reset();
    const { _id } = await desk.approved(anna, boris, { start: at(HOUR) });
    desk.clock = later(3.5 * HOUR);
    await tick(desk.room);
    const moved = done(await schedule(desk.room, anna, _id, later(5 * HOUR)));
    expect(moved).toMatchObject({ state: 'scheduled', hold: null });
    desk.clock = later(5 * HOUR);
    await tick(desk.room);
    expect((await desk.now(_id)).state).toBe('sending');
  });

  test('what nobody decided about is missed at its start, and can neither be approved nor resumed then', async () => {
    reset();
    const { _id, submission } = await desk.submitted(anna, { start: at(HOUR) });
    desk.clock = later(HOUR);
    await tick(desk.room);
    expect(await desk.now(_id)).toMatchObject({ state: 'missed', hold: { why: 'undecided' } });
    expect(codeOf(await approve(desk.room, boris, _id, markOf(submission!.hash)))).toBe('wrong-state');
    expect(codeOf(await resume(desk.room, anna, _id))).toBe('lacking');
    // A new time makes a draft of it, for it was never approved.
    expect(done(await schedule(desk.room, anna, _id, later(2 * HOUR)))).toMatchObject({
      state: 'draft',
      submission: null,
    });
  });

  test('reminds approvers once for each span, and once for several that have passed', async () => {
    reset();
    const { _id } = await desk.submitted(anna);
    const reminders = async () => (await desk.events(_id)).filter((event) => event === 'campaign.reminder').length;
    desk.clock = later(HOUR - 1);
    await tick(desk.room);
    expect(await reminders()).toBe(0);
    desk.clock = later(HOUR);
    await Promise.all([tick(desk.room), tick(desk.room), tick(desk.room)]);
    await tick(desk.room);
    expect(await reminders()).toBe(1);
    desk.clock = later(5 * HOUR);
    expect(await tick(desk.room)).toEqual([]);
    await tick(desk.room);
    expect(await reminders()).toBe(2);
    // It was changed by a reminder only: what the approver saw still stands.
    const { submission } = await desk.now(_id);
    expect(done(await approve(desk.room, boris, _id, markOf(submission!.hash))).state).toBe('scheduled');
  });

  test('one campaign whose record is broken does not hold up the others', async () => {
    reset();
    const broken = await desk.approved(anna, boris);
    const sound = await desk.approved(anna, boris);
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: broken._id }, { $set: { 'submission.terms.notAfter': 'never' } });
    await expect(tick(desk.room)).rejects.toThrow('some campaigns could not be moved');
    expect((await desk.now(sound._id)).state).toBe('sending');
    await desk.database.db.collection<{ _id: string }>('campaigns').deleteOne({ _id: broken._id });
  });
});
