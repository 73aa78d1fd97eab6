/**
 * Slack and the people in it for the chat benchmark, in a process of their own, so that they do not share Herald's thread: started
 * by `chat.ts`, told where to click, and it answers with what came of each click.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { texts } from '../../src/texts/index.ts';
import { MANIFEST } from '../bots/slack/bench.ts';
import { openSlack } from '../fakes/slack/server.ts';
import { type Click, type Person, personOf, screenOf } from './chat-people.ts';

/** What the crowd is told to do. */
export interface Order {
  /** Where Slack's requests go. */
  readonly url: string;
  readonly seconds: number;
  /** All people together. */
  readonly clicksPerSecond: number;
  /** Whether there is anybody who answers with a card. */
  readonly awaitsCards: boolean;
}

/** What the crowd tells: who is there, and then what came of each order. */
export type News =
  | {
      readonly kind: 'ready';
      readonly apiUrl: string;
      readonly botToken: string;
      readonly signingSecret: string;
      readonly accounts: readonly string[];
    }
  | { readonly kind: 'clicked'; readonly clicks: readonly Click[]; readonly refusedCalls: number };

const slack = await openSlack({ manifest: MANIFEST });
const screen = screenOf(slack, texts('en').t('slack.loading'));
const general = slack.world.addChannel(slack.team, 'general', []);
const people = Array.from({ length: Number(process.argv[2]) }, (_, index) => personOf(slack, index, general, screen));

async function clicked({ url, seconds, clicksPerSecond, awaitsCards }: Order): Promise<readonly Click[]> {
  slack.listensAt(url);
  const thinkMs = (people.length / clicksPerSecond) * 1000;
  const until = performance.now() + seconds * 1000;
  const each = people.map((person, index) => clicksOf(person, index, { thinkMs, until, awaitsCards }));
  return (await Promise.all(each)).flat();
}

interface Pace {
  readonly thinkMs: number;
  readonly until: number;
  readonly awaitsCards: boolean;
}

/** Begins somewhere within the first think time, and thinks between half and one and a half of it. */
async function clicksOf(
  person: Person,
  index: number,
  { thinkMs, until, awaitsCards }: Pace,
): Promise<readonly Click[]> {
  const clicks: Click[] = [];
  for (let wait = thinkMs * fraction(index, 0); performance.now() + wait < until; ) {
    await sleep(wait);
    clicks.push(await person.acts(awaitsCards));
    wait = thinkMs * (0.5 + fraction(index, clicks.length));
  }
  return clicks;
}

/** Spread evenly over 0..1, and the same in each run. */
const fraction = (index: number, turn: number): number => (index * 0.618034 + turn * 0.754878) % 1;

const tell = (news: News): void => void process.send!(news);

process.on('disconnect', () => process.exit(0));
process.on('message', async (order) => {
  const before = refusals();
  const clicks = await clicked(order as Order);
  tell({ kind: 'clicked', clicks, refusedCalls: refusals() - before });
});

const refusals = (): number => slack.calls.filter(({ answer }) => answer?.ok !== true).length;

tell({
  kind: 'ready',
  apiUrl: slack.apiUrl,
  botToken: slack.secrets.bot,
  signingSecret: slack.secrets.signing,
  accounts: people.map(({ account }) => account),
});
