/** What is said of a campaign on several of its cards: who, what, when, how much, and who is left out. */
import type { Campaign, Decision, FrozenRun, Saving } from '../../campaigns/campaign.ts';
import { formatWindow } from '../../campaigns/window.ts';
import type { Fact, Section, Table } from '../../staff/card.ts';
import type { CampaignView } from './campaign.ts';
import { isText, oneLine, type Speech } from './speech.ts';

export const subjectOf = (campaign: Pick<Campaign, '_id'>): string => `campaign:${campaign._id}`;

export const nameOf = (campaign: Pick<Campaign, 'name'>): string => oneLine(campaign.name);

export const titleOf = (campaign: Campaign, say: Speech): string =>
  say.t('card.title', {
    id: campaign._id,
    name: nameOf(campaign),
    state: say.t(`campaign-state.${campaign.state}`),
  });

/** `612 recipients, 644 parts, no more than 1,288.00 RUB`: what a person approves, in one line, every number exact. */
export function coreOf(run: Pick<FrozenRun, 'messages' | 'parts' | 'ceiling' | 'currency'>, say: Speech): string {
  return say.t('card.core', {
    recipients: say.t('count.recipients', { n: run.messages }),
    parts: say.t('count.parts', { n: run.parts }),
    ceiling: { micros: run.ceiling, currency: run.currency },
  });
}

/** Numbers of the messages beside those of the first line: how long they are, what they cost. */
export function numbersSection(run: FrozenRun, say: Speech): readonly Section[] {
  if (run.messages === 0) return [];
  const { currency } = run;
  const amount = (micros: number): Amount => ({ micros, currency });
  const facts = [
    { label: say.t('card.parts'), value: `${say.number(run.parts)} (${partsOf(run, say)})` },
    { label: say.t('card.encodings'), value: encodingsOf(run, say) },
    { label: say.t('card.cost'), value: say.t('card.cost-how', { amount: amount(run.quote) }) },
    { label: say.t('card.ceiling'), value: say.t('card.ceiling-how', { amount: amount(run.ceiling) }) },
  ];
  return [{ title: say.t('card.numbers'), facts }];
}

type Amount = { readonly micros: number; readonly currency: string };

/** `580 messages of 1 part, 32 messages of 2 parts`. */
function partsOf(run: FrozenRun, say: Speech): string {
  const lengths = Object.entries(run.byParts).sort(([a], [b]) => Number(a) - Number(b));
  return lengths
    .map(([parts, messages]) =>
      say.t('card.by-parts-of', { messages: say.t('count.messages', { n: messages }), n: Number(parts) }),
    )
    .join(', ');
}

function encodingsOf({ encodings }: FrozenRun, say: Speech): string {
  const { gsm7, ucs2 } = encodings;
  return [
    ...(gsm7 > 0 ? [say.t('card.gsm7', { n: gsm7 })] : []),
    ...(ucs2 > 0 ? [say.t('card.ucs2', { n: ucs2 })] : []),
  ].join(', ');
}

/** What its author decided: sender, times, kind. */
export function wishFacts({ campaign }: CampaignView, say: Speech): readonly Fact[] {
  const { sender } = campaign;
  return [
    ...(sender === null ? [] : [{ label: say.t('card.sender'), value: sender }]),
    { label: say.t('card.start'), value: startOf(campaign, say) },
    { label: say.t('card.not-after'), value: deadlineOf(campaign, say) },
    windowFact(campaign, say),
    classFact(campaign, say),
  ];
}

/** Where it comes from: list, author, who submitted and approved it. */
export function originSection({ campaign, names }: CampaignView, say: Speech): Section {
  const { source, createdBy, editors, submission, approvals, zone, costCentre } = campaign;
  const author = names(createdBy);
  const others = editors.filter((one) => one !== createdBy).map(names);
  const by = (name: string, at: Date) => say.t('card.by-at', { name, when: say.moment(at, zone) });
  const facts = [
    ...(source ? [{ label: say.t('card.source'), value: oneLine(source.name) }] : []),
    { label: say.t('card.cost-centre'), value: costCentre },
    {
      label: say.t('card.author'),
      value: others.length === 0 ? author : say.t('card.author-and-editors', { author, editors: say.list(others) }),
    },
    ...(submission ? [{ label: say.t('card.submitted-by'), value: by(names(submission.by), submission.at) }] : []),
    ...approvals.map((one) => ({ label: say.t('card.approved-by'), value: by(decider(one, names, say), one.at) })),
  ];
  return { title: say.t('card.origin'), facts };
}

export function startOf({ start, zone }: Campaign, say: Speech): string {
  if (start === null) return say.t('card.start-none');
  return start.kind === 'at' ? say.moment(start.at, zone) : say.t('card.start-on-approval');
}

/** What is approved when it is approved, else what its author set. */
function deadlineOf({ submission, notAfter, zone }: Campaign, say: Speech): string {
  const deadline = submission?.terms.notAfter ?? notAfter;
  return deadline ? say.moment(deadline, zone) : say.t('card.not-after-default');
}

