/**
 * `npm run faults [-- --quick] [--naive] [--rows 1,2,5] [--seed N]`: plays the fault matrix and judges it at the operator's log. The
 * last line is JSON; exits with 0 only if nothing happened that must never happen.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../integrations/sandbox/chance.ts';
import { type MongoSet, startMongoSet } from '../test/faults/mongo-set.ts';
import { faultsIn, headLine, lineOf, pageOf, type RowResult, summaryOf } from '../test/faults/report.ts';
import type { Row } from '../test/faults/row.ts';
import { ROWS } from '../test/faults/rows/index.ts';

const SEEDS = 3;
const PAGE = 'docs/faults.md';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    naive: { type: 'boolean', default: false },
    rows: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const wanted = values.rows?.split(',').map(Number);
const rows = ROWS.filter(({ number }) => wanted?.includes(number) ?? true);
const firstSeed = Number(values.seed);
if (rows.length === 0 || !Number.isInteger(firstSeed)) {
  console.error(`There are the rows ${ROWS.map(({ number }) => number).join(', ')}; a seed is a whole number.`);
  console.error('Example: npm run faults -- --quick --rows 1,2 --seed 7');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'herald-fault-matrix-'));
const sets = new Map<1 | 3, MongoSet>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Three members cost a small machine much: they run only while a row needs them. */
async function mongo(members: 1 | 3): Promise<MongoSet> {
  for (const [count, set] of sets) {
    if (count === members) continue;
    await set.close();
    sets.delete(count);
  }
  const set = sets.get(members) ?? (await startMongoSet(mkdtempSync(join(folder, 'set-')), members));
  sets.set(members, set);
  for (const member of set.members) if (!member.isAlive()) await member.start();
  await set.primary();
  return set;
}

async function play(row: Row, seed: number): Promise<RowResult> {
  const began = performance.now();
  const about = (): Pick<RowResult, 'row' | 'seed' | 'seconds'> => ({
    row: { number: row.number, name: row.name },
    seed,
    seconds: (performance.now() - began) / 1000,
  });
  try {
    const lacks = await row.lacks?.();
    if (lacks) return { ...about(), kind: 'skipped', why: lacks };
    const random = seededRandom(seed * 1000 + row.number);
    const finding = await row.run({ seed, random, naive: values.naive, mongo });
    return { ...about(), kind: 'run', finding };
  } catch (failure) {
    if (process.env.FAULTS_LOG) console.error(failure);
    return { ...about(), kind: 'broke', why: failure instanceof Error ? failure.message : String(failure) };
  }
}

console.log(headLine());
const results: RowResult[] = [];
for (const row of rows) {
  for (let seed = firstSeed; seed < firstSeed + (values.quick ? 1 : SEEDS); seed++) {
    const result = await play(row, seed);
    results.push(result);
    console.log(lineOf(result));
  }
}
for (const set of sets.values()) await set.close();

// The page is of Herald as it is.
if (!values.naive) {
  const earlier = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  writeFileSync(PAGE, pageOf(results, { at: new Date(), cores: availableParallelism(), earlier }));
}
console.log(JSON.stringify(summaryOf(results)));
process.exit(results.every((result) => faultsIn(result).length === 0) ? 0 : 1);
