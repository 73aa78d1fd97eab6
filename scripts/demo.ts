/**
 * `npm run demo`: plays one campaign on real parts (a mongod, SMPP, a workbook) through the commands that people type, shows
 * how it goes, and ends with one line of JSON. It exits with 0 only if the operator's own log, the database and the results
 * workbook say the same.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import ExcelJS from 'exceljs';
import { openLine } from '../bots/console/client.ts';
import { renderCard } from '../bots/console/render.ts';
import type { ConsoleAnswer } from '../bots/console/server.ts';
import { keptToken } from '../bots/console/token.ts';
import { messagesOf, readOperatorLog, wasTaken } from '../integrations/sandbox/log.ts';
import { markOf } from '../src/campaigns/approve.ts';
import { type Campaign, runOf } from '../src/campaigns/campaign.ts';
import type { MessageRecord } from '../src/campaigns/messages.ts';
import { idsOfRun } from '../src/campaigns/messages.ts';
import { environment, loadConfig, problemLines } from '../src/config.ts';
import { type Herald, startHerald } from '../src/herald.ts';
import { createLog } from '../src/platform/log.ts';
import type { Card } from '../src/staff/card.ts';
import type { Employee, Role } from '../src/staff/employee.ts';
import { letIn } from '../src/welcome.ts';

const EXAMPLE = join(import.meta.dirname, '..', 'docs', 'examples', 'customers.xlsx');
const TEXT =
  '{{#if English}}Hello {{Имя}}! Until Sunday our autumn offer is yours: 15% off everything in {{City}}. Show this message in the shop.' +
  '{{else}}Здравствуйте, {{Имя}}! До воскресенья для вас осеннее предложение: скидка 15 % на всё в магазинах города {{City}}.{{/if}}';

/** Paths are shown from where the reader stands. */
const say = (line = ''): void => console.log(line.replaceAll(process.cwd() + sep, ''));

const loading = loadConfig({
  ...environment(),
  HTTP_PORT: '0',
  // So that the demo can be played at night too; else it would wait for nine in the morning, as a campaign should.
  SENDING_WINDOW: '00:00-24:00',
  LOG_LEVEL: 'error',
});
if (loading.kind === 'problems') {
  say(problemLines(loading.problems).join('\n'));
  process.exit(1);
}
const { config } = loading;
if (config.sending.providersFile !== null) {
  say('PROVIDERS_FILE names real operators, and the demo sends made-up people messages. Run it without.');
  process.exit(1);
}

const began = performance.now();
say('Herald, played from a workbook to an operator and back. Everything here is real but the operator and the people.');
const herald = await startHerald(config, { log: createLog({ level: 'error' }) });
// Accounts stay in the database after their file is gone: nobody real may ever hear from a demo.
if ((await herald.accounts.accounts()).some((account) => account.settings.sandbox !== true)) {
  say('This database knows real operators, and the demo sends made-up people messages. Run it with another DATA_DIR.');
  await herald.stop();
  process.exit(1);
}
const { url } = await herald.start();
say(`MongoDB, the service and the sandbox operator are up (${seconds(began)} s).`);

const anna = await person(herald, 'anna', 'Anna Orlova', ['author'], 'en');
const boris = await person(herald, 'boris', 'Борис Громов', ['approver'], 'ru');
const folder = resolve(config.dataDir, 'demo');
mkdirSync(folder, { recursive: true });
const workbook = join(folder, 'customers.xlsx');
copyFileSync(EXAMPLE, workbook);

const sentFrom = new Date();
const created = await command(anna, `new ${workbook} name="Autumn offer" sender=HERALD text="${TEXT}"`, 'nothing');
const id = /campaign:(\d+)/.exec(created.card?.subject ?? '')?.[1];
if (!id) throw new Error('the campaign was not made');
const campaign = await numbersOf(id);
await command(anna, `show ${id}`, 'whole');
await command(anna, `submit ${id}`, 'head');
const mark = await markNow(id);
await command(anna, `approve ${id} ${mark}`, 'head');
await command(boris, `покажи ${id}`, 'head');
await command(boris, `согласовать ${id} ${mark}`, 'head');
await command(anna, `schedule ${id} now`, 'head');
await watch(id);
await command(anna, `results ${id}`, 'whole');
const results = await resultsOf(id);

const messages = await messagesNow();
const seen = messagesOf(await readOperatorLog(operatorLog())).filter(isOurs);
const count = (...states: readonly MessageRecord['state'][]) =>
  messages.filter((one) => states.includes(one.state)).length;
const summary = {
  recipients: messages.length,
  excluded: Object.values(campaign.frozen!.excluded).reduce((sum, n) => sum + n, 0),
  accepted: count('accepted', 'delivered', 'undelivered', 'expired', 'rejected'),
  delivered: count('delivered'),
  undelivered: count('undelivered', 'expired', 'rejected'),
  unknown: count('unknown'),
  operatorSaw: seen.length,
  writtenBack: await rowsIn(results),
};
const problems = differences();
say();
say(`Played in ${seconds(began)} s. The results are in ${results}`);
say('Now try it yourself. Start the service in one terminal with `npm start`, and paste into another:');
say('  npm run chat -- --as anna "list"');
say(`  npm run chat -- --as anna "show ${id}"`);
say(`  npm run chat -- --as anna "again ${id}"`);
await herald.stop();
for (const problem of problems) say(`WRONG: ${problem}`);
say(JSON.stringify(summary));
process.exit(problems.length === 0 ? 0 : 1);

