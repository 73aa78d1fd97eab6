/**
 * A template's source as a tree of three kinds of node. Handlebars parses; everything that is not on the list here is
 * refused, and nothing of its syntax tree or its compiler is used afterwards, so there is no code to inject into.
 */
import Handlebars from 'handlebars';

/** Where something is in the source: both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type TemplateErrorCode =
  | 'not-text' // not a string at all
  | 'too-long'
  | 'too-deep'
  | 'syntax'
  | 'not-closed' // the source ended inside a block or a tag
  | 'mismatched' // {{#if}} closed by {{/unless}}
  | 'needs-brackets' // {{First Name}}: `detail` is how to write it
  | 'not-allowed'; // anything else that Handlebars can do

/** Why a source is not a template; each code has a sentence in the catalogue. `detail` is a piece of the source. */
export interface TemplateError extends Place {
  readonly code: TemplateErrorCode;
  readonly detail?: string;
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'variable'; readonly name: string } & Place)
  | ({
      readonly kind: 'choice';
      readonly name: string;
      /** Taken when the variable has a value. */
      readonly filled: readonly Node[];
      /** Taken when it is empty. */
      readonly empty: readonly Node[];
    } & Place);

export const MAX_SOURCE = 4_000;
export const MAX_DEPTH = 5;

type Tree = { readonly kind: 'tree'; readonly nodes: readonly Node[] };
type Errors = { readonly kind: 'errors'; readonly errors: readonly TemplateError[] };

/** Reads a source. Takes `unknown`, because Handlebars would take a ready syntax tree for a source (CVE-2026-33937). */
export function readTree(source: unknown): Tree | Errors {
  if (typeof source !== 'string') return failed({ code: 'not-text', line: 1, column: 1 });
  if (source.length > MAX_SOURCE) return failed({ code: 'too-long', line: 1, column: 1, detail: String(MAX_SOURCE) });
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(source);
  } catch (error) {
    return failed(syntaxError(source, error));
  }
  const errors: TemplateError[] = [];
  const nodes = readProgram(program, 0, { source, errors });
  return errors.length > 0 ? { kind: 'errors', errors } : { kind: 'tree', nodes };
}

const failed = (error: TemplateError): Errors => ({ kind: 'errors', errors: [error] });

interface Reading {
  readonly source: string;
  readonly errors: TemplateError[];
}

function readProgram(program: hbs.AST.Program | undefined, depth: number, reading: Reading): readonly Node[] {
  const nodes: Node[] = [];
  for (const statement of program?.body ?? []) {
    const node = readStatement(statement, depth, reading);
    if (node) nodes.push(node);
  }
  return nodes;
}

function readStatement(statement: hbs.AST.Statement, depth: number, reading: Reading): Node | null {
  switch (statement.type) {
    case 'ContentStatement':
      return { kind: 'text', text: (statement as hbs.AST.ContentStatement).value };
    case 'CommentStatement':
      return null;
    case 'MustacheStatement':
      return readVariable(statement as hbs.AST.MustacheStatement, reading);
    case 'BlockStatement':
      return readChoice(statement as hbs.AST.BlockStatement, depth, reading);
    default: // partials, decorators, and whatever comes with the next version
      return refuse('not-allowed', statement, reading);
  }
}

/** `{{name}}`, `{{[two words]}}`; two or three braces are the same, for nothing is escaped in an SMS. */
function readVariable(statement: hbs.AST.MustacheStatement, reading: Reading): Node | null {
  const name = simpleName(statement.path);
  if (name !== null && statement.params.length === 0 && !statement.hash) {
    return { kind: 'variable', name, ...placeOf(statement) };
  }
  const words = [statement.path, ...statement.params].map(simpleName);
  if (name === null || HELPERS.has(name) || statement.hash || words.includes(null)) {
    return refuse('not-allowed', statement, reading);
  }
  return refuse('needs-brackets', statement, reading, `{{[${words.join(' ')}]}}`);
}

const HELPERS: ReadonlySet<string> = new Set(Object.keys(Handlebars.helpers));

