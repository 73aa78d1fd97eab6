/**
 * Templates of messages: text with `{{variables}}` and if/unless, in Handlebars' syntax and with its meaning. A template
 * is checked when it is written; rendering a row cannot fail, escapes nothing, and reads nothing but that row.
 */
import { columnOf, nameKey, nearestName } from './names.ts';
import { type Node, type Place, readTree, type TemplateError } from './template-tree.ts';

export type { Place, TemplateError, TemplateErrorCode } from './template-tree.ts';
export { tidyText } from './tidy.ts';

/** One row by the names of its columns. */
export type Values = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

export interface Template {
  readonly source: string;
  /** Every variable once, as first spelt, in the order of first use. */
  readonly variables: readonly string[];
  /** Those that are shown somewhere without an `if` that makes sure of them: a row without them has a hole in its text. */
  readonly required: readonly string[];
  /** Where each variable is first used. */
  readonly places: ReadonlyMap<string, Place>;
  /**
   * The text for one row. A variable means the column spelt like it, else the first that differs only in case or spacing;
   * what the row lacks is empty. In `if`, spaces alone are empty too, because cells that look empty often hold one.
   */
  render(values: Values): string;
}

export type TemplateReading =
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'errors'; readonly errors: readonly TemplateError[] };

/** Reads a source, which may be anything that came from outside. */
export function parseTemplate(source: string): TemplateReading {
  const read = readTree(source);
  if (read.kind === 'errors') return read;
  const places = new Map<string, Place>();
  const required = new Map<string, string>();
  survey(read.nodes, new Set(), places, required);
  const spelt = firstSpellings(places);
  const template: Template = {
    source,
    variables: [...spelt.values()],
    required: [...required.keys()].map((key) => spelt.get(key)!),
    places: new Map([...spelt.values()].map((name) => [name, places.get(name)!])),
    render: (values) => renderNodes(read.nodes, isMap(values) ? fromMap(values) : fromRecord(values)),
  };
  return { kind: 'template', template };
}

/** A variable that no column is called, with the column that was probably meant. */
export interface UnknownVariable extends Place {
  readonly variable: string;
  readonly nearest: string | null;
  /** It is shown without an `if`; otherwise its absence may be meant. */
  readonly required: boolean;
}

/** The variables that are no column. Case and spacing do not matter: `{{имя}}` is the column "Имя ". */
export function checkVariables(template: Template, columns: readonly string[]): readonly UnknownVariable[] {
  return template.variables
    .filter((variable) => columnOf(variable, columns) === null)
    .map((variable) => ({
      variable,
      nearest: nearestName(variable, columns),
      required: template.required.includes(variable),
      ...template.places.get(variable)!,
    }));
}

/** Notes where each spelling is first used, and which variables are shown outside of any `if` on themselves. */
function survey(
  nodes: readonly Node[],
  assured: ReadonlySet<string>,
  places: Map<string, Place>,
  required: Map<string, string>,
): void {
  for (const node of nodes) {
    if (node.kind === 'text') continue;
    const key = nameKey(node.name);
    if (!places.has(node.name)) places.set(node.name, { line: node.line, column: node.column });
    if (node.kind === 'choice') {
      survey(node.filled, new Set([...assured, key]), places, required);
      survey(node.empty, assured, places, required);
    } else if (!assured.has(key)) required.set(key, node.name);
  }
}

/** Variables by key, in the order of first use. */
function firstSpellings(places: ReadonlyMap<string, Place>): ReadonlyMap<string, string> {
  const spelt = new Map<string, string>();
  for (const name of places.keys()) if (!spelt.has(nameKey(name))) spelt.set(nameKey(name), name);
  return spelt;
}

type Lookup = (variable: string) => string;

const isMap = (values: Values): values is ReadonlyMap<string, string> => values instanceof Map;

const fromMap = (values: ReadonlyMap<string, string>): Lookup => {
  return (variable) => values.get(variable) ?? values.get(columnOf(variable, values.keys()) ?? variable) ?? '';
};

/** Own properties only: a column may be called `constructor`, and a row without one has none. */
const fromRecord = (values: Readonly<Record<string, string>>): Lookup => {
  return (variable) => {
    const column = Object.hasOwn(values, variable) ? variable : columnOf(variable, Object.keys(values));
    return column === null ? '' : (values[column] ?? '');
  };
};

function renderNodes(nodes: readonly Node[], value: Lookup): string {
  let text = '';
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        text += node.text;
        break;
      case 'variable':
        text += value(node.name);
        break;
      case 'choice':
        text += renderNodes(value(node.name).trim() === '' ? node.empty : node.filled, value);
        break;
    }
  }
  return text;
}
