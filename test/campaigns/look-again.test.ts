/** A list that changes while its campaign waits: who is gone is not sent to, what was approved stays, and nobody waits long. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel, pause, resume } from '../../src/campaigns/control.ts';
import { refresh, sendAgain } from '../../src/campaigns/draft.ts';
import { eraseDue } from '../../src/campaigns/erase.ts';
import {
  isDoubtful,
  lookAgain,
  lookAtWaiting,
  lookUnlessLately,
  sourceChanged,
} from '../../src/campaigns/look-again.ts';
import { idsOfRun, type MessageRecord } from '../../src/campaigns/messages.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import { schedule } from '../../src/campaigns/schedule.ts';
import { isWhatWasApproved, leafOf, rootOf } from '../../src/campaigns/terms.ts';
import { tick } from '../../src/campaigns/tick.ts';
import type { Employee } from '../../src/staff/employee.ts';
import type { Sheet } from '../chat/list-source.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, HOUR, later, MONDAY, never, PEOPLE } from './desk.ts';

let desk: CampaignDesk;
let anna: Employee;
let oleg: Employee;
beforeAll(async () => {
  desk = await campaignDesk();
  anna = await desk.hire('anna', ['author']);
  oleg = await desk.hire('oleg', ['approver']);
});
afterAll(() => desk.close());

let sheets = 0;
const SIX = ['Phone,Name', ...[...'ABCDEF'].map((name, n) => `+7916123457${n},${name}`)].join('\n');

/** A campaign over a sheet of six that waits for its start in an hour. */
async function waiting(content = SIX) {
  desk.clock = MONDAY;
  const sheet = desk.lists.sheet(`sheet ${++sheets}`, content);
  const source = { ref: sheet.ref, name: 'people', answers: {}, uploaded: false };
  const { _id, frozen } = await desk.approved(anna, oleg, { source, start: { kind: 'at', at: later(HOUR) } });
  return { id: _id, run: frozen!.run, sheet };
}

const messages = () => desk.database.db.collection<MessageRecord>('messages');
const messagesOf = (run: string) =>
  messages()
    .find({ _id: idsOfRun(run) })
    .sort({ _id: 1 })
    .toArray();
/** `AB-DEF`: who is queued, with a dash for who is not to be sent to any more. */
async function sentTo(run: string): Promise<string> {
  const all = await messagesOf(run);
  return all
    .map(({ text, state }) => (state === 'queued' ? text.slice(5, 6) : state === 'removed' ? '-' : '?'))
    .join('');
}
const look = async (id: string) => lookAgain(desk.room, await desk.now(id), 1000, never);
const seenOf = async (id: string) => (await desk.now(id)).look?.seen;
async function starts(id: string, patienceMs = 1000): Promise<string> {
  desk.clock = later(HOUR);
  await tick(desk.room, never, patienceMs);
  return (await desk.now(id)).state;
}
const looks = async (id: string) =>
  (await desk.audit(id)).filter((action) => action === 'campaign.source-looked-at').length;
const removeRow = (sheet: Sheet, name: string) => {
  sheet.rows = sheet.rows.filter(({ line }) => !line.endsWith(`,${name}`));
};

