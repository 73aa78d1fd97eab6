/** The small rules of Slack: ids, marks, limits, what an error means, whom the token may be told, which forms there are. */
import { webApi } from '@slack/bolt';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf, placeOf, readAccount, readPlace } from '../../../bots/slack/address.ts';
import { isSlacksOwn } from '../../../bots/slack/download.ts';
import { cut, LIMITS, pieces } from '../../../bots/slack/limits.ts';
import { carriedIn, faultIn, fieldAtFault, formFor, formView, loadingView } from '../../../bots/slack/modal.ts';
import { outcomeOf } from '../../../bots/slack/outcome.ts';
import type { Spot } from '../../../bots/slack/reply.ts';
import { saidTo, typed } from '../../../bots/slack/said.ts';
import { createTurns } from '../../../bots/slack/turns.ts';
import { campaignIn } from '../../../bots/slack/unfurl.ts';
import { LOCALES } from '../../../src/texts/index.ts';
import { judgeView } from '../../fakes/slack/validity.ts';

describe('what was typed', () => {
  test.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['new <https://docs.google.com/d/1?a=1&amp;b=2>', 'new https://docs.google.com/d/1?a=1&b=2'],
    ['see <http://example.com|example.com>', 'see example.com'],
    ['<mailto:a@example.com|a@example.com> <tel:+79000000001|+7 900 000-00-01>', 'a@example.com +7 900 000-00-01'],
    ['<https://a.example/x|here>', 'https://a.example/x'],
    ['<#C1|general> <@U1|anna> <@U2> <!channel> <!date^1^x|today>', '#general @anna @U2 @channel @today'],
    ['5 < 6 > 4 <name> {{Name}}', '5 < 6 > 4 <name> {{Name}}'],
  ])('%j is %j', (marked, plain) => {
    expect(typed(marked)).toBe(plain);
  });

  test('to Herald comes without its name, and with that of others', () => {
    expect(saidTo('U1', ' <@U1|herald>: show <@U1> 12')).toBe('show @U1 12');
    expect(saidTo('U1', '<@U2> show 12')).toBe('@U2 show 12');
    expect(saidTo(undefined, '<@U2> show 12')).toBe('show 12');
  });
});

describe('an address', () => {
  test('of an account or a place reads back as it was', () => {
    for (const account of ['T1:U2', 'E1:W2']) expect(accountOf(readAccount(account)!)).toBe(account);
    for (const place of ['T1:C2', 'T1:D2', 'T1:U2', 'E1:G2:1700000000.000100'])
      expect(placeOf(readPlace(place)!)).toBe(place);
  });

  test.each(['', 'U1', 'T1:C1', 'T1:U1:U2', 't1:u1', 'T1:U1 '])('%j is no account', (account) => {
    expect(readAccount(account)).toBeNull();
  });

  test.each(['', 'C1', 'T1:X1', 'T1:C1:', 'T1:C1:x', 'T1:C1:1.1:1.1'])('%j is no place', (place) => {
    expect(readPlace(place)).toBeNull();
  });
});

describe('a long text', () => {
  test('is cut between letters, and in pieces that make the whole', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '🎉', 'я'), maxLength: 300 }),
        fc.integer({ min: 3, max: 40 }),
        (text, most) => {
          const short = cut(text, most);
          expect(short.length).toBeLessThanOrEqual(most);
          expect(short.isWellFormed()).toBe(true);
          const parts = pieces(text, most);
          expect(parts.join('')).toBe(text);
          for (const part of parts) {
            expect(part.length).toBeLessThanOrEqual(most);
            expect(part.isWellFormed()).toBe(true);
          }
        },
      ),
    );
  });
});

