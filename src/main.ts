/**
 * The service: `npm start`. Reads the configuration, starts the roles that it names, and stops in order when asked to.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueConsoleToken, keepToken } from '../bots/console/token.ts';
import { type Config, environment, loadConfig, problemLines } from './config.ts';
import { type Herald, startHerald } from './herald.ts';
import { NoMongod } from './platform/mongo/binary.ts';
import { UnfitMongo } from './platform/mongo/connect.ts';
import { enrolFirstAdmin } from './staff/enrol.ts';
import { texts } from './texts/index.ts';

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

/** At the very first start somebody must be able to get in: the admin that the configuration names. */
async function welcomeFirstAdmin(herald: Herald): Promise<void> {
  const { handle, name } = herald.config.company.firstAdmin;
  const admin = await enrolFirstAdmin(herald.staff, handle, name);
  if (!admin) return;
  const token = await issueConsoleToken(herald.staff.store, herald.keyring, admin.id, new Date());
  const { file } = keepToken(herald.config.dataDir, admin.id, token);
  const words = texts(admin.locale);
  console.log(words.t('console.first-admin', { name, file, command: `npm run chat -- --as ${admin.id} "help"` }));
}

async function serve(config: Config): Promise<void> {
  const herald = await startHerald(config);
  await welcomeFirstAdmin(herald);
  const { url } = await herald.start();
  // Where the console bot finds the service.
  writeFileSync(join(config.dataDir, 'http.json'), JSON.stringify({ url }), { mode: 0o600 });
  herald.log.info({ url, roles: config.roles }, 'Herald is ready');

  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (stopping) return;
      stopping = true;
      herald.log.info({ signal }, 'Herald is stopping');
      await herald.stop();
      process.exit(0);
    });
  }
}
