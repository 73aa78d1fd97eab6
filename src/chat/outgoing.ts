/**
 * What goes out to chats, put together: the chats themselves, a postman for each, and the progress cards. A chat that cannot be
 * begun is tried again, and holds nobody up; nothing is posted to it before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostman, type Postman, type PostmanOptions } from '../staff/postman.ts';
import type { ChatCore, ChatSurface } from '../staff/surface.ts';
import { createDelivery } from './deliver.ts';
import { createProgress } from './progress.ts';
import { settleRequests } from './requests.ts';
import type { ChatRoom } from './room.ts';

export interface Outgoing {
  /** Begins to listen in the chats, and to post; resolves when each was begun, or failed for the first time. */
  start(core: ChatCore): Promise<void>;
  /** Brings progress cards and requests in chats up to date: every few seconds, one process at a time. */
  progress(): Promise<void>;
  /** Posts and hears nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

type Queueing = Omit<PostmanOptions, 'store' | 'reaches' | 'surfaces' | 'senders' | 'log'>;

export interface OutgoingOptions extends Queueing {
  /** Milliseconds of a monotonic clock. */
  readonly mono: () => number;
  /** The wait before a chat is begun once more, ms. */
  readonly againMs?: number;
}

export function createOutgoing(
  room: ChatRoom,
  surfaces: readonly ChatSurface[],
  { mono, againMs = 30_000, ...options }: OutgoingOptions,
): Outgoing {
  const names = surfaces.map((one) => one.name);
  const { postings: store, reaches, log } = room;
  const senders = createDelivery(room, names);
  const progress = createProgress(room, { surfaces: names, mono });
  const stopping = new AbortController();
  const postmen: Postman[] = [];
  let beginning: readonly Promise<void>[] = [];

  async function begin(surface: ChatSurface, core: ChatCore): Promise<boolean> {
    try {
      await surface.start(core);
    } catch (error) {
      log.error({ surface: surface.name, err: error }, 'a chat could not be begun; it is tried again');
      return false;
    }
    const postman = createPostman({ store, reaches, surfaces: [surface], senders, log, ...options });
    postmen.push(postman);
    if (!stopping.signal.aborted) postman.start();
    return true;
  }

  async function persist(surface: ChatSurface, core: ChatCore): Promise<void> {
    while (!stopping.signal.aborted) {
      const isOver = await sleep(againMs, false, { signal: stopping.signal }).catch(() => true);
      if (isOver || (await begin(surface, core))) return;
    }
  }

  return {
    async start(core) {
      const begun = await Promise.all(surfaces.map((surface) => begin(surface, core)));
      beginning = surfaces.filter((_, i) => !begun[i]).map((surface) => persist(surface, core));
    },
    async progress() {
      if (names.length === 0) return;
      await progress.round();
      await settleRequests(room);
      for (const postman of postmen) postman.nudge();
    },
    async stop() {
      stopping.abort();
      await Promise.all(beginning);
      await Promise.all([...postmen.map((postman) => postman.stop()), ...surfaces.map((surface) => surface.stop())]);
    },
  };
}
