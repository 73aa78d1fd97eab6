import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SlackSurface } from '../../../bots/slack/surface.ts';
import { cardAbout, listeningCore } from '../../contract/surface-far-end.ts';
import { type User, userOf } from '../../fakes/slack/people.ts';
import type { Team } from '../../fakes/slack/world.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, openBench, PUBLIC_URL } from './bench.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** Herald is not there just now; others are written to meanwhile. */
const WAITS = { kind: 'later', wide: 'place' };

let bench: Bench;
let skew = 0;
afterEach(async () => {
  skew = 0;
  await bench.close();
});

const waitFor = <T>(check: () => T) => vi.waitFor(check, { timeout: 5000, interval: 5 });
const HOUR = 3_600_000;

async function open(mode: 'http' | 'socket' = 'http', only?: readonly string[]) {
  bench = await openBench({
    mode,
    database,
    many: true,
    ...(only && { only }),
    fake: { skew: () => skew, retryMs: [] },
  });
  const core = listeningCore();
  const surface = await bench.start(core);
  return { core, surface };
}

/** What an admin's browser does, up to the page that it ends with. */
async function install(team: Team, { cookie = true, state = true } = {}): Promise<Response> {
  const begun = await fetch(`${bench.url()}/slack/install`, { redirect: 'manual' });
  const back = new URL(bench.slack.oauth.agree(begun.headers.get('location')!, team));
  if (!state) back.searchParams.set('state', 'guessed');
  const [own = ''] = begun.headers.getSetCookie().map((one) => one.split(';')[0]!);
  return fetch(`${back.href.replace(PUBLIC_URL, bench.url())}`, { headers: cookie ? { cookie: own } : {} });
}

const refreshes = () => bench.slack.calls.filter(({ fields }) => fields.grant_type === 'refresh_token');
const stored = () => database.db.collection('slackInstallations').find().toArray();

async function posts(surface: SlackSurface, user: User, key: string) {
  const place = await surface.placeOf(user.account);
  return place === null ? null : surface.post(place, cardAbout('campaign:12', 'Campaign 12'), key);
}

