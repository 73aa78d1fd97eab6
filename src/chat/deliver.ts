/**
 * From notices to chats: each goes to the chat that its reader used last, to one at a time. When its turn comes it is judged again:
 * whether the person may see it and it still waits for them. What no chat could show stays for the console, and nothing is lost
 * without a word. A notice that fails holds up no other.
 */
import { type Employee, WHOLE_COMPANY } from '../staff/employee.ts';
import type { Posting } from '../staff/posting.ts';
import type { Senders } from '../staff/postman.ts';
import type { Reach, UnroutedNotice } from '../staff/reach-store.ts';
import { campaignCard } from './cards/campaign.ts';
import { withDeadChats, withDoubts } from './cards/reach.ts';
import { readerOf } from './command.ts';
import { ASKING, isMeant, type Meant } from './meant.ts';
import { progressKey, progressOf } from './progress.ts';
import { askedAbout } from './requests.ts';
import type { ChatRoom } from './room.ts';
import { noticesShown } from './shown.ts';
import { viewFor } from './view.ts';

/** `surfaces`: the chats that people can be reached in; the console is none, for it cannot be written to. */
export function createDelivery(room: ChatRoom, surfaces: readonly string[]): Senders {
  const { reaches, log } = room;
  /** What cards on their way say beside their news, by posting: it is over once they are shown. Lost with the process, it is said again. */
  const said = new Map<string, Beside>();

  /** The chat last used of those that can be written to and were not tried in vain. */
  async function chatFor({ employee, tried }: UnroutedNotice): Promise<Reach | undefined> {
    const all = await reaches.reachesOf(employee);
    return all.find((one) => surfaces.includes(one.surface) && !one.dead && !tried.includes(one.surface));
  }

  async function routed(notice: UnroutedNotice, surface: string): Promise<void> {
    const chat = await chatFor(notice);
    if (!chat) await reaches.route(notice.id, null);
    if (chat?.surface !== surface) return;
    await want(room, notice, chat);
    await reaches.route(notice.id, surface);
  }

  return {
    async fill(surface) {
      for (const notice of await reaches.unrouted()) {
        await routed(notice, surface).catch((err) =>
          log.error({ notice: notice.id, err }, 'a notice could not be posted'),
        );
      }
    },

    async judge(posting) {
      const person = await room.staff.store.employee(posting.employee);
      if (!person || !posting.card || (await judgeFor(room, person, posting)).kind !== 'meant') return null;
      // An edit rings no bell: what is to be noticed goes with a new message.
      if (posting.kind === 'edit' || posting.notices.length === 0) return posting.card;
      const reader = readerOf(room, person);
      const all = await reaches.reachesOf(person.id);
      const here = all.find((one) => one.surface === posting.surface && one.account === posting.account);
      const beside = { doubts: here?.doubtful ?? [], deaths: untoldDeaths(all) };
      said.set(posting.key, beside);
      return withDeadChats(withDoubts(posting.card, beside.doubts, reader), beside.deaths, reader);
    },

    async settled(posting) {
      const { surface, account, employee, notices, key } = posting;
      const { doubts, deaths } = said.get(key) ?? { doubts: [], deaths: [] };
      said.delete(key);
      switch (posting.state) {
        case 'unknown':
          await reaches.doubt(surface, account, posting.card?.title ?? posting.key);
          return unrouteAll(room, posting, true);
        case 'parked': // certainly not shown
        case 'gone':
          return unrouteAll(room, posting, false);
        case 'dropped':
          return takeAwayMoot(room, posting);
        case 'waiting':
        case 'posting':
        case 'doubtful':
        case 'posted':
          break;
      }
      await noticesShown(room, notices);
      await reaches.clearDoubts(surface, account, doubts);
      for (const one of deaths) await reaches.toldOfDeath(one, employee);
    },
  };
}

interface Beside {
  readonly doubts: readonly string[];
  readonly deaths: readonly string[];
}

/** Chats in which the person cannot be written to any more and has not been told so. */
const untoldDeaths = (all: readonly Reach[]): readonly string[] => [
  ...new Set(all.filter((one) => one.dead && !one.deadTold).map((one) => one.surface)),
];

async function unrouteAll(room: ChatRoom, { surface, notices }: Posting, giveUp: boolean): Promise<void> {
  for (const id of notices) await room.reaches.unroute(id, surface, giveUp);
}

/** The news that a campaign has started is its progress card, which goes on from there. */
async function want(room: ChatRoom, notice: UnroutedNotice, { surface, account }: Reach): Promise<void> {
  const { id, employee, about } = notice;
  const to = { surface, account, employee, notices: [id] };
  if (about?.kind === 'started') {
    const person = await room.staff.store.employee(employee);
    const campaign = await room.campaigns.store.campaign(WHOLE_COMPANY, about.campaign);
    if (person && campaign) {
      const card = campaignCard(await viewFor(room, person, campaign), readerOf(room, person));
      const live = progressOf(campaign) !== 'over';
      await room.postings.want({ ...to, key: progressKey(campaign, person), card, live }, room.now());
      return;
    }
  }
  const asks = await askedBy(room, notice);
  await room.postings.want({ ...to, key: `notice:${id}`, card: notice.card, ...(asks && { asks }) }, room.now());
}

/** What the notice asks somebody to decide, if it does. */
async function askedBy(room: ChatRoom, { about }: UnroutedNotice): Promise<string | null> {
  if (!about || !ASKING.has(about.kind)) return null;
  const campaign = await room.campaigns.store.campaign(WHOLE_COMPANY, about.campaign);
  return campaign && askedAbout(campaign);
}

/** What it shows is judged by its notice; a progress card, and an edit of what was shown, by itself. */
async function judgeFor(room: ChatRoom, person: Employee, { key, kind, notices, card }: Posting): Promise<Meant> {
  if (!card) return { kind: 'moot' };
  if (!key.startsWith('notice:') || kind === 'edit') return isMeant(room, person, { card });
  const notice = await room.reaches.notice(notices[0] ?? '');
  // Another chat, or the console, has shown it.
  return notice ? isMeant(room, person, notice) : { kind: 'moot' };
}

/** What is moot goes; what may not be seen now waits for the console, should the right come back. */
async function takeAwayMoot(room: ChatRoom, posting: Posting): Promise<void> {
  const person = await room.staff.store.employee(posting.employee);
  for (const id of posting.notices) {
    const notice = await room.reaches.notice(id);
    if (notice && person && (await isMeant(room, person, notice)).kind === 'moot') await room.staff.store.shown([id]);
  }
}
