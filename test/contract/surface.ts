/**
 * The contract of `src/staff/surface.ts`: what every chat promises, judged at the far end by what people see there. A chat's own
 * test calls it with servers to talk to, and lists the cases that it cannot keep, each with its reason.
 *
 * @example
 * describeSurface('telegram by polling', makeSurface, openFarEnd, { 'tells …': 'the chat has none' });
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Card } from '../../src/staff/card.ts';
import type { CardRef, ChatEvent, Posted } from '../../src/staff/surface.ts';
import { capturedLog } from './provider-far-end.ts';
import { type ChatFarEnd, cardAbout, listeningCore, type MakeSurface, type SeenMessage } from './surface-far-end.ts';

const WAIT = { timeout: 5_000, interval: 5 };
/** Who does not wait is found out by then. */
const A_WHILE_MS = 200;

/** Cases by name with the reason why this chat cannot keep them. */
export type Cannot = Readonly<Record<string, string>>;

export function describeSurface<F extends ChatFarEnd>(
  name: string,
  makeSurface: MakeSurface<F>,
  openFarEnd: () => Promise<{ farEnd: F; close: () => Promise<void> }>,
  cannot: Cannot = {},
): void {
  describe(`${name} keeps the contract of chats`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    const named = new Set<string>();
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean();
    });

    function promise(sentence: string, test: () => Promise<void>): void {
      named.add(sentence);
      const reason = cannot[sentence];
      if (reason === undefined) it(sentence, test);
      else it.skip(`${sentence} (cannot: ${reason})`, test);
    }

    async function setUp() {
      const { farEnd, close } = await openFarEnd();
      cleanups.push(close);
      const log = capturedLog();
      const core = listeningCore();
      const open = async () => {
        const surface = makeSurface(farEnd, log);
        cleanups.push(() => surface.stop());
        await surface.start(core);
        return surface;
      };
      const surface = await open();
      const place = (await surface.placeOf(farEnd.anna.account))!;
      return { farEnd, surface, core, log, place, open, anna: farEnd.anna, boris: farEnd.boris };
    }

    const sees = (message: SeenMessage | undefined, ...texts: readonly string[]) => {
      for (const text of texts) expect(message?.text).toContain(text);
    };

    const waitFor = (check: () => void) => vi.waitFor(check, WAIT);

    describe('showing', () => {
      promise('posts a card to a person, with its buttons', async () => {
        const { surface, anna, place } = await setUp();
        const posted = await surface.post(
          place,
          cardAbout('campaign:12', 'Campaign 12', ['pause 12', 'cancel 12']),
          'k1',
        );
        const [message, ...more] = anna.sees();
        sees(message, 'Campaign 12', '24.00 RUB', 'Sender', 'ACME');
        expect(message!.buttons).toEqual(['Do pause 12', 'Do cancel 12']);
        expect(more).toEqual([]);
        expect(refOf(posted)).toMatchObject({ surface: surface.name });
      });

      promise('edits a card where it stands', async () => {
        const { surface, anna, place } = await setUp();
        const ref = refOf(await surface.post(place, cardAbout('campaign:12', 'Sending', ['pause 12']), 'k1'));
        const edited = await surface.update(ref, cardAbout('campaign:12', 'Paused', ['resume 12']));
        expect(refOf(edited)).toEqual(ref);
        expect(anna.sees()).toHaveLength(1);
        sees(anna.sees()[0], 'Paused');
        expect(anna.sees()[0]!.buttons).toEqual(['Do resume 12']);
      });

      promise('takes an edit that changes nothing for done', async () => {
        const { surface, place } = await setUp();
        const card = cardAbout('campaign:12', 'Sending', ['pause 12']);
        const ref = refOf(await surface.post(place, card, 'k1'));
        expect(await surface.update(ref, card)).toMatchObject({ kind: 'posted' });
      });

      promise('shows signs of its own markup as the letters that they are', async () => {
        const { surface, anna, place } = await setUp();
        const title = '<b>5 < 6 & 7</b> *bold* _it_ ~no~ &lt; <@U1> <!channel> [a](b) {{Name}} \\ O’Brien';
        expect(await surface.post(place, cardAbout('campaign:12', title), 'k1')).toMatchObject({ kind: 'posted' });
        sees(anna.sees()[0], title);
      });

      promise('takes every card, however long it is', async () => {
        const { surface, anna, place } = await setUp();
        for (const card of LONG_CARDS)
          expect(await surface.post(place, card, card.subject)).toMatchObject({ kind: 'posted' });
        expect(anna.sees().length).toBeGreaterThanOrEqual(LONG_CARDS.length);
        sees(anna.sees()[0], 'A card that is long');
      });
    });

    describe('when it cannot be shown', () => {
      promise('says later, and for how long, when the place is written to too fast', async () => {
        const { surface, farEnd, anna, place } = await setUp();
        farEnd.behave('limits-place');
        const outcome = await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), 'k1');
        expect(outcome).toMatchObject({ kind: 'later', wide: 'place' });
        expect(outcome.kind === 'later' && outcome.afterMs).toBeGreaterThan(0);
        expect(anna.sees()).toEqual([]);
        farEnd.behave('takes');
        await vi.waitFor(
          async () => expect((await surface.post(place, cardAbout('campaign:12', 'Now'), 'k1')).kind).toBe('posted'),
          WAIT,
        );
      });

      promise('says later when the chat is written to too fast altogether', async () => {
        const { surface, farEnd, anna, place } = await setUp();
        farEnd.behave('limits-all');
        const outcome = await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), 'k1');
        expect(outcome).toMatchObject({ kind: 'later', afterMs: expect.any(Number) });
        expect(anna.sees()).toEqual([]);
      });

      promise('says later of an edit as well, and the card stays as it was', async () => {
        const { surface, farEnd, anna, place } = await setUp();
        const ref = refOf(await surface.post(place, cardAbout('campaign:12', 'Sending'), 'k1'));
        farEnd.behave('limits-place');
        expect(await surface.update(ref, cardAbout('campaign:12', 'Paused'))).toMatchObject({ kind: 'later' });
        sees(anna.sees()[0], 'Sending');
      });

      promise('says gone of a person who wants no more of the bot', async () => {
        const { surface, anna, place } = await setUp();
        anna.leaves();
        expect(await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), 'k1')).toMatchObject({
          kind: 'gone',
        });
      });

      promise('says gone of a place that there never was', async () => {
        const { surface, farEnd } = await setUp();
        const outcome = await surface.post(farEnd.noPlace, cardAbout('campaign:12', 'Campaign 12'), 'k1');
        expect(outcome).toEqual({ kind: 'gone', why: 'no-such-place' });
      });

      promise('says stale of an edit when the card is not there any more', async () => {
        const { surface, farEnd, anna, place } = await setUp();
        const ref = refOf(await surface.post(place, cardAbout('campaign:12', 'Sending'), 'k1'));
        farEnd.removes(anna.sees()[0]!);
        expect(await surface.update(ref, cardAbout('campaign:12', 'Paused'))).toEqual({ kind: 'stale' });
        expect(anna.sees()).toEqual([]);
      });

      for (const behaviour of ['hangs-up', 'takes-in-silence'] as const) {
        promise(`says unknown when the chat ${behaviour}: it was shown, and nobody can know`, async () => {
          const { surface, farEnd, anna, place } = await setUp();
          farEnd.behave(behaviour);
          const card = cardAbout('campaign:12', 'Campaign 12');
          expect(await surface.post(place, card, 'k1')).toMatchObject({ kind: 'unknown' });
          expect(anna.sees()).toHaveLength(1);
          farEnd.behave('takes');
          if (!surface.find) return;
          const found = await surface.find(place, 'k1');
          expect(found && (await surface.update(found, cardAbout('campaign:12', 'Found')))).toMatchObject({
            kind: 'posted',
          });
          sees(anna.sees()[0], 'Found');
          expect(await surface.find(place, 'k2')).toBeNull();
        });
      }

      promise('never says posted of what the chat answers with an error of its own', async () => {
        const { surface, farEnd, place } = await setUp();
        farEnd.behave('breaks');
        const outcome = await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), 'k1');
        expect(['unknown', 'later']).toContain(outcome.kind);
      });
    });

    describe('listening', () => {
      promise('hands over what a person says, and shows the answer where it was said', async () => {
        const { core, anna, farEnd } = await setUp();
        core.answer(() => cardAbout('campaign:12', 'Here it is'));
        anna.says('покажи 12');
        await waitFor(() => sees(anna.sees().at(-1), 'Here it is'));
        expect(core.heard).toEqual([
          expect.objectContaining({
            surface: farEnd.surface,
            account: anna.account,
            text: 'покажи 12',
            isPrivate: true,
          }),
        ]);
        expect(core.heard[0]!.id).toEqual(expect.any(String));
        await waitFor(() => expect(farEnd.isHeard()).toBe(true));
      });

      promise(
        'hands over what a button says, for the person who presses it, and edits the card of the same subject',
        async () => {
          const { core, surface, anna, place } = await setUp();
          await surface.post(place, cardAbout('campaign:12', 'Sending', ['pause 12', 'cancel 12']), 'k1');
          core.answer(() => cardAbout('campaign:12', 'Paused', ['resume 12']));
          anna.presses(anna.sees()[0]!, 'Do pause 12');
          await waitFor(() => sees(anna.sees()[0], 'Paused'));
          expect(anna.sees()).toHaveLength(1);
          expect(core.heard).toEqual([expect.objectContaining({ account: anna.account, text: 'pause 12' })]);
        },
      );

      promise('shows an answer about something else as a new message', async () => {
        const { core, surface, anna, place } = await setUp();
        await surface.post(place, cardAbout('campaign:12', 'Sending', ['help']), 'k1');
        core.answer(() => cardAbout('help', 'What I can do'));
        anna.presses(anna.sees()[0]!, 'Do help');
        await waitFor(() => sees(anna.sees()[1], 'What I can do'));
        sees(anna.sees()[0], 'Sending');
      });

      promise('gives what the chat repeats the same id, and different sayings different ones', async () => {
        const { core, anna, farEnd } = await setUp();
        anna.says('stop all');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        await waitFor(() => expect(farEnd.isHeard()).toBe(true));
        core.answer(() => null);
        farEnd.repeats();
        await waitFor(() => expect(core.heard).toHaveLength(2));
        anna.says('stop all');
        await waitFor(() => expect(core.heard).toHaveLength(3));
        const [first, again, next] = core.heard.map(({ id }) => id);
        expect(again).toBe(first);
        expect(next).not.toBe(first);
      });

      promise('hears the sayings of one person in their order', async () => {
        const { core, anna } = await setUp();
        const said = ['one', 'two', 'three', 'four', 'five'];
        for (const text of said) anna.says(text);
        await waitFor(() => expect(core.heard.map(({ text }) => text)).toEqual(said));
        await waitFor(() => expect(anna.sees()).toHaveLength(said.length));
      });

      promise('tells the chat in time that it was heard, and shows a slow answer when it comes', async () => {
        const { core, anna, farEnd } = await setUp();
        const slow = Promise.withResolvers<Card>();
        core.answer(() => slow.promise);
        anna.says('results 12');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        await waitFor(() => expect(farEnd.isHeard()).toBe(true));
        slow.resolve(cardAbout('results:12', 'The results'));
        await waitFor(() => sees(anna.sees().at(-1), 'The results'));
      });

      promise('answers one person while the answer to another takes long', async () => {
        const { core, anna, boris } = await setUp();
        const slow = Promise.withResolvers<Card>();
        core.answer((event) => (event.account === anna.account ? slow.promise : cardAbout('status', 'All is well')));
        anna.says('results 12');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        boris.says('status');
        await waitFor(() => sees(boris.sees().at(-1), 'All is well'));
        slow.resolve(cardAbout('results:12', 'The results'));
        await waitFor(() => sees(anna.sees().at(-1), 'The results'));
      });

      promise('goes on when an answer fails, whoever is to blame', async () => {
        const { core, anna } = await setUp();
        core.answer(({ text }) => {
          if (text === 'status') return cardAbout('status', 'All is well');
          throw new Error('broken');
        });
        anna.says('results 12');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        anna.says('status');
        await waitFor(() => sees(anna.sees().at(-1), 'All is well'));
      });

      promise('understands buttons that were shown before a restart', async () => {
        const { core, surface, anna, place, open } = await setUp();
        await surface.post(place, cardAbout('campaign:12', 'Sending', ['pause 12']), 'k1');
        await surface.stop();
        await open();
        core.answer(() => cardAbout('campaign:12', 'Paused'));
        anna.presses(anna.sees()[0]!, 'Do pause 12');
        await waitFor(() => sees(anna.sees()[0], 'Paused'));
        expect(core.heard.map(({ text }) => text)).toEqual(['pause 12']);
      });
    });

    describe('stopping', () => {
      promise('waits for the answers under way, and hears nothing more', async () => {
        const { core, surface, anna } = await setUp();
        const slow = Promise.withResolvers<Card>();
        core.answer(() => slow.promise);
        anna.says('results 12');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        const stopped = surface.stop();
        const isWaiting = await Promise.race([stopped.then(() => false), sleep(A_WHILE_MS, true)]);
        expect(isWaiting).toBe(true);
        slow.resolve(cardAbout('results:12', 'The results'));
        await stopped;
        sees(anna.sees().at(-1), 'The results');
        anna.says('status');
        await surface.stop();
        expect(core.heard.map(({ text }: ChatEvent) => text)).toEqual(['results 12']);
      });

      promise('leaves no secret in the log', async () => {
        const { farEnd, surface, core, log, anna, place } = await setUp();
        for (const behaviour of ['limits-all', 'hangs-up', 'breaks', 'takes'] as const) {
          farEnd.behave(behaviour);
          await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), behaviour);
        }
        anna.says('status');
        await waitFor(() => expect(core.heard).toHaveLength(1));
        await surface.stop();
        for (const secret of farEnd.secrets) expect(log.lines.filter((line) => line.includes(secret))).toEqual([]);
      });
    });

    it('excuses only cases that there are', () => {
      expect(Object.keys(cannot).filter((sentence) => !named.has(sentence))).toEqual([]);
    });
  });
}

