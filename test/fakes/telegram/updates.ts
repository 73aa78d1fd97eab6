/**
 * How Telegram tells a bot of updates: by `getUpdates`, where asking from an offset confirms all before it, or by posting them to
 * a webhook until it answers with 2xx; those of one chat in their order, one at a time. Never by both at once.
 */
import { Refused, type Update, type World } from './world.ts';

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

const KINDS_BY_DEFAULT = ['message', 'callback_query', 'my_chat_member'];

/** `reach` says where a public address really is: there is no TLS among tests. */
export function createUpdates(world: World, reach: (url: string) => string) {
  const pending: Update[] = [];
  const redeliveries = new Set<NodeJS.Timeout>();
  let allowed: readonly string[] = KINDS_BY_DEFAULT;
  let webhook: Webhook | null = null;
  let lastError = '';
  let poller: { end(updates: readonly Update[] | Refused): void } | null = null;
  const posting = new Set<Update>();
  const busy = new Set<number>();

  world.onUpdate((update) => {
    if (!allowed.some((kind) => kind in update)) return;
    pending.push(update);
    if (webhook) postNext();
    else poller?.end([]);
  });

  const chatOf = (update: Update): number => {
    const body = (update.message ??
      update.my_chat_member ??
      (update.callback_query as { message: unknown }).message) as {
      chat: { id: number };
    };
    return body.chat.id;
  };

  function postNext(): void {
    if (!webhook) return;
    for (const update of pending) {
      const chat = chatOf(update);
      if (busy.has(chat) || posting.has(update)) continue;
      busy.add(chat);
      posting.add(update);
      void post(update, chat, 1);
    }
  }

  async function post(update: Update, chat: number, attempt: number): Promise<void> {
    const to = webhook;
    const isTaken = to !== null && (await isAccepted(to, update));
    if (!isTaken && to !== null && webhook !== null) {
      const timer = setTimeout(() => {
        redeliveries.delete(timer);
        void post(update, chat, attempt + 1);
      }, 20 * attempt);
      redeliveries.add(timer);
      return;
    }
    busy.delete(chat);
    posting.delete(update);
    if (isTaken) pending.splice(pending.indexOf(update), 1);
    postNext();
  }

  async function isAccepted(to: Webhook, update: Update): Promise<boolean> {
    try {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': to.secret };
      const body = JSON.stringify(update);
      const response = await fetch(reach(to.url), {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      lastError = response.ok ? lastError : `Wrong response from the webhook: ${response.status}`;
      return response.ok;
    } catch {
      lastError = 'Connection failed';
      return false;
    }
  }

  return {
    /** Nothing that happened is left to be told. */
    isEmpty: () => pending.length === 0,
    waiting: (): readonly Update[] => pending,
    lastError: () => lastError,
    webhook: () => webhook,
    setWebhook(given: Webhook | null, kinds?: readonly string[]): void {
      webhook = given;
      if (kinds) allowed = kinds.length > 0 ? kinds : KINDS_BY_DEFAULT;
      poller?.end(new Refused(409, 'Conflict: terminated by setWebhook request'));
      if (webhook) postNext();
    },
    async getUpdates(given: { offset?: number; timeout?: number; limit?: number; allowed_updates?: string[] }) {
      const { offset = 0, timeout = 0, limit = 100, allowed_updates } = given;
      if (webhook) {
        const why =
          "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
        throw new Refused(409, `Conflict: ${why}`);
      }
      if (allowed_updates) allowed = allowed_updates.length > 0 ? allowed_updates : KINDS_BY_DEFAULT;
      poller?.end(
        new Refused(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      );
      for (const update of pending.filter(({ update_id }) => update_id < offset))
        pending.splice(pending.indexOf(update), 1);
      if (pending.length === 0 && timeout > 0) await hold(timeout);
      return pending.slice(0, limit);
    },
    /** Somebody else asks with the same token. */
    terminatePoll(): void {
      poller?.end(
        new Refused(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      );
    },
    stop(): void {
      webhook = null;
      poller?.end([]);
      for (const timer of redeliveries) clearTimeout(timer);
    },
  };

  async function hold(seconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<readonly Update[] | Refused>();
    const timer = setTimeout(() => resolve([]), seconds * 1000);
    const own = { end: resolve };
    poller = own;
    const ended = await promise;
    clearTimeout(timer);
    if (poller === own) poller = null;
    if (ended instanceof Refused) throw ended;
  }
}
