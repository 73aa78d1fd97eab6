/**
 * A new frozen audience from rows of an earlier one, for sending again to those who were not reached: the source may have
 * changed or gone since, the frozen rows have not.
 */
import { daysAfter } from '../platform/days.ts';
import type { AudienceRoom } from './freeze.ts';
import { type Audience, type AudienceRow, rowId } from './store.ts';

export interface RefreezeOrder {
  readonly audience: string;
  /** Ids of rows of that audience. */
  readonly rows: readonly string[];
  readonly department: string;
  readonly by: string;
  readonly name: string;
}

const BATCH = 1000;

/** Null where the audience or one of its rows is gone: nobody may be left out without a word. */
export async function freezeRows(room: AudienceRoom, order: RefreezeOrder): Promise<Audience | null> {
  const earlier = await room.store.audience({ departments: 'all' }, order.audience);
  if (!earlier) return null;
  const at = room.now();
  const audience: Audience = {
    ...earlier,
    _id: await room.nextId(),
    department: order.department,
    by: order.by,
    at,
    state: 'reading',
    counts: { rows: 0, recipients: 0, excluded: {} },
    deleteAfter: daysAfter(at, room.retentionDays),
  };
  await room.store.begin(audience);
  const ids = [...order.rows].sort();
  const keeper = room.store.keeper();
  let kept = 0;
  for (let from = 0; from < ids.length; from += BATCH) {
    const rows = await room.store.rowsByIds(ids.slice(from, from + BATCH));
    await keeper.take(rows.map((row, index) => moved(row, audience, kept + index + 1)));
    kept += rows.length;
  }
  await keeper.done();
  if (kept < ids.length) {
    await room.store.drop(audience._id);
    return null;
  }
  const counts = { rows: kept, recipients: kept, excluded: {} };
  await room.store.finish(audience._id, counts, audience.revision);
  return { ...audience, counts, state: 'frozen' };
}

const moved = (row: AudienceRow, audience: Audience, sequence: number): AudienceRow => ({
  ...row,
  _id: rowId(audience._id, sequence),
  audience: audience._id,
});
