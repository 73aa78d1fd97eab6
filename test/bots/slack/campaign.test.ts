/** One campaign through Slack with the real chat core behind it: from a file that is uploaded to an approval that counts once. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { formFieldsFor } from '../../../src/chat/form-fields.ts';
import type { ChatCore } from '../../../src/staff/surface.ts';
import { MONDAY, type Office, openOffice, PEOPLE } from '../../chat/office.ts';
import { type Seen, type User, userOf } from '../../fakes/slack/people.ts';
import { type Bench, MODES, openBench } from './bench.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME', waitMs: 30_000 });
});
afterAll(() => office.close());

let bench: Bench;
afterEach(() => bench.close());

const waitFor = <T>(check: () => T) => vi.waitFor(check, { timeout: 30_000, interval: 10 });

const core: ChatCore = {
  handle: (event) => office.raw(event),
  formFields: (surface, account, campaign) => formFieldsFor(office.room, surface, account, campaign),
  async localeOf(surface, account) {
    const id = await office.room.staff.store.accountOwner(surface, account);
    return (id !== null && (await office.room.staff.store.employee(id))?.locale) || 'en';
  },
};

/** Waits for a message of the bot with this in it, and no "one moment" in its place. */
const seen = (user: User, about: RegExp, channel = user.direct): Promise<Seen> =>
  waitFor(() => {
    const found = user.sees(channel).findLast(({ text }) => about.test(text));
    if (!found)
      throw new Error(
        `${user.person.name} sees only: ${user
          .sees(channel)
          .map(({ text }) => text)
          .join('\n---\n')}`,
      );
    return found;
  });

const button = (card: Seen, about: RegExp): string => {
  const found = card.buttons.find((label) => about.test(label));
  if (!found) throw new Error(`there is no such button among ${card.buttons.join(', ')}`);
  return found;
};

// Files are read in a process of their own, which takes its time to begin.
describe.each(MODES)('over %s', { timeout: 90_000 }, (mode) => {
  async function people(...names: readonly { readonly name: string; readonly locale: 'en' | 'ru' }[]) {
    return Promise.all(
      names.map(async ({ name, locale }) => {
        const user = userOf(bench.slack, name);
        const id = `${name.toLowerCase()}-${mode}`;
        await office.hire(id, ['author', 'approver'], { locale });
        await office.room.staff.store.link('slack', user.account, id, MONDAY);
        return user;
      }),
    );
  }

  test('a campaign is made of an upload, submitted, and approved once by somebody else', async () => {
    bench = await openBench({ mode, database: office.database, fake: { retryMs: [20, 20] } });
    const [maria, oleg] = (await people({ name: 'Maria', locale: 'en' }, { name: 'Oleg', locale: 'ru' })) as [
      User,
      User,
    ];
    const surface = await bench.start(core);
    const general = bench.slack.world.addChannel(bench.slack.team, 'general', [
      maria.id,
      oleg.id,
      bench.slack.team.botUser,
    ]);

    await maria.says('', [maria.uploads('list.csv', PEOPLE)]);
    await seen(maria, /What shall the message say/u);
    await maria.says('Hello {{Name}} & welcome');
    await bench.slack.delivery.again();
    await seen(maria, /When/u);
    await maria.says('skip');
    const draft = await seen(maria, /Nothing is missing/u);
    const id = /Campaign (\d+)/u.exec(draft.text)![1]!;
    expect((await office.campaign(id)).text).toBe('Hello {{Name}} & welcome');

    await maria.presses(draft, button(draft, /approval/u));
    await waitFor(async () => expect((await office.campaign(id)).state).toBe('submitted'));
    const own = await waitFor(() => {
      const card = maria.sees().find((one) => one.id === draft.id)!;
      expect(card.buttons).not.toEqual(draft.buttons);
      return card;
    });
    expect(own.text).toContain('waiting');

    // Its author is told why not, and nothing changes.
    await maria.commands(`approve ${id}`, general);
    await seen(maria, /wrote|own/u, general);
    expect((await office.campaign(id)).state).toBe('submitted');

    // A restart in between: buttons and forms are understood as before.
    await surface.stop();
    await office.restart();
    await bench.start(core, bench.surface());
    await oleg.commands(`покажи ${id}`, general);
    const waits = await seen(oleg, /Кампания/u, general);
    const approve = button(waits, /Согласовать/u);
    await Promise.all([oleg.presses(waits, approve), oleg.presses(waits, approve)]);
    await waitFor(async () => expect((await office.campaign(id)).state).toBe('approved'));
    await bench.slack.delivery.again();
    expect((await office.campaign(id)).approvals).toHaveLength(1);
    await waitFor(() =>
      expect(oleg.sees(general).filter(({ text }) => text.includes('согласован')).length).toBeGreaterThan(0),
    );
  });

  test('a form makes a campaign of a file, and a wrong text is told at its field', async () => {
    bench = await openBench({ mode, database: office.database });
    const [vera] = (await people({ name: 'Vera', locale: 'en' })) as [User];
    await bench.start(core);
    await vera.commands('new');
    await waitFor(() => expect(vera.form()?.view).toMatchObject({ callback_id: 'form' }));
    const file = vera.uploads('list.csv', PEOPLE);
    await vera.submits({ file, text: 'Hello {{Name' });
    expect(vera.form()!.errors.text).toContain('cannot be used');
    await vera.submits({ file, text: 'Hello {{Name}}, it’s "free" \\', start: 'some day' });
    expect(vera.form()!.errors.start).toMatch(/\S/u);
    await vera.submits({ file, text: 'Hello {{Name}}, it’s "free"', start: 'tomorrow 10:00', name: 'a="b" text=\'c' });
    const card = await seen(vera, /Nothing is missing/u);
    const id = /Campaign (\d+)/u.exec(card.text)![1]!;
    expect(await office.campaign(id)).toMatchObject({ name: 'a="b" text=\'c', text: 'Hello {{Name}}, it’s "free"' });
  });

  test('a stranger is told how to ask for access, everywhere', async () => {
    bench = await openBench({ mode, database: office.database });
    const stranger = userOf(bench.slack, 'Stranger');
    await bench.start(core);
    await stranger.says('stop all');
    await seen(stranger, /access/u);
    await stranger.opensHome();
    await waitFor(() => expect(JSON.stringify(stranger.home())).toContain('access'));
  });
});
