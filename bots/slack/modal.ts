/**
 * The forms that open over Slack, as Slack's views: what can be filled in, and how it becomes one command. What a view needs to
 * know when it comes back travels in it.
 */
import type { types } from '@slack/bolt';
import { z } from 'zod';
import { senderOf, startOf, textOf } from '../../src/chat/fields.ts';
import { readCommand } from '../../src/chat/vocabulary.ts';
import { readId } from '../../src/chat/which.ts';
import type { Card } from '../../src/staff/card.ts';
import type { FormFields } from '../../src/staff/surface.ts';
import { type Locale, type TextKey, texts } from '../../src/texts/index.ts';
import { commandLine, quoted } from './command-line.ts';
import { cut, LIMITS } from './limits.ts';
import type { SlackFile, Submission } from './payloads.ts';
import type { Spot } from './reply.ts';

const form = z.discriminatedUnion('name', [
  z.object({ name: z.literal('new') }),
  z.object({ name: z.enum(['edit', 'reject', 'schedule']), campaign: z.string().regex(/^\d+$/u) }),
]);
export type Form = z.infer<typeof form>;

/** What a view brings back. */
const carried = z.object({
  form,
  spot: z.object({
    workspace: z.string(),
    user: z.string(),
    channel: z.string().optional(),
    thread: z.string().optional(),
    isDirect: z.boolean(),
    responseUrl: z.string().optional(),
    pressed: z.object({ ts: z.string(), subject: z.string(), isEphemeral: z.boolean() }).optional(),
  }),
  /** Id of a file that the form was opened with. */
  file: z.string().optional(),
});
export interface Carried {
  readonly form: Form;
  readonly spot: Spot;
  readonly file?: string | undefined;
}

export const FORM_VIEW = 'form';

/** The form that helps with a command which says too little by itself; null for all others. */
export function formFor(line: string): Form | null {
  const reading = readCommand(line);
  if (reading.kind !== 'command') return null;
  const rest = line.slice(reading.end).trim();
  if (reading.name === 'new') return rest === '' ? { name: 'new' } : null;
  if (reading.name !== 'edit' && reading.name !== 'reject' && reading.name !== 'schedule') return null;
  const campaign = readId(rest);
  return campaign === null ? null : { name: reading.name, campaign };
}

type Field = 'source' | 'recent' | 'file' | 'name' | 'text' | 'sender' | 'start' | 'reason';

const FIELDS: Readonly<Record<Form['name'], readonly Field[]>> = {
  new: ['source', 'recent', 'file', 'name', 'text', 'sender', 'start'],
  edit: ['source', 'file', 'name', 'text', 'sender', 'start'],
  reject: ['reason'],
  schedule: ['start'],
};
const REQUIRED: Readonly<Record<Form['name'], readonly Field[]>> = {
  new: [],
  edit: [],
  reject: ['reason'],
  schedule: ['start'],
};
/** Kinds that the reader of files knows. */
const FILE_TYPES = ['xlsx', 'xlsm', 'csv', 'tsv', 'txt'];

const words = (text: string, most: number): types.PlainTextElement => ({
  type: 'plain_text',
  text: cut(text, most),
  emoji: false,
});

/** Shown at once, since Slack gives three seconds to open a view and many to fill it. */
export const loadingView = (locale: Locale): types.ModalView => ({
  type: 'modal',
  title: words('Herald', LIMITS.viewTitle),
  blocks: [{ type: 'section', text: words(texts(locale).t('slack.loading'), LIMITS.section) }],
});

export function formView(whole: Carried, given: FormFields, locale: Locale): types.ModalView {
  const { t } = texts(locale);
  const { form, file } = whole;
  const hint = form.name === 'edit' ? [t('slack.form.edit-hint')] : [];
  const lists = file === undefined ? listsIn(given) : [];
  const fields = FIELDS[form.name].filter(
    (field) => (field !== 'file' || file === undefined) && (field !== 'recent' || lists.length > 0),
  );
  return {
    type: 'modal',
    callback_id: FORM_VIEW,
    title: words(titleOf(form, locale), LIMITS.viewTitle),
    submit: words(t(`slack.form.${form.name}.submit`), LIMITS.viewTitle),
    close: words(t('slack.form.close'), LIMITS.viewTitle),
    private_metadata: carry(whole),
    blocks: [
      ...[...hint, ...(file === undefined ? [] : [t('slack.form.with-file')])].map(
        (line): types.SectionBlock => ({ type: 'section', text: words(line, LIMITS.section) }),
      ),
      ...fields.map((field) =>
        field === 'recent' ? choice(lists, locale) : input(field, !REQUIRED[form.name].includes(field), given, locale),
      ),
    ],
  };
}

/** Lists of before that Slack can bring back. */
const listsIn = ({ recent = [] }: FormFields) => recent.filter(({ link }) => link.length <= LIMITS.optionValue);

