/** Looks whether each account at an operator can be reached and lets us in. Nothing is sent. */
import type { Account } from './dispatch/account.ts';
import type { Slot } from './dispatch/account-store.ts';
import type { ProviderHealth } from './dispatch/provider.ts';
import type { MakeProvider } from './dispatch/room.ts';
import type { Finding } from './platform/finding.ts';
import type { Texts } from './texts/index.ts';

export interface ProvidersCheck {
  readonly accounts: readonly Account[];
  readonly makeProvider: MakeProvider;
  /** Sessions that a running Herald holds: they are asked about, and not tried a second time beside it. */
  readonly live: readonly Pick<Slot, 'account' | 'up' | 'why'>[];
  /** How long an account may take to be up, ms. */
  readonly patienceMs: number;
  readonly words: Texts;
}

export async function* checkProviders({
  accounts,
  makeProvider,
  live,
  patienceMs,
  words,
}: ProvidersCheck): AsyncGenerator<Finding> {
  const real = accounts.filter((account) => account.enabled && account.settings.sandbox !== true);
  if (real.length === 0) return yield { state: 'off', says: words.t('check.providers.off') };
  for (const account of real) {
    const held = live.filter((slot) => slot.account === account.name);
    if (held.length > 0) {
      yield heldBy(account.name, held, words);
      continue;
    }
    const health = await healthOf(account, makeProvider, patienceMs).catch((error: Error) => ({
      // Its password was sealed by a key that is lost, or its settings are of another version.
      up: false as const,
      why: error.message,
    }));
    const { name, kind } = account;
    if (health.up)
      yield { state: 'well', says: words.t(kind === 'smpp' ? 'check.provider.smpp' : 'check.provider.http', { name }) };
    else {
      const says = words.t('check.provider.bad', { name, why: health.why });
      yield { state: 'wrong', says, advice: words.t('check.provider.bad.do') };
    }
  }
}

/** What the running Herald says of its own sessions. */
function heldBy(name: string, held: ProvidersCheck['live'], words: Texts): Finding {
  if (held.some((slot) => slot.up)) return { state: 'well', says: words.t('check.provider.running', { name }) };
  const says = words.t('check.provider.bad', { name, why: held[0]!.why });
  return { state: 'wrong', says, advice: words.t('check.provider.bad.do') };
}

async function healthOf(account: Account, makeProvider: MakeProvider, patienceMs: number): Promise<ProviderHealth> {
  const provider = makeProvider(account, { partsPerSecond: account.partsPerSecond });
  const { promise: settled, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(resolve, patienceMs);
  // What comes in while we look is not acknowledged, so the operator keeps it for the service.
  const notNow = () => Promise.reject(new Error('this is only a check'));
  try {
    await provider.start({ receipts: notNow, inbound: notNow, healthChanged: ({ up }) => up && resolve() });
    await settled;
    return provider.health();
  } finally {
    clearTimeout(late);
    await provider.stop();
  }
}
