/**
 * The HTML that the Bot API takes, read as strictly as there: what is no tag of its list, or not closed, refuses the message
 * (core.telegram.org/bots/api, "HTML style").
 */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

export type ParsedText =
  | { readonly ok: true; readonly text: string; readonly entities: readonly Entity[] }
  | { readonly ok: false; readonly why: string };

const TAGS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  a: 'text_link',
  blockquote: 'blockquote',
};

/** "The API currently supports only the following named HTML entities". */
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

export function parseHtml(html: string): ParsedText {
  const open: { tag: string; offset: number }[] = [];
  const entities: Entity[] = [];
  let text = '';
  for (let at = 0; at < html.length; ) {
    if (html[at] === '&') {
      const found = /^&(?:(?<name>lt|gt|amp|quot)|#(?<code>\d+)|#x(?<hex>[0-9a-f]+));?/iu.exec(html.slice(at, at + 12));
      const { name, code, hex } = found?.groups ?? {};
      if (found)
        text += name
          ? NAMED[name.toLowerCase()]
          : String.fromCodePoint(code ? Number(code) : Number.parseInt(hex!, 16));
      else text += '&';
      at += found?.[0].length ?? 1;
      continue;
    }
    if (html[at] !== '<') {
      text += html[at++];
      continue;
    }
    const tag = /^<(?<end>\/?)(?<name>[a-z\d-]*)(?<rest>[^>]*)>/iu.exec(html.slice(at));
    if (!tag) return refuse(`Unclosed start tag at byte offset ${bytesBefore(html, at)}`);
    const name = tag.groups!.name!.toLowerCase();
    if (!(name in TAGS)) return refuse(`Unsupported start tag "${name}" at byte offset ${bytesBefore(html, at)}`);
    if (tag.groups!.end === '') open.push({ tag: name, offset: text.length });
    else {
      const last = open.pop();
      if (!last) return refuse(`Unexpected end tag at byte offset ${bytesBefore(html, at)}`);
      if (last.tag !== name) {
        const where = bytesBefore(html, at);
        return refuse(`Unmatched end tag at byte offset ${where}, expected "</${last.tag}>", found "</${name}>"`);
      }
      if (text.length > last.offset) {
        entities.push({ type: TAGS[name]!, offset: last.offset, length: text.length - last.offset });
      }
    }
    at += tag[0].length;
  }
  const left = open.pop();
  if (left) return refuse(`Can't find end tag corresponding to start tag "${left.tag}"`);
  return { ok: true, text, entities: entities.toSorted((a, b) => a.offset - b.offset) };
}

const refuse = (why: string): ParsedText => ({ ok: false, why: `Bad Request: can't parse entities: ${why}` });
const bytesBefore = (html: string, at: number): number => Buffer.byteLength(html.slice(0, at));
