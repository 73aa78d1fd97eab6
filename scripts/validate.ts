/**
 * `npm run validate`: everything that must hold before a change goes out. All of it runs, so that one look shows all that is wrong; the
 * tests come last and say the last word.
 */
import { spawnSync } from 'node:child_process';

const CHECKS = [
  { name: 'Format and lint', file: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'Types', file: 'node_modules/typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'Tests', file: 'scripts/test.ts', args: [] },
];

let failed = false;
for (const { name, file, args } of CHECKS) {
  console.log(`== ${name}`);
  const { status } = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
