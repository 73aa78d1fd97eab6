/** Looks at what was measured of all accounts, lets those rest that fail, tries them and takes them back; every move is written down. */
import type { Database } from '../platform/mongo/connect.ts';
import type { StaffStore } from '../staff/store.ts';
import type { AccountStore } from './account-store.ts';
import { type Answered, type BreakerTerms, breakerAfter, NEVER_RESTED, overruled } from './breaker.ts';
import type { HealthStore, MinuteMeasured } from './health-store.ts';

export interface BreakerDesk {
  readonly database: Database;
  readonly accounts: Pick<AccountStore, 'accounts'>;
  readonly health: HealthStore;
  readonly staff: Pick<StaffStore, 'appendAudit'>;
  readonly now: () => Date;
  readonly terms: BreakerTerms;
}

/** Older minutes say nothing of how an account is now, ms. */
const LATELY_MS = 5 * 60_000;

/** One look; several workers may look at once. */
export async function tendBreakers(desk: BreakerDesk): Promise<void> {
  const { health, terms } = desk;
  const now = desk.now();
  const [accounts, breakers, measured] = await Promise.all([
    desk.accounts.accounts(),
    health.breakers(),
    health.measured(now, LATELY_MS),
  ]);
  for (const { name } of accounts) {
    const before = breakers.get(name) ?? NEVER_RESTED;
    const own = measured.filter(({ provider, epoch }) => provider === name && epoch === before.epoch);
    const answered = latest(own, terms.least);
    const { breaker, move } = breakerAfter(before, answered, now, terms);
    if (breaker === before) continue;
    await desk.database.inTransaction(async (session) => {
      if (!(await health.moveBreaker(name, before.epoch, breaker, session)) || move === null) return;
      const detail = { failed: answered.failed, of: answered.failed + answered.taken };
      await desk.staff.appendAudit(
        { at: now, actor: 'herald', action: `provider.${move}`, subject: `provider:${name}`, department: null, detail },
        session,
      );
    });
  }
}

/** As many of the latest minutes as have enough answers: an hour that went well hides no minute that does not. */
export function latest(minutes: readonly Pick<MinuteMeasured, 'taken' | 'failed'>[], least: number): Answered {
  let [taken, failed] = [0, 0];
  for (const minute of minutes) {
    if (taken + failed >= least) break;
    taken += minute.taken;
    failed += minute.failed;
  }
  return { taken, failed };
}

/** A person says that an account is well that rests or is tried. */
export async function overruleBreaker(
  { database, health, now, terms }: Pick<BreakerDesk, 'database' | 'health' | 'now' | 'terms'>,
  provider: string,
): Promise<void> {
  const before = (await health.breakers()).get(provider) ?? NEVER_RESTED;
  if (before.state === 'well') return;
  await database.inTransaction(async (session) => {
    await health.moveBreaker(provider, before.epoch, overruled(before, now(), terms), session);
  });
}
