/** Reads a staff sheet: a table whose columns are known by the words that people use for them. */
import { type NamedTable, readNamedTable } from '../audiences/named-table.ts';
import type { AudienceSource } from '../audiences/source.ts';
import { OPTIONAL_COLUMNS, ROSTER_COLUMNS, type RosterColumn, type RosterRow } from '../staff/roster.ts';

export type StaffSheet =
  | Exclude<NamedTable<RosterColumn>, { kind: 'rows' }>
  | { readonly kind: 'rows'; readonly rows: readonly RosterRow[] /** Left out. */; readonly hidden: number };

/** Far more than any staff that uses this: a longer sheet is one of customers. */
const MOST = 20_000;

/** Reads the table behind `ref` for the person of this address; `tab` is the one that was said, if any. */
export async function readStaffSheet(
  sources: readonly AudienceSource[],
  { ref, email }: { readonly ref: string; readonly email: string | null },
  tab: string | undefined,
  signal: AbortSignal,
): Promise<StaffSheet> {
  const columns = { words: ROSTER_COLUMNS, optional: OPTIONAL_COLUMNS, most: MOST };
  const table = await readNamedTable(sources, { ref, email, tab }, columns, signal);
  if (table.kind !== 'rows') return table;
  const rows = table.rows.map(({ number, said }) => ({
    number,
    handle: said('handle'),
    name: said('name'),
    department: said('department'),
    roles: said('roles'),
    email: said('email'),
  }));
  return { kind: 'rows', rows, hidden: table.hidden };
}