describe('an error of Slack', () => {
  const code = (error: string) => new webApi.WebAPIPlatformError({ ok: false, error });
  const network = (cause: Error) => new webApi.WebAPIRequestError(new TypeError('fetch failed', { cause }));
  const failing = (name: string) => Object.assign(new Error(name), { code: name });

  test.each([
    ['too fast for a place', new webApi.WebAPIRateLimitedError(30), { kind: 'later', afterMs: 30_000, wide: 'place' }],
    ['no such place', code('channel_not_found'), { kind: 'gone', why: 'no-such-place' }],
    ['an archive', code('is_archived'), { kind: 'gone', why: 'no-such-place' }],
    ['a person who left', code('user_disabled'), { kind: 'gone', why: 'blocked' }],
    ['no member', code('not_in_channel'), { kind: 'gone', why: 'no-right' }],
    ['no card', code('message_not_found'), { kind: 'stale' }],
    ['a card of others', code('cant_update_message'), { kind: 'stale' }],
    ['too fast by its code', code('ratelimited'), { kind: 'later', afterMs: 1000, wide: 'place' }],
    ['a token that ended', code('token_expired'), { kind: 'later', afterMs: 60_000, wide: 'surface' }],
    ['a card that is wrong', code('invalid_blocks'), { kind: 'refused', why: 'invalid_blocks' }],
    ['trouble of its own', code('fatal_error'), { kind: 'unknown', why: 'fatal_error' }],
    [
      'trouble of its servers',
      new webApi.WebAPIHTTPError(502, 'Bad Gateway', {}),
      { kind: 'unknown', why: 'HTTP 502' },
    ],
    [
      'no way through a proxy',
      new webApi.WebAPIHTTPError(407, 'Proxy', {}),
      { kind: 'later', afterMs: 60_000, wide: 'surface' },
    ],
    [
      'nothing for us',
      new webApi.WebAPIHTTPError(403, 'Forbidden', {}),
      { kind: 'later', afterMs: 60_000, wide: 'surface' },
    ],
    ['no request', new webApi.WebAPIHTTPError(413, 'Too Large', {}), { kind: 'refused', why: 'HTTP 413' }],
    ['nobody there', network(failing('ECONNREFUSED')), { kind: 'later', afterMs: 5000, wide: 'surface' }],
    [
      'nobody at any address',
      network(new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')])),
      { kind: 'later', afterMs: 5000, wide: 'surface' },
    ],
    ['a connection that broke', network(failing('ECONNRESET')), { kind: 'unknown', why: expect.any(String) }],
    ['something else', 'words', { kind: 'unknown', why: 'words' }],
  ])('that says %s', (_, error, outcome) => {
    expect(outcomeOf(error, 'chat.postMessage')).toEqual(outcome);
  });

  test.each(['account_inactive', 'token_revoked', 'missing_scope', 'no_permission', 'messages_tab_disabled'])(
    '%s is about Herald, and nobody’s account is dead for it',
    (error) => {
      expect(outcomeOf(code(error), 'chat.postMessage')).toEqual({ kind: 'later', afterMs: 60_000, wide: 'surface' });
    },
  );

  test('limits edits all over the workspace', () => {
    expect(outcomeOf(new webApi.WebAPIRateLimitedError(0), 'chat.update')).toEqual({
      kind: 'later',
      afterMs: 1000,
      wide: 'surface',
    });
  });
});

describe('the bot’s token', () => {
  test.each([
    ['https://files.slack.com/files-pri/T1-F1/a.xlsx', null, true],
    ['https://slack.com/x', null, true],
    ['http://files.slack.com/x', null, false],
    ['https://files.slack.com.evil.example/x', null, false],
    ['https://evilslack.com/x', null, false],
    ['https://files.slack.com@evil.example/x', null, false],
    ['https://user:pass@files.slack.com/x', null, false],
    ['no address', null, false],
    ['http://127.0.0.1:4000/files/x', 'http://127.0.0.1:4000/api/', true],
    ['http://127.0.0.1:4001/files/x', 'http://127.0.0.1:4000/api/', false],
    ['https://files.slack.com/x', 'http://127.0.0.1:4000/api/', false],
  ])('at %s, the Web API being at %s: %s', (address, apiUrl, told) => {
    expect(isSlacksOwn(address, apiUrl)).toBe(told);
  });
});

describe('a link', () => {
  test.each([
    ['https://herald.example.com/c/12', '12'],
    ['https://herald.example.com/c/12/?x=1#y', '12'],
    ['https://herald.example.com/c/12/edit', null],
    ['https://herald.example.com/d/12', null],
    ['http://herald.example.com/c/12', null],
    ['https://other.example.com/c/12', null],
    ['nothing', null],
  ])('%s is to campaign %s', (url, campaign) => {
    expect(campaignIn(url, 'https://herald.example.com')).toBe(campaign);
    expect(campaignIn(url, null)).toBeNull();
  });
});

describe('a form', () => {
  test.each([
    ['new', { name: 'new' }],
    ['новая', { name: 'new' }],
    ['edit 12', { name: 'edit', campaign: '12' }],
    ['отклонить №12', { name: 'reject', campaign: '12' }],
    ['schedule #12', { name: 'schedule', campaign: '12' }],
    ['new https://a.example', null],
    ['edit 12 text=x', null],
    ['reject', null],
    ['show 12', null],
    ['what', null],
  ])('for %j', (line, form) => {
    expect(formFor(line)).toEqual(form);
  });

  const spot: Spot = { workspace: 'T1', user: 'U1', isDirect: true };

  test('is a view that Slack takes, in each language, whatever was given', () => {
    for (const locale of LOCALES) {
      expect(judgeView(loadingView(locale), 'modal')).toMatchObject({ ok: true });
      for (const form of [
        { name: 'new' } as const,
        ...(['edit', 'reject', 'schedule'] as const).map((name) => ({ name, campaign: '123456789' })),
      ]) {
        const lists = [
          { name: 'я'.repeat(200), link: 'https://a.example' },
          { name: '', link: 'https://b.example' },
          { name: 'no room for it', link: `https://${'c'.repeat(150)}.example` },
        ];
        for (const given of [{}, { text: '' }, { text: '🎉'.repeat(5000) }, { recent: [] }, { recent: lists }]) {
          for (const file of [{}, { file: 'F1' }]) {
            expect(judgeView(formView({ form, spot, ...file }, given, locale), 'modal')).toMatchObject({ ok: true });
          }
        }
      }
    }
  });

  test('carries where it was opened, and leaves out a card with a name too long to carry', () => {
    const carried = {
      form: { name: 'new' as const },
      spot: { ...spot, pressed: { ts: '1.1', subject: 'a', isEphemeral: false } },
    };
    expect(carriedIn(formView(carried, {}, 'en').private_metadata!)).toEqual(carried);
    const long = {
      ...carried,
      spot: { ...spot, pressed: { ts: '1.1', subject: 'я'.repeat(3000), isEphemeral: false } },
    };
    const { private_metadata: written } = formView(long, {}, 'en');
    expect(written!.length).toBeLessThanOrEqual(LIMITS.privateMetadata);
    expect(carriedIn(written!)).toEqual({ form: { name: 'new' }, spot });
  });

  test.each(['', '{}', '{"form":{"name":"edit"},"spot":{}}'])(
    'that brings back %j was opened by another Herald',
    (metadata) => {
      expect(carriedIn(metadata)).toBeNull();
    },
  );

  const clock = { now: new Date('2026-11-23T09:00:00Z'), zone: 'Europe/Moscow', locale: 'en' } as const;
  const card = (subject: string) => ({ subject, tone: 'attention', title: 'No.' }) as const;

  test.each([
    ['a refusal is about no field', { text: '{{' }, 'refusal', null],
    ['a text that is none', { text: '{{' }, 'campaign:12', 'text'],
    ['a sender that is none', { sender: 'far too long a sender' }, 'mistake', 'sender'],
    ['a time that is none', { start: 'some day' }, 'mistake', 'start'],
    ['a time with two meanings, which is asked about', { start: 'tomorrow at 7' }, 'mistake', null],
    ['a link that cannot be read', { source: 'https://a.example' }, 'audience', 'source'],
    ['nothing wrong with what was filled in', { text: 'Hello' }, 'campaign:12', null],
  ])('%s', (_, filled, subject, field) => {
    expect(fieldAtFault({ name: 'new' }, filled, card(subject), clock)).toBe(field);
  });

  test('says a mistake in a few words', () => {
    expect(faultIn({ ...card('mistake'), lead: ['a', 'b', 'c'], sections: [{ title: 'Here' }] })).toBe('No. a b Here');
  });
});

test('turns go on when one fails, and are waited for', async () => {
  const failures: unknown[] = [];
  const turns = createTurns((error) => failures.push(error));
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  void turns.after('anna', () => first.promise);
  void turns.after('anna', async () => void done.push('anna'));
  void turns.beside(async () => void done.push('beside'));
  await turns.after('boris', async () => void done.push('boris'));
  expect(done).toEqual(['beside', 'boris']);
  first.reject(new Error('broken'));
  await turns.idle();
  expect(done).toEqual(['beside', 'boris', 'anna']);
  expect(failures).toHaveLength(1);
});
