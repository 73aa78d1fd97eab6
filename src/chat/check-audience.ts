/** Reads a source to its end without keeping anything: how many of its rows can be reached, and the first of them as read. */
import { type AudienceRoom, type Look, readingFor } from '../audiences/freeze.ts';
import { checkRow } from '../audiences/row.ts';
import { rowsIn, SourceBroken, type SourceProblem } from '../audiences/source.ts';
import type { AudienceCounts } from '../audiences/store.ts';
import type { Employee } from '../staff/employee.ts';
import type { RowShown } from './cards/audience.ts';

/** Rows that are shown. */
const SHOWN = 5;

export type Checked =
  | { readonly kind: 'checked'; readonly counts: AudienceCounts; readonly rows: readonly RowShown[] }
  | { readonly kind: 'refused'; readonly problem: SourceProblem };

export async function checkAudience(
  room: AudienceRoom,
  { source, plan }: Extract<Look, { kind: 'ready' }>,
  { ref, by }: { readonly ref: string; readonly by: Pick<Employee, 'id' | 'zone'> },
  signal: AbortSignal,
): Promise<Checked> {
  const { country } = room;
  const opening = await source.open(ref, plan.tab, signal, await readingFor(room, by.id));
  if (opening.kind === 'refused') return opening;
  const seen = new Set<string>();
  const excluded: Record<string, number> = {};
  const rows: RowShown[] = [];
  let count = 0;
  try {
    for await (const row of rowsIn(opening.audience)) {
      const checked = checkRow(row, plan, { country, zone: by.zone });
      if (checked.kind === 'blank') continue;
      count += 1;
      const phone = checked.kind === 'recipient' ? checked.phone : null;
      const reason = checked.kind === 'excluded' ? checked.reason : seen.has(checked.phone) ? 'duplicate' : null;
      if (phone !== null) seen.add(phone);
      if (reason !== null) excluded[reason] = (excluded[reason] ?? 0) + 1;
      if (rows.length >= SHOWN) continue;
      const doubt = checked.kind === 'recipient' ? checked.doubt : null;
      const said = checked.kind === 'recipient' ? checked.values : [];
      const values = Object.fromEntries(said.map((value, index) => [plan.headings[index], value]));
      rows.push({ number: row.number, phone: reason === null ? phone : null, doubt, excluded: reason, values });
    }
  } catch (failure) {
    if (failure instanceof SourceBroken) return { kind: 'refused', problem: failure.problem };
    throw failure;
  }
  return { kind: 'checked', counts: { rows: count, recipients: seen.size, excluded }, rows };
}
