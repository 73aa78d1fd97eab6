/** What people are told in Telegram while a campaign goes out, over a restart in its middle: read from what Telegram shows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/server.ts';
import { type TestHerald, testHerald, until } from '../support/herald.ts';
import { draftOver, letOut, people } from '../support/steps.ts';

let house: TestHerald;
let telegram: FakeTelegram;
beforeAll(async () => {
  telegram = await startFakeTelegram({ limits: { burst: 3, perSecond: 30 } });
  house = await testHerald({ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url });
});
afterAll(async () => {
  await house.close();
  await telegram.close();
});

test('each has one card that tells how far it has come and how it ended, and one message when it is over', async () => {
  const arrive = async (id: string, role: 'author' | 'approver') => {
    const user = telegram.user(id);
    user.knowsBot();
    const employee = await house.hire(id, [role]);
    await house.herald.staff.store.link('telegram', user.account, id, new Date());
    return { ...user, employee };
  };
  const anna = await arrive('anna', 'author');
  const boris = await arrive('boris', 'approver');
  const cards = (who: typeof anna) => who.sees().filter((one) => one.text.startsWith('Campaign 1 '));

  const draft = await draftOver(house, anna.employee, people(2000));
  await letOut(house.herald, anna.employee, boris.employee, draft);
  await until('progress', async () => cards(anna).some((one) => one.buttons.includes('Pause')));
  await house.restart();
  for (const who of [anna, boris]) {
    await until('the last edit', async () => cards(who)[0]?.text.includes('— finished'), 60_000);
    await until('the news', async () => who.sees().some((one) => one.text.startsWith('Finished: campaign 1')));
    expect(cards(who)).toHaveLength(1);
    expect(cards(who)[0]!.buttons).not.toContain('Pause');
    expect(who.sees().filter((one) => one.text.startsWith('Finished: campaign 1'))).toHaveLength(1);
    expect(await house.herald.staff.store.noticesFor(who.employee.id)).toEqual([]);
  }
}, 90_000);
