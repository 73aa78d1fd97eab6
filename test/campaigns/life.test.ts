/** The campaign's life as a table, written again by hand. */
import { expect, test } from 'vitest';
import { CAMPAIGN_STATES, type Campaign } from '../../src/campaigns/campaign.ts';
import { isOpen, lacks, type Step } from '../../src/campaigns/life.ts';
import { draft, frozenRun } from '../chat/cards/samples.ts';

const LIFE: Record<Step, string> = {
  edit: 'draft submitted approved scheduled missed',
  submit: 'draft',
  withdraw: 'submitted approved scheduled missed',
  approve: 'submitted',
  reject: 'submitted',
  schedule: 'draft submitted approved scheduled missed',
  start: 'scheduled',
  pause: 'sending',
  resume: 'paused missed',
  finish: 'sending paused cancelled',
  cancel: 'draft submitted approved scheduled sending paused missed',
  miss: 'submitted approved scheduled',
};

test.each(Object.entries(LIFE) as [Step, string][])('%s is open in: %s', (step, states) => {
  expect(CAMPAIGN_STATES.filter((state) => isOpen(step, state)).join(' ')).toBe(states);
});

test.each<[string, Partial<Campaign>, string]>([
  ['nothing', {}, ''],
  ['text and sender', { text: null, sender: null }, 'text sender'],
  ['an audience', { source: null, audience: null }, 'audience'],
  ['numbers of this revision', { revision: 4 }, 'numbers'],
  ['numbers at all', { frozen: null }, 'numbers'],
  ['anybody to send to', { frozen: frozenRun('en', { messages: 0 }) }, 'nobody'],
  ['anybody, as was found', { problem: { kind: 'nobody' } }, 'nobody'],
  ['a source without problems', { problem: { kind: 'source', problem: { code: 'empty' } } }, 'problem'],
])('a draft that lacks %s', (_what, fields, missing) => {
  expect(lacks(draft('en', fields)).join(' ')).toBe(missing);
});
