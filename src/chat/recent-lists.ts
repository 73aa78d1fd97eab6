/** Lists that a person may take again for a new campaign, the newest first. */
import { type Employee, scopeOf } from '../staff/employee.ts';
import type { ChatRoom } from './room.ts';

export interface RecentList {
  readonly name: string;
  readonly link: string;
}

const OFFERED = 4;
/** Several campaigns go to one list. */
const LOOKED_AT = 20;

/** Links that were read lately: files may have changed places since, and uploads are gone. */
export async function recentLists(room: Pick<ChatRoom, 'campaigns'>, by: Employee): Promise<readonly RecentList[]> {
  const recent = await room.campaigns.audiences.recent(scopeOf(by), LOOKED_AT);
  const links = new Map(recent.map(({ source }) => [source.ref, source.name]));
  return [...links]
    .filter(([link]) => /^https:\/\//iu.test(link))
    .slice(0, OFFERED)
    .map(([link, name]) => ({ name, link }));
}
