/** What people were shown: a notice that was is not shown again, and the version that its card showed is kept as the last. */
import type { ChatRoom } from './room.ts';

export async function noticesShown(room: ChatRoom, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const notice = await room.reaches.notice(id);
    const about = notice?.about;
    if (notice && about?.version) await room.seen.keep(about.campaign, notice.employee, about.version, room.now());
  }
  await room.staff.store.shown(ids);
}
