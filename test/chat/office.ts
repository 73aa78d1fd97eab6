/**
 * An office to talk in: the chat core over real stores in a database of its own, real files, the real outbox; only the prices are
 * invented, and an SMS to an employee ends in a list.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../../integrations/sheets/file-source.ts';
import { audienceMigrations, audienceStore } from '../../src/audiences/store.ts';
import type { ApprovalRule } from '../../src/campaigns/approvers.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { messagesStore } from '../../src/campaigns/messages-store.ts';
import type { CampaignRoom } from '../../src/campaigns/room.ts';
import { campaignMigrations, campaignStore } from '../../src/campaigns/store.ts';
import { type Chat, createChat } from '../../src/chat/chat.ts';
import { formMigrations, formStore } from '../../src/chat/form-store.ts';
import { heardMigrations, heardStore } from '../../src/chat/heard-store.ts';
import { CHAT_SUBSCRIPTIONS } from '../../src/chat/notify.ts';
import type { ChatRoom, ResultsWritten } from '../../src/chat/room.ts';
import { seenMigrations, seenStore } from '../../src/chat/seen-store.ts';
import { customerStore } from '../../src/customers/store.ts';
import { accountStore } from '../../src/dispatch/account-store.ts';
import { breakerTerms } from '../../src/dispatch/breaker.ts';
import { deliveryStore } from '../../src/dispatch/delivery-store.ts';
import { healthStore } from '../../src/dispatch/health-store.ts';
import { planStore } from '../../src/dispatch/plan-store.ts';
import type { E164 } from '../../src/messages/phone.ts';
import { counter } from '../../src/platform/counter.ts';
import type { Disagreement } from '../../src/platform/deployment-rule.ts';
import { type Log, silentLog } from '../../src/platform/log.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { createOutbox, outboxMigrations } from '../../src/platform/outbox.ts';
import { openKeyring } from '../../src/platform/secrets.ts';
import type { Card } from '../../src/staff/card.ts';
import type { Employee, Role } from '../../src/staff/employee.ts';
import { linkMigrations, linkStore } from '../../src/staff/link-store.ts';
import { postingMigrations, postingStore } from '../../src/staff/posting-store.ts';
import { reachStore } from '../../src/staff/reach-store.ts';
import { staffMigrations, staffStore } from '../../src/staff/store.ts';
import type { ChatEvent } from '../../src/staff/surface.ts';
import { employeeOf } from '../support/employee.ts';
import { NO_GUARDS } from '../support/guards.ts';
import { type FreshDatabase, freshDatabase } from '../support/mongo.ts';
import { createLists, type Sheet } from './list-source.ts';

export interface Office {
  readonly database: FreshDatabase;
  readonly room: ChatRoom;
  readonly folder: string;
  /** SMS to employees, as they would have gone out. */
  readonly sms: { readonly to: string; readonly text: string }[];
  /** Now, as the office believes it; tests move it. */
  clock: Date;
  doubt: Disagreement | null;
  /** What `results` finds. */
  written: ResultsWritten;
  hire(id: string, roles: readonly Role[], fields?: Partial<Employee>): Promise<Employee>;
  /** What the employee says at the console, and what is answered. */
  say(who: string, text: string, more?: Partial<ChatEvent>): Promise<Card>;
  raw(event: Partial<ChatEvent> & { readonly account: string }): Promise<Card | null>;
  file(name: string, content: string | Buffer): string;
  /** A list in memory, for tests that are not about files. */
  list(name: string, content: string): string;
  /** A list in memory that somebody works in. */
  sheet(name: string, content: string): Sheet;
  campaign(id: string): Promise<Campaign>;
  /** Waits for a notice to the employee with this subject, or that says `about` somewhere; takes it and those before it. */
  notice(who: string, about?: string): Promise<Card>;
  /** The chat core anew over the same data, as after a restart. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A Monday at noon in Moscow. */
export const MONDAY = new Date('2026-11-23T09:00:00Z');

