/**
 * How an answer reaches the person who said or pressed something: where it was said, for that person alone in a channel, in place
 * of the card whose button was pressed when it is about the same; and in private where nothing else goes. The file of a card
 * follows it, always in private.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { notHandedCard } from '../../src/chat/handing.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Attachment, Card } from '../../src/staff/card.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import { handOver } from './handing.ts';
import { codeOf, isOurs, outcomeOf } from './outcome.ts';
import { type Rendered, renderCard } from './render.ts';
import { escaped } from './said.ts';

/** Where something was said. It travels with a form, so it is small and plain. */
export interface Spot {
  /** The installation whose token is used. */
  readonly workspace: string;
  readonly user: string;
  /** Absent where a person is met outside of all conversations: at the App Home. */
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  /** Nobody else reads the channel: answers are ordinary messages. */
  readonly isDirect: boolean;
  readonly responseUrl?: string | undefined;
  /** The message whose button was pressed, and what its card is about. */
  readonly pressed?: { readonly ts: string; readonly subject: string; readonly isEphemeral: boolean } | undefined;
}

export interface ReplyOptions {
  readonly clientOf: (workspace: string) => Promise<webApi.WebClient>;
  readonly localeOf: (spot: Spot) => Promise<Locale>;
  /** What takes longer is told to take longer, ms. */
  readonly patienceMs: number;
  readonly timeoutMs: number;
  /** How long a file may take, ms. */
  readonly uploadMs: number;
  /** Where the Web API is when it is not Slack's own. */
  readonly apiUrl: string | null;
  readonly closing: AbortSignal;
  readonly log: Log;
}

export interface Replies {
  /** Shows what comes of `make`; says that it takes a while when it does, and that it failed when it does. */
  answer(spot: Spot, make: () => Promise<Card | null>): Promise<void>;
  show(spot: Spot, card: Card): Promise<void>;
  /** The private conversation with the person. */
  directChannel(spot: Pick<Spot, 'workspace' | 'user'>): Promise<string>;
}

/** Answers that Slack asks to wait with are tried this often; nobody else would repeat them. */
const TRIES = 4;
const LONGEST_WAIT_MS = 60_000;
const MOST_DIRECTS = 10_000;

