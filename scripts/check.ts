/**
 * `npm run check [-- <link to a sheet> [<e-mail of the employee>]]`: says of everything that Herald is connected with whether it
 * works, and what to do where it does not. Exits with 0 only if all that is set up works.
 */
import { checkAll } from '../src/check.ts';
import { environment, loadConfig, problemLines } from '../src/config.ts';
import type { Finding } from '../src/platform/finding.ts';
import { texts } from '../src/texts/index.ts';

const [link = null, email = null] = process.argv.slice(2);
const loading = loadConfig(environment());
if (loading.kind === 'problems') {
  console.error(['The configuration has problems:', ...problemLines(loading.problems)].join('\n  '));
  process.exit(1);
}

const words = texts(loading.config.company.locale);
const marks: Readonly<Record<Finding['state'], string>> = {
  well: words.t('check.well'),
  wrong: words.t('check.wrong'),
  off: words.t('check.off'),
};
const width = Math.max(...Object.values(marks).map((mark) => mark.length));

let wrong = 0;
for await (const { state, says, advice } of checkAll(loading.config, { link, email })) {
  if (state === 'wrong') wrong++;
  console.log(`${marks[state].padEnd(width)}  ${says}`);
  if (advice) console.log(`${' '.repeat(width)}  ${words.t('check.do', { advice })}`);
}
console.log(`\n${wrong === 0 ? words.t('check.all-well') : words.t('check.some-wrong', { n: wrong })}`);
process.exit(wrong === 0 ? 0 : 1);
