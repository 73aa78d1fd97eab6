/**
 * Builds the rooms in the order of the corridor, each from those before it. Nothing runs yet: `herald.ts` starts and stops.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { slackMigrations } from '../bots/slack/installation-store.ts';
import { workbookSink } from '../integrations/sheets/results-workbook.ts';
import { type AudienceStore, audienceMigrations, audienceStore } from './audiences/store.ts';
import { messagesStore } from './campaigns/messages-store.ts';
import type { CampaignRoom } from './campaigns/room.ts';
import { readRules } from './campaigns/rules-file.ts';
import { campaignMigrations, campaignStore } from './campaigns/store.ts';
import { buttonMigrations } from './chat/buttons-store.ts';
import { formMigrations, formStore } from './chat/form-store.ts';
import { heardMigrations, heardStore } from './chat/heard-store.ts';
import { CHAT_SUBSCRIPTIONS } from './chat/notify.ts';
import type { ChatRoom } from './chat/room.ts';
import { seenMigrations, seenStore } from './chat/seen-store.ts';
import type { Config } from './config.ts';
import { customerMigrations, customerStore } from './customers/store.ts';
import type { CustomerRoom } from './customers/suppress.ts';
import { type AccountStore, accountStore } from './dispatch/account-store.ts';
import { breakerTerms } from './dispatch/breaker.ts';
import { checkAccount, lookAtCheck } from './dispatch/check-account.ts';
import { checkMigrations, checkStore } from './dispatch/check-store.ts';
import { type DeliveryStore, deliveryMigrations, deliveryStore } from './dispatch/delivery-store.ts';
import { sendCode, sendTest } from './dispatch/direct.ts';
import { foundStore } from './dispatch/found-store.ts';
import { createGauge } from './dispatch/gauge.ts';
import { healthMigrations, healthStore } from './dispatch/health-store.ts';
import { type PlanStore, planMigrations, planStore } from './dispatch/plan-store.ts';
import { priceMigrations } from './dispatch/price-store.ts';
import { dispatchMigrations, receiptStore } from './dispatch/receipt-store.ts';
import type { ReceiptDesk } from './dispatch/receipts.ts';
import type { DispatchRoom } from './dispatch/room.ts';
import { quoterOver } from './dispatch/routing.ts';
import { dispatchStore } from './dispatch/store.ts';
import { createTaken } from './dispatch/taken.ts';
import { createTaps } from './dispatch/taps.ts';
import { trialMigrations, trialReader } from './dispatch/trial-period.ts';
import type { Exchange } from './messages/exchange.ts';
import { destinationsWith } from './numbers.ts';
import { counter } from './platform/counter.ts';
import { DAY_MS } from './platform/days.ts';
import type { Deployment } from './platform/deployment.ts';
import type { Log } from './platform/log.ts';
import type { Database } from './platform/mongo/connect.ts';
import { createOutbox, type Outbox, outboxMigrations } from './platform/outbox.ts';
import type { Keyring } from './platform/secrets.ts';
import { providersWith } from './providers.ts';
import { replyMigrations, replyStore } from './replies/store.ts';
import { resultMigrations, resultStore } from './results/store.ts';
import { type ResultRoom, writeResults } from './results/write-back.ts';
import type { Sheets } from './sheets.ts';
import type { StaffRoom } from './staff/enrol.ts';
import { linkMigrations, linkStore } from './staff/link-store.ts';
import { postingMigrations, postingStore } from './staff/posting-store.ts';
import { reachStore } from './staff/reach-store.ts';
import { staffMigrations, staffStore } from './staff/store.ts';

/** What the rooms stand on. */
export interface Ground {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly deployment: Deployment;
  /** The time that all processes agree on. */
  readonly now: () => Date;
  /** Aborted when Herald stops. */
  readonly ending: AbortSignal;
  /** Tells the worker of this process that there may be something to send. */
  readonly nudge: () => void;
  readonly doors: ChatRoom['doors'];
  readonly sheets: Sheets;
}

export interface Rooms {
  readonly outbox: Outbox;
  readonly staff: StaffRoom;
  readonly customers: CustomerRoom;
  readonly accounts: AccountStore;
  readonly campaigns: CampaignRoom;
  readonly dispatch: DispatchRoom;
  readonly results: ResultRoom;
  readonly chat: ChatRoom;
}