export interface OfficeOptions {
  readonly rules?: readonly ApprovalRule[];
  readonly defaultSender?: string | null;
  readonly waitMs?: number;
  readonly log?: Log;
}

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  const { rules = [], defaultSender = null, waitMs = 5000, log = silentLog } = options;
  const database = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'herald-office-'));
  await migrate(
    database,
    [
      ...outboxMigrations,
      ...staffMigrations,
      ...postingMigrations,
      ...linkMigrations,
      ...audienceMigrations,
      ...campaignMigrations,
      ...formMigrations,
      ...heardMigrations,
      ...seenMigrations,
    ],
    { log },
  );
  const keyring = openKeyring({ dataDir: join(folder, 'data') });
  const outbox = createOutbox(database, { subscriptions: CHAT_SUBSCRIPTIONS, log, pollMs: 50 });
  const staff = staffStore(database);
  const customers = customerStore(database);
  const audiences = audienceStore(database);
  const numbers = { campaign: counter(database, 'campaign'), audience: counter(database, 'audience') };
  const lists = createLists();
  const sms: { to: string; text: string }[] = [];
  const now = () => office.clock;

  const campaigns: CampaignRoom = {
    database,
    store: campaignStore(database),
    messages: messagesStore(database),
    audiences,
    reading: {
      store: audiences,
      sources: [lists.source, fileSource({ language: 'en' })],
      personKey: keyring.personKey,
      country: 'RU',
      now,
      nextId: async () => `a${await numbers.audience()}`,
      retentionDays: 30,
    },
    quoter: {
      tariff: async () => ({ currency: 'RUB', routesFor: () => [{ provider: 'alfa', perPart: 2_000_000 }] }),
    },
    suppressedAmong: (persons) => customers.suppressedAmong(persons),
    staff,
    outbox,
    now,
    nextId: async () => String(await numbers.campaign()),
    log,
    settings: {
      window: { from: '09:00', to: '20:00' },
      zone: 'Europe/Moscow',
      maxLateMs: 7_200_000,
      retentionDays: 30,
      approvalRules: rules,
      reminderMs: 3_600_000,
      guards: NO_GUARDS,
      defaultSender,
    },
  };

  const room: ChatRoom = {
    campaigns,
    staff: {
      store: staff,
      now,
      newId: randomUUID,
      defaults: { locale: 'en', zone: 'Europe/Moscow', department: 'main' },
    },
    customers: { store: customers, audit: staff, personKey: keyring.personKey, now, retentionDays: 30 },
    accounts: accountStore(database, now),
    health: healthStore(database),
    delivery: deliveryStore(database),
    plans: planStore(database),
    breaker: breakerTerms(30_000),
    forms: formStore(database),
    heard: heardStore(database),
    postings: postingStore(database),
    reaches: reachStore(database),
    seen: seenStore(database),
    linking: {
      database,
      links: linkStore(database),
      staff,
      now,
      newId: randomUUID,
      randomBytes,
      hash: keyring.tokenHash,
    },
    doors: () => [{ surface: 'telegram', open: (code) => `https://t.me/herald_bot?start=${code}` }],
    async sendTest(by, campaign) {
      if (!by.phone) return { kind: 'refused', refusal: { code: 'no-own-phone' } };
      if (!campaign.frozen) return { kind: 'refused', refusal: { code: 'lacking', lacks: ['numbers'] } };
      const sample = await campaigns.messages.message(campaign.frozen.samples.first);
      sms.push({ to: by.phone.phone, text: sample?.text ?? '' });
      return { kind: 'done', campaign };
    },
    async sendPhoneCode(_by: Employee, phone: E164, text: string) {
      if (phone.startsWith('+1')) return { kind: 'refused', refusal: { code: 'no-route' } };
      sms.push({ to: phone, text });
      return { kind: 'done', campaign: {} as Campaign };
    },
    checks: { begin: async () => ({ kind: 'not-in-use' }), look: async () => null, latest: async () => null },
    writeResults: async () => office.written,
    deployment: {
      id: '0199f3a2-7c1e-7b1d-9c55-0d5c9f0a4b11',
      doubt: () => office.doubt,
      confirm: async () => {
        office.doubt = null;
        return null;
      },
    },
    settings: { company: 'Northern Lines', country: 'RU', personalData: 'full', localSurfaces: ['console'], waitMs },
    now,
    newId: randomUUID,
    newCode: () => '123456',
    hash: keyring.tokenHash,
    log,
    nudge: () => {},
  };

  let chat: Chat = createChat(room);
  for (const listener of chat.listeners) outbox.listen(listener.name, (event) => listener.handle(event));
  outbox.start();

  const office: Office = {
    database,
    room,
    folder,
    sms,
    clock: MONDAY,
    doubt: null,
    written: { kind: 'nothing-yet' },
    async hire(id, roles, fields = {}) {
      const employee = employeeOf(id, roles, { name: id.charAt(0).toUpperCase() + id.slice(1), ...fields });
      await staff.add(employee);
      await staff.link('console', id, id, MONDAY);
      return employee;
    },
    raw: (event) =>
      chat.handle({ surface: 'console', displayName: event.account, conversation: 'home', text: '', ...event }),
    async say(who, text, more = {}) {
      const card = await office.raw({ account: who, text, ...more });
      if (!card) throw new Error(`nothing was answered to ${who}: ${text}`);
      return card;
    },
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    list: (name, content) => lists.keep(name, content),
    sheet: (name, content) => lists.sheet(name, content),
    async campaign(id) {
      const found = await campaigns.store.campaign({ departments: 'all' }, id);
      if (!found) throw new Error(`there is no campaign ${id}`);
      return found;
    },
    async notice(who, about = '') {
      const end = Date.now() + 10_000;
      for (;;) {
        const waiting = await staff.noticesFor(who);
        const at = waiting.findIndex(({ card }) => card.subject === about || textOf(card).includes(about));
        if (at >= 0) {
          await staff.shown(waiting.slice(0, at + 1).map((notice) => notice.id));
          return waiting[at]!.card;
        }
        if (Date.now() > end) throw new Error(`${who} was told nothing about ${about}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async restart() {
      await chat.stop();
      chat = createChat(room);
    },
    async close() {
      await chat.stop();
      await outbox.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return office;
}

/** A small list that asks no questions: two people who can be reached, one without a phone. */
export const PEOPLE = 'Phone,Name,City\n+79161234567,Anna,Moscow\n+79161234568,Boris,Omsk\n,Nobody,Tver\n';

/** All that a person would read on the card. */
export function textOf(card: Card): string {
  const sections = card.sections?.flatMap((section) => [
    section.title,
    ...(section.lines ?? []),
    ...(section.facts ?? []).flatMap(({ label, value }) => [label, value]),
    ...(section.table ? [section.table.head, ...section.table.rows].flat() : []),
  ]);
  const facts = card.facts?.flatMap(({ label, value }) => [label, value]);
  return [card.title, ...(card.lead ?? []), ...(facts ?? []), ...(sections ?? []), card.note ?? ''].join('\n');
}

export const commandsOf = (card: Card): readonly string[] => (card.actions ?? []).map((action) => action.command);
