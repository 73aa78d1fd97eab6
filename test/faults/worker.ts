/**
 * A worker of the fault matrix: Herald as `src/main.ts` starts it, with what the matrix does to it from within. It ends with
 * the process that started it.
 */
import { environment, loadConfig } from '../../src/config.ts';
import { startHerald } from '../../src/herald.ts';
import { CRASH_POINTS, sabotage } from './sabotage.ts';

/** What a worker can be told while it runs. */
export type Order =
  /** Keep the event loop busy for so long, as a bug or a huge text would. */
  | { readonly blockMs: number }
  /** Take so much memory, as a leak would. */
  | { readonly eatMb: number };

const env = environment();
const loading = loadConfig(env);
if (loading.kind === 'problems') throw new Error(JSON.stringify(loading.problems));
const herald = await startHerald(loading.config);

const [point, nth] = (env.FAULT_CRASH ?? '').split(':');
const at = CRASH_POINTS.find((one) => one === point);
sabotage(herald, { ...(at && { crash: { at, nth: Number(nth) } }), naive: env.FAULT_NAIVE === 'yes' });
// What takes minutes in the world takes moments here.
Object.assign(herald.dispatch.timers, { serviceRetryMs: 1500, creditRestMs: 1000 });
Object.assign(herald.dispatch.receipts, { orphanSettledMs: 500 });

const eaten: Buffer[] = [];
process.on('message', (order: Order) => {
  if ('eatMb' in order) return void eaten.push(Buffer.alloc(order.eatMb * 1024 * 1024, 1));
  const until = performance.now() + order.blockMs;
  while (performance.now() < until);
});
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', async () => {
  await herald.stop();
  process.exit(0);
});
await herald.start();
process.send?.('ready');