describe('when it starts', () => {
  test('rows that are gone by then are not sent to, and what is sent is what was approved', async () => {
    const { id, run, sheet } = await waiting();
    sheet.rows.reverse();
    removeRow(sheet, 'C');
    expect(await starts(id)).toBe('sending');
    expect(await sentTo(run)).toBe('AB-DEF');
    expect(await seenOf(id)).toMatchObject({ kind: 'changed', removed: { count: 1, numbers: [4] } });
    const campaign = await desk.now(id);
    expect(isWhatWasApproved(campaign)).toBe(true);
    const leaves = await desk.room.messages.leaves(run);
    expect(rootOf(leaves)).toBe(campaign.frozen!.root);
    expect([leafOf(await messagesOf(run))]).toEqual(leaves);
  });

  test('changed and new rows change nothing of what is sent', async () => {
    const { id, run, sheet } = await waiting();
    const before = await messagesOf(run);
    sheet.rows[0]!.line = '+79990000000,Zoe';
    sheet.rows[1]!.line = sheet.rows[1]!.line.replace(',B', ',Basil');
    sheet.rows.push(sheet.row('+79161234599,G'));
    expect(await starts(id)).toBe('sending');
    expect(await messagesOf(run)).toEqual(before);
    expect(await seenOf(id)).toMatchObject({ removed: { count: 0 }, changed: { count: 2 }, added: { count: 1 } });
  });

  test('sorting and notes are no news: nothing is told, and the version stays', async () => {
    const { id, run, sheet } = await waiting();
    const { version } = await desk.now(id);
    sheet.rows.reverse();
    sheet.rows[0]!.line += ',a note';
    await look(id);
    expect((await desk.now(id)).version).toBe(version);
    expect(await looks(id)).toBe(0);
    expect(await starts(id)).toBe('sending');
    expect(await sentTo(run)).toBe('ABCDEF');
  });

  test.each([
    ['is not shared any more', { code: 'not-shared', share: 'h@example.com' }, 'not-shared'],
    ['does not answer', 'never answers', 'timed-out'],
    ['breaks off midway', 'midway', 'unavailable'],
    ['fails in a way that nobody thought of', 'bug', 'broken'],
  ] as const)('a list that %s holds nothing up, and leaves out who was known to be gone', async (_, fails, why) => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'C');
    await look(id);
    removeRow(sheet, 'D');
    sheet.fails = fails;
    expect(await starts(id, 50)).toBe('sending');
    expect(await sentTo(run)).toBe('AB-DEF');
    expect((await desk.now(id)).look).toMatchObject({ unseen: why, seen: { kind: 'changed', removed: { count: 1 } } });
  });

  test('one list that does not answer does not hold up another campaign', async () => {
    const slow = await waiting();
    slow.sheet.fails = 'never answers';
    const quick = await waiting();
    desk.clock = later(HOUR);
    const ticking = tick(desk.room, never, 1000);
    await expect.poll(async () => (await desk.now(quick.id)).state).toBe('sending');
    expect((await desk.now(slow.id)).state).toBe('scheduled');
    await ticking;
    expect((await desk.now(slow.id)).state).toBe('sending');
  });

  test('while Herald stops nothing is started, and nothing is said of the list', async () => {
    const { id, sheet } = await waiting();
    sheet.fails = 'never answers';
    desk.clock = later(HOUR);
    const stopping = new AbortController();
    const ticking = tick(desk.room, stopping.signal, 60_000);
    await expect.poll(() => sheet.opened).toBeGreaterThan(1);
    stopping.abort();
    expect(await ticking).toEqual([]);
    expect(await desk.now(id)).toMatchObject({ state: 'scheduled' });
    expect((await desk.now(id)).look).toBeUndefined();
    sheet.fails = null;
    expect(await starts(id)).toBe('sending');
  });

  test('of two processes at once one starts it, and each thing is told once', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'A');
    desk.clock = later(HOUR);
    await Promise.all([tick(desk.room), tick(desk.room), tick(desk.room)]);
    await tick(desk.room);
    expect(await desk.now(id)).toMatchObject({ state: 'sending' });
    expect(await sentTo(run)).toBe('-BCDEF');
    expect(await looks(id)).toBe(1);
    expect((await desk.events(id)).filter((kind) => kind === 'campaign.started')).toHaveLength(1);
  });

  test('an author who changes it while its list is read has the last word', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'A');
    const before = await desk.now(id);
    done(await schedule(desk.room, anna, id, later(2 * HOUR)));
    await lookAgain(desk.room, before, 1000, never);
    expect((await desk.now(id)).look).toBeUndefined();
    expect(await starts(id)).toBe('scheduled');
    expect(await sentTo(run)).toBe('ABCDEF');
  });
});

