/** A campaign from its first word to its approval, as two people type it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import { type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
});
afterAll(() => office.close());

test('a campaign is made, shown, submitted and approved by somebody else', async () => {
  const file = office.file('people.csv', PEOPLE);
  const made = await office.say(
    'anna',
    `new ${file} name="Black Friday" text="Hello {{Name}}" sender=ACME start="tomorrow 10:00"`,
  );
  expect(made.subject).toBe('campaign:1');
  expect(await office.campaign('1')).toMatchObject({
    name: 'Black Friday',
    text: 'Hello {{Name}}',
    sender: 'ACME',
    start: { kind: 'at', at: new Date('2026-11-24T07:00:00Z') },
    frozen: { messages: 2, excluded: { 'phone-empty': 1 } },
  });
  expect(textOf(await office.say('anna', 'show 1'))).toContain('Black Friday');

  const submitted = await office.say('anna', 'submit 1');
  expect(submitted.subject).toBe('campaign:1');
  expect((await office.campaign('1')).state).toBe('submitted');
  expect(textOf(await office.notice('boris'))).toContain('Black Friday');
  const mark = markOf((await office.campaign('1')).submission!.hash);

  expect(textOf(await office.say('anna', `approve 1 ${mark}`))).toMatch(/somebody else has to decide/);
  await office.say('boris', `approve 1 ${mark}`);
  expect((await office.campaign('1')).state).toBe('scheduled');
});
