/**
 * `npm test`: runs all tests and says how much they cover; `npm test -- files…` runs some. The last line is `N passed, N failed`; the
 * exit code is not zero when a test failed, or when all together cover less than they must.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';

const LEAST_LINES = 90;
const RESULTS = 'coverage/tests.json';
const COVERAGE = 'coverage/coverage-summary.json';

/** What vitest's JSON reporter writes, as far as it is read here. A file that broke before its first test has no assertions. */
const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const Coverage = z.object({
  total: z.object({ lines: z.object({ pct: z.number(), covered: z.number(), total: z.number() }) }),
});

const chosen = process.argv.slice(2);
const some = chosen.length > 0;

function runTests(): boolean {
  for (const stale of [RESULTS, COVERAGE]) rmSync(stale, { force: true });
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`];
  const coverage = some ? [] : ['--coverage', '--coverage.reportOnFailure'];
  const vitest = 'node_modules/vitest/vitest.mjs';
  return (
    spawnSync(process.execPath, [vitest, 'run', ...reports, ...coverage, ...chosen], { stdio: 'inherit' }).status === 0
  );
}

function read<T>(path: string, shape: z.ZodType<T>): T | null {
  try {
    return shape.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // vitest broke before it could write
  }
}

function isCovered(): boolean {
  const lines = read(COVERAGE, Coverage)?.total.lines;
  if (!lines) return false;
  console.log(
    `Lines covered: ${lines.pct} % (${lines.covered} of ${lines.total}; at least ${LEAST_LINES} % are asked for)`,
  );
  return lines.pct >= LEAST_LINES;
}

function summary(): string {
  const results = read(RESULTS, Results);
  if (!results) return '0 passed, 1 failed';
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const skipped = results.numPendingTests + results.numTodoTests;
  const counts = `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

const passed = runTests();
const covered = some || isCovered();
console.log(summary());
process.exitCode = passed && covered ? 0 : 1;
