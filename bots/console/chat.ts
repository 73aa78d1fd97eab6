/**
 * `npm run chat -- --as anna "list"`: one command to the running service, as an employee with a token of one's own; without a
 * command, a conversation. Exits with 0 when it was answered and with 2 when the service cannot be reached.
 */
import { createInterface } from 'node:readline/promises';
import { environment, loadConfig } from '../../src/config.ts';
import type { Card } from '../../src/staff/card.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { type Heard, type Line, openLine, serviceUrl } from './client.ts';
import { joined, readOptions, withPaths } from './line.ts';
import { renderCard } from './render.ts';
import { keepToken, keptFor, keptToken, newToken } from './token.ts';

const env = environment();
const loading = loadConfig({ DATA_DIR: env.DATA_DIR, DEFAULT_LOCALE: env.DEFAULT_LOCALE });
const dataDir = loading.kind === 'config' ? loading.config.dataDir : '.data';
const locale: Locale = /^ru/iu.test(env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '') ? 'ru' : 'en';
const words = texts(locale);
/** npm runs scripts in the project's folder, and says here where the person is. */
const folder = env.INIT_CWD ?? process.cwd();

/** Between two looks whether anything has happened, ms. */
const LOOK_MS = 2000;

const options = readOptions(process.argv.slice(2));
const employee = whoami();
const line = openLine(urlOf(), tokenOf(employee), employee);
if (options.words.length > 0) process.exitCode = show(await say(joined(options.words)));
else await converse(line);

function whoami(): string {
  const kept = keptFor(dataDir);
  const who = options.as ?? (kept.length === 1 ? kept[0]! : null);
  if (who !== null && /^[a-z][a-z0-9.-]{1,30}$/u.test(who)) return who;
  return fail(words.t('console.as-whom', { known: kept.length > 0 ? words.list(kept, 'or') : 'anna' }));
}

function urlOf(): string {
  return env.HERALD_URL ?? serviceUrl(dataDir) ?? fail(words.t('console.not-reachable'));
}

function tokenOf(who: string): string {
  if (env.HERALD_TOKEN) return env.HERALD_TOKEN;
  const kept = keptToken(dataDir, who);
  switch (kept.kind) {
    case 'token':
      return kept.token;
    case 'open-to-others':
      return fail(words.t('console.token-open', { file: kept.file }));
    case 'none': {
      // Somebody new: a token of one's own, which is nobody's until an admin lets its owner in.
      const token = newToken();
      const { file } = keepToken(dataDir, who, token);
      console.error(words.t('console.new-token', { file }));
      return token;
    }
  }
}

function say(text: string): Promise<Heard> {
  return line.say(withPaths(text, folder));
}

/** Prints what was heard; returns the exit code. */
function show(heard: Heard): 0 | 2 {
  switch (heard.kind) {
    case 'not-reachable':
      console.error(words.t('console.not-reachable'));
      return 2;
    case 'not-taken':
      console.error(words.t('console.not-taken', { status: String(heard.status) }));
      return 2;
    case 'answer': {
      const { card, notices, locale: spoken } = heard.answer;
      if (options.json) console.log(JSON.stringify({ card, notices }));
      else for (const one of card ? [card, ...notices] : notices) console.log(`${rendered(one, spoken)}\n`);
      return 0;
    }
  }
}

function rendered(card: Card, spoken: Locale): string {
  const { isTTY, columns } = process.stdout;
  const colour = isTTY === true && !env.NO_COLOR;
  return renderCard(card, { locale: spoken, colour, ...(columns && { width: columns }) });
}

async function converse(talking: Line): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: `${employee}> ` });
  const looking = setInterval(async () => {
    const heard = await talking.notices();
    if (heard.kind !== 'answer' || heard.answer.notices.length === 0) return;
    process.stdout.write('\n');
    show(heard);
    terminal.prompt(true);
  }, LOOK_MS);
  terminal.prompt();
  for await (const typed of terminal) {
    if (/^\s*(?:exit|quit|выход)\s*$/iu.test(typed)) break;
    if (typed.trim() !== '') process.exitCode = show(await say(typed));
    terminal.prompt();
  }
  clearInterval(looking);
  terminal.close();
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}
