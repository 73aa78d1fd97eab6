/** Campaigns, people and counts for tests of cards: one believable campaign in every state, with real terms and hashes. */
import type {
  Campaign,
  CampaignState,
  FrozenRun,
  SourceLook,
  SourceSeen,
  Terms,
} from '../../../src/campaigns/campaign.ts';
import { MESSAGE_STATES, type MessageCounts } from '../../../src/campaigns/messages.ts';
import { hashOf, termsOf } from '../../../src/campaigns/terms.ts';
import type { CampaignView, Counts } from '../../../src/chat/cards/campaign.ts';
import type { ProviderView } from '../../../src/chat/cards/provider.ts';
import type { Reader } from '../../../src/chat/reader.ts';
import type { Employee } from '../../../src/staff/employee.ts';
import type { Locale } from '../../../src/texts/index.ts';

export const NOW = new Date('2026-11-23T11:30:00Z');
const START = new Date('2026-11-24T07:00:00Z');
const at = (iso: string): Date => new Date(iso);

export const reader = (locale: Locale, more: Partial<Reader> = {}): Reader => ({
  locale,
  zone: 'Europe/Moscow',
  personalData: 'full',
  ...more,
});

/** The same campaign as an English and as a Russian colleague would make it. */
export const WORDING = {
  en: {
    name: 'Black Friday',
    text: 'Dear {{Name}}, 20 % off all coats until Sunday. Show this message in the shop. Your “Coats & Co”',
    file: 'customers.xlsx',
    names: { maria: 'Maria Ivanova', oleg: 'Oleg Sidorov', anna: 'Anna Petrova' },
    department: 'sales',
    reason: 'The offer ends on Saturday, not on Sunday.',
    company: 'Northern Lines',
  },
  ru: {
    name: 'Чёрная пятница',
    text: 'Здравствуйте, {{Имя}}! До воскресенья скидка 20 % на все пальто. Покажите это сообщение на кассе.',
    file: 'клиенты.xlsx',
    names: { maria: 'Мария Иванова', oleg: 'Олег Сидоров', anna: 'Анна Петрова' },
    department: 'продажи',
    reason: 'Акция кончается в субботу, а не в воскресенье.',
    company: 'ООО «Северные линии»',
  },
} as const;

export const namesIn =
  (locale: Locale) =>
  (handle: string): string =>
    (WORDING[locale].names as Readonly<Record<string, string>>)[handle] ?? handle;

/** The numbers are those that the text really makes: typography and Cyrillic letters need Unicode, so two parts at least. */
export function frozenRun(locale: Locale, fields: Partial<FrozenRun> = {}): FrozenRun {
  const length = { en: ENGLISH_LENGTH, ru: RUSSIAN_LENGTH }[locale];
  return {
    run: '12.3',
    revision: 3,
    root: 'f'.repeat(64),
    batches: 2,
    messages: 612,
    currency: 'RUB',
    encodings: { gsm7: 0, ucs2: 612 },
    providers: ['alfa', 'beta'],
    excluded: { 'phone-empty': 9, duplicate: 12, 'phone-not-mobile': 4, suppressed: 2, 'phone-digits-lost': 1 },
    zones: ['Europe/Moscow'],
    samples: { first: '12.3:0000001', longest: '12.3:0000311', doubtful: '12.3:0000044' },
    ...length,
    ...fields,
  };
}

const ENGLISH_LENGTH = {
  parts: 1224,
  quote: 2_942_400_000,
  ceiling: 3_182_400_000,
  byParts: { '2': 612 },
  routes: [
    { provider: 'alfa', messages: 400, parts: 800, cost: 1_840_000_000 },
    { provider: 'beta', messages: 212, parts: 424, cost: 1_102_400_000 },
  ],
  savings: [
    { char: '“', replacement: '"', messages: 612, partsSaved: 612 },
    { char: '”', replacement: '"', messages: 612, partsSaved: 612 },
  ],
};

const RUSSIAN_LENGTH = {
  parts: 1232,
  quote: 2_961_400_000,
  ceiling: 3_203_200_000,
  byParts: { '2': 604, '3': 8 },
  routes: [
    { provider: 'alfa', messages: 400, parts: 806, cost: 1_853_800_000 },
    { provider: 'beta', messages: 212, parts: 426, cost: 1_107_600_000 },
  ],
  savings: [],
};

