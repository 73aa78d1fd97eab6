/**
 * People of the chat benchmark: what each says or presses next in Slack, and the moment at which the answer to it is seen there.
 */
import { performance } from 'node:perf_hooks';
import { userOf } from '../fakes/slack/people.ts';
import type { SlackFake } from '../fakes/slack/server.ts';
import { buttonsIn } from '../fakes/slack/validity.ts';
import type { Channel, Message } from '../fakes/slack/world.ts';

/** What came of one click; a time is null when it never came. */
export interface Click {
  readonly what: string;
  /** From Slack's request until it was answered, ms. */
  readonly ackMs: number | null;
  /** From Slack's request until the card was there, ms. */
  readonly cardMs: number | null;
}

export interface Person {
  readonly account: string;
  /** Clicks or types what is next for this person, and waits for what comes of it. */
  acts(awaitsCard: boolean): Promise<Click>;
}

const TYPED = ['list', 'show 1', 'waiting', 'help'] as const;
/** Buttons that look and change nothing. */
const LOOKS = /^(?:list|show|status|waiting|help)\b/u;
/** Nobody waits for longer. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 2;

/** Every second one talks with Herald in private, the others use the slash command in a channel; every fifth time a button is pressed. */
export function personOf(slack: SlackFake, index: number, general: Channel, screen: Screen): Person {
  const user = userOf(slack, `Person ${index}`);
  const isDirect = index % 2 === 0;
  // What is whispered to a person goes by the person, what is said in private by the conversation.
  const place = isDirect ? user.direct.id : user.id;
  let turn = index;

  function next(): { readonly what: string; click(): Promise<{ readonly acked: boolean }> } {
    turn += 1;
    const card = turn % 5 === 0 ? screen.newest(place) : undefined;
    const button = card && buttonsIn(card.blocks).find(({ value }) => LOOKS.test(value ?? ''));
    if (card && button) return { what: 'button', click: () => user.presses({ id: card.ts }, button.text.text) };
    const line = TYPED[turn % TYPED.length]!;
    return { what: line, click: () => (isDirect ? user.says(line) : user.commands(line, general)) };
  }

  return {
    account: user.account,
    async acts(awaitsCard) {
      const { what, click } = next();
      const seen = awaitsCard ? screen.change(place) : null;
      const began = performance.now();
      const { acked } = await click();
      const ackMs = acked ? performance.now() - began : null;
      if (!seen) return { what, ackMs, cardMs: null };
      const at = await seen;
      return { what, ackMs, cardMs: at === null ? null : at - began };
    },
  };
}

/** What stands in Slack for each person. */
export interface Screen {
  newest(place: string): Message | undefined;
  /** When a new card of Herald's is there, or another in the place of one; null when none comes. */
  change(place: string): Promise<number | null>;
}

interface Awaited {
  readonly before: Message | undefined;
  readonly blocks: Message['blocks'] | undefined;
  readonly until: number;
  seen(at: number | null): void;
}

/** Looks at everybody's conversation every few milliseconds; `interim` is what a person is told to wait with, and no card. */
export function screenOf({ world, team }: SlackFake, interim: string): Screen {
  const newest = new Map<string, Message>();
  const awaited = new Map<string, Awaited>();
  let read = 0;

  function look(): void {
    for (const message of world.messages.slice(read)) {
      if (message.user === team.botUser) newest.set(message.onlyFor ?? message.channel, message);
    }
    read = world.messages.length;
    const at = performance.now();
    for (const [place, { before, blocks, seen, until }] of awaited) {
      const card = newest.get(place);
      const isThere = card?.text !== interim && (card !== before || card?.blocks !== blocks);
      if (!isThere && at < until) continue;
      awaited.delete(place);
      seen(isThere ? at : null);
    }
  }
  setInterval(look, LOOK_MS).unref();

  return {
    newest: (place) => newest.get(place),
    change(place) {
      const before = newest.get(place);
      const { promise, resolve } = Promise.withResolvers<number | null>();
      awaited.set(place, { before, blocks: before?.blocks, seen: resolve, until: performance.now() + PATIENCE_MS });
      return promise;
    },
  };
}
