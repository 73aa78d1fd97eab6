/**
 * The service: `npm start`. Reads the configuration, starts the roles that it names, and stops in order when asked to.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, environment, loadConfig, problemLines } from './config.ts';
import { type Herald, startHerald } from './herald.ts';
import { createLog } from './platform/log.ts';
import { NoMongod } from './platform/mongo/binary.ts';
import { UnfitMongo } from './platform/mongo/connect.ts';
import { welcomeFirstAdmin } from './welcome.ts';

const loading = loadConfig(environment());
if (loading.kind === 'problems') {
  console.error(['Herald cannot start:', ...problemLines(loading.problems)].join('\n  '));
  process.exit(1);
}
await serve(loading.config).catch((failure: unknown) => {
  // What an administrator can mend is said in a sentence; anything else is a fault, with its stack.
  const isTheirs = failure instanceof NoMongod || failure instanceof UnfitMongo;
  console.error(isTheirs ? failure.message : failure);
  process.exit(1);
});

async function serve(config: Config): Promise<void> {
  const pretty = config.log.pretty || process.stdout.isTTY;
  const herald = await startHerald(config, { log: createLog({ ...config.log, pretty }) });
  const welcome = await welcomeFirstAdmin(herald);
  const { url } = await herald.start();
  endInOrder(herald);
  // Where the console bot finds the service: the process that hears it, where there are several of one folder.
  if (config.roles.includes('bots')) {
    writeFileSync(join(config.dataDir, 'http.json'), JSON.stringify({ url }), { mode: 0o600 });
  }
  herald.log.info({ url, roles: config.roles }, 'Herald is ready');
  if (welcome) console.log(welcome);
}

/** Ends by a signal, with the process that would have passed signals on (scripts/run.mjs), and without its database. */
function endInOrder({ log, gone, stop }: Herald): void {
  let stopping = false;
  const end = async (why: string, code: 0 | 1) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'Herald is stopping');
    await stop().catch((err: unknown) => log.error({ err }, 'Herald could not stop in order'));
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(signal, 0));
  const starterGone = () => end('its starter is gone', 0);
  if (process.connected === false) starterGone();
  process.on('disconnect', starterGone);
  const databaseGone = () => end('its database is gone', 1);
  if (gone.aborted) databaseGone();
  gone.addEventListener('abort', databaseGone);
}
