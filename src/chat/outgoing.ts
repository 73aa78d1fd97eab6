/** What goes out to chats, put together: the chats themselves, the postman who serves them, and the progress cards. */
import { createPostman, type PostmanOptions } from '../staff/postman.ts';
import type { ChatCore, ChatSurface } from '../staff/surface.ts';
import { createDelivery } from './deliver.ts';
import { createProgress } from './progress.ts';
import type { ChatRoom } from './room.ts';

export interface Outgoing {
  /** Begins to listen in the chats, and to post. */
  start(core: ChatCore): Promise<void>;
  /** Brings the progress cards up to date: every few seconds, one process at a time. */
  progress(): Promise<void>;
  /** Posts and hears nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

export function createOutgoing(
  room: ChatRoom,
  surfaces: readonly ChatSurface[],
  options: Pick<PostmanOptions, 'database' | 'now'> & Partial<PostmanOptions> & { readonly mono: () => number },
): Outgoing {
  const names = surfaces.map((one) => one.name);
  const { postings: store, reaches, log } = room;
  const senders = createDelivery(room, names);
  const { mono, ...more } = options;
  const postman = createPostman({ store, reaches, surfaces, senders, log, ...more });
  const progress = createProgress(room, { surfaces: names, mono });
  return {
    async start(core) {
      await Promise.all(surfaces.map((surface) => surface.start(core)));
      postman.start();
    },
    async progress() {
      if (names.length === 0) return;
      await progress.round();
      postman.nudge();
    },
    async stop() {
      await Promise.all([postman.stop(), ...surfaces.map((surface) => surface.stop())]);
    },
  };
}
