/**
 * What is said of a campaign in a command, `text="…" start="tomorrow 10:00"`, as the fields that its draft keeps. All of it is
 * understood or none of it is kept; only a time that may mean two things is left to be asked about.
 */
import type { Answers } from '../audiences/questions.ts';
import type { AudienceWish, CampaignClass, Start } from '../campaigns/campaign.ts';
import type { DraftFields } from '../campaigns/draft.ts';
import { parseWindow, type SendingWindow } from '../campaigns/window.ts';
import { parseSender } from '../messages/sender.ts';
import { parseTemplate, tidyText } from '../messages/template.ts';
import type { Mistake, ValueProblem } from './cards/mistake.ts';
import type { Piece } from './parse.ts';
import type { KeyName } from './vocabulary.ts';
import { readWhen, type When, type WhenContext } from './when.ts';
import { plainText } from './when-words.ts';
import { readZoneName } from './zone.ts';

/** What is wrong with one value; with the command it is a mistake to be told. */
export type FieldProblem =
  | Extract<Mistake, { kind: 'text' | 'when' }>
  | { readonly kind: 'value'; readonly said: string; readonly problem: ValueProblem }
  | { readonly kind: 'missing'; readonly what: 'text' };

/** A time that may be meant in several ways. */
export interface UnclearTime {
  readonly key: 'start' | 'until';
  readonly said: string;
  readonly unclear: Extract<When, { kind: 'unclear' }>;
}

export interface ReadFields {
  readonly fields: Omit<DraftFields, 'source'>;
  readonly answers: Answers;
  /** The file or link that was named, as written. */
  readonly source: string | null;
  readonly unclear: UnclearTime | null;
}

export type FieldsReading =
  | { readonly kind: 'read'; readonly read: ReadFields }
  | { readonly kind: 'problem'; readonly problem: FieldProblem };

/** Reads what was named in a command. Times are on the clock of `zone=` when it is given, else of the person. */
export function readFields(named: ReadonlyMap<KeyName, Piece>, context: WhenContext): FieldsReading {
  const said = (key: KeyName): string | undefined => named.get(key)?.text;
  const zone = parsed(said('zone'), zoneOf);
  const clock = { ...context, zone: zone.value ?? context.zone };
  const text = parsed(said('text'), textOf);
  const sender = parsed(said('sender'), senderOf);
  const kind = parsed(said('class'), classOf);
  const window = parsed(said('window'), windowOf);
  const start = parsed(said('start'), (written) => startOf(written, clock));
  const until = parsed(said('until'), (written) => untilOf(written, clock));
  const header = parsed(said('header'), headerOf);
  const hidden = parsed(said('hidden'), hiddenOf);
  const all = [zone, text, sender, kind, window, start, until, header, hidden];
  const problem = all.find((one) => one.problem)?.problem;
  if (problem) return { kind: 'problem', problem };
  const unclear = start.value?.unclear ?? until.value?.unclear ?? null;
  const fields = present({
    name: worded(said('name')),
    text: text.value,
    sender: sender.value,
    class: kind.value,
    purpose: worded(said('purpose')),
    costCentre: worded(said('cost-centre')),
    zone: zone.value,
    window: window.value,
    start: start.value?.start,
    notAfter: until.value?.notAfter,
  });
  const answers = present({
    tab: said('tab'),
    headerRow: header.value,
    phoneColumn: worded(said('phone')),
    hiddenRows: hidden.value,
  });
  return { kind: 'read', read: { fields, answers, source: worded(said('source')) ?? null, unclear } };
}

export interface Parsed<T> {
  readonly value?: T;
  readonly problem?: FieldProblem;
}

const wrong = (said: string, problem: ValueProblem): { readonly problem: FieldProblem } => ({
  problem: { kind: 'value', said, problem },
});

const parsed = <T>(written: string | undefined, read: (written: string) => Parsed<T>): Parsed<T> =>
  written === undefined ? {} : read(written.trim());