export const MIGRATIONS = [
  ...outboxMigrations,
  ...staffMigrations,
  ...postingMigrations,
  ...linkMigrations,
  ...customerMigrations,
  ...audienceMigrations,
  ...campaignMigrations,
  ...dispatchMigrations,
  ...healthMigrations,
  ...trialMigrations,
  ...checkMigrations,
  ...deliveryMigrations,
  ...planMigrations,
  ...priceMigrations,
  ...replyMigrations,
  ...resultMigrations,
  ...formMigrations,
  ...heardMigrations,
  ...buttonMigrations,
  ...slackMigrations,
  ...seenMigrations,
];

/** Who hears which events; known to every process, so that one that only writes them marks them for the others. */
const SUBSCRIPTIONS = {
  ...CHAT_SUBSCRIPTIONS,
  results: ['campaign.finished', 'campaign.cancelled'],
};

export function buildRooms(ground: Ground): Rooms {
  const { config, log, database, keyring, now } = ground;
  const { personKey } = keyring;
  const outbox = createOutbox(database, { subscriptions: SUBSCRIPTIONS, log });
  const staff: StaffRoom = {
    store: staffStore(database),
    now,
    newId: randomUUID,
    defaults: { locale: config.company.locale, zone: config.company.zone, department: 'main' },
  };
  const { retentionDays } = config.privacy;
  const customers = { store: customerStore(database), audit: staff.store, personKey, now, retentionDays };
  const accounts = accountStore(database);
  const audiences = audienceStore(database);
  const { sheets } = ground;
  const delivery = deliveryStore(database);
  const plans = planStore(database);
  const campaigns = campaignRoom(ground, { outbox, staff, customers, accounts, audiences, sheets, delivery, plans });
  const dispatch = dispatchRoom(ground, { campaigns, accounts, delivery });
  const results = resultRoom(ground, campaigns, sheets);
  const chat = chatRoom(ground, { staff, customers, accounts, campaigns, dispatch, results, plans });
  return { outbox, staff, customers, accounts, campaigns, dispatch, results, chat };
}

const exchangeOf = ({ company }: Config): Exchange => ({ currency: company.currency, rates: company.exchangeRates });

type Before = Pick<Rooms, 'outbox' | 'staff' | 'customers' | 'accounts'> & {
  audiences: AudienceStore;
  sheets: Sheets;
  delivery: DeliveryStore;
  plans: PlanStore;
};

function campaignRoom({ config, log, database, keyring, now }: Ground, before: Before): CampaignRoom {
  const { audiences, customers, accounts, staff, outbox, sheets, delivery, plans } = before;
  const campaignNumber = counter(database, 'campaign');
  const audienceNumber = counter(database, 'audience');
  const { retentionDays } = config.privacy;
  return {
    database,
    store: campaignStore(database),
    messages: messagesStore(database),
    audiences,
    reading: {
      store: audiences,
      sources: sheets.sources,
      emailOf: staff.store.emailOf,
      personKey: keyring.personKey,
      country: config.company.country,
      now,
      nextId: async () => `a${await audienceNumber()}`,
      retentionDays,
    },
    quoter: quoterOver(() => accounts.accounts(), exchangeOf(config), now, {
      shares: delivery.shares,
      destinations: destinationsWith({ config, database, plans, now, log }),
    }),
    suppressedAmong: (persons) => customers.store.suppressedAmong(persons),
    staff: staff.store,
    outbox,
    now,
    nextId: async () => String(await campaignNumber()),
    log,
    settings: {
      window: config.sending.window,
      zone: config.company.zone,
      maxLateMs: config.sending.maxLateMinutes * 60_000,
      retentionDays,
      approvalRules: readRules(config.sending.approvalRulesFile),
      reminderMs: config.sending.remindMinutes * 60_000,
      defaultSender: config.sending.defaultSender,
      guards: config.guards,
    },
  };
}

/** How long operators' ids are kept for late receipts, and what was measured waits to be written. */
const KEEP_IDS_MS = 7 * DAY_MS;
const MEASURED_WAITS_MS = 2000;

type BeforeDispatch = Pick<Rooms, 'campaigns' | 'accounts'> & { delivery: DeliveryStore };

