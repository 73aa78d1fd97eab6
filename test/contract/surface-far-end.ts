/** The other side of a chat under contract: what the suite asks of its servers and of the people in it, whatever its protocol. */
import type { Log } from '../../src/platform/log.ts';
import type { Card } from '../../src/staff/card.ts';
import type { ChatCore, ChatEvent, ChatSurface } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';

/** How the chat's servers treat what the bot posts or edits from now on. */
export type ChatBehaviour =
  | 'takes' // as ever
  | 'limits-place' // too fast for this place: nothing is shown
  | 'limits-all' // too fast altogether: nothing is shown
  | 'takes-in-silence' // shows it, and never answers
  | 'hangs-up' // shows it, and closes the connection instead of answering
  | 'breaks'; // an error of the servers' own, 500 or the like

/** A message as people see it now. */
export interface SeenMessage {
  /** As in `CardRef.id`, where the chat has such an id. */
  readonly id: string;
  /** All of its text without markup; what stands on buttons aside. */
  readonly text: string;
  /** What stands on its buttons. */
  readonly buttons: readonly string[];
}

/** A person in the chat, who has met the bot before. */
export interface FarPerson {
  /** As it stands in `ChatEvent.account`. */
  readonly account: string;
  /** Says something to the bot in private. */
  says(text: string): void;
  /** Presses the button with this label on a message that is seen in private. */
  presses(message: SeenMessage, label: string): void;
  /** What stands in the private conversation, oldest first. */
  sees(): readonly SeenMessage[];
  /** Wants no more of the bot: nothing can be shown to the person. */
  leaves(): void;
}

export interface ChatFarEnd {
  /** Whatever must not be seen in a log: tokens and secrets. */
  readonly secrets: readonly string[];
  /** `ChatEvent.surface`. */
  readonly surface: string;
  readonly anna: FarPerson;
  readonly boris: FarPerson;
  /** A place that there never was. */
  readonly noPlace: string;
  behave(behaviour: ChatBehaviour): void;
  /** Removes a message that the bot posted at Anna's. */
  removes(message: SeenMessage): void;
  /** Delivers the last thing that anybody said or pressed once more, as if it had not been heard. */
  repeats(): void;
  /** Everything that was said or pressed has been taken by the bot, in the chat's own terms: nothing would be repeated. */
  isHeard(): boolean;
}

/** Makes the surface under test, over the far end, writing to `log`. Its deadlines are to be a fraction of a second. */
export type MakeSurface<F extends ChatFarEnd> = (farEnd: F, log: Log) => ChatSurface;

/** A core that answers as it is told, and remembers what it heard. */
export interface ListeningCore extends ChatCore {
  readonly heard: readonly ChatEvent[];
  /** How it answers from now on. */
  answer(by: (event: ChatEvent) => Card | null | Promise<Card | null>): void;
}

export function listeningCore(locale: Locale = 'en'): ListeningCore {
  const heard: ChatEvent[] = [];
  let answering: (event: ChatEvent) => Card | null | Promise<Card | null> = ({ text }) =>
    cardAbout(`echo:${text}`, text);
  return {
    heard,
    answer(by) {
      answering = by;
    },
    async handle(event) {
      heard.push(event);
      return answering(event);
    },
    localeOf: async () => locale,
    formFields: async () => ({}),
  };
}

/** A card with a title and a button for each command. */
export const cardAbout = (subject: string, title: string, commands: readonly string[] = []): Card => ({
  subject,
  tone: 'info',
  title,
  lead: ['It goes to 12 people, and costs 24.00 RUB.'],
  facts: [{ label: 'Sender', value: 'ACME' }],
  actions: commands.map((command) => ({ label: `Do ${command}`, command })),
});
