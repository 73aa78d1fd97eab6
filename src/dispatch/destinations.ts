/**
 * Where the numbers of a run belong: by the answers of the look-up service that are kept or that it gives in time, else by the
 * numbering plan. A service that fails or is slow holds nothing up: what is left then goes by the plan, and is counted.
 */
import type { Destination, DestinationFinder, Reached } from '../campaigns/quote.ts';
import type { NumberPlan } from '../messages/number-plan.ts';
import type { Network } from '../messages/price.ts';
import type { Log } from '../platform/log.ts';
import type { NetworksStore } from './networks-store.ts';
import type { NumberLookup } from './number-lookup.ts';

export interface LookupDesk {
  readonly lookup: NumberLookup;
  readonly networks: NetworksStore;
  /** How long one run may wait for the service, all its calls together, ms. */
  readonly patienceMs: number;
}

export interface DestinationsDesk {
  readonly plan: NumberPlan | null;
  /** Null where no service is set up. */
  readonly asking: LookupDesk | null;
  readonly now: () => Date;
  readonly mono: () => number;
  readonly log: Log;
}

/** Calls that fail one after the other until the service is left alone for the rest of the run. */
const FAILURES = 3;
type Networks = ReadonlyMap<string, Network | null>;

export function destinationFinder({ plan, asking, now, mono, log }: DestinationsDesk): DestinationFinder {
  const counts = { byPlan: 0, byLookup: 0, unasked: 0 };
  let leftMs = asking?.patienceMs ?? 0;
  let failures = 0;

  /** Asks for as many as there is time and hope for. */
  async function ask({ lookup, networks }: LookupDesk, people: readonly Reached[]): Promise<Networks> {
    const answers = new Map<string, Network | null>();
    for (let from = 0; from < people.length && leftMs > 0 && failures < FAILURES; from += lookup.most) {
      const some = people.slice(from, from + lookup.most);
      const phones = some.map(({ phone }) => phone);
      const began = mono();
      try {
        const said = await lookup.ask(phones, AbortSignal.timeout(Math.ceil(leftMs)));
        for (const { phone, person } of some) if (said.has(phone)) answers.set(person, said.get(phone)!);
        failures = 0;
      } catch (failure) {
        failures += 1;
        log.warn(
          { err: failure, lookup: lookup.name },
          'numbers could not be looked up; they go by the numbering plan',
        );
      }
      leftMs -= mono() - began;
    }
    await networks.keep(answers, now());
    return answers;
  }

  return {
    async of(people) {
      const known = asking
        ? await asking.networks.of(
            people.map(({ person }) => person),
            now(),
          )
        : NOTHING;
      const missing = asking ? people.filter(({ person }) => !known.has(person)) : [];
      const said = asking && missing.length > 0 ? await ask(asking, missing) : NOTHING;
      return people.map(({ phone, person }): Destination => {
        const place = plan?.find(phone) ?? null;
        const looked = known.get(person) ?? said.get(person) ?? null;
        if (asking && !known.has(person) && !said.has(person)) counts.unasked += 1;
        if (looked) counts.byLookup += 1;
        else if (place?.network) counts.byPlan += 1;
        const network = looked ?? place?.network ?? null;
        return { ...(network && { network }), ...(place?.zone && { zone: place.zone }) };
      });
    },
    counts: () => ({ ...counts }),
  };
}

const NOTHING: Networks = new Map();
