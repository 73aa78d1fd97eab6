/**
 * Conversations as MongoDB keeps them: the form that is being filled in, and the campaign last spoken of. They survive a restart,
 * and go a week after the last word. What is typed into a form is kept in its campaign, not here.
 */
import type { Collection } from 'mongodb';
import type { Database } from '../platform/mongo/connect.ts';
import type { ChatEvent } from '../staff/surface.ts';

/** The questions of the form for a new campaign, in their order. */
export const STEPS = ['source', 'questions', 'text', 'sender', 'when', 'confirm'] as const;
export type Step = (typeof STEPS)[number];

export type Form =
  /** A new campaign, step by step; the draft is made with the first answer. */
  | { readonly kind: 'new'; readonly campaign: string | null; readonly step: Step }
  /** The reason for sending a campaign back. */
  | { readonly kind: 'reject'; readonly campaign: string };

export interface Conversation {
  readonly form: Form | null;
  /** Id of the campaign that was last shown here. */
  readonly shown: string | null;
}

interface ConversationRecord extends Conversation {
  readonly _id: string;
  readonly schemaVersion: 1;
  readonly deleteAfter: Date;
}

const KEPT_MS = 7 * 86_400_000;

/** One person in one place of one chat. */
type Place = Pick<ChatEvent, 'surface' | 'account' | 'conversation'>;
const idOf = ({ surface, account, conversation }: Place): string => JSON.stringify([surface, account, conversation]);

export type FormStore = ReturnType<typeof formStore>;

export function formStore(database: Database) {
  const forms: Collection<ConversationRecord> = database.db.collection('forms');
  return {
    async conversation(place: Place): Promise<Conversation> {
      const found = await forms.findOne({ _id: idOf(place) });
      return { form: found?.form ?? null, shown: found?.shown ?? null };
    },
    async keep(place: Place, fields: Partial<Conversation>, now: Date): Promise<void> {
      const deleteAfter = new Date(now.getTime() + KEPT_MS);
      await forms.updateOne(
        { _id: idOf(place) },
        { $set: { schemaVersion: 1, ...fields, deleteAfter } },
        { upsert: true },
      );
    },
  };
}

export const formMigrations = [
  {
    id: 800,
    name: 'forms: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('forms').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