export const windowFact = ({ window }: Campaign, say: Speech): Fact => ({
  label: say.t('card.window'),
  value: say.t('card.window-how', { hours: formatWindow(window) }),
});

export const classFact = (campaign: Campaign, say: Speech): Fact => ({
  label: say.t('card.class'),
  value: say.t('card.class-how', {
    class: say.t(`campaign-class.${campaign.class}`),
    purpose: purposeOf(campaign, say),
  }),
});

/** The purposes that Herald gives by itself have words; others are said as they were written. */
function purposeOf({ purpose }: Campaign, say: Speech): string {
  if (purpose === 'offers' || purpose === 'service-notice') return say.t(`purpose.${purpose}`);
  return oneLine(purpose);
}

/** Who decided, and in whose place. */
export function decider({ by, inPlaceOf }: Decision, names: CampaignView['names'], say: Speech): string {
  if (inPlaceOf === null) return names(by);
  return say.t('card.in-place-of', { name: names(by), principal: names(inPlaceOf) });
}

/** The text as it was written, its lines kept. */
export function textSection({ text }: Campaign, say: Speech): readonly Section[] {
  return text === null ? [] : [{ title: say.t('card.text'), lines: text.split('\n') }];
}

export const leftOut = (excluded: Readonly<Record<string, number>>): number =>
  Object.values(excluded).reduce((sum, count) => sum + count, 0);

/** Why rows are left out, the commonest reason first: in a few words, or with advice for who mends the list. */
export function excludedSection(
  excluded: Readonly<Record<string, number>>,
  say: Speech,
  how: Reasons = 'left-out',
): readonly Section[] {
  const n = leftOut(excluded);
  if (n === 0) return [];
  const rows = Object.entries(excluded)
    .filter(([, count]) => count > 0)
    .sort(([a, left], [b, right]) => right - left || a.localeCompare(b))
    .map(([reason, count]) => [say.number(count), reasonOf(reason, say, how)]);
  return [
    { title: say.t('card.excluded-title', { n }), table: { head: [say.t('card.rows'), say.t('card.why')], rows } },
  ];
}

/** Which words for a reason: a few, or those that say what to do as well. */
export type Reasons = 'left-out' | 'excluded';

/** Reasons are stored, and one of a later Herald may not have words here yet. */
export function reasonOf(reason: string, say: Speech, how: Reasons): string {
  const key = `${how}.${reason}`;
  return isText(key) ? say.t(key as 'excluded.hidden') : reason;
}

/** How many rows were left out, where the reasons have been told before. */
export function leftOutFact(excluded: Readonly<Record<string, number>>, say: Speech): readonly Fact[] {
  const n = leftOut(excluded);
  return n === 0 ? [] : [{ label: say.t('card.left-out'), value: say.t('count.rows', { n }) }];
}

/** Which operators take how much of it. */
export function routesSection(run: FrozenRun, say: Speech): readonly Section[] {
  if (run.routes.length === 0) return [];
  const money = (micros: number) => say.money({ micros, currency: run.currency });
  const line = (
    name: string,
    { messages, parts, cost }: Pick<FrozenRun['routes'][number], 'messages' | 'parts' | 'cost'>,
  ) => [name, say.number(messages), say.number(parts), money(cost)];
  const table: Table = {
    head: [say.t('card.operator'), say.t('card.messages'), say.t('card.parts'), say.t('card.cost-actual')],
    rows: [
      ...run.routes.map((route) => line(route.provider, route)),
      ...(run.routes.length > 1
        ? [line(say.t('card.total'), { messages: run.messages, parts: run.parts, cost: run.quote })]
        : []),
    ],
  };
  return [{ title: say.t('card.routes-title'), table }];
}

/** Characters that cost, and what to write instead; those that do the same harm are said in one line. */
export function savingsSection(savings: readonly Saving[], say: Speech): readonly Section[] {
  if (savings.length === 0) return [];
  const alike = Map.groupBy(savings, ({ replacement, messages, partsSaved }) =>
    JSON.stringify([replacement, messages, partsSaved]),
  );
  const lines = [...alike.values()].map((group) => savingLine(group, say));
  const together = lines.length > 1 ? [say.t('card.savings-together')] : [];
  return [{ title: say.t('card.savings-title'), lines: [...lines, ...together] }];
}

function savingLine(group: readonly Saving[], say: Speech): string {
  const { replacement, messages, partsSaved } = group[0]!;
  const chars = say.list(group.map(({ char }) => charIn(char, say)));
  const given = { chars, n: messages, parts: say.t('count.parts', { n: partsSaved }) };
  if (replacement === null) return say.t('card.saving-own-words', given);
  if (replacement === '') return say.t('card.saving-delete', given);
  return say.t('card.saving', { ...given, replacement: replacementIn(replacement, say) });
}

/** A character that can be seen, or its number in Unicode. */
export function charIn(char: string, say: Speech): string {
  if (/^[^\p{Z}\p{C}\p{M}]/u.test(char)) return char;
  const code = `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return say.t('char.invisible', { code });
}

export function replacementIn(replacement: string, say: Speech): string {
  if (replacement === ' ') return say.t('char.space');
  if (replacement === '\n') return say.t('char.line-break');
  return replacement;
}
