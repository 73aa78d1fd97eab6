/** What cards tell of a list that has changed: how much, which rows, and how to take it as it is now. */
import { describe, expect, test } from 'vitest';
import type { Campaign, CampaignState, SourceLook } from '../../../src/campaigns/campaign.ts';
import { campaignCard } from '../../../src/chat/cards/campaign.ts';
import { commandsOf, textOf } from '../office.ts';
import { CHANGED, counts, inState, lookAt, reader, viewOf } from './samples.ts';

const NOTHING = { count: 0, numbers: [] };

function told(
  look: SourceLook | undefined,
  state: CampaignState = 'scheduled',
  more: Partial<Campaign> = {},
  write = true,
) {
  const campaign = inState('en', state, { ...more, ...(look && { look }) });
  const may = { write, decide: false, control: true };
  const card = campaignCard(
    viewOf('en', campaign, { may, counts: counts({ queued: 609, removed: 3 }, 0) }),
    reader('en'),
  );
  return { text: textOf(card), offers: commandsOf(card) };
}

test.each(['submitted', 'approved', 'scheduled', 'missed'] as const)(
  '%s: rows are counted, and the first are named',
  (state) => {
    const { text, offers } = told(lookAt(CHANGED), state);
    expect(text).toContain('3 rows have been removed (rows 17, 204, 391 when it was read): nothing is sent for them.');
    expect(text).toContain('1 row says something else (row 88): it is sent as it was read.');
    expect(text).toContain('9 rows are new (rows 633, 634, 635, 636, 637 and 4 more): nothing is sent to them.');
    expect(text).toContain('needs a new approval: `refresh 12`');
    expect(offers).toContain('refresh 12');
  },
);

describe('nothing is said of', () => {
  const title = 'The list since it was read';
  test.each([
    ['a list at which nobody has looked', undefined],
    ['a list that is the same', lookAt({ kind: 'same' })],
    ['an earlier version of the campaign', { ...lookAt(CHANGED), run: '12.2' }],
  ])('%s', (_, look) => {
    expect(told(look).text).not.toContain(title);
    expect(told(look).offers).not.toContain('refresh 12');
  });
});

test('who may not write is told, and offered nothing', () => {
  const { text, offers } = told(lookAt(CHANGED), 'scheduled', {}, false);
  expect(text).toContain('3 rows have been removed');
  expect(`${text} ${offers.join()}`).not.toContain('refresh');
});

test('what is sent to some of an earlier list cannot be read anew', () => {
  const rowsOf = { run: '11.1', audience: 'a4' };
  const source = { ref: 'people', name: 'people', answers: {}, uploaded: false, rowsOf };
  const { text } = told(lookAt({ ...CHANGED, changed: NOTHING, added: NOTHING }), 'scheduled', { source });
  expect(text).toContain('3 rows have been removed');
  expect(text).not.toContain('refresh');
});

test('of a file it is said that it has changed, and that nothing else is known', () => {
  const { text, offers } = told(lookAt({ kind: 'other-file' }));
  expect(text).toContain('The file has changed. What is sent is as it was read.');
  expect(offers).toContain('refresh 12');
});

test('of most rows being gone it is said what will be asked, and then it is asked', () => {
  const look = lookAt({ kind: 'shrunk', left: 40, of: 640 });
  expect(told(look).text).toContain('Only 40 of 640 rows are left, which may be a mistake.');
  const held = told(look, 'missed', { hold: { why: 'source-shrunk', by: 'herald', at: look.at } });
  expect(held.text).toContain('More than half of its rows had gone');
  expect(held.text).toContain('Only 40 of 640 rows are left.');
  expect(held.offers).toContain('refresh 12');
});

test.each([
  ['not-shared', 'it is not shared with me any more'],
  ['no-such-tab', 'it is not where it was'],
  ['timed-out', 'there was no answer in time'],
  ['unclear-columns', 'its columns are not clear any more'],
  ['bomb', 'it cannot be read'],
] as const)('that it could not be looked at is said, with the reason: %s', (why, words) => {
  expect(told(lookAt(null, why)).text).toContain(words);
  const { text } = told(lookAt(CHANGED, why));
  expect(text).toContain('3 rows have been removed');
  expect(text).toContain('What was approved is sent.');
  const shrunk = told(lookAt({ kind: 'shrunk', left: 0, of: 9 }, why)).text;
  expect(shrunk).toContain(words);
  expect(shrunk).not.toContain('What was approved is sent.');
});

test('while it is sent the card counts the messages of rows that were gone, and offers no new reading', () => {
  const { text, offers } = told(lookAt(CHANGED, 'timed-out'), 'sending');
  expect(text).toMatch(/Not sent: its row was removed from the list\n3/);
  expect(text).toContain('there was no answer in time');
  expect(offers).not.toContain('refresh 12');
});
