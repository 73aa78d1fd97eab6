/**
 * What the fault matrix does to a worker from within: it dies at a named point, or marks what it sends only after sending, as a
 * naive build would. Reaches into the rooms of a Herald that is built already; Herald itself knows nothing of it.
 */
import type { Herald } from '../../src/herald.ts';

/** Points at which a worker may be made to die, in the order in which a message meets them. */
export const CRASH_POINTS = ['claimed', 'marked', 'sent', 'answered', 'ids-kept', 'settled'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export interface Sabotage {
  /** Dies at the `nth` time that it comes to this point. */
  readonly crash?: { readonly at: CrashPoint; readonly nth: number };
  /** `submitting` is written only once the operator has answered. */
  readonly naive?: boolean;
}

/** On the wire, and not answered yet: the operator of this row answers much later. */
const ON_THE_WIRE_MS = 30;

export function sabotage(herald: Herald, { crash, naive = false }: Sabotage): void {
  if (naive) markAfterSending(herald);
  if (crash) crashAt(herald, crash.at, crash.nth);
}

function markAfterSending({ dispatch: { store } }: Herald): void {
  const { putOnWire, keepTaken } = store;
  const unwritten = new Map<number, () => Promise<unknown>>();
  store.putOnWire = async (batch, fence, entries) => {
    for (const entry of entries) unwritten.set(entry.number, () => putOnWire(batch, fence, [entry]));
    return true;
  };
  store.keepTaken = async (all) => {
    for (const { place } of all) {
      await unwritten.get(place.number)?.();
      unwritten.delete(place.number);
    }
    return keepTaken(all);
  };
}

function crashAt({ dispatch }: Herald, at: CrashPoint, nth: number): void {
  let times = 0;
  const reach = (point: CrashPoint) => {
    if (point !== at) return;
    times += 1;
    if (times === nth) process.kill(process.pid, 'SIGKILL');
  };
  const { store, receiptStore } = dispatch;
  const { claim, putOnWire, keepTaken } = store;
  const { learn } = receiptStore;
  store.claim = async (...args) => {
    const claimed = await claim(...args);
    if (claimed) reach('claimed');
    return claimed;
  };
  store.putOnWire = async (...args) => {
    const isWritten = await putOnWire(...args);
    reach('marked');
    return isWritten;
  };
  receiptStore.learn = async (parts) => {
    if (parts.length > 0) reach('answered');
    await learn(parts);
    if (parts.length > 0) reach('ids-kept');
  };
  store.keepTaken = async (...args) => {
    const lost = await keepTaken(...args);
    reach('settled');
    return lost;
  };
  if (at !== 'sent') return;
  const { makeProvider } = dispatch;
  Object.assign(dispatch, {
    makeProvider: (...args: Parameters<typeof makeProvider>) => {
      const provider = makeProvider(...args);
      const send = provider.send.bind(provider);
      provider.send = (...sending) => {
        setTimeout(reach, ON_THE_WIRE_MS, 'sent');
        return send(...sending);
      };
      return provider;
    },
  });
}
