import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Card } from '../../../src/staff/card.ts';
import { capturedLog } from '../../contract/provider-far-end.ts';
import { cardAbout, type ListeningCore, listeningCore } from '../../contract/surface-far-end.ts';
import { bodyOf, signature } from '../../fakes/slack/delivery.ts';
import { type User, userOf } from '../../fakes/slack/people.ts';
import { wordsIn } from '../../fakes/slack/validity.ts';
import type { Channel } from '../../fakes/slack/world.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, type BenchOptions, MODES, openBench } from './bench.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const benches: Bench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

const WAIT = { timeout: 5000, interval: 5 };
const waitFor = (check: () => void) => vi.waitFor(check, WAIT);

interface Scene {
  readonly bench: Bench;
  readonly core: ListeningCore;
  readonly anna: User;
  readonly boris: User;
  readonly general: Channel;
}

async function scene(mode: BenchOptions['mode'], options: Partial<BenchOptions> = {}, timers = {}): Promise<Scene> {
  const bench = await openBench({ mode, database, ...options });
  benches.push(bench);
  const { slack } = bench;
  const [anna, boris] = [userOf(slack, 'Anna'), userOf(slack, 'Boris')];
  const general = slack.world.addChannel(slack.team, 'general', [anna.id, boris.id, slack.team.botUser]);
  const core = listeningCore();
  await bench.start(core, bench.surface(undefined, { timers: { apiMs: 1000, reconnectMs: 20, ...timers } }));
  return { bench, core, anna, boris, general };
}

const refusal: Card = {
  subject: 'refusal:campaign:12',
  tone: 'attention',
  title: 'Your roles do not let you approve.',
};

