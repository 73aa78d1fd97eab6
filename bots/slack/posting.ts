/** Cards that Herald posts unasked: one try each, with a word on what came of it, and a key to find them by. */
import type { webApi } from '@slack/bolt';
import type { Log } from '../../src/platform/log.ts';
import type { CardRef, ChatSurface, Posted } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';
import { isPerson, type Place, placeOf, readPlace } from './address.ts';
import { SLACK } from './desk.ts';
import { codeOf, isOurs, OURS_MS, outcomeOf } from './outcome.ts';
import { renderCard } from './render.ts';

/** Metadata of a message, which people do not see (docs.slack.dev/messaging/message-metadata). */
const POSTED = 'herald_posted';
/** A posting of unknown fate is looked for soon, so it is among the last. */
const PAGES = 5;
const PAGE = 200;

export interface PostingOptions {
  /** Null where Herald is not installed; throws where its token cannot be had just now. */
  readonly client: (workspace: string) => Promise<webApi.WebClient | null>;
  /** There are other workspaces, to which it goes on when one has no good token. */
  readonly isOneOfMany: boolean;
  /** Of the few words that a card does not bring itself. */
  readonly locale: Locale;
  readonly log: Log;
}

export function createPosting({
  client,
  isOneOfMany,
  locale,
  log,
}: PostingOptions): Required<Pick<ChatSurface, 'post' | 'update' | 'find'>> {
  const noPlace: Posted = { kind: 'gone', why: 'no-such-place' };
  /** What is wrong with Herald itself in each workspace, said once. */
  const troubles = new Map<string, string>();

  /** The person is not to blame, and can be written to again when it is mended. */
  function waits(workspace: string, why: string): Posted {
    if (troubles.get(workspace) !== why) log.error({ workspace, why }, 'Slack takes nothing from Herald; cards wait');
    troubles.set(workspace, why);
    return { kind: 'later', afterMs: OURS_MS, wide: isOneOfMany ? 'place' : 'surface' };
  }

  function outcomeIn({ workspace }: Place, error: unknown, method: Parameters<typeof outcomeOf>[1]): Posted {
    const code = codeOf(error);
    return code !== null && isOurs(code) ? waits(workspace, code) : outcomeOf(error, method);
  }

  /** The place and who writes there, or why nothing can be shown. */
  async function reached(to: string) {
    const place = readPlace(to);
    if (!place) return noPlace;
    try {
      const web = await client(place.workspace);
      // The one workspace of a token may be another than it was: then those who are in it are written to all the same.
      if (!web) return { ...waits(place.workspace, 'not installed'), wide: 'place' } as Posted;
      return { kind: 'reached' as const, web, place };
    } catch {
      return waits(place.workspace, 'no token');
    }
  }

  return {
    async post(to, card, key) {
      const found = await reached(to);
      if (found.kind !== 'reached') return found;
      const { channel, thread } = found.place;
      try {
        const posted = await found.web.chat.postMessage({
          channel,
          ...(thread !== undefined && { thread_ts: thread }),
          ...renderCard(card, { locale }),
          metadata: { event_type: POSTED, event_payload: { key } },
          unfurl_links: false,
          unfurl_media: false,
        });
        // An edit has to name the conversation itself.
        const shown = placeOf({ ...found.place, channel: posted.channel ?? channel });
        troubles.delete(found.place.workspace);
        return { kind: 'posted', ref: { surface: SLACK, to: shown, id: posted.ts! } };
      } catch (error) {
        return outcomeIn(found.place, error, 'chat.postMessage');
      }
    },

    async update(ref, card) {
      const found = await reached(ref.to);
      if (found.kind !== 'reached') return found;
      try {
        // Its metadata stays where none is given.
        await found.web.chat.update({ channel: found.place.channel, ts: ref.id, ...renderCard(card, { locale }) });
        return { kind: 'posted', ref };
      } catch (error) {
        return outcomeIn(found.place, error, 'chat.update');
      }
    },

    async find(to, key): Promise<CardRef | null> {
      const place = readPlace(to);
      if (!place) return null;
      const web = await client(place.workspace);
      if (!web) throw new Error(`Herald is not installed in the Slack workspace ${place.workspace}`);
      const channel = await channelOf(web, place);
      if (!channel) return null;
      let cursor = '';
      for (let page = 0; page < PAGES; page++) {
        const found = await pageOf(web, channel, place.thread, cursor);
        if (found === null) return null;
        const message = found.messages?.find(
          ({ metadata }) => metadata?.event_type === POSTED && keyIn(metadata.event_payload) === key,
        );
        if (message?.ts) return { surface: SLACK, to: placeOf({ ...place, channel }), id: message.ts };
        cursor = found.response_metadata?.next_cursor ?? '';
        if (cursor === '') return null;
      }
      throw new Error(`too much was written in Slack since, to tell whether ${key} was posted`);
    },
  };
}

/** The conversation with a person has an id of its own; null where the person is gone. */
async function channelOf(web: webApi.WebClient, place: Place): Promise<string | null> {
  if (!isPerson(place)) return place.channel;
  try {
    return (await web.conversations.open({ users: place.channel })).channel?.id ?? null;
  } catch (error) {
    if (outcomeOf(error, 'chat.postMessage').kind === 'gone') return null;
    throw error;
  }
}

/** Null where there is no such place any more, and nothing of ours in it. */
async function pageOf(web: webApi.WebClient, channel: string, thread: string | undefined, cursor: string) {
  const asked = { channel, limit: PAGE, include_all_metadata: true, ...(cursor !== '' && { cursor }) };
  try {
    if (thread !== undefined) return await web.conversations.replies({ ...asked, ts: thread });
    return await web.conversations.history(asked);
  } catch (error) {
    if (codeOf(error) === 'channel_not_found') return null;
    throw error;
  }
}

const keyIn = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'key' in payload ? payload.key : undefined;
