/**
 * Looks again at the source of a frozen audience. Only a reading that came to its end counts: a source that breaks off, does not
 * answer in time or cannot be understood is unseen, and one that lost most of its rows is told, not believed.
 */
import { lineOf } from './cells.ts';
import { type Changes, type Comparing, comparison, isLasting } from './changes.ts';
import { type AudienceRoom, readingFor } from './freeze.ts';
import { type Answers, planFor, questionsFor, type ReadingPlan } from './questions.ts';
import { type OpenAudience, rowsIn, SAMPLE_ROWS, SourceBroken, type SourceProblem, type SourceRow } from './source.ts';
import type { Audience } from './store.ts';

export interface SecondLook {
  readonly audience: Audience;
  /** As they were given for the first reading. */
  readonly answers: Answers;
  /** Names of the columns that the text uses. */
  readonly used: readonly string[];
  /** The source's revision that was compared last: what is found under it is known. */
  readonly known: string | null;
  /** The audience is some rows of the source: that it has others is no news. */
  readonly onlyThese: boolean;
}

/** Why nothing is known of the source now. */
export type Unseen = SourceProblem['code'] | 'unclear-columns';

export type SeenAgain =
  | { readonly kind: 'unseen'; readonly why: Unseen }
  /** Nothing since the last look. */
  | { readonly kind: 'known' }
  | { readonly kind: 'same'; readonly revision: string }
  | { readonly kind: 'changed'; readonly revision: string; readonly changes: Changes }
  /** It has changed, and rows without lasting keys cannot be found in it. */
  | { readonly kind: 'other-file'; readonly revision: string }
  /** More than half of the rows are gone, `left` of `of` are there: more likely a mistake than meant. */
  | { readonly kind: 'shrunk'; readonly revision: string; readonly left: number; readonly of: number };

export async function lookAgain(room: AudienceRoom, look: SecondLook, signal: AbortSignal): Promise<SeenAgain> {
  const { ref, tab } = look.audience.source;
  const source = room.sources.find((one) => one.claims(ref));
  if (!source) return { kind: 'unseen', why: 'wrong-type' };
  const opening = await source.open(ref, tab, signal, await readingFor(room, look.audience.by));
  if (opening.kind === 'refused') {
    const { code } = opening.problem;
    return code === 'empty' ? shrunkTo(0, look, '') : { kind: 'unseen', why: code };
  }
  const { revision } = opening.audience;
  if (revision === look.audience.revision) return { kind: 'same', revision };
  if (revision === look.known) return { kind: 'known' };
  if (!(await hasLastingKeys(room, look.audience))) return { kind: 'other-file', revision };
  try {
    return await compared(room, look, opening.audience);
  } catch (failure) {
    if (failure instanceof SourceBroken) return { kind: 'unseen', why: failure.problem.code };
    throw failure;
  }
}

async function compared(room: AudienceRoom, look: SecondLook, opened: OpenAudience): Promise<SeenAgain> {
  const { audience, onlyThese } = look;
  const reading = rowsIn(opened);
  try {
    const top = await firstRows(reading);
    const plan = planOf(room, look, top);
    const comparing = await comparison(room.store.rows(audience._id), howToCompare(room, look, plan));
    for (const row of top) comparing.take(row);
    for (let next = await reading.next(); !next.done; next = await reading.next()) comparing.take(next.value);
    const changes = comparing.result();
    const left = audience.counts.rows - changes.removed.count;
    if (left * 2 < audience.counts.rows) return shrunkTo(left, look, opened.revision);
    if (plan === null) return { kind: 'unseen', why: 'unclear-columns' };
    return whatChanged(opened.revision, onlyThese ? { ...changes, added: NO_ROWS } : changes);
  } finally {
    await reading.return(undefined);
  }
}

const NO_ROWS = { count: 0, numbers: [] } as const;

function whatChanged(revision: string, changes: Changes): SeenAgain {
  const { removed, changed, added } = changes;
  if (removed.count + changed.count + added.count === 0) return { kind: 'same', revision };
  return { kind: 'changed', revision, changes };
}

const howToCompare = (room: AudienceRoom, look: SecondLook, plan: ReadingPlan | null): Comparing => ({
  plan,
  used: look.used,
  headings: look.audience.headings,
  country: room.country,
  hiddenRows: look.answers.hiddenRows ?? 'leave-out',
});

const shrunkTo = (left: number, { audience }: SecondLook, revision: string): SeenAgain => ({
  kind: 'shrunk',
  revision,
  left,
  of: audience.counts.rows,
});

/** A source either gives all rows keys that last, or none. */
async function hasLastingKeys(room: AudienceRoom, audience: Audience): Promise<boolean> {
  for await (const row of room.store.rows(audience._id)) return isLasting(row);
  return false;
}

async function firstRows(rows: AsyncIterator<SourceRow>): Promise<readonly SourceRow[]> {
  const first: SourceRow[] = [];
  while (first.length < SAMPLE_ROWS) {
    const next = await rows.next();
    if (next.done) break;
    first.push(next.value);
  }
  return first;
}

/** The plan by which the rows are read now: columns may have moved, rows may stand above the headings that did not. */
function planOf(room: AudienceRoom, look: SecondLook, top: readonly SourceRow[]): ReadingPlan | null {
  const { source, headings, phoneIndex } = look.audience;
  const phoneColumn = headings[phoneIndex] ?? '';
  const headerRow = headerIn(top, [phoneColumn, ...look.used]) ?? look.answers.headerRow;
  const answers: Answers = { phoneColumn, hiddenRows: 'take', ...(headerRow !== undefined && { headerRow }) };
  const table = {
    name: source.tab,
    hidden: false,
    filtered: false,
    hiddenRows: 0,
    sample: top,
    rows: { count: top.length, exact: false },
  };
  const inspected = { kind: 'tables', revision: '', tables: [table] } as const;
  return questionsFor(inspected, answers, room.country).length > 0 ? null : planFor(inspected, answers, room.country);
}

/** Number of the row that holds these headings. */
function headerIn(top: readonly SourceRow[], names: readonly string[]): number | undefined {
  return top.find(({ cells }) => {
    const texts = new Set(cells.map(lineOf));
    return names.every((name) => texts.has(name));
  })?.number;
}
