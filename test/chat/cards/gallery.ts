/** Every card that people see, as one story in each language: `docs/examples/cards.md` is made of it. */
import { approving } from './gallery/approving.ts';
import { chats } from './gallery/chats.ts';
import { herald } from './gallery/herald.ts';
import { looking } from './gallery/looking.ts';
import { making } from './gallery/making.ts';
import { people } from './gallery/people.ts';
import { routes } from './gallery/routes.ts';
import { sending } from './gallery/sending.ts';
import type { Chapter } from './gallery/show.ts';

export type { Chapter, Shown } from './gallery/show.ts';

export const GALLERY: readonly Chapter[] = [making, looking, approving, sending, routes, people, chats, herald];
