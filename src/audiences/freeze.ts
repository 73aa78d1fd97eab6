/**
 * Freezes an audience: reads its source once, checks row by row, and keeps every row in MongoDB. A problem in a row leaves
 * that row out with a reason, never the run; a source that breaks midway leaves nothing behind.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CountryCode, E164 } from '../messages/phone.ts';
import { daysAfter } from '../platform/days.ts';
import { isFilled } from './cells.ts';
import { knownPhones } from './known-phones.ts';
import { type Answers, planFor, type Question, questionsFor, type ReadingPlan } from './questions.ts';
import { checkRow } from './row.ts';
import {
  type AudienceSource,
  type ReadingOptions,
  SourceBroken,
  type SourceProblem,
  type SourceRow,
} from './source.ts';
import { type Audience, type AudienceRow, type AudienceStore, rowId } from './store.ts';

export interface AudienceRoom {
  readonly store: AudienceStore;
  readonly sources: readonly AudienceSource[];
  readonly personKey: (phone: E164) => string;
  readonly country: CountryCode;
  readonly now: () => Date;
  readonly nextId: () => Promise<string>;
  readonly retentionDays: number;
  /** Address of an employee, for sources that show each only what that one may open. */
  readonly emailOf?: (employee: string) => Promise<string | null>;
}

/** How a source is read for this employee. */
export const readingFor = async ({ emailOf }: AudienceRoom, by: string): Promise<ReadingOptions> => ({
  email: (await emailOf?.(by)) ?? null,
});

/** What came of a look at a source: ready to be frozen, something to ask, or no. */
export type Look =
  | {
      readonly kind: 'ready';
      readonly source: AudienceSource;
      readonly plan: ReadingPlan;
      /** What people call the source, where its address does not say. */
      readonly title: string | null;
    }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  | { readonly kind: 'refused'; readonly problem: SourceProblem };

/** Looks at the source behind `ref` for the employee `by`, with the answers given so far. */
export async function lookAt(
  room: AudienceRoom,
  ref: string,
  answers: Answers,
  by: string,
  signal: AbortSignal,
): Promise<Look> {
  const source = room.sources.find((one) => one.claims(ref));
  if (!source) return { kind: 'refused', problem: { code: 'wrong-type', found: ref.split('.').at(-1) ?? ref } };
  const inspection = await source.inspect(ref, signal, await readingFor(room, by));
  if (inspection.kind === 'refused') return inspection;
  if (answers.tab !== undefined && !inspection.tables.some((table) => table.name === answers.tab)) {
    const tabs = inspection.tables.map((table) => table.name);
    return { kind: 'refused', problem: { code: 'no-such-tab', name: answers.tab, tabs } };
  }
  const questions = questionsFor(inspection, answers, room.country);
  if (questions.length > 0) return { kind: 'questions', questions };
  const plan = planFor(inspection, answers, room.country);
  return { kind: 'ready', source, plan, title: inspection.title ?? null };
}

export interface FreezeOrder {
  readonly source: AudienceSource;
  readonly ref: string;
  /** What the source is called in front of people: a file's or sheet's name. */
  readonly name: string;
  readonly plan: ReadingPlan;
  readonly department: string;
  readonly by: string;
  /** Zone of recipients whose row names none. */
  readonly zone: string;
  readonly onProgress?: (rows: number) => void;
}

export type Frozen =
  | { readonly kind: 'frozen'; readonly audience: Audience }
  | { readonly kind: 'refused'; readonly problem: SourceProblem };

export async function freezeAudience(room: AudienceRoom, order: FreezeOrder, signal: AbortSignal): Promise<Frozen> {
  const { tab, headerRow } = order.plan;
  const reading = { ...(await readingFor(room, order.by)), headerRow };
  const opening = await order.source.open(order.ref, tab, signal, reading);
  if (opening.kind === 'refused') return opening;
  const draft = await begin(room, order, opening.audience.revision);
  const tally = new Tally();
  const keeper = room.store.keeper();
  try {
    const check = checking(room, order, draft, tally);
    for await (const lot of opening.audience.lots()) {
      await keeper.take(lot.map(check).filter((row) => row !== null));
      order.onProgress?.(tally.rows);
      // Everything else in the process has its turn: checking a lot takes some milliseconds.
      await nextTurn();
    }
    await keeper.done();
  } catch (failure) {
    await keeper.idle();
    await room.store.drop(draft._id);
    if (failure instanceof SourceBroken) return { kind: 'refused', problem: failure.problem };
    throw failure;
  }
  const counts = { rows: tally.rows, recipients: tally.recipients, excluded: tally.excluded };
  await room.store.finish(draft._id, counts, draft.revision);
  return { kind: 'frozen', audience: { ...draft, counts, state: 'frozen' } };
}

async function begin(room: AudienceRoom, order: FreezeOrder, revision: string): Promise<Audience> {
  const at = room.now();
  const audience: Audience = {
    _id: await room.nextId(),
    schemaVersion: 1,
    department: order.department,
    source: { kind: order.source.kind, ref: order.ref, name: order.name, tab: order.plan.tab },
    revision,
    headings: order.plan.headings,
    phoneIndex: order.plan.phoneIndex,
    counts: { rows: 0, recipients: 0, excluded: {} },
    state: 'reading',
    by: order.by,
    at,
    deleteAfter: daysAfter(at, room.retentionDays),
  };
  await room.store.begin(audience);
  return audience;
}

/** Checks rows in their order; null for a row that is none. Of several with one phone the first is the recipient. */
function checking(
  room: AudienceRoom,
  order: FreezeOrder,
  audience: Audience,
  tally: Tally,
): (row: SourceRow) => AudienceRow | null {
  const { plan } = order;
  const defaults = { country: room.country, zone: order.zone };
  const known = knownPhones();
  return (row) => {
    const checked = checkRow(row, plan, defaults);
    if (checked.kind === 'blank') return null;
    tally.rows += 1;
    const { number, key } = row;
    const kept = { _id: rowId(audience._id, tally.rows), audience: audience._id, number, key, cells: checked.cells };
    const leftOut = (excluded: string): AudienceRow => {
      tally.leaveOut(excluded);
      return { ...kept, excluded };
    };
    if (checked.kind === 'excluded') return leftOut(checked.reason);
    const { phone, doubt } = checked;
    if (!known.add(phone)) return leftOut('duplicate');
    tally.recipients += 1;
    const zone = namesZone(row, plan) ? checked.zone : null;
    return { ...kept, recipient: { person: room.personKey(phone), phone, zone, doubt, values: checked.values } };
  };
}

/** A row that names no zone follows the campaign's, also when that is changed later. */
const namesZone = (row: SourceRow, { zoneIndex }: ReadingPlan): boolean =>
  zoneIndex !== null && isFilled(row.cells[zoneIndex]);

class Tally {
  rows = 0;
  recipients = 0;
  readonly excluded: Record<string, number> = {};

  leaveOut(reason: string): void {
    this.excluded[reason] = (this.excluded[reason] ?? 0) + 1;
  }
}
