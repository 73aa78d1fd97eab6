/** Where messages go and what that costs: prices, numbers, the way a campaign takes, and the check of an account. */
import { heldPlanCard, planProposedCard } from '../../../../src/chat/cards/numbers.ts';
import { pricesProposedCard } from '../../../../src/chat/cards/price-import.ts';
import { providerCheckCard } from '../../../../src/chat/cards/provider-check.ts';
import { quoteCard } from '../../../../src/chat/cards/quote.ts';
import type { Account } from '../../../../src/dispatch/account.ts';
import type { CheckLook } from '../../../../src/dispatch/check-account.ts';
import type { SeenPdu } from '../../../../src/dispatch/check-store.ts';
import { planChanges, planCounts } from '../../../../src/dispatch/plan-changes.ts';
import type { PlanHead } from '../../../../src/dispatch/plan-store.ts';
import { priceChanges } from '../../../../src/dispatch/price-changes.ts';
import { quoteGroups } from '../../../../src/dispatch/price-quote.ts';
import type { NumberRange } from '../../../../src/messages/number-plan.ts';
import type { E164 } from '../../../../src/messages/phone.ts';
import type { Network, Price } from '../../../../src/messages/price.ts';
import type { Locale } from '../../../../src/texts/index.ts';
import { messageOf } from '../../../dispatch/planted.ts';
import * as sample from '../samples.ts';
import { type Chapter, shown } from './show.ts';

const { NOW } = sample;
const DAY_MS = 86_400_000;

const price = (prefix: string, micros: number): Price => ({
  prefix,
  perPart: { micros, currency: 'RUB' },
  chargedOn: 'submit',
});

const account = (name: string, prices: readonly Price[], fields: Partial<Account> = {}): Account => ({
  ...{ name, kind: 'smpp', settings: {}, secret: null, binds: 1, partsPerSecond: 100, window: 10 },
  ...{ prices, priceVersion: '3', currency: 'RUB', senders: ['COATS'], classes: ['marketing', 'service'] },
  enabled: true,
  ...fields,
});

const ALFA = [price('7', 2_300_000), price('7999', 2_900_000)];
const ACCOUNTS = [
  account('alfa', ALFA),
  account('beta', [price('', 2_600_000)]),
  account('gamma', [price('', 2_100_000)]),
  account('delta', [price('7', 1_900_000)], { senders: ['OTHER'] }),
];

const range = (first: string, operator: string, network: string, region: string, zone: string): NumberRange => ({
  ...{ first: `${first}0000`, last: `${first}9999`, operator, network: network as Network, region, zone },
});

const RANGES: Readonly<Record<Locale, readonly NumberRange[]>> = {
  en: [
    range('7916000', 'Alfa Mobile', '250-01', 'Moscow', 'Europe/Moscow'),
    range('7924000', 'Beta Telecom', '250-02', 'Vladivostok', 'Asia/Vladivostok'),
    range('7999000', 'Gamma', '250-11', 'Moscow', 'Europe/Moscow'),
  ],
  ru: [
    range('7916000', 'Альфа Мобайл', '250-01', 'Москва', 'Europe/Moscow'),
    range('7924000', 'Бета Телеком', '250-02', 'Владивосток', 'Asia/Vladivostok'),
    range('7999000', 'Гамма', '250-11', 'Москва', 'Europe/Moscow'),
  ],
};

const plan: PlanHead = {
  ...{ _id: 'b3f1a2c4', schemaVersion: 1, number: 4, source: 'number-plan.xlsx', ranges: 3, after: 3 },
  ...{ by: 'oleg', at: new Date(NOW.getTime() - 30 * DAY_MS) },
};

const OWN_PHONE = '+79161234567' as E164;

function pdu(n: number, sent: boolean, name: string, fields: Readonly<Record<string, string>>, hex: string): SeenPdu {
  const at = new Date(NOW.getTime() + n * 100);
  return { check: 'c1', at, n, sent, name, fields, hex, deleteAfter: new Date(NOW.getTime() + DAY_MS) };
}

