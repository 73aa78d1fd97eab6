/** Whether nobody but the person reads what is answered: codes are given and taken only there. */
import type { ChatEvent } from '../staff/surface.ts';
import type { ChatRoom } from './room.ts';

export const isPrivate = (room: ChatRoom, { surface, isPrivate: alone = false }: ChatEvent): boolean =>
  alone || room.settings.localSurfaces.includes(surface);
