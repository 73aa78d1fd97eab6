/**
 * One message to an employee's own phone: a test of a campaign, or the code that proves the phone. It goes the way of every
 * message, as a campaign of one that needs no approval and is not listed; nobody else can be reached by it.
 */
import type { Campaign, CampaignKind, FrozenRun } from '../campaigns/campaign.ts';
import { blank } from '../campaigns/draft.ts';
import { batchId, type MessageRecord, messageId } from '../campaigns/messages.ts';
import { dearestOf } from '../campaigns/quote.ts';
import { type RefusedVerdict, refuse, tell, type Verdict } from '../campaigns/room.ts';
import { leafOf, rootOf } from '../campaigns/terms.ts';
import { encodingOf } from '../messages/encoding.ts';
import { measure } from '../messages/parts.ts';
import { asE164, type E164 } from '../messages/phone.ts';
import { parseTemplate, tidyText } from '../messages/template.ts';
import type { Employee } from '../staff/employee.ts';
import type { DispatchRoom } from './room.ts';

/** Direct messages that cannot be sent within this are not sent at all, ms. */
const GOOD_FOR_MS = 15 * 60_000;

/**
 * Sends the campaign's first message, as it would go to its recipient, to the employee's confirmed phone. Where nothing of a
 * customer may be shown, names of columns stand in place of that person's values.
 */
export async function sendTest(
  room: DispatchRoom,
  by: Employee,
  campaign: Campaign,
  personalData: 'full' | 'masked' | 'none',
): Promise<Verdict> {
  const phone = by.phone && asE164(by.phone.phone);
  if (!phone) return refuse({ code: 'no-own-phone' });
  if (!campaign.frozen) return refuse({ code: 'lacking', lacks: ['numbers'] });
  const sample = await room.campaigns.messages.message(campaign.frozen.samples.first);
  if (!sample) return refuse({ code: 'lacking', lacks: ['numbers'] });
  const text = personalData === 'none' ? nobodysText(campaign.text ?? '') : sample.text;
  return send(room, by, 'test', { phone, text, sender: sample.sender });
}

/** @example nobodysText('Dear {{Name}}') // Dear [Name] */
function nobodysText(source: string): string {
  const reading = parseTemplate(source);
  if (reading.kind === 'errors') throw new Error('a text that was made into messages cannot be read');
  const { template } = reading;
  return tidyText(template.render(new Map(template.variables.map((name) => [name, `[${name}]`]))));
}

/** Sends a confirmation code to a phone that the employee says is the own one. */
export async function sendCode(
  room: DispatchRoom,
  by: Employee,
  message: { phone: E164; text: string; sender: string },
): Promise<Verdict> {
  return send(room, by, 'code', message);
}

/** Sends a text through one account, and no other, to the employee's own confirmed phone; the caller has seen that it is. */
export async function sendVia(
  room: DispatchRoom,
  by: Employee,
  provider: string,
  message: { phone: E164; text: string; sender: string },
): Promise<Verdict> {
  return send(room, by, 'test', message, provider);
}

async function send(
  room: DispatchRoom,
  by: Employee,
  kind: CampaignKind,
  message: { phone: E164; text: string; sender: string },
  only?: string,
): Promise<Verdict | RefusedVerdict> {
  const { campaigns } = room;
  const tariff = await campaigns.quoter.tariff({ sender: message.sender, class: 'service', at: room.now() });
  const routes = tariff.routesFor(message.phone).filter((route) => only === undefined || route.provider === only);
  const [first] = routes;
  if (!first) return refuse({ code: 'no-route' });
  const draft = await blank(campaigns, by, kind, { class: 'service', sender: message.sender });
  const run = `${draft._id}.1`;
  const record: MessageRecord = {
    _id: messageId(run, 1),
    schemaVersion: 1,
    run,
    person: room.receipts.personKey(message.phone),
    phone: message.phone,
    sender: message.sender,
    text: message.text,
    encoding: encodingOf(message.text),
    parts: measure(message.text).parts,
    ceiling: dearestOf(routes),
    row: '',
    route: first.provider,
    price: first.perPart,
    state: 'queued',
  };
  const leaf = leafOf([record]);
  const campaign: Campaign = {
    ...draft,
    state: 'sending',
    startedAt: draft.createdAt,
    notAfter: new Date(draft.createdAt.getTime() + GOOD_FOR_MS),
    frozen: frozenOf(
      record,
      draft.zone,
      leaf,
      tariff.currency,
      routes.map((route) => route.provider),
    ),
  };
  const batch = {
    _id: batchId(run, 1),
    schemaVersion: 1 as const,
    run,
    campaign: draft._id,
    first: 1,
    last: 1,
    zone: draft.zone,
    leaf,
    next: 1,
    fence: 0,
    pieces: [],
    done: false,
  };
  await campaigns.database.inTransaction(async (session) => {
    await campaigns.messages.keepBatch(batch, [record], session);
    await campaigns.store.add(campaign, session);
    await tell(campaigns, campaign, { by: by.id, action: `${kind}.sent` }, draft.createdAt, session);
  });
  return { kind: 'done', campaign };
}

function frozenOf(
  message: MessageRecord,
  zone: string,
  leaf: string,
  currency: string,
  providers: readonly string[],
): FrozenRun {
  const { parts, price, ceiling, encoding } = message;
  return {
    run: message.run,
    revision: 1,
    root: rootOf([leaf]),
    batches: 1,
    messages: 1,
    parts,
    quote: parts * price,
    ceiling: parts * ceiling,
    currency,
    encodings: { gsm7: Number(encoding === 'gsm7'), ucs2: Number(encoding === 'ucs2') },
    byParts: { [parts]: 1 },
    routes: [{ provider: message.route, messages: 1, parts, cost: parts * price }],
    providers,
    excluded: {},
    zones: [zone],
    samples: { first: message._id, longest: message._id, doubtful: null },
    savings: [],
  };
}
