/** Rows 1 to 6, and 33: workers that are killed, frozen, blocked, or asked to end, again and again, or out of memory, while they send. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finding, type Row, unless } from '../row.ts';
import { CRASH_POINTS } from '../sabotage.ts';
import { type Ground, LEASE_MS, openScene, type Scene, WINDOW } from '../scene.ts';

const KILLS = 4;
const DEPLOYS = 5;

/** The scene is closed whatever happens in it. */
export const within =
  (options: Parameters<typeof openScene>[1], play: (scene: Scene, ground: Ground) => Promise<Finding>): Row['run'] =>
  async (ground) => {
    const scene = await openScene(ground, options);
    try {
      return await play(scene, ground);
    } finally {
      await scene.close();
    }
  };

const oneOf = <T>(things: readonly T[], random: () => number): T => things[Math.floor(random() * things.length)]!;

/** More than it may have at its busiest, and less than it eats. */
const LIMIT_MB = 300;
const CGROUP = '/sys/fs/cgroup/memory';

/** A group of processes with a limit of memory, as a container has. */
function memoryGroup(): { add(pid: number): void; remove(): void } {
  const folder = join(CGROUP, `herald-faults-${process.pid}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'memory.limit_in_bytes'), String(LIMIT_MB * 1024 * 1024));
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    remove: () => rmdirSync(folder),
  };
}

async function lacksMemoryGroups(): Promise<string | null> {
  try {
    memoryGroup().remove();
    return null;
  } catch {
    return 'no memory limits may be set here (cgroup v1, as root)';
  }
}

export const deaths: readonly Row[] = [
  {
    number: 1,
    name: 'worker killed in mid-batch',
    run: within({}, async (scene, { random }) => {
      const count = 1200;
      let alive = [await scene.worker(), await scene.worker()];
      await scene.begin(count);
      for (let kill = 1; kill <= KILLS; kill++) {
        await scene.untilSent(Math.floor((count * (kill - 0.5 * random())) / (KILLS + 1)));
        const victim = oneOf(alive, random);
        await victim.end('SIGKILL');
        alive = [...alive.filter((one) => one !== victim), await scene.worker()];
      }
      return { verdict: await scene.verdict(), unknownAtMost: KILLS * WINDOW };
    }),
  },
  {
    number: 2,
    name: 'worker killed at each point of the code',
    run: within({ faults: { answerDelayMs: 150 } }, async (scene, { random }) => {
      // The first worker puts the accounts in place, without which nothing can be approved.
      await (await scene.worker()).end('SIGTERM');
      for (const at of CRASH_POINTS) {
        await scene.begin(120);
        const victim = await scene.worker({ crash: { at, nth: 1 + Math.floor(2 * random()) } });
        await Promise.race([victim.ended, scene.over()]);
        await scene.worker();
        await scene.over();
        for (const worker of scene.workers) await worker.end('SIGTERM');
      }
      const early = (await scene.states(scene.campaigns[0]!)).unknown;
      return {
        verdict: await scene.verdict(),
        unknownAtMost: (CRASH_POINTS.length - 1) * WINDOW,
        broken: unless([early === 0, `${early} unknown after a death before anything was marked`]),
      };
    }),
  },
  {
    number: 3,
    name: 'all workers killed, cold start',
    run: within({}, async (scene) => {
      const all = [await scene.worker(), await scene.worker()];
      await scene.begin(700);
      await scene.untilSent(250);
      await Promise.all(all.map((one) => one.end('SIGKILL')));
      await sleep(2 * LEASE_MS);
      await Promise.all([scene.worker(), scene.worker()]);
      return { verdict: await scene.verdict(), unknownAtMost: 2 * WINDOW };
    }),
  },
  {
    number: 4,
    name: 'worker frozen past its lease',
    run: within({}, async (scene) => {
      const [frozen] = [await scene.worker(), await scene.worker()];
      await scene.begin(1500);
      for (const goal of [200, 900]) {
        await scene.untilSent(goal);
        frozen.freeze();
        await sleep(1.5 * LEASE_MS);
        frozen.wake();
      }
      return { verdict: await scene.verdict(), unknownAtMost: 2 * WINDOW };
    }),
  },
  {
    number: 5,
    name: 'event loop blocked past the lease',
    run: within({}, async (scene) => {
      const [blocked] = [await scene.worker(), await scene.worker()];
      await scene.begin(1500);
      for (const goal of [200, 900]) {
        await scene.untilSent(goal);
        blocked.order({ blockMs: 1.5 * LEASE_MS });
        await sleep(1.5 * LEASE_MS);
      }
      return { verdict: await scene.verdict(), unknownAtMost: 2 * WINDOW };
    }),
  },
  {
    number: 6,
    name: `rolling deploy, ${DEPLOYS} times`,
    run: within({}, async (scene) => {
      const count = 1500;
      let serving = await scene.worker();
      await scene.begin(count);
      const taken: number[] = [];
      for (let deploy = 1; deploy <= DEPLOYS; deploy++) {
        await scene.untilSent((count * deploy) / (DEPLOYS + 2));
        const next = await scene.worker();
        const asked = performance.now();
        await serving.end('SIGTERM');
        taken.push(performance.now() - asked);
        serving = next;
      }
      const longest = Math.max(...taken);
      return {
        verdict: await scene.verdict(),
        unknownAtMost: 0,
        broken: unless([longest < 5000, `a worker took ${Math.round(longest)} ms to end`]),
      };
    }),
  },
  {
    number: 33,
    name: 'worker killed for want of memory',
    lacks: lacksMemoryGroups,
    run: within({}, async (scene) => {
      const group = memoryGroup();
      try {
        const [greedy] = [await scene.worker(), await scene.worker()];
        group.add(greedy.pid);
        await scene.begin(800);
        await scene.untilSent(250);
        greedy.order({ eatMb: LIMIT_MB });
        await greedy.ended;
        return { verdict: await scene.verdict(), unknownAtMost: WINDOW };
      } finally {
        group.remove();
      }
    }),
  },
];
