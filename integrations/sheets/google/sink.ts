/**
 * Results into the manager's own Google Sheet: the campaign's columns at the right, each row found by its key, and a tab of those
 * left out. Nothing of the manager's is written to; what cannot be found is reported, never guessed.
 */
import type { ResultSheet, ResultSink, WriteReport } from '../../../src/results/sink.ts';
import type { GoogleClient } from './client.ts';
import { gather } from './gathered.ts';
import { fileIdOf } from './link.ts';
import { reconcile } from './reconcile.ts';
import { plainText } from './result-cell.ts';
import { resultGroup } from './result-group.ts';
import type { SingleWriter } from './single-writer.ts';
import { readSummary, sizeOf, summaryLines, writeSummary } from './summary-tab.ts';
import type { OwnWords } from './table.ts';
import { GoogleTrouble } from './trouble.ts';

export interface GoogleSinkOptions {
  readonly client: GoogleClient;
  readonly words: OwnWords;
  readonly singleWriter: SingleWriter;
  /** How long Google may say "too many" before the write-back is put off. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 600_000;

/** A sink whose targets are links; `why` of a failure is a `SheetProblem`. */
export function googleSink({ client, words, singleWriter, patienceMs = PATIENCE_MS }: GoogleSinkOptions): ResultSink {
  async function write(target: string, id: string, sheet: ResultSheet, signal: AbortSignal): Promise<WriteReport> {
    const fresh = client.clock.now();
    const access = client.as(sheet.email ?? null);
    return singleWriter(id, signal, async (alone) => {
      // Read when it is our turn: what is written last is what is known last.
      const gathered = await gather(sheet, alone);
      const desk = { access, id, how: { fresh, patienceMs, signal: alone } };
      const summary = summaryLines(sheet, gathered);
      const group = await resultGroup(desk, sheet, sizeOf(summary));
      if (!group) return { kind: 'failed', why: 'no-keys' };
      const headings = sheet.columns.map((column) => plainText(`${sheet.group}: ${column}`));
      const unfound = await reconcile(desk, group, headings, gathered, words);
      const standing = group.newSummary ? [] : await readSummary(desk, group.summary);
      await writeSummary(desk, group.summary, summary, standing);
      const done = { target, rows: gathered.rows.size, excluded: gathered.excluded.length };
      return { kind: 'written', ...done, ...(unfound.missing + unfound.duplicates > 0 ? { unfound } : {}) };
    });
  }

  return {
    kind: 'google-sheet',
    claims: (target) => fileIdOf(target) !== null,
    async write(target, sheet, signal) {
      const id = fileIdOf(target);
      if (id === null) return { kind: 'failed', why: 'wrong-type' };
      try {
        return await write(target, id, sheet, signal);
      } catch (failure) {
        if (signal.aborted) return { kind: 'failed', why: 'aborted' };
        if (failure instanceof GoogleTrouble) return { kind: 'failed', why: WHY[failure.kind] };
        throw failure;
      }
    },
  };
}

/** Each has a sentence in the catalogue under `sink.<code>`. */
export type SheetProblem =
  | 'no-keys'
  | 'office-file'
  | 'sheet-gone'
  | 'sheet-closed'
  | 'sheet-full'
  | 'google-silent'
  | 'wrong-type'
  | 'aborted';

const WHY: Readonly<Record<GoogleTrouble['kind'], SheetProblem>> = {
  'not-found': 'sheet-gone',
  forbidden: 'sheet-closed',
  'not-yours': 'sheet-closed',
  'not-a-sheet': 'office-file',
  full: 'sheet-full',
  moved: 'google-silent',
  unavailable: 'google-silent',
};
