/**
 * Slack's rules for blocks and views (docs.slack.dev/reference/block-kit), as far as a bot can break them: each problem in words, as
 * Slack's `response_metadata.messages` has them.
 */
import { z } from 'zod';

const plain = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const mrkdwn = (most: number) =>
  z
    .strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() })
    // A bare sign would be taken for a mark of Slack's own.
    .refine(({ text }) => !/&(?!(?:amp|lt|gt);)/u.test(text), 'must escape & in mrkdwn');
const text = (most: number) => z.union([plain(most), mrkdwn(most)]);
const id = z.string().min(1).max(255);

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: id,
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().min(1).max(75).optional(),
});

const richTextElement = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  style: z.strictObject({ bold: z.boolean().optional(), code: z.boolean().optional() }).optional(),
});
const link = z.strictObject({ type: z.literal('link'), url: z.url({ protocol: /^https?$/u }).max(3000) });
const lettersIn = (one: { type: 'text'; text: string } | { type: 'link'; url: string }): string =>
  one.type === 'text' ? one.text : one.url;
const richText = z
  .strictObject({
    type: z.literal('rich_text'),
    block_id: id.optional(),
    elements: z
      .array(
        z.strictObject({
          type: z.enum(['rich_text_section', 'rich_text_preformatted']),
          elements: z.array(z.discriminatedUnion('type', [richTextElement, link])).min(1),
        }),
      )
      .min(1),
  })
  .refine(
    ({ elements }) =>
      elements.flatMap((one) => one.elements).reduce((sum, one) => sum + lettersIn(one).length, 0) <= 3000,
    'must hold no more than 3000 characters',
  );

const anywhere = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), block_id: id.optional(), text: plain(150) }),
  z.strictObject({
    type: z.literal('section'),
    block_id: id.optional(),
    text: text(3000),
    fields: z.array(text(2000)).max(10).optional(),
  }),
  z.strictObject({ type: z.literal('context'), block_id: id.optional(), elements: z.array(text(2000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('divider'), block_id: id.optional() }),
  z.strictObject({ type: z.literal('actions'), block_id: id.optional(), elements: z.array(button).min(1).max(25) }),
  richText,
]);

const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: id,
  multiline: z.boolean().optional(),
  max_length: z.int().min(1).max(3000).optional(),
  placeholder: plain(150).optional(),
  initial_value: z.string().min(1).max(3000).optional(),
});
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: id,
  filetypes: z.array(z.string()).optional(),
  max_files: z.int().min(1).max(10).optional(),
});
/** docs.slack.dev/reference/block-kit/block-elements/select-menu-element, and the option object. */
const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: id,
  placeholder: plain(150).optional(),
  options: z
    .array(z.strictObject({ text: plain(75), value: z.string().min(1).max(150) }))
    .min(1)
    .max(100),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: id,
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  element: z.discriminatedUnion('type', [textInput, fileInput, select]),
});
const inView = z.union([anywhere, input]);

const modal = z
  .strictObject({
    type: z.literal('modal'),
    callback_id: id.optional(),
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    private_metadata: z.string().max(3000).optional(),
    blocks: z.array(inView).max(100),
  })
  .refine(
    ({ blocks, submit }) => submit !== undefined || !blocks.some(({ type }) => type === 'input'),
    'must have a submit when it has inputs',
  );
const home = z.strictObject({
  type: z.literal('home'),
  blocks: z.array(inView).max(100),
  private_metadata: z.string().max(3000).optional(),
});

export type Block = z.infer<typeof inView>;
export type InputElement = z.infer<typeof input>['element'];
export type View = z.infer<typeof modal> | z.infer<typeof home>;

/** Above some 13,200 letters Slack answers `msg_blocks_too_long`. */
const BLOCKS_LETTERS = 13_200;

export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly messages: readonly string[] };

export function judgeBlocks(blocks: unknown): Judged<Block[]> {
  const read = z.array(anywhere).max(50).safeParse(blocks);
  if (!read.success) return invalid('invalid_blocks', read.error);
  if (JSON.stringify(read.data).length > BLOCKS_LETTERS + 4000)
    return { ok: false, error: 'msg_blocks_too_long', messages: [] };
  const doubled = unique(read.data);
  return doubled ?? { ok: true, value: read.data };
}

export function judgeView(view: unknown, type: 'modal' | 'home'): Judged<View> {
  const read = (type === 'modal' ? modal : home).safeParse(view);
  if (!read.success) return invalid('invalid_arguments', read.error);
  return unique(read.data.blocks) ?? { ok: true, value: read.data };
}

const invalid = (error: string, { issues }: z.ZodError): Judged<never> => ({
  ok: false,
  error,
  messages: issues.map(({ path, message }) => `[ERROR] ${message} [json-pointer:/${path.join('/')}]`),
});

/** Ids of blocks are unique in a message or view, those of actions in their block; we keep them unique all over. */
function unique(blocks: readonly Block[]): Judged<never> | null {
  const ids = blocks.flatMap((block) => (block.block_id === undefined ? [] : [block.block_id]));
  const actions = blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((one) => one.action_id) : [],
  );
  const isTwice = (all: readonly string[]) => new Set(all).size !== all.length;
  if (isTwice(ids)) return { ok: false, error: 'invalid_blocks', messages: ['[ERROR] block_id already exists'] };
  if (isTwice(actions)) return { ok: false, error: 'invalid_blocks', messages: ['[ERROR] action_id already exists'] };
  return null;
}

/** What a person reads, without markup and without what stands on buttons. */
export function wordsIn(blocks: readonly Block[]): string {
  const lines = blocks.flatMap((block): readonly string[] => {
    if (block.type === 'header') return [block.text.text];
    if (block.type === 'section') return [read(block.text), ...(block.fields ?? []).map(read)];
    if (block.type === 'context') return block.elements.map(read);
    if (block.type === 'rich_text') return block.elements.map(({ elements }) => elements.map(lettersIn).join(''));
    return block.type === 'input' ? [block.label.text] : [];
  });
  return lines.join('\n');
}

const read = ({ type, text }: { type: string; text: string }): string =>
  type === 'mrkdwn' ? text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') : text;

export type Button = z.infer<typeof button> & { readonly block_id: string };

export const buttonsIn = (blocks: readonly Block[]): readonly Button[] =>
  blocks.flatMap((block, index) =>
    block.type === 'actions'
      ? block.elements.map((one) => ({ ...one, block_id: block.block_id ?? `auto${index}` }))
      : [],
  );
