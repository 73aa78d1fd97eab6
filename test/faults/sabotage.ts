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
  const { mark, settle } = store;
  const unmarked = new Map<string, () => Promise<unknown>>();
  store.mark = async (ids, ...rest) => {
    for (const id of ids) unmarked.set(id, () => mark([id], ...rest));
    return ids;
  };
  store.settle = async (ids, ...rest) => {
    await Promise.all(
      ids.map(async (id) => {
        await unmarked.get(id)?.();
        unmarked.delete(id);
      }),
    );
    await settle(ids, ...rest);
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
  const { claim, mark, settle } = store;
  const { learn } = receiptStore;
  store.claim = async (...args) => {
    const claimed = await claim(...args);
    if (claimed) reach('claimed');
    return claimed;
  };
  store.mark = async (...args) => {
    const marked = await mark(...args);
    reach('marked');
    return marked;
  };
  receiptStore.learn = async (parts) => {
    if (parts.length > 0) reach('answered');
    await learn(parts);
    if (parts.length > 0) reach('ids-kept');
  };
  store.settle = async (...args) => {
    await settle(...args);
    reach('settled');
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