describe('workspaces', () => {
  test.each(['http', 'socket'] as const)(
    'are installed from the browser, and spoken to with tokens of their own, over %s',
    async (mode) => {
      const { core, surface } = await open(mode);
      const { world } = bench.slack;
      const [north, south] = [world.addTeam('North'), world.addTeam('South', `E0${mode.toUpperCase()}`)];
      const [anna, sveta] = [userOf(bench.slack, 'Anna', north), userOf(bench.slack, 'Sveta', south)];
      expect(await posts(surface, anna, 'k0')).toMatchObject(WAITS);
      await anna.says('before');
      for (const team of [north, south]) {
        const page = await install(team);
        expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(team.name)]);
      }
      await anna.says('show 1');
      await sveta.says('show 2');
      await waitFor(() => expect(anna.sees().at(-1)?.text).toContain('show 1'));
      await waitFor(() => expect(sveta.sees().at(-1)?.text).toContain('show 2'));
      expect(core.heard.map(({ account }) => account)).toEqual([anna.account, `E0${mode.toUpperCase()}:${sveta.id}`]);
      expect(await posts(surface, sveta, 'k')).toMatchObject({ kind: 'posted' });
      expect(await surface.placeOf('nobody')).toBeNull();
      const shown = JSON.stringify(await stored());
      for (const { token } of world.tokens.values()) expect(shown).not.toContain(token);
    },
  );

  test('are not installed by a browser that did not begin it, nor with a state that was guessed', async () => {
    await open();
    const team = bench.slack.world.addTeam('North');
    for (const forged of [{ cookie: false }, { state: false }]) expect((await install(team, forged)).status).toBe(400);
    expect(bench.slack.calls.some(({ method }) => method === 'oauth.v2.access')).toBe(false);
  });

  test('are none but those that the configuration names, where it names any', async () => {
    const { surface } = await open('http', ['T0NOBODY']);
    const team = bench.slack.world.addTeam('Somebody else’s');
    const anna = userOf(bench.slack, 'Anna', team);
    expect((await install(team)).status).toBe(400);
    expect(await posts(surface, anna, 'k0')).toMatchObject(WAITS);
    expect(JSON.stringify(await stored())).not.toContain(team.id);
  });

  test('renew a token before it ends, once for all who need it, also for what nobody asked for', async () => {
    const { surface } = await open();
    const team = bench.slack.world.addTeam('North');
    const anna = userOf(bench.slack, 'Anna', team);
    await install(team);
    const others = [bench.surface(), bench.surface()];
    skew = 11.99 * HOUR;
    const outcomes = await Promise.all([surface, ...others].map((one, index) => posts(one, anna, `k${index}`)));
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['posted', 'posted', 'posted']);
    expect(refreshes()).toHaveLength(1);
    skew = 23 * HOUR;
    await anna.says('help');
    await waitFor(() => expect(anna.sees().at(-1)?.text).toContain('help'));
    await waitFor(() => expect(refreshes()).toHaveLength(2));
    expect(await surface.find!((await surface.placeOf(anna.account))!, 'k1')).not.toBeNull();
  });

  test('use what is left of a token that cannot be renewed, and ask again later', async () => {
    const { surface } = await open();
    const team = bench.slack.world.addTeam('North');
    const anna = userOf(bench.slack, 'Anna', team);
    await install(team);
    const { oauth } = bench.slack;
    const place = (await surface.placeOf(anna.account))!;
    oauth.isBroken = true;
    skew = 11.99 * HOUR;
    expect(await posts(surface, anna, 'k1')).toMatchObject({ kind: 'posted' });
    expect(await posts(surface, anna, 'k2')).toMatchObject({ kind: 'posted' });
    expect(refreshes()).toHaveLength(1);
    skew = 13 * HOUR;
    expect(await surface.post(place, cardAbout('campaign:12', 'Campaign 12'), 'k2')).toMatchObject({
      kind: 'later',
      wide: 'place',
    });
    oauth.isBroken = false;
    skew += 31_000;
    expect(await posts(surface, anna, 'k3')).toMatchObject({ kind: 'posted' });
    expect(refreshes().at(-1)!.answer).toMatchObject({ ok: true });
  });

  test('are forgotten when Herald is taken out of them, and can be installed anew', async () => {
    const { surface } = await open();
    const team = bench.slack.world.addTeam('North');
    const anna = userOf(bench.slack, 'Anna', team);
    const told = (type: string, fields = {}) =>
      bench.slack.delivery.tell('events_api', {
        type: 'event_callback',
        team_id: team.id,
        event_id: bench.slack.world.newId('Ev'),
        event: { type, ...fields },
      });
    await install(team);
    await told('tokens_revoked', { tokens: { oauth: ['U9'] } });
    await told('tokens_revoked', { tokens: { bot: ['U0ANOTHER'] } });
    const post = async () =>
      surface.post((await surface.placeOf(anna.account))!, cardAbout('campaign:12', 'Twelve'), 'k');
    expect(await post()).toMatchObject({ kind: 'posted' });
    await told('tokens_revoked', { tokens: { bot: [team.botUser] } });
    await waitFor(async () => expect(await post()).toMatchObject(WAITS));
    await install(team);
    expect(await post()).toMatchObject({ kind: 'posted' });
    const place = (await surface.placeOf(anna.account))!;
    await told('app_uninstalled');
    // The person is not to blame: when Herald is there again, what waits is shown.
    await waitFor(() => expect(surface.find!(place, 'k')).rejects.toThrow('not installed'));
    expect(await post()).toMatchObject(WAITS);
  });
});

test('the one workspace of a token is the only one that is heard', async () => {
  bench = await openBench({ mode: 'http', database, fake: { retryMs: [] } });
  const { slack } = bench;
  const core = listeningCore();
  const surface = await bench.start(core);
  const [own, other] = [userOf(slack, 'Anna'), userOf(slack, 'Boris', slack.world.addTeam('Other'))];
  await other.says('stop all');
  await own.says('help');
  await waitFor(() => expect(own.sees()).toHaveLength(1));
  expect(core.heard.map(({ text }) => text)).toEqual(['help']);
  expect(await posts(surface, other, 'k0')).toMatchObject(WAITS);
  await slack.delivery.tell('events_api', {
    type: 'event_callback',
    team_id: slack.team.id,
    event_id: 'Ev1',
    event: { type: 'app_uninstalled' },
  });
  expect(await surface.placeOf(own.account)).not.toBeNull();
});
