/**
 * Freezes a campaign's messages: renders the text for every recipient of the frozen audience, with encoding, parts and price,
 * and keeps them in batches with a leaf of the hash each. A recipient who cannot be sent this text is left out with a reason.
 */
import type { Audience, AudienceRow } from '../audiences/store.ts';
import { encodingOf } from '../messages/encoding.ts';
import { columnOf } from '../messages/names.ts';
import { MAX_PARTS, measure } from '../messages/parts.ts';
import { whatMakesItLong } from '../messages/savings.ts';
import { parseTemplate, type Template, tidyText } from '../messages/template.ts';
import type { Campaign, FrozenRun, RouteShare, Saving } from './campaign.ts';
import { runOf } from './campaign.ts';
import { type Batch, batchId, type MessageRecord, messageId } from './messages.ts';
import type { Exclusion } from './messages-store.ts';
import { type Destination, dearestOf, type RouteQuote, type Tariff } from './quote.ts';
import type { CampaignRoom } from './room.ts';
import { leafOf, rootOf } from './terms.ts';

/** Messages in a batch: what one leaf is over, and within what leases are given. */
export const BATCH_SIZE = 1000;
/** Batches that are being written at once. */
const WRITES = 3;

/** The text as a template; a draft keeps only texts that parse. */
export function templateOf(text: string): Template {
  const parsed = parseTemplate(text);
  if (parsed.kind === 'errors') throw new Error('a text was kept that does not parse');
  return parsed.template;
}

/** Makes and keeps the run's messages; `onProgress` may throw to break it off. */
export async function freezeRun(
  room: CampaignRoom,
  campaign: Campaign,
  audience: Audience,
  onProgress: (rows: number) => void,
): Promise<FrozenRun> {
  const { text, sender } = campaign;
  if (text === null || sender === null) throw new Error('nothing to freeze yet');
  await room.messages.drop(runOf(campaign));
  const at = campaign.start?.kind === 'at' ? campaign.start.at : room.now();
  const tariff = await room.quoter.tariff({ sender, class: campaign.class, at });
  const { headings, counts } = audience;
  const press = new Press(room, campaign, { tariff, sender, headings, template: templateOf(text) });
  try {
    for await (const rows of room.audiences.lots(audience._id, 'recipients')) {
      await press.take(rows);
      onProgress(press.seen);
    }
  } finally {
    // Whoever makes these numbers anew must not meet what is still being written.
    await press.idle();
  }
  if (press.seen !== counts.recipients) {
    throw new Error(`audience ${audience._id} has ${counts.recipients} recipients, of whom ${press.seen} are left`);
  }
  return press.finish();
}

/** What all messages of a run have in common. */
interface PressTerms {
  readonly tariff: Tariff;
  readonly sender: string;
  readonly headings: readonly string[];
  readonly template: Template;
}

/** Turns rows into messages and fills batches, one zone a batch. */
class Press {
  seen = 0;
  private readonly run: string;
  private readonly open = new Map<string, Unnumbered[]>();
  private readonly leaves: string[] = [];
  private readonly tally = new Tally();
  private readonly writing = new Set<Promise<void>>();
  private failure: { readonly why: unknown } | null = null;
  private sequence = 0;
  private readonly room: CampaignRoom;
  private readonly campaign: Campaign;
  private readonly terms: PressTerms;
  /** Columns that must have a value in a row, by their place. */
  private readonly required: readonly number[];

  constructor(room: CampaignRoom, campaign: Campaign, terms: PressTerms) {
    this.room = room;
    this.campaign = campaign;
    this.terms = terms;
    this.required = terms.template.required.map((name) => terms.headings.indexOf(columnOf(name, terms.headings) ?? ''));
    this.run = runOf(campaign);
  }

  async take(rows: readonly AudienceRow[]): Promise<void> {
    const people = rows.map((row) => row.recipient!);
    const suppressed = await this.room.suppressedAmong(people.map(({ person }) => person));
    const wanted = people.filter(({ person }) => !suppressed.has(person));
    const places = (await this.terms.tariff.destinations?.of(wanted)) ?? [];
    const placeOf = new Map(places.map((place, index) => [wanted[index]!.person, place]));
    const left: Exclusion[] = [];
    for (const row of rows) {
      const { person, zone } = row.recipient!;
      const place = placeOf.get(person) ?? {};
      const made = suppressed.has(person) ? 'suppressed' : this.messageFor(row, place);
      if (typeof made === 'string') left.push(this.leaveOut(row, made));
      else this.place(zone ?? place.zone ?? this.campaign.zone, made);
    }
    this.seen += rows.length;
    await this.room.messages.keepExclusions(left);
    for (const [zone, waiting] of this.open) {
      while (waiting.length >= BATCH_SIZE) await this.close(zone, waiting.splice(0, BATCH_SIZE));
    }
  }

  async finish(): Promise<FrozenRun> {
    for (const [zone, waiting] of this.open) if (waiting.length > 0) await this.close(zone, waiting);
    await this.idle();
    if (this.failure) throw this.failure.why;
    const numbers = this.terms.tariff.destinations?.counts();
    return {
      run: this.run,
      revision: this.campaign.revision,
      root: rootOf(this.leaves),
      batches: this.leaves.length,
      currency: this.terms.tariff.currency,
      zones: [...this.open.keys()].sort(),
      ...(numbers && { numbers }),
      ...this.tally.result(),
    };
  }