export function createReplies(options: ReplyOptions): Replies {
  const { clientOf, localeOf, log } = options;
  /** They stay the same for ever. */
  const directs = new Map<string, string>();

  /** Again where Slack asks to wait, and nothing was shown. What is wrong with Herald itself is not mended while a person waits. */
  async function insistently<T>(method: 'chat.postMessage' | 'chat.update', call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (error) {
        const outcome = outcomeOf(error, method);
        const isOver = isOurs(codeOf(error) ?? '') || tries === TRIES || options.closing.aborted;
        if (outcome.kind !== 'later' || isOver) throw error;
        await sleep(Math.min(outcome.afterMs, LONGEST_WAIT_MS), null, { signal: options.closing }).catch(() => {});
      }
    }
  }

  async function directChannel({ workspace, user }: Pick<Spot, 'workspace' | 'user'>): Promise<string> {
    const known = directs.get(`${workspace}:${user}`);
    if (known !== undefined) return known;
    const client = await clientOf(workspace);
    const { channel } = await insistently('chat.update', () => client.conversations.open({ users: user }));
    if (!channel?.id) throw new Error('Slack opened a conversation and did not say which');
    if (directs.size >= MOST_DIRECTS) directs.clear();
    directs.set(`${workspace}:${user}`, channel.id);
    return channel.id;
  }

  async function post(spot: Spot, channel: string, message: Rendered): Promise<string> {
    const client = await clientOf(spot.workspace);
    const thread = spot.isDirect && spot.thread ? { thread_ts: spot.thread } : {};
    const posted = await insistently('chat.postMessage', () =>
      client.chat.postMessage({ channel, ...thread, ...message, unfurl_links: false, unfurl_media: false }),
    );
    return posted.ts ?? '';
  }

  /** Without insisting: Slack counts edits for the whole workspace, and a person who waits can be shown a new message. */
  async function edit(spot: Spot, ts: string, message: Rendered): Promise<void> {
    const client = await clientOf(spot.workspace);
    await client.chat.update({ channel: spot.channel!, ts, ...message });
  }

  /** docs.slack.dev/interactivity/handling-user-interaction: five times within half an hour. */
  async function respond(spot: Spot, message: Rendered, replace: boolean): Promise<boolean> {
    if (spot.responseUrl === undefined) return false;
    try {
      const answer = await fetch(spot.responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...message,
          replace_original: replace,
          ...(!replace && { response_type: 'ephemeral', ...(spot.thread && { thread_ts: spot.thread }) }),
        }),
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      // Shown or not: what comes twice is read twice, what never comes leaves a person waiting.
      return false;
    }
  }

  async function aside(spot: Spot, message: Rendered): Promise<boolean> {
    if (spot.channel === undefined) return false;
    const client = await clientOf(spot.workspace);
    const thread = spot.thread ? { thread_ts: spot.thread } : {};
    try {
      await insistently('chat.postMessage', () =>
        client.chat.postEphemeral({ channel: spot.channel!, user: spot.user, ...thread, ...message }),
      );
      return true;
    } catch (error) {
      log.debug({ err: error }, 'an answer goes to the private conversation instead');
      return false;
    }
  }

  async function privately(spot: Spot, message: Rendered): Promise<void> {
    if (spot.isDirect && spot.channel !== undefined) return void (await post(spot, spot.channel, message));
    if (await respond(spot, message, false)) return;
    if (await aside(spot, message)) return;
    await post(spot, await directChannel(spot), message);
  }

  /** In place of the card that was pressed, by the address that came with the press: nobody else's edits count there; false where that cannot be. */
  async function inPlace(spot: Spot, message: Rendered): Promise<boolean> {
    if (!spot.pressed) return false;
    if (await respond(spot, message, true)) return true;
    if (spot.pressed.isEphemeral) return false;
    try {
      await edit(spot, spot.pressed.ts, message);
      return true;
    } catch (error) {
      log.debug({ err: error }, 'a card could not be edited, so the answer is a message of its own');
      return false;
    }
  }

  async function show(spot: Spot, card: Card, waiting: string | null = null): Promise<void> {
    await showCard(spot, card, waiting);
    if (card.attachment) await giveFile(spot, card.attachment);
  }

  /** Where nobody but the person sees it, whatever conversation was talked in. */
  async function giveFile(spot: Spot, file: Attachment): Promise<void> {
    const client = await clientOf(spot.workspace);
    const isHere = spot.isDirect && spot.channel !== undefined;
    const channel = isHere ? spot.channel! : await directChannel(spot);
    const ending = AbortSignal.any([options.closing, AbortSignal.timeout(options.uploadMs)]);
    const place = { channel, thread: isHere ? spot.thread : undefined };
    const handed = await handOver({ client, apiUrl: options.apiUrl, ending, insistently }, place, file);
    if (handed.kind === 'handed') return;
    log.warn({ err: handed.cause }, 'a file was not handed over in Slack');
    const locale = await localeOf(spot);
    await post(spot, channel, renderCard(notHandedCard(file, handed.why, locale), { locale }));
  }

  async function showCard(spot: Spot, card: Card, waiting: string | null): Promise<void> {
    const message = renderCard(card, { locale: await localeOf(spot) });
    if (spot.pressed?.subject === card.subject && (await inPlace(spot, message))) return remove(spot, waiting);
    return inPlaceOf(waiting, spot, message);
  }

  /** In place of the word that it takes a while, where that is still there. */
  async function inPlaceOf(waiting: string | null, spot: Spot, message: Rendered): Promise<void> {
    if (waiting === null) return privately(spot, message);
    await edit(spot, waiting, message).catch(() => privately(spot, message));
  }

  async function remove(spot: Spot, waiting: string | null): Promise<void> {
    if (waiting === null) return;
    const client = await clientOf(spot.workspace);
    await client.chat.delete({ channel: spot.channel!, ts: waiting });
  }

  /** Says after a while that it takes a while. Ends with the message that the answer can take the place of. */
  function patience(spot: Spot): { over(): Promise<string | null> } {
    let saying: Promise<string | null> = Promise.resolve(null);
    const timer = setTimeout(() => {
      saying = sayWaiting(spot).catch((error) => {
        log.debug({ err: error }, 'nobody was told that an answer takes a while');
        return null;
      });
    }, options.patienceMs);
    return {
      over() {
        clearTimeout(timer);
        return saying;
      },
    };
  }

  async function sayWaiting(spot: Spot): Promise<string | null> {
    const message = words(texts(await localeOf(spot)).t('slack.loading'));
    if (spot.isDirect && spot.channel !== undefined) return post(spot, spot.channel, message);
    if (!(await respond(spot, message, false))) await aside(spot, message);
    return null;
  }

  return {
    directChannel,
    show: (spot, card) => show(spot, card),
    async answer(spot, make) {
      const waiting = patience(spot);
      const made = await make().catch((error: unknown) => {
        log.error({ err: error }, 'what was said in Slack could not be answered');
        return 'trouble' as const;
      });
      const ts = await waiting.over();
      if (made === null) return remove(spot, ts);
      if (made !== 'trouble') return show(spot, made, ts);
      const message = words(texts(await localeOf(spot)).t('slack.trouble'));
      return inPlaceOf(ts, spot, message);
    },
  };
}

const words = (text: string): Rendered => ({
  text: escaped(text),
  blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }],
});