describe('a list that has lost more than half of its rows', () => {
  const lost = async () => {
    const made = await waiting();
    const rows = [...made.sheet.rows];
    made.sheet.rows = rows.slice(0, 2);
    return { ...made, rows };
  };

  test('asks a person, and drops nothing', async () => {
    const { id, run } = await lost();
    expect(await starts(id)).toBe('missed');
    expect(await desk.now(id)).toMatchObject({ hold: { why: 'source-shrunk' }, look: { seen: { left: 2, of: 6 } } });
    expect(isDoubtful(await desk.now(id))).toBe(true);
    expect(await desk.events(id)).toContain('campaign.missed');
    expect(await sentTo(run)).toBe('ABCDEF');
  });

  test('is sent as approved when a person says so', async () => {
    const { id, run } = await lost();
    await starts(id);
    done(await resume(desk.room, oleg, id));
    expect(await desk.now(id)).toMatchObject({ state: 'sending', hold: null });
    expect(await sentTo(run)).toBe('ABCDEF');
  });

  test('is believed again when its rows are back', async () => {
    const { id, run, sheet, rows } = await lost();
    await look(id);
    sheet.rows = rows;
    expect(await starts(id)).toBe('sending');
    expect(await sentTo(run)).toBe('ABCDEF');
  });

  test('asks also when it cannot be read at the start and was like that before', async () => {
    const { id, sheet } = await lost();
    await look(id);
    sheet.fails = { code: 'unavailable' };
    expect(await starts(id)).toBe('missed');
    sheet.fails = { code: 'empty' };
    await lookAtWaiting(desk.room, never);
    expect(await seenOf(id)).toMatchObject({ kind: 'shrunk', left: 0, of: 6 });
  });

  test('does not take back what was known to be gone before', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'F');
    await look(id);
    sheet.rows = [];
    expect(await starts(id)).toBe('missed');
    done(await resume(desk.room, oleg, id));
    expect(await sentTo(run)).toBe('ABCDE-');
  });
});