/** `{{#if name}}`, `{{#unless name}}`, with `{{else}}`, `{{else if other}}` and the inverse `{{^if name}}`. */
function readChoice(block: hbs.AST.BlockStatement, depth: number, reading: Reading): Node | null {
  const kind = simpleName(block.path);
  const name = block.params.length === 1 ? simpleName(block.params[0]!) : null;
  const plain = !block.hash && !hasBlockParams(block.program) && !hasBlockParams(block.inverse) && !isRaw(block);
  if ((kind !== 'if' && kind !== 'unless') || name === null || !plain) return refuse('not-allowed', block, reading);
  if (depth >= MAX_DEPTH) return refuse('too-deep', block, reading, String(MAX_DEPTH));
  const then = readProgram(block.program, depth + 1, reading);
  // `else if` is one more branch for its reader, and one more level only for the parser.
  const chained = (block.inverse as { chained?: boolean } | undefined)?.chained === true;
  const otherwise = readProgram(block.inverse, chained ? depth : depth + 1, reading);
  const [filled, empty] = kind === 'if' ? [then, otherwise] : [otherwise, then];
  return { kind: 'choice', name, filled, empty, ...placeOf(block) };
}

const hasBlockParams = (program: hbs.AST.Program | undefined): boolean => (program?.blockParams?.length ?? 0) > 0;

/** `{{{{if x}}}}`: the only blocks whose strip flags are left unset. */
const isRaw = (block: hbs.AST.BlockStatement): boolean => block.openStrip?.open === undefined;

/** The name, when the expression is one word or one pair of brackets: no dots, no `../`, no `this`, no `@data`, no literal. */
function simpleName(expression: hbs.AST.Expression): string | null {
  if (expression.type !== 'PathExpression') return null;
  const path = expression as hbs.AST.PathExpression;
  if (path.data || path.depth !== 0 || path.parts.length !== 1) return null;
  const [name] = path.parts;
  return typeof name === 'string' && name.trim() !== '' && path.original === name ? name : null;
}

const placeOf = (node: hbs.AST.Node): Place => ({ line: node.loc.start.line, column: node.loc.start.column + 1 });

function refuse(code: TemplateErrorCode, node: hbs.AST.Node, reading: Reading, detail?: string): null {
  const place = placeOf(node);
  const line = reading.source.split('\n')[place.line - 1] ?? '';
  const tag = line.slice(place.column - 1).match(/^\{\{.{0,60}?\}\}+/)?.[0] ?? '';
  reading.errors.push({ code, ...place, detail: detail ?? tag });
  return null;
}

/** Handlebars says where by a drawing of 20 characters to each side and a caret, or, for mismatched blocks, in fields. */
function syntaxError(source: string, error: unknown): TemplateError {
  const { message, lineNumber, column } = error as { message: string; lineNumber?: number; column?: number };
  if (lineNumber !== undefined) {
    const code = message.includes("doesn't match") ? 'mismatched' : 'not-allowed';
    return { code, line: lineNumber, column: (column ?? 0) + 1 };
  }
  const drawing = /on line \d+[^\n]*\n([^\n]*?\n)?(-*)\^/.exec(message);
  if (!drawing) throw new Error('Handlebars threw something that is no syntax error', { cause: error });
  const [, shown = '', dashes] = drawing;
  // In a comment without an end the lexer repeats itself in the drawing; the comment's opening is the last there is.
  const caret = offsetOf(source, shown.slice(0, dashes!.length), shown.slice(dashes!.length).trimEnd());
  const at = caret ?? Math.max(0, source.lastIndexOf('{{'));
  if (message.includes("got 'EOF'")) return { code: 'not-closed', ...placeAt(source, openBlock(source)) };
  if (source.includes('}}', at)) return { code: 'syntax', ...placeAt(source, at) };
  return { code: 'not-closed', ...placeAt(source, Math.max(0, source.lastIndexOf('{{', at))) };
}

function placeAt(source: string, offset: number): Place {
  const lines = source.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** The offset of the last block that is opened and not closed. */
function openBlock(source: string): number {
  const open: number[] = [];
  for (const tag of source.matchAll(/\{\{~?\s*([#^/])/g)) {
    if (tag[1] === '/') open.pop();
    else open.push(tag.index);
  }
  return open.at(-1) ?? 0;
}

/** The offset in the source of a drawing's caret; the drawing leaves out line ends, and cuts with dots what is long. */
function offsetOf(source: string, drawnBefore: string, drawnAfter: string): number | null {
  const before = drawnBefore.replace(/^\.{3}/, '');
  const after = drawnAfter.replace(/\.{3}$/, '');
  for (let at = 0; at <= source.length; at++) {
    if (source.slice(Math.max(0, at - 20), at).replaceAll('\n', '') !== before) continue;
    if (
      source
        .slice(at, at + 20)
        .replaceAll('\n', '')
        .startsWith(after)
    )
      return at;
  }
  return null;
}
