/** Что говорят команды и формы. */
import type { Russian } from '../catalogue.ts';
import type { chat as english } from '../en/chat.ts';

export const chat = {} as const satisfies Russian<typeof english>;