/** A draft that lacks nothing. */
export function draft(locale: Locale, fields: Partial<Campaign> = {}): Campaign {
  const { name, text, file, department } = WORDING[locale];
  return {
    _id: '12',
    schemaVersion: 1,
    kind: 'campaign',
    department,
    name,
    class: 'marketing',
    purpose: 'offers',
    costCentre: department,
    text,
    sender: 'COATS',
    source: { ref: `/lists/${file}`, name: file, answers: {}, uploaded: false },
    audience: 'a5',
    zone: 'Europe/Moscow',
    start: { kind: 'at', at: START },
    notAfter: null,
    window: { from: '09:00', to: '20:00' },
    revision: 3,
    version: 9,
    state: 'draft',
    frozen: frozenRun(locale),
    problem: null,
    progress: null,
    createdBy: 'maria',
    editedBy: 'maria',
    editors: ['maria'],
    createdAt: at('2026-11-23T10:02:00Z'),
    changedAt: at('2026-11-23T11:20:00Z'),
    submission: null,
    approvals: [],
    approvedHash: null,
    rejection: null,
    hold: null,
    startedAt: null,
    finishedAt: null,
    reminders: 0,
    deleteAfter: at('2027-11-23T00:00:00Z'),
    ...fields,
  };
}

/** What a look at its list has found, or that it could not be seen. */
export function lookAt(seen: Found | null, unseen: SourceLook['unseen'] = null): SourceLook {
  return { run: '12.3', at: NOW, unseen, seen: seen && { at: NOW, revision: 'r2', ...seen } };
}

type Found = SourceSeen extends infer One ? (One extends SourceSeen ? Omit<One, 'at' | 'revision'> : never) : never;

export const CHANGED = {
  kind: 'changed',
  removed: { count: 3, numbers: [17, 204, 391] },
  changed: { count: 1, numbers: [88] },
  added: { count: 9, numbers: [633, 634, 635, 636, 637] },
} as const;

/** What is approved of the draft, as submitting would have it. */
export function submissionOf(campaign: Campaign, more: Partial<Terms> = {}): NonNullable<Campaign['submission']> {
  const terms = { ...termsOf(campaign, NOW), ...more };
  return { by: 'maria', at: at('2026-11-23T11:21:00Z'), terms, hash: hashOf(terms) };
}

/** The campaign in a state, with all that its way there has left behind. */
export function inState(locale: Locale, state: CampaignState, fields: Partial<Campaign> = {}): Campaign {
  const wished = draft(locale, fields);
  if (state === 'draft') return wished;
  const submission = wished.submission ?? submissionOf(wished);
  const submitted: Campaign = { ...wished, submission, state, ...fields };
  if (state === 'submitted') return submitted;
  const approvals = [{ by: 'oleg', inPlaceOf: null, at: at('2026-11-23T11:29:00Z') }];
  const approved: Campaign = { ...submitted, approvals, approvedHash: submission.hash, ...fields };
  if (state === 'approved') return { ...approved, start: null, ...fields };
  if (state === 'scheduled' || state === 'missed') return approved;
  const startedAt = at('2026-11-24T07:00:01Z');
  const finishedAt = at('2026-11-24T07:04:30Z');
  if (state === 'sending') return { ...approved, startedAt, ...fields };
  if (state === 'paused') {
    const hold = { why: 'by-hand', by: 'oleg', at: at('2026-11-24T07:01:10Z') } as const;
    return { ...approved, startedAt, hold, ...fields };
  }
  return { ...approved, startedAt, finishedAt, ...fields };
}

export function counts(states: Partial<MessageCounts>, cost: number, parts = 1224): Counts {
  const none = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as MessageCounts;
  return { states: { ...none, ...states }, cost, parts };
}

export const HALF_WAY = counts(
  { delivered: 233, accepted: 61, undelivered: 6, unknown: 1, queued: 309, submitting: 2 },
  1_447_000_000,
);
export const AT_THE_END = counts(
  { delivered: 571, accepted: 9, undelivered: 21, expired: 5, rejected: 1, failed: 2, unknown: 2, suppressed: 1 },
  2_928_000_000,
);

export const viewOf = (locale: Locale, campaign: Campaign, more: Partial<CampaignView> = {}): CampaignView => ({
  campaign,
  names: namesIn(locale),
  may: { write: true, decide: false, control: true },
  approvalsNeeded: 1,
  ratePerSecond: 10,
  now: NOW,
  ...more,
});

export const employee = (locale: Locale, fields: Partial<Employee> = {}): Employee => ({
  id: 'maria',
  name: WORDING[locale].names.maria,
  department: WORDING[locale].department,
  roles: ['author'],
  sees: [],
  locale,
  zone: 'Europe/Moscow',
  active: true,
  phone: null,
  email: null,
  deputy: null,
  ...fields,
});

/** An account at an operator in the midst of a campaign. */
export const providerIn = (locale: Locale): ProviderView => ({
  provider: 'alfa',
  state: 'up',
  stop: null,
  stoppedAll: false,
  restsUntil: null,
  handsOffUntil: null,
  lately: {
    taken: 590,
    failed: 10,
    answers: 600,
    answerMs: 24_000,
    delivered: 380,
    undelivered: 20,
    receiptMs: 1_240_000,
  },
  downSince: null,
  sessions: { up: 2, allowed: 2 },
  partsPerSecond: 100,
  others: ['beta'],
  queued: 311,
  unknown: 0,
  campaigns: [inState(locale, 'sending')],
  moves: [],
  names: namesIn(locale),
  maySwitch: true,
});