describe('while it waits', () => {
  test('rows that are gone are only told of, and may come back', async () => {
    const { id, run, sheet } = await waiting();
    const rows = [...sheet.rows];
    removeRow(sheet, 'B');
    await lookAtWaiting(desk.room, never);
    expect(await seenOf(id)).toMatchObject({ removed: { count: 1, numbers: [3] } });
    expect(await sentTo(run)).toBe('ABCDEF');
    sheet.rows = rows;
    await lookAtWaiting(desk.room, never);
    expect(await seenOf(id)).toMatchObject({ kind: 'same' });
    expect(await looks(id)).toBe(2);
    expect(await starts(id)).toBe('sending');
    expect(await sentTo(run)).toBe('ABCDEF');
  });

  test('what has not changed since is not read to its end again', async () => {
    const { id, sheet } = await waiting();
    removeRow(sheet, 'B');
    await look(id);
    const { read, opened } = sheet;
    await look(id);
    expect(sheet).toMatchObject({ read, opened: opened + 1 });
    expect(await looks(id)).toBe(1);
  });

  test('who is gone is known anew also when the card would read the same', async () => {
    const many = ['Phone,Name', ...Array.from({ length: 14 }, (_, n) => `+79161234${600 + n},${'ABCDEFGHIJKLMN'[n]}`)];
    const { id, run, sheet } = await waiting(many.join('\n'));
    const rows = [...sheet.rows];
    sheet.rows = rows.slice(6);
    await look(id);
    const { version } = await desk.now(id);
    sheet.rows = [...rows.slice(5, 6), ...rows.slice(7)];
    await look(id);
    expect((await desk.now(id)).version).toBe(version);
    sheet.fails = { code: 'unavailable' };
    await starts(id);
    expect(await sentTo(run)).toBe('-----F-HIJKLMN');
  });

  test('only the campaign whose list is meant is looked at when a list says that it has changed', async () => {
    const [one, other] = [await waiting(), await waiting()];
    removeRow(one.sheet, 'B');
    removeRow(other.sheet, 'B');
    await sourceChanged(desk.room, (ref) => ref === one.sheet.ref, never);
    expect((await desk.now(one.id)).look).toBeDefined();
    expect((await desk.now(other.id)).look).toBeUndefined();
    const stopped = AbortSignal.abort();
    await sourceChanged(desk.room, () => true, stopped);
    expect((await desk.now(other.id)).look).toBeUndefined();
  });

  test('several who open its card have its list looked at once a minute', async () => {
    const { id, sheet } = await waiting();
    const { opened } = sheet;
    const open = async () => lookUnlessLately(desk.room, await desk.now(id), never);
    await Promise.all([open(), open(), open()]);
    await open();
    expect(sheet.opened).toBe(opened + 1);
    desk.clock = later(60_000);
    await open();
    expect(sheet.opened).toBe(opened + 2);
  });

  test('uploaded files, drafts and what is being sent are not looked at', async () => {
    const { id, sheet } = await waiting();
    await starts(id);
    const { opened } = sheet;
    await lookAtWaiting(desk.room, never);
    await lookUnlessLately(desk.room, await desk.now(id), never);
    done(await pause(desk.room, oleg, id));
    await lookAtWaiting(desk.room, never);
    expect(sheet.opened).toBe(opened);
  });

  test('a missed one is looked at until its latest time has passed', async () => {
    const { id, sheet } = await waiting();
    desk.clock = later(4 * HOUR);
    await tick(desk.room);
    const { opened } = sheet;
    await lookAtWaiting(desk.room, never);
    expect(sheet.opened).toBe(opened + 1);
    desk.clock = (await desk.now(id)).submission!.terms.notAfter;
    await lookAtWaiting(desk.room, never);
    expect(sheet.opened).toBe(opened + 1);
  });

  test('one whose audience is gone does not hold up the others', async () => {
    const [lost, other] = [await waiting(), await waiting()];
    await desk.room.audiences.drop((await desk.now(lost.id)).audience!);
    removeRow(other.sheet, 'B');
    await lookAtWaiting(desk.room, never);
    expect((await desk.now(lost.id)).look).toMatchObject({ unseen: 'broken', seen: null });
    expect(await seenOf(other.id)).toMatchObject({ removed: { count: 1 } });
  });

  test('two that look at once tell it once', async () => {
    const { id, sheet } = await waiting();
    removeRow(sheet, 'B');
    await Promise.all([look(id), look(id), look(id)]);
    expect(await looks(id)).toBe(1);
    expect(await desk.room.store.removals(id, (await desk.now(id)).frozen!.run)).toHaveLength(1);
  });

  test('of a file all that is told is that it has changed, and nothing is left out', async () => {
    desk.clock = MONDAY;
    const draft = await desk.approved(anna, oleg, { start: { kind: 'at', at: later(HOUR) } });
    desk.lists.keep('people', PEOPLE.split('\n').slice(0, 3).join('\n'));
    await look(draft._id);
    expect(await seenOf(draft._id)).toMatchObject({ kind: 'other-file' });
    expect(await starts(draft._id)).toBe('sending');
    expect(await sentTo(draft.frozen!.run)).toBe('ABV');
  });

  test('a start that was missed and is made good by hand leaves out who is gone', async () => {
    const { id, run, sheet } = await waiting();
    desk.clock = later(4 * HOUR);
    await tick(desk.room);
    expect(await desk.now(id)).toMatchObject({ state: 'missed', hold: { why: 'start-missed' } });
    removeRow(sheet, 'E');
    await lookAtWaiting(desk.room, never);
    done(await resume(desk.room, oleg, id));
    expect(await sentTo(run)).toBe('ABCD-F');
  });

  test('such a start looks at the list first, and waits for it no longer than any', async () => {
    const missed = async () => {
      const made = await waiting();
      desk.clock = later(4 * HOUR);
      await tick(desk.room);
      return made;
    };
    const { id, run, sheet } = await missed();
    removeRow(sheet, 'E');
    done(await resume(desk.room, oleg, id));
    expect(await sentTo(run)).toBe('ABCD-F');
    const silent = await missed();
    silent.sheet.fails = 'never answers';
    done(await resume(desk.room, oleg, silent.id, 20));
    expect(await sentTo(silent.run)).toBe('ABCDEF');
    expect((await desk.now(silent.id)).look).toMatchObject({ unseen: 'timed-out' });
    const shrunk = await missed();
    shrunk.sheet.rows = shrunk.sheet.rows.slice(0, 2);
    expect(codeOf(await resume(desk.room, oleg, shrunk.id))).toBe('list-shrunk');
    expect((await desk.now(shrunk.id)).state).toBe('missed');
    done(await resume(desk.room, oleg, shrunk.id));
    expect(await sentTo(shrunk.run)).toBe('ABCDEF');
  });

  test('however many are gone, they are kept in documents of a size that MongoDB takes', async () => {
    const { store, database } = desk.room;
    const gone = Array.from({ length: 2500 }, (_, n) => `row ${n}`);
    const keep = (rows: readonly string[]) =>
      database.inTransaction((session) => store.keepRemovals('7', 'run', rows, session));
    await keep(gone);
    await database.inTransaction((session) => store.keepRemovals('70', 'run', ['another'], session));
    expect([...(await store.removals('7', 'run'))].sort()).toEqual([...gone].sort());
    expect(await store.removals('7', 'another run')).toEqual([]);
    const kept = await desk.database.db.collection('removals').find({ run: 'run' }).toArray();
    expect(Math.max(...kept.map(({ rows }) => rows.length))).toBeLessThanOrEqual(1000);
    await keep(['one']);
    expect(await store.removals('7', 'run')).toEqual(['one']);
    expect(await store.removals('70', 'run')).toEqual(['another']);
  });

  test('what was found goes with the campaign', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'E');
    await look(id);
    done(await cancel(desk.room, oleg, id));
    await desk.room.store.closeEnd(id);
    desk.clock = later(400 * 24 * HOUR);
    expect(await eraseDue(desk.room, never)).toContain(id);
    expect(await desk.room.store.removals(id, run)).toEqual([]);
  });
});

