/** Guards that let everything pass, for tests that are not about them. */
import type { GuardTerms } from '../../src/campaigns/guard-terms.ts';

const NONE = Number.MAX_SAFE_INTEGER;

export const NO_GUARDS: GuardTerms = {
  caps: {
    campaignMessages: NONE,
    campaignCost: NONE,
    employeeMessages: NONE,
    dayMessages: NONE,
    dayCost: NONE,
  },
  canaryAbove: NONE,
  canaryMs: 0,
  rampMs: 0,
  failuresPercent: 100,
  optOutsPercent: 100,
};
