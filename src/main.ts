/**
 * The service: `npm start`. Reads the configuration, starts the roles that it names, and stops in order when asked to.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, loadConfig, problemLines } from './config.ts';
import { startHerald } from './herald.ts';

const loading = loadConfig(environment());
if (loading.kind === 'problems') {
  console.error(['Herald cannot start:', ...problemLines(loading.problems)].join('\n  '));
  process.exit(1);
}

const { config } = loading;
const herald = await startHerald(config);
const { url } = await herald.start();
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