const CHECK: CheckLook = {
  check: {
    ...{ _id: 'c1', schemaVersion: 1, account: 'alfa', by: 'oleg', phone: OWN_PHONE, heard: true, runs: [] },
    ...{ startedAt: NOW, until: new Date(NOW.getTime() + 60_000), deleteAfter: new Date(NOW.getTime() + DAY_MS) },
  },
  messages: [
    { text: 'gsm', message: messageOf('13.1', 1, { phone: OWN_PHONE, state: 'delivered' }) },
    { text: 'cyrillic', message: messageOf('14.1', 1, { phone: OWN_PHONE, state: 'delivered' }) },
    { text: 'three-parts', message: messageOf('15.1', 1, { phone: OWN_PHONE, state: 'undelivered', parts: 3 }) },
  ],
  pdus: [
    pdu(1, true, 'submit_sm', { destination_addr: OWN_PHONE.slice(1), data_coding: '0' }, '0000003c00000004'),
    pdu(2, false, 'submit_sm_resp', { command_status: 'ESME_ROK', message_id: '4f2a' }, '0000001580000004'),
    pdu(3, false, 'deliver_sm', { source_addr: OWN_PHONE.slice(1), id: '20266', stat: 'DELIVRD' }, '0000009c00000005'),
  ],
  isOver: true,
};

export const routes: Chapter = {
  title: { en: 'Operators, prices and numbers', ru: 'Операторы, цены и номера' },
  cards: [
    shown(
      'What a campaign costs, by whom it goes, and why not by others',
      'Сколько стоит, через кого и почему',
      (r, l) =>
        quoteCard(
          {
            campaign: sample.draft(l),
            groups: quoteGroups(
              ACCOUNTS,
              [
                { digits: '7916', messages: 400, parts: 800 },
                { digits: '7999', messages: 212, parts: 424 },
              ],
              {
                ...{ sender: 'COATS', class: 'marketing', exchange: { currency: 'RUB', rates: {} } },
                ...{ approved: null, up: new Set(['alfa', 'beta', 'delta']), stopped: new Set<string>() },
              },
            ),
            at: NOW,
          },
          r,
        ),
    ),
    shown('A new price list, before it holds', 'Новый прайс-лист, пока не применён', (r) =>
      pricesProposedCard(
        {
          ...{ account: 'alfa', name: 'alfa-december.xlsx', hidden: 0, zone: 'Europe/Moscow' },
          proposed: {
            ...{ id: 'd81c02aa', validFrom: new Date('2026-11-30T21:00:00Z'), prices: 3, next: null },
            changes: priceChanges(
              ALFA,
              [price('7', 2_450_000), price('7924', 2_000_000), price('375', 6_100_000)].map((one) => ({
                ...{ ...one, from: new Date('2026-11-30T21:00:00Z'), to: null },
              })),
              new Date('2026-11-30T21:00:00Z'),
            ),
          },
        },
        r,
      ),
    ),
    shown('The numbering plan', 'План нумерации', (r, l) =>
      heldPlanCard({ history: [plan], held: RANGES[l], names: sample.namesIn(l) }, r),
    ),
    shown('A new numbering plan, before it holds', 'Новый план нумерации, пока не применён', (r, l) => {
      const after = [
        { ...RANGES[l][0]!, operator: RANGES[l][2]!.operator, network: RANGES[l][2]!.network },
        ...RANGES[l].slice(1),
        range('7901000', RANGES[l][1]!.operator, '250-02', RANGES[l][1]!.region, 'Asia/Vladivostok'),
      ];
      const changes = planChanges(RANGES[l], after);
      const proposed = { id: '5e0b77d1', counts: planCounts(after), changes, before: plan };
      return planProposedCard({ name: 'number-plan.xlsx', proposed, hidden: 0 }, r);
    }),
    shown('An account was checked', 'Подключение проверено', (r) => providerCheckCard(CHECK, r)),
  ],
};
