/** Sheets' quotas: so many reads and so many writes for each user in each minute of the clock. */
import { quotaRefusal } from './refusal.ts';

export function quota(perMinute: { read: number; write: number }, now: () => number) {
  const used = new Map<string, number>();
  return {
    /** Refused calls count as well. */
    count(user: string, kind: 'read' | 'write'): void {
      const key = `${user} ${kind} ${Math.floor(now() / 60_000)}`;
      const calls = (used.get(key) ?? 0) + 1;
      used.set(key, calls);
      if (calls > perMinute[kind]) throw quotaRefusal(kind === 'read' ? 'Read' : 'Write');
    },
  };
}