describe('again', () => {
  test('does not take who was gone from the list, and is looked at itself', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'A');
    await starts(id);
    await messages().updateMany({ _id: idsOfRun(run), state: 'queued' }, { $set: { state: 'failed' } });
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: id }, { $set: { state: 'finished' } });
    const again = done(await sendAgain(desk.room, anna, id, 'Again'));
    const ready = await prepare(desk.room, again._id, 'test', never);
    expect(await sentTo(ready!.frozen!.run)).toBe('BCDEF');
    expect(codeOf(await refresh(desk.room, anna, again._id))).toBe('nothing-to-read-anew');
    removeRow(sheet, 'B');
    sheet.rows.push(sheet.row('+79161234599,G'));
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: again._id }, { $set: { state: 'submitted' } });
    await look(again._id);
    expect(await seenOf(again._id)).toMatchObject({ removed: { count: 1 }, added: { count: 0 } });
  });
});

describe('refresh', () => {
  test('reads the list as it is now, with the answers that were given, and needs a new approval', async () => {
    const { id, run, sheet } = await waiting();
    removeRow(sheet, 'A');
    sheet.rows.push({ key: 'k9', line: '+79161234599,G' });
    await look(id);
    const draft = done(await refresh(desk.room, anna, id));
    expect(draft).toMatchObject({
      state: 'draft',
      submission: null,
      approvals: [],
      approvedHash: null,
      audience: null,
    });
    const ready = await prepare(desk.room, id, 'test', never);
    expect(ready!.frozen!.run).not.toBe(run);
    expect(await sentTo(ready!.frozen!.run)).toBe('BCDEFG');
    expect(await messagesOf(run)).toEqual([]);
    expect(ready!.source).toMatchObject({ ref: sheet.ref });
  });

  test('of what is sent already, of an uploaded file, and of nothing at all there is none', async () => {
    const { id } = await waiting();
    await starts(id);
    expect(codeOf(await refresh(desk.room, anna, id))).toBe('wrong-state');
    expect(codeOf(await refresh(desk.room, anna, 'none'))).toBe('no-such-campaign');
    const draft = await desk.draft(anna);
    const { source } = draft;
    await desk.database.db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: draft._id }, { $set: { source: { ...source, uploaded: true } } });
    expect(codeOf(await refresh(desk.room, anna, draft._id))).toBe('nothing-to-read-anew');
  });
});
