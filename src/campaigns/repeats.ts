/**
 * Warns that people get the same text twice within a day: found when a campaign is submitted, and shown to who approves it. Whom an
 * earlier campaign did not reach does not count, so sending again to those is no repetition.
 */
import { DAY_MS } from '../platform/days.ts';
import type { Campaign } from './campaign.ts';
import type { CampaignRoom } from './room.ts';

/** Another campaign that says the same to some of the same people. */
export interface Repeat {
  readonly campaign: string;
  readonly name: string;
  /** When it began, or is to; null when that is not known. */
  readonly at: Date | null;
  readonly people: number;
  /** False when a part of the people was looked at: then it is about so many. */
  readonly isExact: boolean;
}

/** As many as a card has room for. */
const MOST = 3;

/** Case and spaces make no other text of it. */
export const isSameText = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && plain(a) === plain(b);
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

export async function repeatsOf(room: CampaignRoom, campaign: Campaign): Promise<readonly Repeat[]> {
  const { frozen, text } = campaign;
  if (!frozen) return [];
  const at = beginsAt(campaign) ?? room.now();
  const others = await room.store.begunOrWaiting(new Date(at.getTime() - DAY_MS));
  const repeats: Repeat[] = [];
  for (const other of others) {
    if (other._id === campaign._id || other.kind !== 'campaign' || !other.frozen || !isSameText(other.text, text))
      continue;
    const begins = beginsAt(other);
    if (begins && Math.abs(begins.getTime() - at.getTime()) >= DAY_MS) continue;
    const { people, isExact } = await room.messages.inBoth(frozen, other.frozen.run);
    if (people > 0) repeats.push({ campaign: other._id, name: other.name, at: begins, people, isExact });
  }
  return repeats.sort((a, b) => b.people - a.people).slice(0, MOST);
}

const beginsAt = ({ startedAt, start }: Campaign): Date | null => startedAt ?? (start?.kind === 'at' ? start.at : null);
