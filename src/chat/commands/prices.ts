/** Price lists of operators: what holds, what a sheet would change, and its taking over. */
import { rm } from 'node:fs/promises';
import type { Account } from '../../dispatch/account.ts';
import { applyPrices, listHeld, type PriceRoom, pricesHeld, proposePrices } from '../../dispatch/price-import.ts';
import { listAt, listsAfter } from '../../dispatch/price-list.ts';
import { dayStart, readDay, readPriceSheet } from '../../dispatch/price-sheet.ts';
import type { Card } from '../../staff/card.ts';
import { may } from '../../staff/rights.ts';
import { sourceProblemCard } from '../cards/audience.ts';
import {
  priceColumnsCard,
  priceProblemsCard,
  pricesAppliedCard,
  pricesProposedCard,
  priceTabCard,
} from '../cards/price-import.ts';
import { heldPricesCard, pricesOverviewCard } from '../cards/prices.ts';
import { keyOf } from '../cards/speech.ts';
import { type Call, type Command, leftOver, missing, refused, wrongValue } from '../command.ts';
import { sourceNamed } from '../drafts.ts';
import type { ChatRoom } from '../room.ts';
import { namesOf } from '../view.ts';

const priceRoomOf = ({ campaigns, accounts, staff, now, newId }: ChatRoom): PriceRoom => ({
  database: campaigns.database,
  accounts,
  staff: staff.store,
  now,
  newId,
});

/** In which days of price lists begin: the company's, as contracts have it. */
const zoneOf = ({ campaigns }: ChatRoom): string => campaigns.settings.zone;

/** The account that is named, or the answer that there is none of that name. */
async function accountNamed(call: Call, said: string | undefined): Promise<Account | Card> {
  if (said === undefined) return missing(call, 'account');
  const accounts = await call.room.accounts.accounts();
  const found = accounts.find(({ name }) => name === said.toLowerCase());
  if (found) return found;
  return wrongValue(call, said, { of: 'choice', key: 'source', options: accounts.map(({ name }) => name) });
}

const isCard = (found: Account | Card): found is Card => 'title' in found;

export const prices: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    if (!may(by, 'operate', null)) return refused(call, { code: 'not-allowed', right: 'operate' });
    const [said, daySaid] = args.words.map(({ text }) => text);
    if (said === undefined) return overview(call);
    if (args.words[2]) return leftOver(call, 2);
    const account = await accountNamed(call, said);
    if (isCard(account)) return account;
    const zone = zoneOf(room);
    const at = daySaid === undefined ? null : dayStart(readDay(daySaid), zone);
    if (daySaid !== undefined && at === null) return wrongValue(call, daySaid, { of: 'day' });
    const now = room.now();
    const desk = priceRoomOf(room);
    const list = await listHeld(desk, account.name, at ?? now);
    const [history, everyone] = await Promise.all([
      room.accounts.prices.headsOf([account.name]),
      room.staff.store.employees(),
    ]);
    const next = listsAfter(history, now)[0] ?? null;
    // Before the first list nobody kept what held.
    const held = list || history.length === 0 ? await pricesHeld(desk, account, at ?? now) : [];
    const view = { account: account.name, list, prices: held, at, now, next, history, names: namesOf(everyone), zone };
    return heldPricesCard(view, reader);
  },
};

async function overview({ room, reader }: Call): Promise<Card> {
  const accounts = (await room.accounts.accounts()).filter(({ enabled }) => enabled);
  const heads = await room.accounts.prices.headsOf(accounts.map(({ name }) => name));
  const now = room.now();
  const lines = accounts.map(({ name }) => {
    const own = heads.filter(({ provider }) => provider === name);
    return { name, held: listAt(own, now), next: listsAfter(own, now)[0] ?? null };
  });
  return pricesOverviewCard({ accounts: lines, zone: zoneOf(room) }, reader);
}

export const pricesImport: Command = {
  keys: ['source', 'from', 'tab'],
  async run(call) {
    try {
      return await imported(call);
    } finally {
      if (call.event.file) await rm(call.event.file.path, { force: true });
    }
  },
};

async function imported(call: Call): Promise<Card> {
  const { room, by, args, reader, background } = call;
  if (!may(by, 'operate', null)) return refused(call, { code: 'not-allowed', right: 'operate' });
  const [said, fileSaid] = args.words.map(({ text }) => text);
  const account = await accountNamed(call, said);
  if (isCard(account)) return account;
  if (args.words[2]) return leftOver(call, 2);
  const zone = zoneOf(room);
  const now = room.now();
  const daySaid = args.named.get('from')?.text;
  const from = daySaid === undefined ? null : dayStart(readDay(daySaid.trim()), zone);
  if (daySaid !== undefined && from === null) return wrongValue(call, daySaid, { of: 'day' });
  const named = sourceNamed(call, fileSaid ?? args.named.get('source')?.text ?? null);
  if (!named) return missing(call, 'source');
  if (named.kind === 'card') return named.card;
  const { ref, name, uploaded } = named.wish;
  const { currency } = account;
  const sheet = await readPriceSheet(
    room.campaigns.reading.sources,
    { ref, email: by.email, tab: args.named.get('tab')?.text },
    { currency, validFrom: from ?? now, zone },
    background.signal,
  );
  switch (sheet.kind) {
    case 'refused':
      return sourceProblemCard({ name, problem: sheet.problem }, reader);
    case 'columns':
      return priceColumnsCard({ name, ...sheet }, reader);
    case 'question': {
      const rest = daySaid === undefined ? [] : [`${keyOf(reader.locale, 'from')}=${daySaid.trim()}`];
      const view = { account: account.name, name, ref: uploaded ? null : ref, rest, question: sheet.question };
      return priceTabCard(view, reader);
    }
    case 'prices': {
      if (sheet.problems.length > 0 || sheet.prices.length === 0)
        return priceProblemsCard({ name, problems: sheet.problems }, reader);
      // A list whose every price begins later begins then, and all else holds until then.
      const first = sheet.prices.reduce((least, price) => (price.from < least ? price.from : least), LATEST);
      const validFrom = from ?? (first < now ? now : first);
      const wanted = dayIn(validFrom, zone);
      const list = { prices: sheet.prices, validFrom, source: name, wanted };
      const proposed = await proposePrices(priceRoomOf(room), by, account, list);
      return pricesProposedCard({ account: account.name, name, proposed, hidden: sheet.hidden, zone }, reader);
    }
  }
}

/** No date comes after it (ECMA-262, Time Values). */
const LATEST = new Date(8.64e15);

/** `2026-12-01`, as the calendar in the zone has it. */
const dayIn = (at: Date, zone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);

export const pricesApply: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    const said = args.words[0]?.text;
    if (said === undefined) return missing(call, 'proposal');
    if (args.words[1]) return leftOver(call, 1);
    const applied = await applyPrices(priceRoomOf(room), by, said.toLowerCase());
    if (applied.kind === 'not-allowed') return refused(call, { code: 'not-allowed', right: 'operate' });
    room.nudge();
    return pricesAppliedCard({ applied, said, zone: zoneOf(room) }, reader);
  },
};
