/** An office whose people are also in two chats far away, with a postman who serves both. */
import { createChat } from '../../src/chat/chat.ts';
import { createOutgoing, type Outgoing } from '../../src/chat/outgoing.ts';
import { type FarChat, type FarMessage, farSurface, openFarChat } from '../staff/far-chat.ts';
import { until } from '../support/herald.ts';
import { MONDAY, type Office, type OfficeOptions, openOffice } from './office.ts';

export interface Reached {
  readonly office: Office;
  readonly slack: FarChat;
  readonly telegram: FarChat;
  /** Nothing is posted, and then again. */
  rest(): Promise<void>;
  work(): void;
  /** One round of the progress cards. */
  progress(): Promise<void>;
  /** Makes the person known in a chat, under the own name. */
  link(chat: 'slack' | 'telegram', who: string): Promise<void>;
  /** Says something there; heard `minutes` after Monday noon. */
  saidIn(chat: 'slack' | 'telegram', who: string, minutes: number, text?: string): ReturnType<Office['raw']>;
  /** Waits for a message to the person there whose title has these words. */
  message(chat: FarChat, who: string, about: string): Promise<FarMessage>;
  /** Waits until nothing is left to be posted. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export async function openReached(options: OfficeOptions = {}): Promise<Reached> {
  const [office, slack, telegram] = await Promise.all([openOffice(options), openFarChat(), openFarChat()]);
  const { room, database } = office;
  const surfaces = [
    farSurface(slack.url, { name: 'slack' }),
    farSurface(telegram.url, { name: 'telegram', canFind: false }),
  ];
  const begin = (): Outgoing => {
    const outgoing = createOutgoing(room, surfaces, {
      database,
      now: () => new Date(),
      mono: () => 0,
      pollMs: 10,
      settleMs: 20,
      backoffMs: 5,
      mostTries: 6,
    });
    void outgoing.start(createChat(room));
    return outgoing;
  };
  let outgoing = begin();
  let isWorking = true;

  return {
    office,
    slack,
    telegram,
    async rest() {
      isWorking = false;
      await outgoing.stop();
    },
    work() {
      outgoing = begin();
      isWorking = true;
    },
    progress: () => outgoing.progress(),
    link: (chat, who) => room.staff.store.link(chat, who, who, MONDAY),
    async saidIn(chat, who, minutes, text = 'help') {
      office.clock = new Date(MONDAY.getTime() + minutes * 60_000);
      return office.raw({ surface: chat, account: who, text, isPrivate: true });
    },
    message: (chat, who, about) =>
      until(`a message to ${who} about ${about}`, async () =>
        chat.messages.find((one) => one.to === `place of ${who}` && one.titles.at(-1)!.includes(about)),
      ),
    async quiet() {
      const { db } = database;
      await until('a quiet queue', async () => {
        const open = { $or: [{ state: { $in: ['waiting', 'posting', 'doubtful'] } }, { untold: true }] };
        const [events, notices, postings] = await Promise.all([
          db.collection('events').countDocuments({ waiting: { $gt: '' } }),
          db.collection('notices').countDocuments({ chat: { $exists: false } }),
          db.collection('postings').countDocuments(open),
        ]);
        return events + notices + postings === 0;
      });
    },
    async close() {
      if (isWorking) await outgoing.stop();
      await office.close();
      await Promise.all([slack.stop(), telegram.stop()]);
    },
  };
}