function dispatchRoom(ground: Ground, { campaigns, accounts, delivery }: BeforeDispatch): DispatchRoom {
  const { config, log, database, keyring, deployment, now } = ground;
  const store = dispatchStore(database);
  const receipts = receiptStore(database);
  const taps = createTaps({ store: checkStore(database), now, log, ending: ground.ending });
  const { retentionDays } = config.privacy;
  const health = healthStore(database);
  const gauge = createGauge({ store: health, delivery, now, log, waitMs: MEASURED_WAITS_MS });
  const heard: NonNullable<ReceiptDesk['heard']> = (provider, state, keptUntil, destination) =>
    gauge.receipt(provider, state, now().getTime() - (keptUntil.getTime() - KEEP_IDS_MS), destination);
  return {
    campaigns,
    store,
    found: foundStore(database),
    receiptStore: receipts,
    accounts,
    health,
    gauge,
    delivery,
    breaker: breakerTerms(config.timers.breakerRestMs),
    suppressedAmong: campaigns.suppressedAmong,
    exchange: exchangeOf(config),
    makeProvider: providersWith({ keyring, log, publicUrl: config.publicUrl, taps }, now),
    receipts: {
      store: receipts,
      taken: createTaken(),
      takenAmong: store.takenAmong,
      personKey: keyring.personKey,
      now,
      log,
      heard,
    },
    takeInbound: replyStore(database, { personKey: keyring.personKey, retentionDays, now }).keep,
    trialOf: trialReader(campaigns.staff, () => performance.now()),
    maySend: () => deployment.maySend().ok,
    now,
    mono: () => performance.now(),
    timers: { ...config.timers, serviceRetryMs: 120_000, creditRestMs: 60_000, keepIdsMs: KEEP_IDS_MS },
    log,
  };
}

function resultRoom({ config, log, database, now }: Ground, campaigns: CampaignRoom, { places }: Sheets): ResultRoom {
  const folder = config.folders.results;
  mkdirSync(folder, { recursive: true });
  return {
    campaigns: campaigns.store,
    messages: campaigns.messages,
    audiences: campaigns.audiences,
    staff: campaigns.staff,
    store: resultStore(database),
    sink: workbookSink(),
    places,
    emailOf: campaigns.staff.emailOf,
    folder,
    personalData: config.privacy.personalData,
    country: config.company.country,
    now,
    log,
  };
}

type BeforeChat = Pick<Rooms, 'staff' | 'customers' | 'accounts' | 'campaigns' | 'dispatch' | 'results'> & {
  plans: PlanStore;
};

function chatRoom(ground: Ground, { dispatch, results, ...rooms }: BeforeChat): ChatRoom {
  const { config, log, database, keyring, deployment, now } = ground;
  const doubt = () => {
    const standing = deployment.maySend();
    return standing.ok ? null : standing.why;
  };
  const checkRoom = {
    ...dispatch,
    checks: checkStore(database),
    newId: randomUUID,
    pause: (ms: number) => sleep(ms),
    defaultSender: config.sending.defaultSender ?? 'HERALD',
  };
  return {
    ...rooms,
    health: dispatch.health,
    delivery: dispatch.delivery,
    breaker: dispatch.breaker,
    exchange: exchangeOf(config),
    forms: formStore(database),
    heard: heardStore(database),
    postings: postingStore(database),
    reaches: reachStore(database),
    seen: seenStore(database),
    linking: {
      database,
      links: linkStore(database),
      staff: rooms.staff.store,
      now,
      newId: randomUUID,
      randomBytes,
      hash: keyring.tokenHash,
    },
    doors: ground.doors,
    sendTest: (by, campaign) => sendTest(dispatch, by, campaign, config.privacy.personalData),
    sendPhoneCode: (by, phone, text) =>
      sendCode(dispatch, by, { phone, text, sender: config.sending.defaultSender ?? 'HERALD' }),
    checks: {
      begin: (by, account) => checkAccount(checkRoom, by, account),
      look: (id) => lookAtCheck(checkRoom, id),
      async latest(by, account) {
        const latest = await checkRoom.checks.latest(account, by.id);
        return latest && lookAtCheck(checkRoom, latest._id);
      },
    },
    writeResults: (_by, campaign) => writeResults(results, campaign._id, ground.ending),
    deployment: {
      id: deployment.id,
      doubt,
      async confirm(by) {
        await deployment.confirm(by.id);
        return doubt();
      },
    },
    settings: {
      company: config.company.name,
      country: config.company.country,
      personalData: config.privacy.personalData,
      localSurfaces: ['console'],
      waitMs: 800,
    },
    now,
    newId: randomUUID,
    newCode: () => String(randomInt(1_000_000)).padStart(6, '0'),
    hash: keyring.tokenHash,
    log,
    nudge: ground.nudge,
  };
}