function refOf(outcome: Posted | null): CardRef {
  if (outcome?.kind !== 'posted') throw new Error(`it was not posted: ${JSON.stringify(outcome)}`);
  return outcome.ref;
}

const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Each too long for any chat in its own way. */
const LONG_CARDS: readonly Card[] = [
  { subject: 'a', tone: 'info', title: 'A card that is long', lead: many(300, (n) => `Line ${n} of the lead & more.`) },
  { subject: 'b', tone: 'info', title: 'long '.repeat(2_000) },
  { subject: 'c', tone: 'bad', title: 'One line', lead: ['<&>'.repeat(5_000)] },
  {
    subject: 'd',
    tone: 'good',
    title: 'Facts',
    facts: many(200, (n) => ({ label: `Label ${n}`, value: 'value '.repeat(20) })),
  },
  {
    subject: 'e',
    tone: 'attention',
    title: 'Tables',
    sections: many(60, (n) => ({
      title: `Section ${n}`,
      table: { head: ['Provider', 'Sent', ''], rows: many(30, (row) => [`Provider ${row}`, '1,000', '🎉']) },
    })),
  },
  {
    subject: 'f',
    tone: 'info',
    title: 'Many buttons',
    actions: many(150, (n) => ({
      label: `Button ${n} ${'wide '.repeat(n % 30)}`,
      command: `edit 12 text="${'я'.repeat(n * 20)}"`,
    })),
  },
  { subject: 'g', tone: 'info', title: '🎉'.repeat(3_000), note: '🎂'.repeat(3_000) },
];