describe.each(MODES)('over %s', (mode) => {
  test('the slash command is a command, heard by nobody else and answered to nobody else', async () => {
    const { core, anna, boris, general } = await scene(mode);
    core.answer(() => cardAbout('campaign:12', 'Campaign 12', ['approve 12 a1b2c3']));
    const told = await anna.commands('show 12 &amp; <https://a.example/x|a>', general);
    expect(told.acked).toBe(true);
    await waitFor(() =>
      expect(anna.sees(general)).toMatchObject([{ isEphemeral: true, buttons: ['Do approve 12 a1b2c3'] }]),
    );
    expect(boris.sees(general)).toEqual([]);
    expect(core.heard).toEqual([
      {
        surface: 'slack',
        account: anna.account,
        displayName: 'Anna',
        id: expect.stringMatching(/^command:/u),
        text: 'show 12 & https://a.example/x',
        isPrivate: true,
        conversation: `${general.team}:${general.id}`,
      },
    ]);
  });

  test('the slash command works where Herald is no member, and alone asks for help', async () => {
    const { bench, core, anna } = await scene(mode);
    const closed = bench.slack.world.addChannel(bench.slack.team, 'closed', [anna.id]);
    await anna.commands('', closed);
    await waitFor(() => expect(anna.sees(closed)).toMatchObject([{ text: expect.stringContaining('help') }]));
    expect(core.heard.map(({ text }) => text)).toEqual(['help']);
  });

  test('the slash command is answered by what stays in the conversation with Herald, and whispered in one with somebody else', async () => {
    const { bench, core, anna, boris } = await scene(mode);
    core.answer(() => cardAbout('campaign:12', 'Campaign 12', ['help']));
    await anna.commands('show 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ isEphemeral: false }]));
    const { world, team } = bench.slack;
    const theirs = { ...world.addChannel(team, '', [anna.id, boris.id]), id: world.newId('D') };
    world.channels.set(theirs.id, theirs);
    await anna.commands('show 12', theirs);
    await waitFor(() => expect(anna.sees(theirs)).toMatchObject([{ isEphemeral: true }]));
    core.answer(() => cardAbout('help', 'What I can do'));
    await anna.presses(anna.sees(theirs)[0]!, 'Do help');
    await waitFor(() =>
      expect(anna.sees(theirs)).toMatchObject([
        {},
        { isEphemeral: true, text: expect.stringContaining('What I can do') },
      ]),
    );
  });

  test('a mention is answered in its thread, to who asked, and is not private', async () => {
    const { core, anna, boris, general } = await scene(mode);
    await anna.mentions(general, 'show 12', '1700000000.000100');
    await waitFor(() => expect(anna.sees(general)).toMatchObject([{ isEphemeral: true, thread: '1700000000.000100' }]));
    expect(boris.sees(general)).toEqual([]);
    expect(core.heard).toMatchObject([
      {
        text: 'show 12',
        isPrivate: false,
        displayName: 'Anna',
        conversation: `${general.team}:${general.id}:1700000000.000100`,
      },
    ]);
  });

  test('an answer that cannot be shown in the channel comes in private', async () => {
    const { bench, core, anna, general } = await scene(mode);
    core.answer(() => {
      general.members.delete(bench.slack.team.botUser);
      return cardAbout('campaign:12', 'Campaign 12');
    });
    await anna.mentions(general, 'show 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Campaign 12') }]));
  });

  test('a button edits its card for an answer about the same, and whispers a refusal to who pressed it', async () => {
    const { bench, core, anna, boris, general } = await scene(mode);
    const { slack } = bench;
    const surface = bench.surface();
    const place = `${slack.team.id}:${general.id}`;
    await surface.post(place, cardAbout('campaign:12', 'It waits', ['approve 12 a1b2c3']), 'k1');
    core.answer(({ account }) => (account === anna.account ? refusal : cardAbout('campaign:12', 'Approved by Boris')));
    const [card] = anna.sees(general);
    await anna.presses(card!, 'Do approve 12 a1b2c3');
    await waitFor(() => expect(anna.sees(general)).toHaveLength(2));
    expect(anna.sees(general)[1]).toMatchObject({ isEphemeral: true, text: refusal.title });
    expect(boris.sees(general)).toMatchObject([{ text: expect.stringContaining('It waits') }]);
    await boris.presses(card!, 'Do approve 12 a1b2c3');
    await waitFor(() =>
      expect(boris.sees(general)).toMatchObject([{ text: expect.stringContaining('Approved by Boris'), buttons: [] }]),
    );
    expect(core.heard.map(({ isPrivate }) => isPrivate)).toEqual([false, false]);
    expect(slack.world.messages.find(({ ts }) => ts === card!.id)!.metadata).toMatchObject({
      event_payload: { key: 'k1' },
    });
  });

  test('a button on a card that one person sees edits that card', async () => {
    const { core, anna, general } = await scene(mode);
    core.answer(() => cardAbout('campaign:12', 'Campaign 12', ['pause 12']));
    await anna.commands('show 12', general);
    await waitFor(() => expect(anna.sees(general)).toHaveLength(1));
    core.answer(() => cardAbout('campaign:12', 'Paused'));
    await anna.presses(anna.sees(general)[0]!, 'Do pause 12');
    await waitFor(() =>
      expect(anna.sees(general)).toMatchObject([{ text: expect.stringContaining('Paused'), isEphemeral: true }]),
    );
    expect(core.heard.at(-1)).toMatchObject({ text: 'pause 12', isPrivate: true });
  });

  test('a double click is one saying, though Slack names each click; a click later is another', async () => {
    const { bench, core, anna } = await scene(mode, {}, { clickMs: 300 });
    const surface = bench.surface();
    await surface.post((await surface.placeOf(anna.account))!, cardAbout('campaign:12', 'It waits', ['copy 12']), 'k');
    core.answer(() => null);
    const [card] = anna.sees();
    await Promise.all([anna.presses(card!, 'Do copy 12'), anna.presses(card!, 'Do copy 12')]);
    await anna.says('status');
    await waitFor(() => expect(core.heard.at(-1)?.text).toBe('status'));
    expect(core.heard.map(({ text }) => text)).toEqual(['copy 12', 'status']);
    await waitFor(async () => {
      await anna.presses(card!, 'Do copy 12');
      expect(core.heard.length).toBeGreaterThan(2);
    });
    expect(new Set(core.heard.map(({ id }) => id)).size).toBe(core.heard.length);
  });

  test('what takes long is told to take long, and the answer takes the place of that', async () => {
    const { core, anna, boris, general } = await scene(mode, {}, { patienceMs: 20 });
    const slow = Promise.withResolvers<Card | null>();
    core.answer(() => slow.promise);
    await anna.says('results 12');
    await boris.mentions(general, 'results 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: 'One moment, please: I am looking.' }]));
    await waitFor(() => expect(boris.sees(general)).toMatchObject([{ text: 'One moment, please: I am looking.' }]));
    slow.resolve(cardAbout('results:12', 'The results'));
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('The results') }]));
    await waitFor(() => expect(boris.sees(general).at(-1)!.text).toContain('The results'));
  });

  test('people who press do not wait for Slack to allow more edits, which it counts for all of them together', async () => {
    const { bench, core, anna } = await scene(mode);
    core.answer(() => cardAbout('campaign:12', 'Campaign 12', ['pause 12']));
    await anna.says('show 12');
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
    bench.slack.rates.refuse('chat.update', 60);
    core.answer(() => cardAbout('campaign:12', 'Paused'));
    await anna.presses(anna.sees()[0]!, 'Do pause 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Paused') }]));
  });

  test('what took long is answered beside the word of that while Slack allows no edits', async () => {
    const { bench, core, anna } = await scene(mode, {}, { patienceMs: 20 });
    bench.slack.rates.refuse('chat.update', 60);
    const { promise: counted, resolve } = Promise.withResolvers<Card>();
    core.answer(() => counted);
    await anna.says('list');
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
    resolve(cardAbout('list', 'Campaigns'));
    await waitFor(() => expect(anna.sees()[1]).toMatchObject({ text: expect.stringContaining('Campaigns') }));
  });

  test('what comes to nothing takes back that it takes long, and a failure is told', async () => {
    const { core, anna } = await scene(mode, {}, { patienceMs: 20 });
    const slow = Promise.withResolvers<Card | null>();
    core.answer(() => slow.promise);
    await anna.says('results 12');
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
    slow.resolve(null);
    await waitFor(() => expect(anna.sees()).toEqual([]));
    core.answer(() => Promise.reject(new Error('broken')));
    await anna.says('status');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Something went wrong') }]));
  });

  test('an answer that Slack asks to wait with comes later', async () => {
    const { bench, anna } = await scene(mode);
    bench.slack.rates.refuse('chat.postMessage', 1, anna.direct.id);
    await anna.says('status');
    await waitFor(() => expect(bench.slack.calls.some(({ answer }) => answer?.error === 'ratelimited')).toBe(true));
    bench.slack.rates.allow();
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('status') }]));
  });

  test('a shared file comes with what was said about it', async () => {
    const { bench, core, anna } = await scene(mode);
    await anna.says('', [anna.uploads('клиенты.csv', 'Phone\n+79000000001\n')]);
    await waitFor(() => expect(core.heard).toHaveLength(1));
    const [{ text, file } = { text: 'nothing was heard', file: undefined }] = core.heard;
    expect([text, file?.name]).toEqual(['', 'клиенты.csv']);
    expect(readFileSync(file!.path, 'utf8')).toBe('Phone\n+79000000001\n');
    await anna.says('new', [anna.uploads('large.csv', 'x'.repeat(10_001))]);
    await waitFor(() => expect(anna.sees().at(-1)!.text).toContain('“large.csv” is too large'));
    bench.slack.world.files.clear();
    await anna.says('new', [{ id: 'F1', name: 'gone.csv', bytes: Buffer.from('x'), team: bench.slack.team.id }]);
    await waitFor(() => expect(anna.sees().at(-1)!.text).toContain('I could not get “gone.csv” from Slack'));
    expect(core.heard).toHaveLength(1);
  });

  test('a file of somebody whom nobody knows is not taken', async () => {
    const bench = await openBench({ mode, database });
    benches.push(bench);
    const core = listeningCore();
    await bench.start(core, bench.surface(undefined, { knows: async () => false }));
    const stranger = userOf(bench.slack, 'Stranger');
    await stranger.says('', [stranger.uploads('list.csv', 'Phone\n')]);
    await waitFor(() => expect(core.heard).toMatchObject([{ text: '' }]));
    expect(core.heard[0]).not.toHaveProperty('file');
    expect(readdirSync(bench.folder)).not.toContain('uploads');
  });

  test('Home shows what waits, what runs and what went wrong, with buttons that answer in private', async () => {
    const { core, anna } = await scene(mode);
    core.answer(({ text }) => cardAbout(text.startsWith('list') ? 'list' : text, `About ${text}`, ['show 12']));
    await anna.opensHome();
    await waitFor(() => expect(anna.home()).toBeDefined());
    const words = wordsIn(anna.home()!.blocks);
    for (const part of ['About waiting', 'About list sending', 'About list missed']) expect(words).toContain(part);
    expect(core.heard.every(({ conversation }) => conversation === `${anna.account}:home`)).toBe(true);
    await anna.pressesHome('Do show 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('About show 12') }]));
    await waitFor(() => expect(core.heard.filter(({ text }) => text === 'waiting')).toHaveLength(2));
  });

  test('a stranger’s Home says one thing once', async () => {
    const { core, anna } = await scene(mode);
    core.answer(() => cardAbout('stranger', 'Who are you?'));
    await anna.opensHome();
    await waitFor(() => expect(anna.home()).toBeDefined());
    expect(wordsIn(anna.home()!.blocks).match(/Who are you/gu)).toHaveLength(1);
  });

  test('a link to a campaign shows what its sharer may see, and nothing to press', async () => {
    const { core, anna, boris, general } = await scene(mode);
    core.answer(({ account }) =>
      account === anna.account ? cardAbout('campaign:12', 'Campaign 12', ['pause 12']) : refusal,
    );
    const { message } = await anna.shares(general, 'https://herald.example.com/c/12');
    await waitFor(() => expect(Object.keys(message.unfurls)).toEqual(['https://herald.example.com/c/12']));
    const [shown] = Object.values(message.unfurls);
    expect(wordsIn(shown!.blocks)).toContain('Campaign 12');
    // What it costs, and from whom it comes, is on the card and not for the channel.
    expect(JSON.stringify(shown)).not.toMatch(/button|24\.00 RUB|ACME/);
    const other = await boris.shares(general, 'https://herald.example.com/c/12');
    const elsewhere = await anna.shares(general, 'https://herald.example.com.evil.example/c/12');
    await waitFor(() => expect(core.heard).toHaveLength(2));
    await anna.says('done');
    await waitFor(() => expect(anna.sees()).toHaveLength(1));
    expect([other.message.unfurls, elsewhere.message.unfurls]).toEqual([{}, {}]);
    expect(core.heard[0]).toMatchObject({ text: 'show 12', isPrivate: false, isGlance: true });
  });

  test('what others and Slack itself do in private is no saying', async () => {
    const { bench, core, anna } = await scene(mode);
    const event = (fields: object) =>
      bench.slack.delivery.tell('events_api', {
        type: 'event_callback',
        event_id: bench.slack.world.newId('Ev'),
        team_id: anna.person.team,
        event: { type: 'message', channel: anna.direct.id, channel_type: 'im', ts: '1.1', ...fields },
      });
    await event({ subtype: 'message_changed', message: { text: 'stop all' } });
    await event({ bot_id: 'B9', user: 'U9', text: 'stop all' });
    await event({ user: anna.id, channel_type: 'mpim', text: 'stop all' });
    await anna.says('status');
    await waitFor(() => expect(core.heard).toHaveLength(1));
  });

  describe('a form', () => {
    test('opens at once for `new`, and becomes one command', async () => {
      const { bench, core, anna, general } = await scene(mode);
      core.answer(() => cardAbout('campaign:13', 'Campaign 13'));
      await anna.commands('new', general);
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ title: { text: 'New campaign' } }));
      const opened = bench.slack.calls.map(({ method }) => method).filter((method) => method.startsWith('views'));
      expect(opened).toEqual(['views.open', 'views.update']);
      await anna.submits({ source: 'https://docs.google.com/spreadsheets/d/1', text: 'Hello "you" \\', name: 'A=b' });
      await waitFor(() => expect(anna.sees(general)).toMatchObject([{ text: expect.stringContaining('Campaign 13') }]));
      expect(anna.form()).toBeUndefined();
      expect(core.heard).toMatchObject([
        {
          text: '/new source="https://docs.google.com/spreadsheets/d/1" name="A=b" text="Hello \\"you\\" \\ "',
          conversation: `${general.team}:${general.id}`,
        },
      ]);
    });

    test('offers lists that were used lately, and what is typed counts before what is chosen', async () => {
      const { core, anna } = await scene(mode);
      const link = 'https://docs.google.com/spreadsheets/d/1';
      core.formFields = async (_surface, _account, campaign) =>
        campaign === null ? { recent: [{ name: 'Spring clients', link }] } : {};
      core.answer(() => cardAbout('campaign:13', 'Campaign 13'));
      const opens = () => waitFor(() => expect(anna.form()?.view).toMatchObject({ title: { text: 'New campaign' } }));
      await anna.commands('new');
      await opens();
      await anna.submits({ recent: 'Spring clients', text: 'Hello' });
      await anna.commands('new');
      await opens();
      await anna.submits({ recent: 'Spring clients', source: 'https://a.example' });
      await waitFor(() => expect(core.heard).toHaveLength(2));
      expect(core.heard.map(({ text }) => text)).toEqual([
        `/new source="${link}" text="Hello"`,
        '/new source="https://a.example"',
      ]);
    });

    test('shows a mistake at its field, and stays open', async () => {
      const { core, anna } = await scene(mode);
      core.answer(({ text }) => {
        if (text.includes('{{'))
          return {
            subject: 'mistake',
            tone: 'attention',
            title: 'The text has a mistake',
            lead: ['Nothing was kept.'],
          };
        if (text.includes('sender'))
          return { subject: 'mistake', tone: 'attention', title: 'Such a sender is too long' };
        if (text.includes('start')) return { subject: 'mistake', tone: 'attention', title: 'When is that?' };
        return { subject: 'audience', tone: 'attention', title: 'It cannot be read' };
      });
      await anna.commands('edit 12');
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ title: { text: 'Edit campaign 12' } }));
      await anna.submits({ text: 'Hello {{Name' });
      expect(anna.form()!.errors).toEqual({ text: 'The text has a mistake Nothing was kept.' });
      await anna.submits({ sender: 'A sender that is far too long' });
      expect(anna.form()!.errors).toEqual({ sender: 'Such a sender is too long' });
      await anna.submits({ start: 'some day' });
      expect(anna.form()!.errors).toEqual({ start: 'When is that?' });
      await anna.submits({ source: 'nothing' });
      expect(anna.form()!.errors).toEqual({ source: 'It cannot be read' });
      expect(anna.sees()).toEqual([]);
    });

    test('opens with what the campaign has, and says only what was changed of it', async () => {
      const { core, anna } = await scene(mode);
      const asked: unknown[] = [];
      core.formFields = async (...about) => {
        asked.push(about);
        return { name: 'Sale', text: 'Hello', sender: 'ACME', start: '2026-11-24 10:00 UTC+03:00' };
      };
      const initial = () =>
        anna
          .form()
          ?.view.blocks.flatMap((one) =>
            one.type === 'input' && 'initial_value' in one.element ? [one.element.initial_value] : [],
          );
      await anna.commands('edit 12');
      await waitFor(() => expect(initial()).toEqual(['Sale', 'Hello', 'ACME', '2026-11-24 10:00 UTC+03:00']));
      expect(asked).toEqual([['slack', anna.account, '12']]);
      await anna.submits({ text: 'Hello again' });
      await anna.commands('edit 12');
      await waitFor(() => expect(initial()).toHaveLength(4));
      await anna.submits({});
      await anna.commands('schedule 12');
      await waitFor(() => expect(initial()).toEqual(['2026-11-24 10:00 UTC+03:00']));
      await anna.submits({});
      await anna.commands('reject 12');
      await waitFor(() => expect(initial()).toEqual([]));
      await waitFor(() =>
        expect(core.heard.map(({ text }) => text)).toEqual([
          '/edit 12 text="Hello again"',
          '/show 12',
          '/schedule 12 start="2026-11-24 10:00 UTC+03:00"',
        ]),
      );
    });

    test('closes for all other answers, and for those that take long', async () => {
      const { core, anna } = await scene(mode, {}, { formMs: 20 });
      const slow = Promise.withResolvers<Card>();
      core.answer(() => slow.promise);
      await anna.commands('schedule 12');
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ title: { text: 'Time of campaign 12' } }));
      await anna.submits({ start: 'tomorrow 10:00' });
      expect(anna.form()).toBeUndefined();
      slow.resolve(refusal);
      await waitFor(() => expect(anna.sees()).toMatchObject([{ text: refusal.title }]));
      expect(core.heard.map(({ text }) => text)).toEqual(['/schedule 12 start="tomorrow 10:00"']);
    });

    test('asks for the reason of a rejection, and the card that waited shows it', async () => {
      const { bench, core, anna } = await scene(mode);
      const surface = bench.surface();
      await surface.post(
        (await surface.placeOf(anna.account))!,
        cardAbout('campaign:12', 'It waits', ['reject 12']),
        'k1',
      );
      core.answer(() => cardAbout('campaign:12', 'Rejected by Anna'));
      await anna.presses(anna.sees()[0]!, 'Do reject 12');
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ title: { text: 'Reject campaign 12' } }));
      await anna.submits({ reason: 'Too long,\nand “dull”' });
      await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Rejected by Anna') }]));
      expect(core.heard.map(({ text }) => text)).toEqual(['/reject 12 "Too long,\nand \\“dull\\”"']);
    });

    test('takes a file, which is taken anew when there was a mistake', async () => {
      const { bench, core, anna } = await scene(mode);
      await anna.shortcut('new_campaign');
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ callback_id: 'form' }));
      core.answer(() => ({ subject: 'audience', tone: 'attention', title: 'It is empty' }));
      await anna.submits({ file: anna.uploads('empty.csv', 'x') });
      expect(anna.form()!.errors).toEqual({ file: 'It is empty' });
      await waitFor(() => expect(readdirSync(join(bench.folder, 'uploads'))).toEqual([]));
      await anna.submits({ file: anna.uploads('large.csv', 'x'.repeat(10_001)) });
      expect(anna.form()!.errors.file).toContain('too large');
      core.answer(({ file }) => cardAbout('campaign:12', `From ${file?.name}`));
      await anna.submits({ file: anna.uploads('list.csv', 'Phone\n') });
      await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('From list.csv') }]));
    });

    test('opens with the text and the file of a message', async () => {
      const { core, anna } = await scene(mode);
      core.answer(({ file }) => cardAbout('campaign:12', `From ${file?.name}`));
      await anna.shortcut('new_campaign_from_message', {
        text: 'Sale & <more>',
        files: [anna.uploads('list.csv', 'Phone\n')],
      });
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ callback_id: 'form' }));
      await anna.submits({ sender: 'ACME' });
      await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('From list.csv') }]));
      expect(core.heard.map(({ text }) => text)).toEqual(['/new text="Sale & <more>" sender="ACME"']);
    });

    test('that another Herald opened is asked for once more', async () => {
      const { core, anna } = await scene(mode);
      await anna.commands('reject 12');
      await waitFor(() => expect(anna.form()?.view).toMatchObject({ callback_id: 'form' }));
      const open = anna.form()!;
      open.view = { ...open.view, private_metadata: 'old' };
      await anna.submits({ reason: 'dull' });
      await waitFor(() =>
        expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Please try once more') }]),
      );
      expect(core.heard).toEqual([]);
    });

    test('that is closed before it is filled leaves nothing to say', async () => {
      const { bench, core, anna } = await scene(mode);
      const locale = Promise.withResolvers<'en'>();
      core.localeOf = () => locale.promise;
      await anna.commands('new');
      await waitFor(() => expect(anna.form()).toBeDefined());
      bench.slack.world.views.clear();
      locale.resolve('en');
      await anna.says('help');
      await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('help') }]));
    });

    test('that came too late says so', async () => {
      let skew = 0;
      const { bench, anna, general } = await scene(mode, { fake: { skew: () => skew } });
      const { delivery, trigger } = bench.slack;
      const late = trigger(anna.id);
      skew = 4000;
      await delivery.tell('slash_commands', {
        command: '/sms',
        text: 'new',
        user_id: anna.id,
        user_name: 'Anna',
        channel_id: general.id,
        team_id: anna.person.team,
        trigger_id: late,
        response_url: bench.slack.addresses.open({
          channel: general.id,
          user: anna.id,
          bot: bench.slack.team.botUser,
          original: undefined,
        }),
      });
      await waitFor(() =>
        expect(anna.sees(general)).toMatchObject([{ text: expect.stringContaining('The form could not be opened') }]),
      );
    });
  });

  test('what cannot be looked up is told again by Slack, and heard then', async () => {
    const bench = await openBench({ mode, database, fake: { retryMs: [100, 100, 100], ackMs: 1000 } });
    benches.push(bench);
    const { secrets, world } = bench.slack;
    const token = world.tokens.get(secrets.bot)!;
    world.tokens.delete(secrets.bot);
    const log = capturedLog();
    await bench.start(listeningCore(), bench.surface(log));
    const anna = userOf(bench.slack, 'Anna');
    const telling = anna.says('help');
    await waitFor(() => expect(log.lines.join()).toContain('something from Slack was not answered'));
    world.tokens.set(secrets.bot, token);
    expect((await telling).acked).toBe(true);
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('help') }]));
  });

  test('a card that cannot be edited any more is answered by a message of its own', async () => {
    const { bench, core, anna } = await scene(mode);
    const surface = bench.surface();
    await surface.post(
      (await surface.placeOf(anna.account))!,
      cardAbout('campaign:12', 'It waits', ['pause 12']),
      'k1',
    );
    const [card] = anna.sees();
    core.answer(() => {
      bench.slack.world.messages.splice(0);
      return cardAbout('campaign:12', 'Paused');
    });
    await anna.presses(card!, 'Do pause 12');
    await waitFor(() => expect(anna.sees()).toMatchObject([{ text: expect.stringContaining('Paused') }]));
  });

  test('a bot that was away hears what Slack tells again, under the same id', async () => {
    const { bench, core, anna } = await scene(mode, { fake: { retryMs: [50, 50, 50] } });
    const restarted = bench.surface();
    await anna.says('one');
    await waitFor(() => expect(core.heard).toHaveLength(1));
    core.answer(() => null);
    await bench.slack.delivery.again();
    await waitFor(() => expect(core.heard).toHaveLength(2));
    expect(core.heard[1]!.id).toBe(core.heard[0]!.id);
    await bench.start(core, restarted);
    await anna.says('two');
    await waitFor(() => expect(core.heard.at(-1)!.text).toBe('two'));
  });
});