/** What a person types, and what Herald answers, as the console shows it: the whole card, or what stands at its head. */
async function command(as: Employee, text: string, much: 'whole' | 'head' | 'nothing'): Promise<ConsoleAnswer> {
  say();
  say(`${as.name} (${as.roles.join(', ')}) > ${text.length > 300 ? `${text.slice(0, 297)}...` : text}`);
  const heard = await openLine(url, tokenOf(as), as.id).say(text);
  if (heard.kind !== 'answer') throw new Error(`the console did not answer: ${heard.kind}`);
  const { answer } = heard;
  if (answer.card && much !== 'nothing') show(much === 'whole' ? answer.card : headOf(answer.card), as);
  return answer;
}

/** State, sentences and buttons, without the tables; the whole of it is one `show` away. */
function headOf({ subject, tone, title, lead = [], actions = [] }: Card): Card {
  return { subject, tone, title, lead, actions };
}

function show(card: Card, to: Employee): void {
  const width = Math.min(process.stdout.columns ?? 100, 110);
  say(renderCard(card, { locale: to.locale, width, colour: process.stdout.isTTY === true }).replace(/^/gm, '  '));
}

async function person(house: Herald, handle: string, name: string, roles: readonly Role[], locale: 'en' | 'ru') {
  const { store, defaults } = house.staff;
  const employee: Employee = {
    ...defaults,
    id: handle,
    name,
    roles,
    locale,
    department: 'sales',
    sees: [],
    active: true,
    phone: null,
    email: null,
    deputy: null,
  };
  await store.add(employee);
  await letIn(house, handle);
  return employee;
}

function tokenOf(employee: Employee): string {
  const kept = keptToken(config.dataDir, employee.id);
  if (kept.kind !== 'token') throw new Error(`${employee.id} has no token: ${kept.kind}`);
  return kept.token;
}

async function campaignNow(id: string): Promise<Campaign> {
  const found = await herald.campaigns.store.campaign({ departments: 'all' }, id);
  if (!found) throw new Error(`campaign ${id} is gone`);
  return found;
}

/** The numbers are made in the background when there are many people. */
async function numbersOf(id: string): Promise<Campaign> {
  for (;;) {
    const now = await campaignNow(id);
    if (now.problem) throw new Error(`the numbers cannot be made: ${JSON.stringify(now.problem)}`);
    if (now.frozen) return now;
    await pause(100);
  }
}

async function markNow(id: string): Promise<string> {
  const { submission } = await campaignNow(id);
  if (!submission) throw new Error('the campaign was not submitted');
  return markOf(submission.hash);
}

/** One line, redrawn in place on a terminal, until every receipt is there. */
async function watch(id: string): Promise<void> {
  say();
  let last = '';
  for (;;) {
    const now = await campaignNow(id);
    const { states } = await herald.campaigns.messages.counts(now.frozen!.run);
    const waiting = states.queued + states.submitting;
    const line =
      `  ${now.state}: ${now.frozen!.messages - waiting} of ${now.frozen!.messages} sent, ` +
      `${states.delivered} delivered, ${states.accepted} without a receipt yet, ${states.unknown} unknown`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line.padEnd(100)}`);
    else if (line !== last) say(line);
    last = line;
    if (now.state === 'finished' && states.accepted === 0) break;
    await pause(process.stdout.isTTY ? 100 : 700);
  }
  if (process.stdout.isTTY) say();
}

async function resultsOf(id: string): Promise<string> {
  const written = await herald.results.store.last(runOf(await campaignNow(id)));
  if (!written) throw new Error('there are no results');
  return written.target;
}

async function messagesNow(): Promise<MessageRecord[]> {
  const { frozen } = await campaignNow(id!);
  return herald.database.db
    .collection<MessageRecord>('messages')
    .find({ _id: idsOfRun(frozen!.run) })
    .toArray();
}

function operatorLog(): string {
  return join(config.dataDir, 'sandbox', 'operator.log');
}

function isOurs(message: ReturnType<typeof messagesOf>[number]): boolean {
  return message.parts.every((part) => wasTaken(part) && new Date(part.at) >= sentFrom);
}

/** Rows of the results as a person would count them in the workbook: those with a message id. */
async function rowsIn(path: string): Promise<number> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  let rows = 0;
  book.worksheets[0]?.eachRow((row) => {
    const values = row.values as unknown[];
    if (values.some((value) => typeof value === 'string' && /^\d+\.\d+:\d{7}$/.test(value))) rows += 1;
  });
  return rows;
}

/** Where the operator, the database and the workbook do not say the same. */
function differences(): readonly string[] {
  const texts = new Map(seen.map((message) => [message.to.replace(/^\+?/, '+'), message.text]));
  const other = messages.filter((one) => wasSent(one) && texts.get(one.phone) !== one.text);
  return [
    summary.recipients < 400 && 'there are too few recipients for this workbook',
    summary.accepted + summary.unknown !== summary.operatorSaw &&
      'the operator saw another number than the database says',
    summary.delivered + summary.undelivered !== summary.accepted && 'receipts are missing',
    summary.writtenBack !== summary.recipients && 'the workbook has another number of rows',
    texts.size !== seen.length && 'somebody was sent to twice',
    other.length > 0 && `${other.length} messages are not word for word what was approved`,
  ].filter((problem) => problem !== false);
}

function wasSent(message: MessageRecord): boolean {
  return ['accepted', 'delivered', 'undelivered', 'expired', 'rejected'].includes(message.state);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
