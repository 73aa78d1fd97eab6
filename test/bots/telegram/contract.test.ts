import { describeSurface } from '../../contract/surface.ts';
import type { ChatFarEnd } from '../../contract/surface-far-end.ts';
import { TOKEN } from '../../fakes/telegram/server.ts';
import { type Bench, type Mode, openBench, SECRET } from './bot.ts';

interface TelegramFarEnd extends ChatFarEnd {
  readonly bench: Bench;
}

async function openFarEnd(mode: Mode): Promise<{ farEnd: TelegramFarEnd; close: () => Promise<void> }> {
  const bench = await openBench(mode);
  const { telegram } = bench;
  const personOf = (name: string) => {
    const user = telegram.user(name);
    user.knowsBot();
    return { ...user, leaves: user.blocks };
  };
  const farEnd = {
    bench,
    secrets: [TOKEN, SECRET],
    surface: 'telegram',
    anna: personOf('Anna'),
    boris: personOf('Boris'),
    noPlace: '7777777777',
    behave: telegram.behave,
    removes: telegram.removes,
    repeats: telegram.repeats,
    isHeard: telegram.isHeard,
  };
  return { farEnd, close: bench.close };
}

for (const mode of ['polling', 'webhook'] as const) {
  describeSurface(
    `telegram by ${mode}`,
    ({ bench }, log) => bench.make(log),
    () => openFarEnd(mode),
  );
}