  private messageFor(row: AudienceRow, { network }: Destination): Unnumbered | string {
    const { person, phone, doubt, values } = row.recipient!;
    if (this.required.some((place) => (values[place] ?? '').trim() === '')) return 'missing-value';
    const named = new Map(this.terms.headings.map((name, place) => [name, values[place] ?? '']));
    const text = tidyText(this.terms.template.render(named));
    const { parts } = measure(text);
    if (text === '' || parts > MAX_PARTS) return 'bad-text';
    const routes = this.terms.tariff.routesFor(phone, network);
    const [first] = routes;
    if (!first) return 'no-route';
    this.tally.allow(routes);
    return {
      person,
      phone,
      sender: this.terms.sender,
      text,
      encoding: encodingOf(text),
      parts,
      ceiling: dearestOf(routes),
      row: row._id,
      ...(network && { network }),
      route: first.provider,
      price: first.perPart,
      doubt,
    };
  }

  /** Resolves when nothing is being written any more, whatever became of it. */
  async idle(): Promise<void> {
    await Promise.all(this.writing);
  }

  /** Begins to keep the batch, and waits while there are too many that are not kept yet; the next is made ready meanwhile. */
  private async keep(batch: Batch, messages: readonly MessageRecord[]): Promise<void> {
    const write: Promise<void> = this.room.messages
      .keepBatch(batch, messages)
      .catch((why) => {
        this.failure ??= { why };
      })
      .finally(() => this.writing.delete(write));
    this.writing.add(write);
    // The first alone: who comes too late, to numbers that are being sent, meets its id and breaks off.
    if (this.leaves.length === 1 || this.writing.size >= WRITES) await Promise.race(this.writing);
    if (this.failure) throw this.failure.why;
  }

  private leaveOut(row: AudienceRow, reason: string): Exclusion {
    this.tally.leaveOut(reason);
    return { run: this.run, row: row._id, reason };
  }

  private place(zone: string, message: Unnumbered): void {
    const waiting = this.open.get(zone);
    if (waiting) waiting.push(message);
    else this.open.set(zone, [message]);
  }

  private async close(zone: string, waiting: readonly Unnumbered[]): Promise<void> {
    const first = this.sequence + 1;
    const messages = waiting.map((unnumbered): MessageRecord => {
      this.sequence += 1;
      const { doubt, ...message } = unnumbered;
      const record: MessageRecord = {
        _id: messageId(this.run, this.sequence),
        schemaVersion: 1,
        run: this.run,
        ...message,
        state: 'queued',
      };
      this.tally.count(record, doubt);
      return record;
    });
    const leaf = leafOf(messages);
    this.leaves.push(leaf);
    const batch: Batch = {
      _id: batchId(this.run, this.leaves.length),
      schemaVersion: 1,
      run: this.run,
      campaign: this.campaign._id,
      first,
      last: this.sequence,
      zone,
      leaf,
      next: first,
      fence: 0,
      pieces: [],
      done: false,
    };
    await this.keep(batch, messages);
  }
}

type Unnumbered = Omit<MessageRecord, '_id' | 'schemaVersion' | 'run' | 'state'> & {
  doubt: string | null;
};

/** What the messages come to; exact, since every one of them passes here. */
class Tally {
  private messages = 0;
  private parts = 0;
  private quote = 0;
  private ceiling = 0;
  private readonly encodings = { gsm7: 0, ucs2: 0 };
  private readonly byParts: Record<string, number> = {};
  private readonly routes = new Map<string, { messages: number; parts: number; cost: number }>();
  private readonly providers = new Set<string>();
  private readonly excluded: Record<string, number> = {};
  private readonly savings = new Map<string, Saving>();
  private first = '';
  private longest = { id: '', units: -1 };
  private doubtful: string | null = null;

  count(message: MessageRecord, doubt: string | null): void {
    const { parts, price } = message;
    this.messages += 1;
    this.parts += parts;
    this.quote += parts * price;
    this.ceiling += parts * message.ceiling;
    this.encodings[message.encoding] += 1;
    this.byParts[parts] = (this.byParts[parts] ?? 0) + 1;
    const share = this.routes.get(message.route) ?? { messages: 0, parts: 0, cost: 0 };
    this.routes.set(message.route, {
      messages: share.messages + 1,
      parts: share.parts + parts,
      cost: share.cost + parts * price,
    });
    this.first ||= message._id;
    const { units } = measure(message.text);
    if (parts * 1000 + units > this.longest.units) this.longest = { id: message._id, units: parts * 1000 + units };
    if (doubt !== null) this.doubtful ??= message._id;
    // One part of plain letters, as most are, could not be shorter.
    if (parts > 1 || message.encoding !== 'gsm7') for (const long of whatMakesItLong(message.text)) this.save(long);
  }

  leaveOut(reason: string): void {
    this.excluded[reason] = (this.excluded[reason] ?? 0) + 1;
  }

  allow(routes: readonly RouteQuote[]): void {
    for (const route of routes) this.providers.add(route.provider);
  }

  result() {
    const routes: RouteShare[] = [...this.routes].map(([provider, share]) => ({ provider, ...share }));
    return {
      messages: this.messages,
      parts: this.parts,
      quote: this.quote,
      ceiling: this.ceiling,
      encodings: this.encodings,
      byParts: this.byParts,
      routes: routes.sort((a, b) => b.messages - a.messages),
      providers: [...this.providers].sort(),
      excluded: this.excluded,
      samples: { first: this.first, longest: this.longest.id, doubtful: this.doubtful },
      savings: [...this.savings.values()].sort((a, b) => b.partsSaved - a.partsSaved).slice(0, 5),
    };
  }

  private save(long: { char: string; replacement: string | null; partsBefore: number; partsAfter: number }): void {
    if (long.partsAfter >= long.partsBefore) return;
    const { char, replacement } = long;
    const before = this.savings.get(char) ?? { char, replacement, messages: 0, partsSaved: 0 };
    this.savings.set(char, {
      ...before,
      messages: before.messages + 1,
      partsSaved: before.partsSaved + long.partsBefore - long.partsAfter,
    });
  }
}
