/** Whatever is typed by whomever, in a form or out of it, is answered: nothing that a person can say breaks Herald. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PHRASES } from '../../src/chat/vocabulary.ts';
import { type Office, openOffice, PEOPLE } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  const people = office.list('people', PEOPLE);
  await office.hire('anna', ['author', 'approver', 'admin']);
  await office.hire('olga', ['author', 'approver', 'admin'], { locale: 'ru', zone: 'Asia/Kamchatka' });
  for (const who of ['anna', 'olga']) {
    await office.say(who, `new ${people} text="Hello {{Name}}" start="tomorrow 10:00"`);
    await office.say(who, `new ${people} text="Hello {{Nmae}}"`);
  }
  await office.say('anna', 'submit 1');
});
afterAll(() => office.close());

const PIECES = [
  ...'1|2|#1|№2|9999|12x|people.list|nowhere.list|people.csv|anna|olga|@anna|sales|author, approver|boss|yes|no|2'.split(
    '|',
  ),
  ...'text="Hi {{Name}}"|text="Hi {{"|текст=«Привет»|start=now|start="tomorrow at 5"|когда=завтра|until="25.11 18:00"'.split(
    '|',
  ),
  ...'zone=Омск|class=service|window=9-20|phone=Phone|hidden=take|header=0|tab=x|name=|"|“|=|+79161234567|123456'.split(
    '|',
  ),
  ...'tomorrow 10:00|завтра в 10|/|/cancel|back|назад|skip|\n|\u00a0|😀|​|{{Name}}|отмена|language ru|deputy olga until friday 18:00'.split(
    '|',
  ),
];

const line = fc
  .tuple(
    fc.option(fc.constantFrom(...Object.values(PHRASES).flat()), { nil: '' }),
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() }), {
      maxLength: 4,
    }),
  )
  .map(([command, pieces]) => [command, ...pieces].join(' '));

test('every line is answered by a card or by nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('anna', 'olga', 'a stranger'),
      fc.array(line, { minLength: 1, maxLength: 4 }),
      async (who, said) => {
        // One of them may have taken the other's rights before.
        await office.room.staff.store.change(who, { active: true, roles: ['author', 'approver', 'admin'] });
        for (const text of said) {
          const card = await office.raw({ account: who, text });
          expect(card?.subject ?? '', text).not.toMatch(/^trouble/);
          expect(card?.title ?? 'nothing', text).not.toBe('');
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
