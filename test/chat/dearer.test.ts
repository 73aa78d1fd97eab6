/** Dearer than was approved, over the chat core: who is told, what the card says, and its button. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askDearer } from '../../src/campaigns/allow-dearer.ts';
import { markOf } from '../../src/campaigns/approve.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { commandsOf, type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver'], { locale: 'ru' });
  await office.hire('vera', ['viewer']);
  await office.say('anna', `new ${office.list('people', PEOPLE)} text="Hello {{Name}}" start="now"`);
  await office.say('anna', 'submit 1');
  const { submission } = await office.campaign('1');
  await office.say('boris', `approve 1 ${markOf(submission!.hash)}`);
  await tick(office.room.campaigns);
});
afterAll(() => office.close());

test('those who may decide get a card with a button, the author one without, and a press lets it go', async () => {
  expect((await office.campaign('1')).state).toBe('sending');
  expect(textOf(await office.say('boris', 'разрешить цену 1'))).toMatch(/ничто не ждёт/u);
  await askDearer(office.room.campaigns, '1', [{ from: 2_000_000, to: 2_600_000, provider: 'alfa' }]);
  const asked = await office.notice('boris', 'дороже согласованного');
  expect(textOf(asked)).toMatch(
    /Согласовано до[\s\S]*2,00[\s\S]*2,60[\s\S]*alfa[\s\S]*2\n[\s\S]*1,20[\s\S]*ждут маршрута подешевле/u,
  );
  const button = commandsOf(asked).find((one) => one.startsWith('разрешить цену 1 '))!;
  const told = await office.notice('anna', 'cost more than was approved');
  expect(commandsOf(told).some((one) => one.startsWith('allow price'))).toBe(false);

  expect(textOf(await office.say('anna', button.replace('разрешить цену', 'allow price')))).toMatch(/wrote|own/);
  expect(textOf(await office.say('boris', 'разрешить цену 1 ffffff'))).toMatch(/ffffff/);
  expect(commandsOf(await office.say('boris', 'разрешить цену 1'))).toContain(button);
  const allowed = await office.say('boris', button);
  expect(textOf(allowed)).not.toMatch(/Дороже, чем согласовано/u);
  expect((await office.campaign('1')).dearer?.allowed).toMatchObject([
    { from: 2_000_000, to: 2_600_000, by: ['boris'] },
  ]);
  expect(textOf(await office.notice('anna', 'has allowed a dearer route'))).toMatch(/Boris/);
});

test('a card that waits to be shown is dropped when it was answered meanwhile', async () => {
  await askDearer(office.room.campaigns, '1', [{ from: 2_000_000, to: 3_000_000, provider: 'alfa' }]);
  const mark = (await office.campaign('1')).dearer!.asked!.mark;
  await expect
    .poll(
      () => office.database.db.collection('notices').countDocuments({ employee: 'boris', 'about.kind': 'dearer' }),
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);
  await office.say('boris', `разрешить цену 1 ${mark}`);
  const shown = await office.say('boris', 'уведомления');
  expect(textOf(shown)).not.toMatch(/дороже согласованного/u);
});
