/** Columns of a list as names in a text, and names in a text that are no columns. */
import type { UnknownVariable } from '../../messages/template.ts';
import type { Speech } from './speech.ts';

/** A column as it is written in a text: a name of several words stands in brackets. */
export const asVariable = (column: string): string =>
  /^[\p{L}_][\p{L}\p{N}_]*$/u.test(column) ? `{{${column}}}` : `{{[${column}]}}`;

/** What is not a column, where it stands, and the nearest name that is one. */
export function variableLine({ variable: name, nearest, line, column }: UnknownVariable, say: Speech): string {
  if (nearest === null) return say.t('variable.unknown', { line, column, name });
  return say.t('template.unknown-variable-nearest', { line, column, name, nearest });
}

/** Columns named on a card; a list of a hundred helps nobody. */
const NAMED = 20;

export function columnsLine(columns: readonly string[]): string {
  const named = columns.slice(0, NAMED).map(asVariable).join(', ');
  return columns.length > NAMED ? `${named}, …` : named;
}
