/** One person in several chats: codes said elsewhere and confirmed where they were asked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Card } from '../../src/staff/card.ts';
import { parseCode } from '../../src/staff/linking.ts';
import { commandsOf, MONDAY, type Office, openOffice, textOf } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const alone = { conversation: 'private', isPrivate: true };
const telegram = (account: string, text: string, more = {}) =>
  office.raw({ surface: 'telegram', account, displayName: `T${account}`, text, ...alone, ...more });
const pressed = (card: Card, style: 'primary' | 'danger') => card.actions!.find((one) => one.style === style)!.command;
const codeIn = (card: Card) => /[A-Z2-9]{5}-[A-Z2-9]{5}/.exec(card.title)![0];
const owner = (account: string) => office.room.staff.store.accountOwner('telegram', account);

describe('A code', () => {
  test('asked for in one chat, said in another and confirmed in the first, links the account', async () => {
    await office.hire('ann', ['author']);
    const made = await office.say('ann', 'link');
    expect(made.facts?.[0]?.value).toMatch(/^https:\/\/t\.me\/herald_bot\?start=[A-Z2-9]{10}$/);
    const taken = await telegram('100', `/start ${codeIn(made).replace('-', '')}`);
    expect(taken?.title).toBe('The code is right.');
    expect(await owner('100')).toBeNull();
    const claim = await office.notice('ann', 'T100');
    expect(claim.facts?.map((fact) => fact.value)).toEqual(['T100']);
    expect(claim.note).toContain('100');
    const done = await office.say('ann', pressed(claim, 'primary'));
    expect(done.title).toContain('Telegram is linked');
    expect(await owner('100')).toBe('ann');
    const trail = await office.room.staff.store.auditOf('employee:ann');
    expect(trail.at(-1)).toMatchObject({ action: 'staff.chat-linked', actor: 'ann', detail: { surface: 'telegram' } });
    expect((await telegram('100', 'settings'))?.title).toBe('Your settings');
  });

  test('is good for one account only, and for one answer', async () => {
    await office.hire('bob', ['author']);
    const code = codeIn(await office.say('bob', 'link'));
    await telegram('200', `link ${code.toLowerCase()}`);
    expect((await telegram('201', `link ${code}`))?.title).toContain('no such code');
    const claim = await office.notice('bob', 'T200');
    await office.say('bob', pressed(claim, 'primary'));
    expect((await office.say('bob', pressed(claim, 'primary'))).title).toContain('nothing to confirm');
    expect(await owner('201')).toBeNull();
  });

  test('that was turned away links nobody, and cannot be confirmed any more', async () => {
    await office.hire('cid', ['author']);
    await telegram('300', `link ${codeIn(await office.say('cid', 'link'))}`);
    const claim = await office.notice('cid', 'T300');
    expect((await office.say('cid', pressed(claim, 'danger'))).title).toContain('turned away');
    expect((await office.say('cid', pressed(claim, 'primary'))).title).toContain('nothing to confirm');
    expect(await owner('300')).toBeNull();
  });

  test.each([
    ['before it is said', 0],
    ['between saying and confirming', 1],
  ])('runs out after ten minutes, also %s', async (_, saidFirst) => {
    await office.hire(`dan${saidFirst}`, ['author']);
    const who = `dan${saidFirst}`;
    const code = codeIn(await office.say(who, 'link'));
    if (saidFirst) await telegram(`40${saidFirst}`, `link ${code}`);
    office.clock = new Date(office.clock.getTime() + 10 * 60_000);
    if (saidFirst) {
      const claim = await office.notice(who, 'T401');
      expect((await office.say(who, pressed(claim, 'primary'))).title).toContain('nothing to confirm');
    } else {
      expect((await telegram('400', `link ${code}`))?.title).toContain('no such code');
    }
    office.clock = MONDAY;
    expect(await owner(`40${saidFirst}`)).toBeNull();
  });

  test('is confirmed by nobody but who asked for it', async () => {
    await office.hire('eve', ['author']);
    await office.hire('fay', ['admin']);
    await telegram('500', `link ${codeIn(await office.say('eve', 'link'))}`);
    const claim = await office.notice('eve', 'T500');
    expect((await office.say('fay', pressed(claim, 'primary'))).title).toContain('nothing to confirm');
    expect(await owner('500')).toBeNull();
  });

  test('is void when a newer one was asked for', async () => {
    await office.hire('gil', ['author']);
    const first = codeIn(await office.say('gil', 'link'));
    await office.say('gil', 'link');
    expect((await telegram('600', `link ${first}`))?.title).toContain('no such code');
  });

  test('is neither given nor taken where others read along', async () => {
    await office.hire('hal', ['author']);
    await office.room.staff.store.link('slack', 'T1:U1', 'hal', office.clock);
    const open = { surface: 'slack', account: 'T1:U1', displayName: 'hal', conversation: 'C1' };
    expect((await office.raw({ ...open, text: 'link' }))?.title).toContain('nobody else reads along');
    const code = codeIn(await office.say('hal', 'link'));
    expect((await telegram('700', `link ${code}`, { isPrivate: false }))?.title).toContain('nobody else reads along');
    expect((await telegram('700', `link ${code}`))?.title).toBe('The code is right.');
  });

  test('said by an account that is somebody’s already changes nothing', async () => {
    await office.hire('ian', ['author']);
    await office.room.staff.store.link('telegram', '800', 'ian', office.clock);
    await office.hire('joe', ['author']);
    const code = codeIn(await office.say('joe', 'link'));
    expect((await telegram('800', `link ${code}`))?.title).toContain('linked already');
    expect(await owner('800')).toBe('ian');
  });

  test.each(['K7Q4R-9XFRM', 'k7q4r9xfrm', ' K7Q4R 9XFRM '])('is understood as %j', (said) => {
    expect(parseCode(said)).toBe('K7Q4R9XFRM');
  });

  test.each(['', 'K7Q4R', 'K7Q4R-9XFR0', 'K7Q4R-9XFRI', 'help'])('is not %j', (said) => {
    expect(parseCode(said)).toBeNull();
  });
});

describe('An invitation', () => {
  test('lets somebody in from a chat, when the admin who invited confirms', async () => {
    await office.hire('kim', ['admin']);
    await office.say('kim', 'staff add lea name="Lea Stone" roles=author');
    const made = await office.say('kim', 'staff invite lea');
    expect(made.title).toContain('The code for Lea Stone');
    await telegram('900', `link ${codeIn(made)}`);
    const claim = await office.notice('kim', 'T900');
    expect(claim.title).toContain('Lea Stone');
    await office.say('kim', pressed(claim, 'primary'));
    expect(await owner('900')).toBe('lea');
    expect((await office.notice('lea')).title).toContain('Hello, Lea Stone');
  });

  test('is not for somebody who is in a chat already: an admin cannot come to speak for an approver', async () => {
    await office.hire('kit', ['approver']);
    expect((await office.say('kim', 'staff invite kit')).title).toBe('Kit is in a chat with me already.');
    await office.say('kim', 'staff add liv name="Liv Stone" roles=approver');
    const made = await office.say('kim', 'staff invite liv');
    await telegram('910', `link ${codeIn(made)}`);
    const claim = await office.notice('kim', 'T910');
    await office.room.staff.store.link('slack', 'T1:ULIV', 'liv', office.clock);
    expect((await office.say('kim', pressed(claim, 'primary'))).title).toContain('already');
    expect(await owner('910')).toBeNull();
  });

  test('is told to all other admins', async () => {
    await office.hire('may', ['admin']);
    await office.say('kim', 'staff add lou name="Lou Stone" roles=author');
    await telegram('920', `link ${codeIn(await office.say('kim', 'staff invite lou'))}`);
    await office.say('kim', pressed(await office.notice('kim', 'T920'), 'primary'));
    expect((await office.notice('may', 'Lou Stone')).title).toBe('Kim let Lou Stone in from Telegram');
  });

  test('is an admin’s to make, and for people who are there', async () => {
    await office.hire('max', ['author']);
    expect((await office.say('max', 'staff invite kim')).title).toContain('do not let you');
    expect((await office.say('kim', 'staff invite nobody')).title).toContain('Nobody is called');
    expect((await office.say('kim', 'staff invite')).title).not.toContain('code for');
  });
});

describe('A further chat', () => {
  test('is told in all others', async () => {
    await office.hire('pia', ['approver']);
    await office.room.staff.store.link('telegram', '1100', 'pia', office.clock);
    const code = codeIn(await office.say('pia', 'link'));
    await telegram('1101', `link ${code}`);
    await office.say('pia', pressed(await office.notice('pia', 'T1101'), 'primary'));
    const told = await office.database.db.collection('postings').find({ employee: 'pia' }).toArray();
    expect(told.map((one) => [one.account, one.card.title])).toEqual([
      ['1100', 'A new chat was linked to you: Telegram, “T1101”'],
    ]);
  });
});

describe('Unlinking by an admin', () => {
  test('takes a lost chat away, the last one too, is kept in the trail, and told', async () => {
    await office.hire('ada', ['admin']);
    await office.hire('ren', ['approver']);
    await office.room.staff.store.link('telegram', '1200', 'ren', office.clock);
    const chats = await office.say('ada', 'staff unlink ren');
    expect(commandsOf(chats)).toEqual(['staff unlink ren console', 'staff unlink ren telegram']);
    expect((await office.say('ada', 'staff unlink ren telegram')).title).toBe('Telegram was taken away from Ren.');
    expect(await owner('1200')).toBeNull();
    expect((await office.notice('ren', 'Ada took')).title).toBe('Ada took Telegram away from Ren');
    expect((await office.notice('kim', 'Ada took')).title).toBe('Ada took Telegram away from Ren');
    const trail = await office.room.staff.store.auditOf('employee:ren');
    expect(trail.at(-1)).toMatchObject({
      action: 'staff.chat-unlinked',
      actor: 'ada',
      detail: { surface: 'telegram' },
    });
    expect(textOf(await office.say('ada', 'staff unlink ren console'))).toContain('no chat left');
    expect((await office.say('ada', 'staff invite ren')).title).toContain('The code for Ren');
  });

  test('is an admin’s, of chats and people that there are, and leaves the own last one', async () => {
    await office.hire('sam', ['author']);
    expect((await office.say('sam', 'staff unlink kim telegram')).title).toContain('do not let you');
    expect((await office.say('ada', 'staff unlink nobody')).title).toContain('Nobody is called');
    expect((await office.say('ada', 'staff unlink sam fax')).title).toContain('“fax”');
    expect((await office.say('ada', 'staff unlink sam telegram')).title).toContain('not linked');
    expect((await office.say('ada', 'staff unlink ada console')).title).toContain('only chat');
    expect((await office.say('ada', 'staff unlink sam console now')).title).toContain('now');
    expect((await office.say('ada', 'staff unlink')).tone).toBe('attention');
    await office.room.staff.store.link('telegram', '1300', 'ada', office.clock);
    expect((await office.say('ada', 'staff unlink ada telegram')).title).toContain('taken away');
  });
});

describe('Unlinking', () => {
  test('takes one chat away, and the account is a stranger’s again', async () => {
    await office.hire('ned', ['author']);
    await office.say('ned', 'help');
    await office.room.staff.store.link('telegram', '1000', 'ned', office.clock);
    const chats = await office.say('ned', 'unlink');
    expect(chats.facts?.map((fact) => fact.label)).toEqual(['Console', 'Telegram']);
    expect((await office.say('ned', 'отвязать телеграм')).title).toBe('Telegram is not linked any more.');
    expect(await owner('1000')).toBeNull();
  });

  test('leaves the last way in, and names a chat that there is not', async () => {
    await office.hire('olaf', ['author']);
    await office.say('olaf', 'help');
    expect((await office.say('olaf', 'unlink console')).title).toContain('only chat');
    expect((await office.say('olaf', 'unlink slack')).title).toContain('not linked');
    expect((await office.say('olaf', 'unlink fax')).title).toContain('“fax”');
  });
});