describe('over http', () => {
  const post = (url: string, body: string, headers: Record<string, string>) =>
    fetch(`${url}/slack/events`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  test('a forged and a replayed signature are refused, and nothing is heard', async () => {
    const { bench, core, anna } = await scene('http');
    const told = await anna.says('status');
    await waitFor(() => expect(core.heard).toHaveLength(1));
    const body = bodyOf('events_api', told.payload);
    const now = String(Math.floor(Date.now() / 1000));
    const old = String(Math.floor(Date.now() / 1000) - 301);
    const { signing } = bench.slack.secrets;
    const signed = (time: string, sign: string) => ({ 'x-slack-request-timestamp': time, 'x-slack-signature': sign });
    const tries = [
      {},
      signed(now, signature('wrong', now, body)),
      signed(now, signature('', now, body)),
      signed(now, signature(signing, now, `${body} `)),
      signed(now, signature(signing, old, body)),
      signed(old, signature(signing, old, body)),
      signed(now, `v0=${createHmac('sha256', signing).update(body).digest('hex')}`),
    ];
    for (const headers of tries) expect((await post(bench.url(), body, headers)).status).toBe(401);
    const unsigned = await post(bench.url(), '{"type":"url_verification","challenge":"x"}', {});
    expect(unsigned.status).toBe(401);
    expect(core.heard).toHaveLength(1);
  });

  test('a bot that stops sends Slack to another', async () => {
    const bench = await openBench({ mode: 'http', database, fake: { retryMs: [] } });
    benches.push(bench);
    const anna = userOf(bench.slack, 'Anna');
    const surface = bench.surface();
    await bench.listen(surface);
    expect((await anna.says('too early')).acked).toBe(false);
  });

  test('neither an empty secret nor half a configuration starts', async () => {
    const bench = await openBench({ mode: 'http', database });
    benches.push(bench);
    const settings = {
      botToken: 'xoxb-1',
      appToken: null,
      signingSecret: ' ',
      clientId: null,
      clientSecret: null,
      apiUrl: null,
    };
    const made =
      (more: Partial<typeof settings | Record<string, string | null>>, rest = {}) =>
      () =>
        bench.surface(undefined, { settings: { ...settings, ...more }, ...rest });
    expect(made({})).toThrow('SLACK_SIGNING_SECRET');
    expect(made({ signingSecret: null })).toThrow('SLACK_SIGNING_SECRET');
    expect(made({ signingSecret: 's', botToken: null })).toThrow('SLACK_BOT_TOKEN');
    expect(made({ signingSecret: 's', clientId: '1' })).toThrow('SLACK_CLIENT_SECRET');
    expect(made({ signingSecret: 's', clientId: '1', clientSecret: 's' }, { publicUrl: null })).toThrow('PUBLIC_URL');
  });
});

describe('over a socket', () => {
  test('a connection that Slack or the network ends is made anew', async () => {
    const { bench, core, anna } = await scene('socket');
    const { sockets } = bench.slack.delivery;
    for (const end of ['close', 'cut'] as const) {
      const [first] = sockets;
      first![end]();
      await waitFor(() => expect([...sockets].filter((one) => one !== first)).toHaveLength(1));
      await anna.says(end);
      await waitFor(() => expect(core.heard.at(-1)?.text).toBe(end));
    }
  });

  test('a wrong token does not keep Herald from starting', async () => {
    const bench = await openBench({ mode: 'socket', database });
    benches.push(bench);
    const settings = {
      ...bench.slack.secrets,
      botToken: bench.slack.secrets.bot,
      appToken: 'xapp-wrong',
      signingSecret: null,
      clientId: null,
      clientSecret: null,
      apiUrl: bench.slack.apiUrl,
    };
    await bench.start(listeningCore(), bench.surface(undefined, { settings }));
    const opened = bench.slack.calls.filter(({ method }) => method === 'apps.connections.open');
    expect(opened).toMatchObject([{ answer: { error: 'invalid_auth' } }]);
  });
});
