import { afterAll, beforeAll } from 'vitest';
import type { SlackSurface } from '../../../bots/slack/surface.ts';
import { describeSurface } from '../../contract/surface.ts';
import type { ChatBehaviour, ChatFarEnd, FarPerson } from '../../contract/surface-far-end.ts';
import { type User, userOf } from '../../fakes/slack/people.ts';
import type { Mood } from '../../fakes/slack/server.ts';
import { type FreshDatabase, freshDatabase } from '../../support/mongo.ts';
import { type Bench, MODES, openBench } from './bench.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

interface SlackFarEnd extends ChatFarEnd {
  readonly bench: Bench;
}

const MOODS: Readonly<Partial<Record<ChatBehaviour, Mood>>> = {
  'takes-in-silence': 'silent',
  'hangs-up': 'hangs-up',
  breaks: 'broken',
};

function personOf(user: User): FarPerson {
  return {
    account: user.account,
    says: (text) => void user.says(text),
    presses: (message, label) => void user.presses(message, label),
    sees: () => user.sees(),
    leaves: () => user.leaves(),
  };
}

for (const mode of MODES) {
  const openFarEnd = async () => {
    const bench = await openBench({ mode, database });
    const { slack } = bench;
    const [anna, boris] = [userOf(slack, 'Anna'), userOf(slack, 'Boris')];
    const farEnd: SlackFarEnd = {
      bench,
      secrets: Object.values(slack.secrets),
      surface: 'slack',
      anna: personOf(anna),
      boris: personOf(boris),
      noPlace: `${slack.team.id}:D0NOTHING`,
      behave(behaviour) {
        slack.mood = MOODS[behaviour] ?? 'well';
        slack.rates.allow();
        const limited = behaviour === 'limits-place' ? anna.direct.id : undefined;
        if (!behaviour.startsWith('limits')) return;
        slack.rates.refuse('chat.postMessage', 1, limited);
        slack.rates.refuse('chat.update', 1, limited);
      },
      removes({ id }) {
        const at = slack.world.messages.findIndex((one) => one.ts === id);
        slack.world.messages.splice(at, 1);
      },
      repeats: () => void slack.delivery.again(),
      isHeard: () => slack.delivery.isHeard(),
    };
    return { farEnd, close: () => bench.close() };
  };
  describeSurface(
    `slack by ${mode}`,
    ({ bench }, log) => {
      const surface = bench.surface(log);
      return { ...surface, start: async (core) => void (await bench.start(core, surface)) } satisfies SlackSurface;
    },
    openFarEnd,
  );
}