const choice = (lists: NonNullable<FormFields['recent']>, locale: Locale): types.InputBlock => ({
  type: 'input',
  block_id: 'recent',
  label: words(texts(locale).t('slack.field.recent'), LIMITS.inputLabel),
  optional: true,
  element: {
    type: 'static_select',
    action_id: 'recent',
    options: lists.map(({ name, link }) => ({ text: words(name || link, LIMITS.optionLabel), value: link })),
  },
});

function titleOf(form: Form, locale: Locale): string {
  const { t } = texts(locale);
  return form.name === 'new' ? t('slack.form.new') : t(`slack.form.${form.name}`, { id: form.campaign });
}

function input(
  field: Exclude<Field, 'recent'>,
  optional: boolean,
  given: FormFields,
  locale: Locale,
): types.InputBlock {
  const { t } = texts(locale);
  const label = words(t(`slack.field.${field}`), LIMITS.inputLabel);
  const frame = { type: 'input', block_id: field, label, optional } as const;
  if (field === 'file') {
    return { ...frame, element: { type: 'file_input', action_id: field, filetypes: FILE_TYPES, max_files: 1 } };
  }
  const hint = `slack.field.${field}.hint` as const satisfies TextKey;
  const initial = field === 'reason' ? undefined : given[field];
  return {
    ...frame,
    element: {
      type: 'plain_text_input',
      action_id: field,
      multiline: field === 'text' || field === 'reason',
      max_length: LIMITS.inputText,
      placeholder: words(t(hint), LIMITS.placeholder),
      ...(initial && { initial_value: cut(initial, LIMITS.inputText) }),
    },
  };
}

function carry(whole: Carried): string {
  const written = JSON.stringify(whole);
  // A subject of any length would be too long; without the pressed card the answer is a message of its own.
  return written.length <= LIMITS.privateMetadata
    ? written
    : JSON.stringify({ ...whole, spot: { ...whole.spot, pressed: undefined } });
}

/** What `carry` wrote, brought back by Slack; a view that another Herald opened may bring something else. */
export function carriedIn(metadata: string): Carried | null {
  try {
    return carried.parse(JSON.parse(metadata));
  } catch {
    return null;
  }
}

/** What was filled in, by the field. */
export type Filled = Readonly<Partial<Record<Exclude<Field, 'file' | 'recent'>, string>>>;

/** Of an edit, only what is not as the form opened with it: nobody else's change is taken back by a field that was not touched. */
export function filledIn(
  { view }: Submission,
  { name }: Form,
): { readonly filled: Filled; readonly file: SlackFile | null } {
  const openedWith = new Map(view.blocks.map(({ block_id, element }) => [block_id, element?.initial_value]));
  const values = Object.entries(view.state.values).flatMap(([field, block]) => {
    const value = block[field]?.value?.trim();
    const isAsBefore = name === 'edit' && value === openedWith.get(field)?.trim();
    return value && !isAsBefore ? [[field, value] as const] : [];
  });
  const { recent, file } = view.state.values;
  // What somebody has typed is meant rather than what was chosen beside it.
  const chosen = recent?.recent?.selected_option?.value;
  const filled = { ...(chosen && { source: chosen }), ...Object.fromEntries(values) };
  return { filled, file: file?.file?.files?.[0] ?? null };
}

/** The command that a form stands for. */
export function lineOf(form: Form, { reason = '', ...named }: Filled, withFile = false): string {
  switch (form.name) {
    case 'new':
      return commandLine('new', [], named);
    case 'edit':
      // Nothing was changed: that is how it is.
      return Object.keys(named).length === 0 && !withFile
        ? commandLine('show', [form.campaign])
        : commandLine('edit', [form.campaign], named);
    case 'reject':
      return commandLine('reject', [form.campaign, quoted(reason)]);
    case 'schedule':
      return commandLine('schedule', [form.campaign], { start: named.start });
  }
}

export interface Clock {
  readonly now: Date;
  readonly zone: string;
  readonly locale: Locale;
}

/**
 * The field at which a card's mistake was made, when it is known and nothing was kept of the command: then the form can stay open.
 * The core takes all of a command or nothing, so whatever its own readers do not understand was kept from everything else.
 */
export function fieldAtFault(form: Form, filled: Filled, card: Card, clock: Clock): Field | null {
  if (card.subject.startsWith('refusal')) return null;
  if (filled.text !== undefined && textOf(filled.text).problem) return 'text';
  if (filled.sender !== undefined && senderOf(filled.sender).problem) return 'sender';
  if (filled.start !== undefined && card.subject === 'mistake' && startOf(filled.start, clock).problem) return 'start';
  if (form.name !== 'reject' && filled.source !== undefined && card.subject === 'audience') return 'source';
  return null;
}

/** What a card says, for a field to say it. */
export const faultIn = ({ title, lead = [], sections = [] }: Card): string =>
  cut(
    [title, ...lead.slice(0, 2), ...sections.slice(0, 3).map((section) => section.title)].filter(Boolean).join(' '),
    500,
  );
