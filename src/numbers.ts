/**
 * Puts together what is known of numbers: the numbering plan in force and, where the admin's file describes one, the service
 * that is asked where ported numbers belong.
 */
import { readFileSync } from 'node:fs';
import { httpLookup } from '../integrations/numbers/http-lookup.ts';
import { lookupSettings } from '../integrations/numbers/settings.ts';
import type { DestinationFinder } from './campaigns/quote.ts';
import type { Config } from './config.ts';
import { destinationFinder, type LookupDesk } from './dispatch/destinations.ts';
import { networksStore } from './dispatch/networks-store.ts';
import type { PlanStore } from './dispatch/plan-store.ts';
import { DAY_MS } from './platform/days.ts';
import type { Log } from './platform/log.ts';
import type { Database } from './platform/mongo/connect.ts';

export interface NumbersGround {
  readonly config: Pick<Config, 'numbers'>;
  readonly database: Database;
  readonly plans: PlanStore;
  readonly now: () => Date;
  readonly log: Log;
}

/** Makes a finder for each run; undefined where there is neither plan nor service. Throws when the admin's file has problems. */
export function destinationsWith({ config, database, plans, now, log }: NumbersGround) {
  const asking = lookupOf(config.numbers, database);
  return async (): Promise<DestinationFinder | undefined> => {
    const plan = await plans.plan();
    if (!plan && !asking) return undefined;
    return destinationFinder({ plan, asking, now, mono: () => performance.now(), log });
  };
}

function lookupOf({ file, secret, patienceMs, keepDays }: Config['numbers'], database: Database): LookupDesk | null {
  if (file === null) return null;
  const reading = lookupSettings.safeParse(contentOf(file));
  if (!reading.success) {
    const problems = reading.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw new Error(`${file} cannot be used:\n  ${problems.join('\n  ')}`);
  }
  return {
    lookup: httpLookup(reading.data, secret ?? ''),
    networks: networksStore(database, keepDays * DAY_MS),
    patienceMs,
  };
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON`, { cause });
  }
}
