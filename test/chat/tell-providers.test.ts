/** Who is told of an operator that cannot be reached, and what. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markOf } from '../../src/campaigns/approve.ts';
import { tick } from '../../src/campaigns/tick.ts';
import { createProviderNews } from '../../src/chat/tell-providers.ts';
import { holdSlots } from '../support/slots.ts';
import { type Office, openOffice, PEOPLE, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ defaultSender: 'ACME' });
  await office.hire('anna', ['author']);
  await office.hire('boris', ['approver']);
  await office.hire('dina', ['author'], { department: 'support' });
  await office.hire('olga', ['admin'], { locale: 'ru' });
});
afterAll(() => office.close());

const event = (kind: string, body: Record<string, unknown>) => ({
  id: `${kind}-${JSON.stringify(body)}`,
  kind,
  subject: 'provider:alfa',
  department: null,
  at: office.clock,
  body,
});

test('admins and those whose campaigns it carries are told, each of their own', async () => {
  const { subject } = await office.say('anna', `new ${office.list('people', PEOPLE)} name=Sale text="Hello" start=now`);
  const id = subject.replace('campaign:', '');
  await office.say('anna', `submit ${id}`);
  await office.say('boris', `approve ${id} ${markOf((await office.campaign(id)).submission!.hash)}`);
  await tick(office.room.campaigns);
  await office.notice('anna', subject);
  await office.notice('boris', subject);

  const tell = createProviderNews(office.room);
  await tell(event('provider.down', { provider: 'alfa', since: '2026-11-23T09:00:00.000Z' }));
  for (const who of ['anna', 'boris']) {
    const said = textOf(await office.notice(who, 'provider:alfa'));
    expect(said).toContain('Operator alfa cannot be reached');
    expect(said).toContain('No other operator');
    expect(said).toContain(`${id} “Sale”`);
  }
  expect(textOf(await office.notice('olga', 'provider:alfa'))).toContain('Нет связи с оператором alfa');
  expect(await office.room.staff.store.noticesFor('dina')).toEqual([]);

  await holdSlots(office.room.accounts, 'beta', 'me');
  await tell(event('provider.down', { provider: 'alfa', since: '2026-11-23T10:00:00.000Z' }));
  expect(textOf(await office.notice('anna', 'provider:alfa'))).toContain('through beta');
  await tell(event('provider.back', { provider: 'alfa', since: '2026-11-23T10:30:00.000Z' }));
  expect(textOf(await office.notice('anna', 'provider:alfa'))).toContain('can be reached again');
});

test('what is no news of a provider is nobody told of', async () => {
  await createProviderNews(office.room)(event('provider.down', { provider: 12 }));
  expect(await office.room.staff.store.noticesFor('anna')).toEqual([]);
});
