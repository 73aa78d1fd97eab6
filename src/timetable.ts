/**
 * What Herald does by the clock: each by a name, in one process at a time, so that any number of them may run. A tick is never the
 * truth about anything; it looks at what MongoDB says and does what is due.
 */
import { eraseDue } from './campaigns/erase.ts';
import { lookAtWaiting, sourceChanged, sourcesWaiting } from './campaigns/look-again.ts';
import { unfinished } from './campaigns/prepare.ts';
import { tick } from './campaigns/tick.ts';
import { tellNumbers } from './chat/drafts.ts';
import type { Outgoing } from './chat/outgoing.ts';
import type { Config } from './config.ts';
import { healthStore } from './dispatch/health-store.ts';
import { lookForOutages } from './dispatch/outages.ts';
import type { Worker } from './dispatch/worker.ts';
import { DAY_MS } from './platform/days.ts';
import type { Jobs } from './platform/jobs.ts';
import { sweep } from './platform/sweep.ts';
import { writeNews } from './results/news.ts';
import type { Ground, Rooms } from './rooms.ts';
import { type WatchedSheets, watchingFor } from './sheets.ts';

export interface TimetableGround extends Ground {
  readonly jobs: Jobs;
  readonly rooms: Rooms;
  readonly worker: Pick<Worker, 'nudge'>;
  readonly outgoing: Pick<Outgoing, 'progress'>;
  readonly watch: WatchedSheets;
  /** This process, for what it takes hold of. */
  readonly owner: string;
}

/** An operator has to be down, or up again, for so long before people are told, ms. */
const OUTAGE_MS = 60_000;
const HOUR_MS = 3_600_000;

export function timetableOf(ground: TimetableGround): { start(): Promise<void> } {
  const { config, jobs, rooms, worker, outgoing, watch, owner, ending } = ground;
  const { campaigns, dispatch, results } = rooms;
  const health = healthStore(ground.database);
  const lookAtSheets = watch && watchingFor(watch);
  const work: Readonly<Record<string, { readonly seconds: number; readonly run: () => Promise<void> }>> = {
    tick: {
      seconds: Math.max(1, Math.round(config.timers.tickMs / 1000)),
      async run() {
        if ((await tick(campaigns, ending)).length > 0) worker.nudge();
      },
    },
    news: { seconds: 2, run: async () => void (await writeNews(results, ending)) },
    unfinished: { seconds: 30, run: () => unfinished(campaigns, owner, ending, tellNumbers(rooms.chat)) },
    outages: { seconds: 5, run: () => lookForOutages(dispatch, health, { lastsMs: OUTAGE_MS }) },
    'look-again': { seconds: 300, run: () => lookAtWaiting(campaigns, ending) },
    erasure: { seconds: 3600, run: async () => void (await eraseDue(campaigns, ending)) },
    sweep: { seconds: 3600, run: () => sweepFolders(config) },
    ...(lookAtSheets && {
      sheets: { seconds: 60, run: async () => lookAtSheets(await sheetsWaiting(rooms), ending) },
    }),
    ...(config.roles.includes('bots') && { progress: { seconds: 3, run: outgoing.progress } }),
  };
  // Whoever dies in the midst of something is missed as a worker is.
  const lockSeconds = config.timers.leaseMs / 1000;
  for (const [name, { run }] of Object.entries(work)) jobs.define(name, run, { lockSeconds });
  return {
    async start() {
      for (const [name, { seconds }] of Object.entries(work)) await jobs.every(name, seconds);
    },
  };
}

/** Looks at a sheet again as soon as it is said to have changed; null where there are no sheets. */
export function sheetWatchOf({ sheets, log, ending }: Ground, { campaigns }: Rooms): WatchedSheets {
  if (sheets.watch === null) return null;
  return sheets.watch((isMeant) => {
    const looking = sourceChanged(campaigns, isMeant, ending);
    looking.catch((err) => log.warn({ err }, 'a sheet that has changed could not be looked at'));
  });
}

async function sheetsWaiting({ campaigns, staff }: Rooms) {
  const waiting = await sourcesWaiting(campaigns);
  return Promise.all(waiting.map(async ({ ref, by }) => ({ ref, email: await staff.store.emailOf(by) })));
}

/** What lies in Herald's own folders: lists from Drive are fetched anew when they are read, the rest is kept as long as texts are. */
async function sweepFolders({ folders, privacy }: Config): Promise<void> {
  const now = new Date();
  const { uploads, results } = folders;
  const kept = privacy.retentionDays * DAY_MS;
  await sweep({ folder: uploads, named: /^drive-/, olderThanMs: HOUR_MS }, now);
  await sweep({ folder: uploads, olderThanMs: kept }, now);
  await sweep({ folder: results, olderThanMs: kept }, now);
}
