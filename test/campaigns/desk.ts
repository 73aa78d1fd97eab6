/** The room of campaigns over a real MongoDB, with lists in memory, invented prices and a clock that a test moves. */

import { audienceMigrations, audienceStore } from '../../src/audiences/store.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import type { ApprovalRule } from '../../src/campaigns/approvers.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { createDraft, type DraftFields } from '../../src/campaigns/draft.ts';
import { messagesStore } from '../../src/campaigns/messages-store.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { DestinationFinder, RouteQuote } from '../../src/campaigns/quote.ts';
import type { CampaignRoom, Verdict } from '../../src/campaigns/room.ts';
import { campaignMigrations, campaignStore } from '../../src/campaigns/store.ts';
import { customerStore } from '../../src/customers/store.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { counter } from '../../src/platform/counter.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { createOutbox, outboxMigrations } from '../../src/platform/outbox.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { createLists, type Lists } from '../chat/list-source.ts';
import { done } from '../support/carried-out.ts';
import { employeeOf } from '../support/employee.ts';
import { NO_GUARDS } from '../support/guards.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

/** A Monday at noon in Moscow. */
export const MONDAY = new Date('2026-11-23T09:00:00Z');
export const HOUR = 3_600_000;
export const later = (ms: number, from = MONDAY): Date => new Date(from.getTime() + ms);

export interface CampaignDesk {
  readonly room: CampaignRoom;
  readonly database: FreshDatabase;
  readonly lists: Lists;
  /** Now, as the room believes it. */
  clock: Date;
  /** Who may carry a phone, cheapest first. */
  routes: (phone: E164, network?: string) => readonly RouteQuote[];
  /** Where numbers belong; nothing is known where it is not set. */
  destinations?: DestinationFinder | undefined;
  hire(id: string, roles: readonly Role[], fields?: Partial<Employee>): Promise<Employee>;
  /** A draft over a list, with its numbers made. */
  draft(by: Employee, fields?: DraftFields, list?: string): Promise<Campaign>;
  submitted(by: Employee, fields?: DraftFields): Promise<Campaign>;
  approved(author: Employee, approver: Employee, fields?: DraftFields): Promise<Campaign>;
  now(id: string): Promise<Campaign>;
  /** Names of what was told of the campaign, in order. */
  events(id: string): Promise<readonly string[]>;
  audit(id: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const PEOPLE = ['Phone,Name', '+79161234567,Anna', '+79161234568,Boris', '+79161234569,Vera'].join('\n');
export const never = new AbortController().signal;

export const personKey = (phone: string): string => `key of ${phone}`;

export { done };

/** The code of the refusal; null when it was done. */
export const codeOf = (verdict: Verdict): string | null => (verdict.kind === 'refused' ? verdict.refusal.code : null);

export async function campaignDesk({ rules = [] as readonly ApprovalRule[] } = {}): Promise<CampaignDesk> {
  const database = await freshDatabase();
  await migrate(database, [...outboxMigrations, ...staffMigrations, ...audienceMigrations, ...campaignMigrations], {
    log: silentLog,
  });
  const outbox = createOutbox(database, { subscriptions: { test: [] }, log: silentLog });
  const staff = staffStore(database);
  const customers = customerStore(database);
  const audiences = audienceStore(database);
  const numbers = { campaign: counter(database, 'campaign'), audience: counter(database, 'audience') };
  const lists = createLists();
  const now = () => desk.clock;
  const room: CampaignRoom = {
    database,
    store: campaignStore(database),
    messages: messagesStore(database),
    audiences,
    reading: {
      store: audiences,
      sources: [lists.source],
      personKey,
      country: 'RU',
      now,
      nextId: async () => `a${await numbers.audience()}`,
      retentionDays: 30,
    },
    quoter: {
      tariff: async () => ({
        currency: 'RUB',
        routesFor: (phone, network) => desk.routes(phone, network),
        ...(desk.destinations && { destinations: desk.destinations }),
      }),
    },
    suppressedAmong: (persons) => customers.suppressedAmong(persons),
    staff,
    outbox,
    now,
    nextId: async () => String(await numbers.campaign()),
    log: silentLog,
    settings: {
      window: { from: '09:00', to: '20:00' },
      zone: 'Europe/Moscow',
      maxLateMs: 2 * HOUR,
      retentionDays: 30,
      approvalRules: rules,
      reminderMs: HOUR,
      guards: NO_GUARDS,
      defaultSender: null,
    },
  };
  const desk: CampaignDesk = {
    room,
    database,
    lists,
    clock: MONDAY,
    routes: () => [
      { provider: 'alfa', perPart: 1_500_000 },
      { provider: 'beta', perPart: 2_000_000 },
    ],
    async hire(id, roles, fields = {}) {
      const employee = employeeOf(id, roles, fields);
      await staff.add(employee);
      return employee;
    },
    async draft(by, fields = {}, list = PEOPLE) {
      const source = { ref: lists.keep('people', list), name: 'people.xlsx', answers: {}, uploaded: false };
      const draft = done(
        await createDraft(room, by, {
          source,
          text: 'Dear {{Name}}, hello',
          sender: 'HERALD',
          start: { kind: 'on-approval' },
          ...fields,
        }),
      );
      return (await prepare(room, draft._id, 'test', never))!;
    },
    async submitted(by, fields = {}) {
      return done(await submit(room, by, (await desk.draft(by, fields))._id));
    },
    async approved(author, approver, fields = {}) {
      const { _id, submission } = await desk.submitted(author, fields);
      return done(await approve(room, approver, _id, markOf(submission!.hash)));
    },
    async now(id) {
      return (await room.store.campaign({ departments: 'all' }, id))!;
    },
    async events(id) {
      const found = await database.db
        .collection<{ _id: string; kind: string; subject: string }>('events')
        .find({ subject: `campaign:${id}` })
        .sort({ _id: 1 })
        .toArray();
      return found.map((event) => event.kind);
    },
    async audit(id) {
      return (await staff.auditOf(`campaign:${id}`)).map((entry) => entry.action);
    },
    close: () => database.drop(),
  };
  return desk;
}
