/**
 * What dispatch asks of a service that knows where numbers belong now, ported ones too (HLR or MNP look-up). What fits here
 * lives in `integrations/numbers`.
 */
import type { E164 } from '../messages/phone.ts';
import type { Network } from '../messages/price.ts';

export interface NumberLookup {
  /** Name in logs. */
  readonly name: string;
  /** Numbers that one call is to ask for: as many as it asks for at once. */
  readonly most: number;
  /**
   * Networks of the numbers as far as the service knows them; null: it knows the number, and no network of it. A number that is
   * not in the answer could not be asked for, in the time that `signal` gives. Rejects when none could.
   */
  ask(phones: readonly E164[], signal: AbortSignal): Promise<ReadonlyMap<E164, Network | null>>;
  stop(): Promise<void>;
}