const worded = (written: string | undefined): string | undefined => written?.replace(/\s+/g, ' ').trim() || undefined;

/** Without what was not said: an absent field stays as it is. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export function textOf(written: string): Parsed<string> {
  const text = tidyText(written);
  if (text === '') return { problem: { kind: 'missing', what: 'text' } };
  const reading = parseTemplate(text);
  if (reading.kind === 'errors') return { problem: { kind: 'text', text, errors: reading.errors } };
  return { value: text };
}

export function senderOf(written: string): Parsed<string> {
  const reading = parseSender(written);
  if (reading.kind === 'unusable') return wrong(written, { of: 'sender', why: reading.why });
  return { value: reading.sender };
}

const CLASSES: Readonly<Record<CampaignClass, RegExp>> = {
  marketing: /^(?:marketing|m|promo|offer|реклам|маркет|акци)/u,
  service: /^(?:service|s$|notice|сервис|уведомл|служебн)/u,
};

function classOf(written: string): Parsed<CampaignClass> {
  const plain = plainText(written);
  const found = (['marketing', 'service'] as const).find((one) => CLASSES[one].test(plain));
  return found ? { value: found } : wrong(written, { of: 'class' });
}

function zoneOf(written: string): Parsed<string> {
  const zone = readZoneName(written);
  return zone ? { value: zone } : wrong(written, { of: 'zone' });
}

function windowOf(written: string): Parsed<SendingWindow> {
  const reading = parseWindow(written);
  if (reading.kind === 'window') return { value: reading.window };
  return wrong(written, { of: 'window', why: reading.why });
}

const NONE = /^(?:-|—|no|none|нет|без)$/u;

/** A start, or nothing at all: then the campaign waits for `schedule` once it is approved. */
export function startOf(
  written: string,
  context: WhenContext,
): Parsed<{ readonly start?: Start | null; readonly unclear?: UnclearTime }> {
  if (NONE.test(plainText(written))) return { value: { start: null } };
  const when = readWhen(written, context);
  if (when.kind === 'now') return { value: { start: { kind: 'on-approval' } } };
  if (when.kind === 'instant') return { value: { start: { kind: 'at', at: when.at } } };
  if (when.options) return { value: { unclear: { key: 'start', said: written, unclear: when } } };
  return { problem: { kind: 'when', said: written, unclear: when } };
}

function untilOf(
  written: string,
  context: WhenContext,
): Parsed<{ readonly notAfter?: Date | null; readonly unclear?: UnclearTime }> {
  if (NONE.test(plainText(written))) return { value: { notAfter: null } };
  const when = readWhen(written, context);
  if (when.kind === 'instant') return { value: { notAfter: when.at } };
  const unclear = when.kind === 'now' ? ({ kind: 'unclear', why: 'past' } as const) : when;
  if (unclear.options) return { value: { unclear: { key: 'until', said: written, unclear } } };
  return { problem: { kind: 'when', said: written, unclear } };
}

function headerOf(written: string): Parsed<number> {
  const plain = plainText(written);
  if (NONE.test(plain)) return { value: 0 };
  return /^\d{1,4}$/.test(plain) ? { value: Number(plain) } : wrong(written, { of: 'header' });
}

export function hiddenOf(written: string): Parsed<'take' | 'leave-out'> {
  const plain = plainText(written);
  if (/^(?:take|yes|with|взять|брать|бери|да|включ)/u.test(plain)) return { value: 'take' };
  if (/^(?:leave|skip|no|without|оставить|пропустить|нет|без|не )/u.test(plain)) return { value: 'leave-out' };
  return wrong(written, { of: 'hidden' });
}

/** The wish for an audience with the answers given so far; another tab makes the other answers those of another table. */
export function withAnswers(wish: AudienceWish, answers: Answers): AudienceWish {
  const anew = answers.tab !== undefined && answers.tab !== wish.answers.tab;
  return { ...wish, answers: anew ? answers : { ...wish.answers, ...answers } };
}
