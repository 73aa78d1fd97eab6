/**
 * Tells those whose campaigns are being sent that everything was stopped, or goes on, as soon as it is done. A stop is never held
 * up by telling of it: the switch is turned before.
 */
import type { Employee } from '../staff/employee.ts';
import { allSendingCard } from './cards/all-sending.ts';
import { readerOf } from './command.ts';
import { isConcerned } from './progress.ts';
import type { ChatRoom } from './room.ts';

export async function tellAllSending(room: ChatRoom, by: Employee, isStopped: boolean): Promise<void> {
  const [everyone, sending] = await Promise.all([
    room.staff.store.employees(),
    room.campaigns.store.inStates(['sending']),
  ]);
  const id = room.newId();
  for (const person of everyone) {
    const campaigns = sending.filter((one) => one.kind === 'campaign' && isConcerned(one, person));
    if (campaigns.length === 0 || person.id === by.id) continue;
    const card = allSendingCard({ isStopped, by: by.name, campaigns }, readerOf(room, person));
    await room.staff.store.post({ id: `sending:${id}:${person.id}`, employee: person.id, card, at: room.now() });
  }
}
