/** What a verb came to, for tests that go on from it; benchmarks use it too, so it knows no test runner. */
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Verdict } from '../../src/campaigns/room.ts';

/** The campaign that a verb was carried out on; fails with the refusal. */
export function done(verdict: Verdict): Campaign {
  if (verdict.kind === 'refused') throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict.campaign;
}
