/** A room to make campaigns in: real stores in a database of its own, lists in memory, two invented operators. */
import { audienceMigrations, audienceStore } from '../../src/audiences/store.ts';
import { approve, markOf, submit } from '../../src/campaigns/approve.ts';
import type { ApprovalRule } from '../../src/campaigns/approvers.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { createDraft, type DraftFields } from '../../src/campaigns/draft.ts';
import { idsOfRun, type MessageRecord } from '../../src/campaigns/messages.ts';
import { messagesStore } from '../../src/campaigns/messages-store.ts';
import { prepare } from '../../src/campaigns/prepare.ts';
import type { RouteQuote } from '../../src/campaigns/quote.ts';
import type { CampaignRoom, Refusal, Verdict } from '../../src/campaigns/room.ts';
import { campaignMigrations, campaignStore } from '../../src/campaigns/store.ts';
import { type CustomerStore, customerStore } from '../../src/customers/store.ts';
import { counter } from '../../src/platform/counter.ts';
import { silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import { createLists } from '../chat/list-source.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';

export interface Desk {
  readonly room: CampaignRoom;
  readonly database: FreshDatabase;
  readonly customers: CustomerStore;
  /** Kinds of the events told so far, with the campaign's id: `campaign.submitted 12`. */
  readonly told: string[];
  clock: Date;
  /** Who carries the number, cheapest first. */
  routes: (phone: string) => readonly RouteQuote[];
  hire(id: string, roles: readonly Role[], fields?: Partial<Employee>): Promise<Employee>;
  list(name: string, content: string): string;
  /** A draft over these rows, with its numbers made. */
  draft(by: Employee, rows: string, fields?: DraftFields): Promise<Campaign>;
  /** From a draft to one that is approved. */
  letOut(campaign: Campaign, author: Employee, approver: Employee): Promise<Campaign>;
  now(id: string): Promise<Campaign>;
  messages(run: string): Promise<MessageRecord[]>;
  close(): Promise<void>;
}

/** A Monday at noon in Moscow. */
export const MONDAY = new Date('2026-11-23T09:00:00Z');
export const HOUR = 3_600_000;
export const later = (hours: number): Date => new Date(MONDAY.getTime() + hours * HOUR);

export const signal = new AbortController().signal;
export const EVERYBODY = { departments: 'all' } as const;

/** People who can be reached. */
export const people = (count: number): string =>
  ['Phone,Name', ...Array.from({ length: count }, (_, i) => `+7900${1_000_000 + i},Client ${i}`)].join('\n');

export function done(verdict: Verdict): Campaign {
  if (verdict.kind === 'refused') throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict.campaign;
}

export function refusal(verdict: Verdict): Refusal {
  if (verdict.kind === 'done') throw new Error('carried out');
  return verdict.refusal;
}

export async function openDesk(rules: readonly ApprovalRule[] = []): Promise<Desk> {
  const database = await freshDatabase();
  await migrate(database, [...staffMigrations, ...audienceMigrations, ...campaignMigrations], { log: silentLog });
  const [staff, customers, audiences] = [staffStore(database), customerStore(database), audienceStore(database)];
  const numbers = { campaign: counter(database, 'campaign'), audience: counter(database, 'audience') };
  const lists = createLists();
  const told: string[] = [];
  const now = () => desk.clock;
  let listed = 0;
  const room: CampaignRoom = {
    database,
    store: campaignStore(database),
    messages: messagesStore(database),
    audiences,
    reading: {
      store: audiences,
      sources: [lists.source],
      personKey: (phone) => `p${phone.slice(1)}`,
      country: 'RU',
      now,
      nextId: async () => `a${await numbers.audience()}`,
      retentionDays: 30,
    },
    quoter: { tariff: async () => ({ currency: 'RUB', routesFor: (phone) => desk.routes(phone) }) },
    suppressedAmong: (persons) => customers.suppressedAmong(persons),
    staff,
    outbox: {
      async emit(_session, event) {
        told.push(`${event.kind} ${event.subject.replace('campaign:', '')}`);
      },
    },
    now,
    nextId: async () => String(await numbers.campaign()),
    settings: {
      window: { from: '09:00', to: '20:00' },
      zone: 'Europe/Moscow',
      maxLateMs: 2 * HOUR,
      retentionDays: 30,
      approvalRules: rules,
      reminderMs: HOUR,
      defaultSender: null,
    },
  };
  const desk: Desk = {
    room,
    database,
    customers,
    told,
    clock: MONDAY,
    routes: () => [
      { provider: 'alfa', perPart: 2_000_000 },
      { provider: 'beta', perPart: 3_000_000 },
    ],
    async hire(id, roles, fields = {}) {
      const employee: Employee = { ...employeeOf(id, roles), ...fields };
      await staff.add(employee);
      return employee;
    },
    list: (name, content) => lists.keep(name, content),
    async draft(by, rows, fields = {}) {
      listed += 1;
      const ref = lists.keep(`list${listed}`, rows);
      const source = { ref, name: ref, answers: {}, uploaded: false };
      const draft = done(await createDraft(room, by, { source, text: 'Hello {{Name}}', sender: 'HERALD', ...fields }));
      return (await prepare(room, draft._id, 'test', signal))!;
    },
    async letOut(campaign, author, approver) {
      const { submission } = done(await submit(room, author, campaign._id));
      return done(await approve(room, approver, campaign._id, markOf(submission!.hash)));
    },
    now: async (id) => (await room.store.campaign(EVERYBODY, id))!,
    messages: (run) =>
      database.db
        .collection<MessageRecord>('messages')
        .find({ _id: idsOfRun(run) })
        .sort({ _id: 1 })
        .toArray(),
    close: () => database.drop(),
  };
  return desk;
}

export const employeeOf = (id: string, roles: readonly Role[]): Employee => ({
  id,
  name: id,
  department: 'sales',
  roles,
  sees: [],
  locale: 'en',
  zone: 'Europe/Moscow',
  active: true,
  phone: null,
  deputy: null,
});
