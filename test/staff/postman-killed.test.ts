/** What a postman leaves behind that is killed in the middle of asking a chat, and one whose chat fails it at random. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/herald.ts';
import { type FarCall, type FarChat, type Fate, farSurface, openFarChat } from './far-chat.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';

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

/** Starts a postman elsewhere and kills it once it has asked the chat for this about `a`, which never answers. */
async function killWhileAsked(verb: FarCall['verb'], canFind: boolean): Promise<void> {
  const script = fileURLToPath(new URL('postman-process.ts', import.meta.url));
  const { uri, name } = office.database;
  const child = spawn(process.execPath, [script, uri, name, far.url, canFind ? 'yes' : 'no'], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  try {
    await until('the question', async () => far.calls.some((call) => call.verb === verb && call.key === 'a'), 60_000);
  } finally {
    // Also where it never asks: who is left behind holds on to the output, and the whole run would wait for it.
    child.kill('SIGKILL');
    await ended;
  }
}

describe('a postman that is killed while the chat is asked', () => {
  /** The first question about `a` stays without an answer, `shown` or not. */
  const unanswered =
    (shown: boolean) =>
    (call: FarCall): Fate =>
      call.verb === 'post' && call.key === 'a' && call.nth === 1 ? (shown ? 'silent' : 'lost-before') : 'ok';

  test.each([true, false])(
    'leaves what the next one looks up, and nothing is shown twice or lost (canFind: %s)',
    async (canFind) => {
      far.fate = unanswered(true);
      await office.want('anna', 'a', 'a', ['n1']);
      await office.want('anna', 'b', 'b');
      await killWhileAsked('post', canFind);
      office.hire([farSurface(far.url, { canFind })]);
      await office.quiet();
      expect(far.seenBy('anna')).toEqual(['a', 'b']);
      expect(await office.stateOf('a')).toBe(canFind ? 'posted' : 'unknown');
      expect(office.settled.map(({ state, notices }) => [state, ...notices])).toEqual([
        [canFind ? 'posted' : 'unknown', 'n1'],
      ]);
    },
  );

  test('in the middle of an edit leaves it to be edited again', async () => {
    const first = office.hire([farSurface(far.url)]);
    await office.want('anna', 'a', '10 %');
    await office.quiet();
    await first.stop();
    far.fate = (call) => (call.verb === 'update' && call.nth === 1 ? 'silent' : 'ok');
    await office.want('anna', 'a', '20 %');
    await killWhileAsked('update', false);
    office.hire([farSurface(far.url, { canFind: false })]);
    await office.quiet();
    expect(far.messages.map((one) => one.titles)).toEqual([['10 %', '20 %', '20 %']]);
  });
});

describe('whatever goes wrong', () => {
  const fate: fc.Arbitrary<Fate> = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Fate>('ok') },
    fc.constantFrom<Fate>('lost-before', 'lost-after', { kind: 'stale' }, { kind: 'refused', why: 'no' }),
    fc.record({
      kind: fc.constant('later' as const),
      afterMs: fc.nat({ max: 15 }),
      wide: fc.constantFrom('place' as const, 'surface' as const),
    }),
  );
  const said = fc.record({ card: fc.nat({ max: 3 }), title: fc.string({ minLength: 1, maxLength: 3 }) });

  test.each([true, false])(
    'a card stands at most once where that can be known, in its order, with its newest words, or it is said what became of it (canFind: %s)',
    async (canFind) => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(said, { minLength: 1, maxLength: 8 }),
          fc.array(fate, { maxLength: 12 }),
          async (says, fates) => {
            const prefix = `r${++round}`;
            let turn = 0;
            far.fate = (call) => {
              const next = call.verb === 'place' ? 'ok' : (fates[turn++] ?? 'ok');
              // A chat calls a card stale that it cannot edit, and refuses what it is given, never what it is asked.
              if (typeof next !== 'object') return next;
              if (next.kind === 'stale' && call.verb !== 'update') return 'ok';
              return call.verb === 'find' ? 'lost-before' : next;
            };
            const postman = office.hire([farSurface(far.url, { canFind })], {
              pollMs: 3,
              settleMs: 3,
              backoffMs: 1,
              mostTries: 50,
            });
            const newest = new Map<string, string>();
            for (const { card, title } of says) {
              const key = `${prefix} ${card}`;
              newest.set(key, title);
              await office.want('anna', key, title, [`${key} notice`]);
            }
            await office.quiet();
            await postman.stop();
            for (const [key, title] of newest) {
              const shown = far.messages.filter((one) => one.key.split('~')[0] === key);
              const state = await office.stateOf(key);
              expect(new Set(shown.map((one) => one.key)).size).toBe(shown.length);
              if (state === 'posted') expect(shown.at(-1)?.titles.at(-1)).toBe(title);
              else expect(['parked', 'unknown']).toContain(state);
              if (canFind) expect(state).not.toBe('unknown');
              expect(office.settled.filter((one) => one.key === key).length).toBeGreaterThan(0);
            }
            const firsts = far.messages
              .filter((one) => one.key.startsWith(`${prefix} `))
              .map((one) => one.key.split('~')[0]!);
            const wanted = [...newest.keys()].filter((key) => firsts.includes(key));
            expect([...new Set(firsts)]).toEqual(wanted);
          },
        ),
        { numRuns: 30 },
      );
    },
    120_000,
  );
});
