/** The worker of a benchmark: the service as it is, and a word to whoever started it once it has begun. */
import { environment, loadConfig } from '../../src/config.ts';
import { startHerald } from '../../src/herald.ts';
import { createLog } from '../../src/platform/log.ts';

const loading = loadConfig(environment());
if (loading.kind === 'problems') throw new Error(JSON.stringify(loading.problems));
const herald = await startHerald(loading.config, { log: createLog(loading.config.log) });
const end = async () => {
  await herald.stop();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('disconnect', end);
await herald.start();
process.send?.('begun');
