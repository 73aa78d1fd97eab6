/** The queue to chats, judged by what a chat far away has shown. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/herald.ts';
import { type FarChat, farSurface, openFarChat } from './far-chat.ts';
import { cardOf, openPostOffice, type PostOffice } from './post-office.ts';

let office: PostOffice;
let far: FarChat;
beforeEach(async () => {
  [office, far] = await Promise.all([openPostOffice(), openFarChat()]);
  await office.link('anna');
});
afterEach(async () => {
  await office.close();
  await far.stop();
});

const postsOf = (key: string) => far.calls.filter((call) => call.verb === 'post' && call.key === key).length;

describe('the queue', () => {
  test('shows news in the order in which they were wanted', async () => {
    for (let i = 1; i <= 5; i++) await office.want('anna', `k${i}`, `news ${i}`);
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['news 1', 'news 2', 'news 3', 'news 4', 'news 5']);
    expect(far.calls.filter((call) => call.verb === 'place')).toHaveLength(1);
  });

  test('folds what is wanted of one card meanwhile into the newest', async () => {
    for (const title of ['10 %', '20 %', '30 %']) await office.want('anna', 'card', title);
    const postman = office.hire([farSurface(far.url)]);
    await office.quiet();
    await postman.stop();
    for (const title of ['40 %', '50 %', '60 %', '60 %']) await office.want('anna', 'card', title);
    office.hire([farSurface(far.url)]);
    await office.quiet();
    await office.want('anna', 'card', '60 %');
    expect(await office.stateOf('card')).toBe('posted');
    expect(far.messages.map((one) => one.titles)).toEqual([['30 %', '60 %']]);
  });

  test('edits a card that was wanted anew while it was being posted', async () => {
    let isAsked = false;
    far.fate = (call) => {
      if (call.verb !== 'post' || isAsked) return 'ok';
      isAsked = true;
      void office.want('anna', 'card', 'newer');
      return { kind: 'later', afterMs: 1, wide: 'place' };
    };
    await office.want('anna', 'card', 'older');
    office.hire([farSurface(far.url)]);
    await until('the newer one', async () => far.messages[0]?.titles.at(-1) === 'newer');
    expect(far.messages).toHaveLength(1);
  });

  test('keeps the order for a minute, and shows what is next when an earlier card is still in doubt then', async () => {
    const now = Date.now();
    const far = { surface: 'far', account: 'anna', employee: 'anna', card: cardOf('x') };
    await office.store.want({ ...far, key: 'old' }, new Date(now - 59_000));
    const [old] = await office.store.due('far', new Date(now), []);
    await office.store.claim(old!, 'token');
    const look = { kind: 'look', at: new Date(now + 3_600_000), tries: 3 } as const;
    await office.store.settle(old!, 'token', look, { now: new Date(now), editMs: 1 });
    await office.store.want({ ...far, key: 'new' }, new Date(now));
    const due = async (ms: number) => (await office.store.due('far', new Date(now + ms), [])).map(({ key }) => key);
    expect(await due(0)).toEqual([]);
    expect(await due(1_000)).toEqual(['new']);
  });

  test('holds back what is not meant any more when its turn comes, and says so', async () => {
    office.unmeant.add('old');
    await office.want('anna', 'old', 'old', ['n1']);
    await office.want('anna', 'new', 'new', ['n2']);
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['new']);
    expect(office.settled.map(({ key, state, notices }) => [key, state, notices])).toEqual([
      ['old', 'dropped', ['n1']],
      ['new', 'posted', ['n2']],
    ]);
  });

  test('tells a notice that joins a card which is shown already', async () => {
    office.hire([farSurface(far.url)]);
    await office.want('anna', 'card', 'started');
    await office.quiet();
    await office.want('anna', 'card', 'started', ['n1']);
    await office.quiet();
    expect(office.settled.map(({ state, notices }) => [state, notices])).toEqual([['posted', ['n1']]]);
    expect(postsOf('card')).toBe(1);
  });

  test('goes on where those who wanted cards fail, and tells them again', async () => {
    office.failing(true);
    office.hire([farSurface(far.url)]);
    await office.want('anna', 'one', 'one', ['n1']);
    await office.want('anna', 'poison', 'poison');
    await until('one', async () => far.seenBy('anna').includes('one'));
    expect(office.settled).toEqual([]);
    office.failing(false);
    await office.quiet();
    expect(office.settled.map(({ key }) => key)).toEqual(['one']);
    expect(await office.stateOf('poison')).toBe('parked');
  });
});

describe('a chat', () => {
  test('that asks to wait at one place is not asked there before, and others are served', async () => {
    await office.link('boris');
    far.fate = (call) =>
      call.verb === 'post' && call.to.endsWith('anna') ? { kind: 'later', afterMs: 600_000, wide: 'place' } : 'ok';
    for (const who of ['anna', 'boris']) for (const key of ['a', 'b']) await office.want(who, `${who} ${key}`, key);
    const first = office.hire([farSurface(far.url)]);
    await until('boris', async () => far.seenBy('boris').length === 2);
    expect(postsOf('anna a') + postsOf('anna b')).toBe(1);
    // Also not after a restart.
    await first.stop();
    office.hire([farSurface(far.url)]);
    await office.want('boris', 'boris c', 'c');
    await until('boris again', async () => far.seenBy('boris').length === 3);
    expect(postsOf('anna a') + postsOf('anna b')).toBe(1);
  });

  test('that asks to wait everywhere is left alone, by the next postman too', async () => {
    await office.link('boris');
    far.fate = () => ({ kind: 'later', afterMs: 600_000, wide: 'surface' });
    await office.reaches.keepPlace('far', 'anna', 'place of anna');
    await office.want('anna', 'a', 'a');
    const first = office.hire([farSurface(far.url)]);
    await until('the wish', async () => (await office.store.rests('far', new Date())).length === 1);
    await first.stop();
    far.fate = () => 'ok';
    await office.want('boris', 'b', 'b');
    const other = await openFarChat();
    await office.staff.link('near', 'anna', 'anna', new Date());
    await office.store.want(
      {
        key: 'n',
        surface: 'near',
        account: 'anna',
        employee: 'anna',
        card: { subject: 'n', tone: 'info', title: 'n' },
      },
      new Date(),
    );
    office.hire([farSurface(far.url), farSurface(other.url, { name: 'near' })]);
    await until('the other chat', async () => other.seenBy('anna').length === 1);
    expect(far.messages).toEqual([]);
    await other.stop();
  });

  test('that has moved a place is asked at the new one, now and later', async () => {
    far.fate = (call) =>
      call.verb === 'post' && call.to === 'place of anna' ? { kind: 'moved', to: 'place of new anna' } : 'ok';
    await office.want('anna', 'a', 'a');
    await office.want('anna', 'b', 'b');
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('new anna')).toEqual(['a', 'b']);
    expect(far.calls.filter((call) => call.to === 'place of anna')).toHaveLength(1);
  });

  test('that has blocked us is not asked again until the person is heard there', async () => {
    far.fate = (call) => (call.verb === 'post' ? { kind: 'gone', why: 'blocked' } : 'ok');
    await office.want('anna', 'a', 'a', ['n1']);
    await office.want('anna', 'b', 'b', ['n2']);
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
    expect(office.settled.map(({ state, notices }) => [state, ...notices])).toEqual([
      ['gone', 'n1'],
      ['gone', 'n2'],
    ]);
    const dead = await office.reaches.reach('far', 'anna');
    expect(dead?.dead?.why).toBe('blocked');
    far.fate = () => 'ok';
    await office.reaches.heard(dead!, new Date());
    await office.want('anna', 'a', 'a again');
    await office.want('anna', 'c', 'c');
    await office.quiet();
    expect(far.seenBy('anna').toSorted()).toEqual(['a again', 'c']);
  });

  test('in which the person has no place counts as gone', async () => {
    const surface = { ...farSurface(far.url), placeOf: async () => null };
    await office.want('anna', 'a', 'a');
    office.hire([surface]);
    await office.quiet();
    expect(await office.stateOf('a')).toBe('gone');
    expect((await office.reaches.reach('far', 'anna'))?.dead?.why).toBe('no-such-place');
  });

  test('that has blocked us leaves what is wanted anew meanwhile to be told anew', async () => {
    far.fate = (call) => (call.verb === 'post' ? { kind: 'gone', why: 'blocked' } : 'ok');
    await office.want('anna', 'a', 'a', ['n1']);
    const postman = office.hire([farSurface(far.url)]);
    await office.want('anna', 'a', 'a', ['n1']);
    const gone = await until('the end', async () => office.settled[0]);
    await postman.stop();
    await office.link('boris');
    const card = { subject: 'a', tone: 'info', title: 'a' } as const;
    await office.store.want(
      { key: 'a', surface: 'far', account: 'boris', employee: 'boris', card, notices: ['n1'] },
      new Date(),
    );
    await office.store.told(gone);
    expect((await office.store.posting('a'))?.notices).toEqual(['n1']);
  });

  test('that cannot say where the place is now is asked again', async () => {
    far.fate = (call) => (call.verb === 'place' && call.nth < 3 ? 'lost-before' : 'ok');
    await office.want('anna', 'a', 'a');
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['a']);
  });

  test('in which the account is another person’s by now shows nothing meant for the first', async () => {
    await office.want('anna', 'a', 'a secret');
    await office.staff.link('far', 'anna', 'boris', new Date());
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.messages).toEqual([]);
    expect(await office.stateOf('a')).toBe('gone');
  });

  test('that lost a card gets it as a new message with the next news', async () => {
    office.hire([farSurface(far.url)]);
    await office.want('anna', 'card', '10 %');
    await office.quiet();
    far.fate = (call) => (call.verb === 'update' ? { kind: 'stale' } : 'ok');
    await office.want('anna', 'card', '20 %');
    await office.quiet();
    expect(far.messages.map((one) => one.titles)).toEqual([['10 %'], ['20 %']]);
  });

  test('that refuses a card for good holds nothing else up', async () => {
    far.fate = (call) => (call.key === 'bad' ? { kind: 'refused', why: 'too long' } : 'ok');
    await office.want('anna', 'bad', 'bad', ['n1']);
    await office.want('anna', 'good', 'good');
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['good']);
    expect([await office.stateOf('bad'), postsOf('bad')]).toEqual(['parked', 1]);
  });
});

describe('an answer that does not come', () => {
  test.each(['lost-before', 'lost-after'] as const)('is looked up where the chat can tell: %s', async (fate) => {
    far.fate = (call) => (call.verb === 'post' && call.key === 'a' && call.nth === 1 ? fate : 'ok');
    await office.want('anna', 'a', 'a');
    await office.want('anna', 'b', 'b');
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['a', 'b']);
    expect(await office.stateOf('a')).toBe('posted');
  });

  test.each(['lost-before', 'lost-after'] as const)('is not repeated where the chat cannot: %s', async (fate) => {
    far.fate = (call) => (call.verb === 'post' && call.key === 'a' ? fate : 'ok');
    await office.want('anna', 'a', 'a', ['n1']);
    await office.want('anna', 'b', 'b');
    office.hire([farSurface(far.url, { canFind: false })]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(fate === 'lost-after' ? ['a', 'b'] : ['b']);
    expect([await office.stateOf('a'), postsOf('a')]).toEqual(['unknown', 1]);
    expect(office.settled.map(({ key, state }) => [key, state])).toEqual([['a', 'unknown']]);
  });

  test('leaves the words that were asked for: newer ones wanted meanwhile are an edit', async () => {
    far.fate = (call) => (call.verb === 'post' ? 'lost-after' : 'ok');
    await office.want('anna', 'a', 'older');
    office.hire([farSurface(far.url)], { settleMs: 200 });
    await until('the doubt', async () => (await office.stateOf('a')) === 'doubtful');
    await office.want('anna', 'a', 'newer');
    await office.quiet();
    expect(far.messages.map((one) => one.titles)).toEqual([['older', 'newer']]);
  });

  test('to an edit is no harm: it is edited again', async () => {
    far.fate = (call) => (call.verb === 'update' && call.nth < 3 ? 'lost-after' : 'ok');
    office.hire([farSurface(far.url, { canFind: false })]);
    await office.want('anna', 'card', '10 %');
    await office.quiet();
    await office.want('anna', 'card', '20 %');
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['20 %']);
    expect(await office.stateOf('card')).toBe('posted');
  });

  test('is told as unknown when the chat does not say either whether the card is there', async () => {
    far.fate = (call) => (call.verb === 'post' || call.verb === 'find' ? 'lost-after' : 'ok');
    await office.want('anna', 'a', 'a');
    office.hire([farSurface(far.url)]);
    await office.quiet();
    expect([await office.stateOf('a'), postsOf('a'), far.messages.length]).toEqual(['unknown', 1, 1]);
  });

  test('as a failure of the bot itself counts the same', async () => {
    const surface = farSurface(far.url);
    let fails = true;
    const failing = {
      ...surface,
      post: (...given: Parameters<typeof surface.post>) => {
        if (!fails) return surface.post(...given);
        fails = false;
        return Promise.reject(new Error('a fault of the bot'));
      },
    };
    await office.want('anna', 'a', 'a');
    office.hire([failing]);
    await office.quiet();
    expect(far.seenBy('anna')).toEqual(['a']);
  });
});

describe('several postmen', () => {
  test('serve one chat one at a time, and lose or repeat nothing', async () => {
    await Promise.all(['boris', 'clara', 'dina'].map((who) => office.link(who)));
    const people = ['anna', 'boris', 'clara', 'dina'];
    for (let i = 0; i < 5; i++) for (const who of people) await office.want(who, `${who} ${i}`, String(i));
    const [first] = [1, 2, 3].map(() => office.hire([farSurface(far.url)], { leaseMs: 500 }));
    await until('a beginning', async () => far.messages.length > 3);
    await first!.stop();
    await office.quiet();
    for (const who of people) expect(far.seenBy(who)).toEqual(['0', '1', '2', '3', '4']);
  });
});
