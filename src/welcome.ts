/**
 * Somebody must be able to get in: where there is no admin, the one that the configuration names becomes one, and is told how.
 */

import { CONSOLE } from '../bots/console/server.ts';
import { issueConsoleToken, keepToken, keptToken } from '../bots/console/token.ts';
import type { Herald } from './herald.ts';
import { enrolFirstAdmin } from './staff/enrol.ts';
import { texts } from './texts/index.ts';

/** What to tell the person who started Herald; null when there is an admin already. */
export async function welcomeFirstAdmin(herald: Herald): Promise<string | null> {
  const { handle, name } = herald.config.company.firstAdmin;
  const admin = await enrolFirstAdmin(herald.staff, handle, name);
  if (!admin) return null;
  const file = await letIn(herald, admin.id);
  return texts(admin.locale).t('console.first-admin', {
    name,
    file,
    command: `npm run chat -- --as ${admin.id} "help"`,
  });
}

/** Gives the employee a token in a file of this machine; one that the person made before becomes theirs. */
export async function letIn(herald: Herald, employee: string): Promise<string> {
  const { dataDir } = herald.config;
  const { store, now } = herald.staff;
  const kept = keptToken(dataDir, employee);
  if (kept.kind === 'token') {
    await store.link(CONSOLE, herald.keyring.tokenHash(kept.token), employee, now());
    return keepToken(dataDir, employee, kept.token).file;
  }
  return keepToken(dataDir, employee, await issueConsoleToken(store, herald.keyring, employee, now())).file;
}
