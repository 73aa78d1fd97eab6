/**
 * Writes what happened back beside the manager's rows. A write-back is a projection: it is made whole from MongoDB each time,
 * so it can be repeated, and rebuilt at any time.
 */
import { basename, dirname, extname, join } from 'node:path';
import type { AudienceStore } from '../audiences/store.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import type { MessagesStore } from '../campaigns/messages-store.ts';
import type { CampaignStore } from '../campaigns/store.ts';
import type { CountryCode } from '../messages/phone.ts';
import type { Log } from '../platform/log.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { StaffStore } from '../staff/store.ts';
import { type Locale, texts } from '../texts/index.ts';
import { sheetOf } from './sheet.ts';
import type { ResultSheet, ResultSink, WriteReport } from './sink.ts';
import type { ResultStore } from './store.ts';

export interface ResultRoom {
  readonly campaigns: CampaignStore;
  readonly messages: MessagesStore;
  readonly audiences: AudienceStore;
  readonly staff: StaffStore;
  readonly store: ResultStore;
  /** Writes workbooks. */
  readonly sink: ResultSink;
  /** Sources that results can be written into. */
  readonly places?: readonly ResultSink[];
  /** Address of an employee, for places that are written to in somebody's name. */
  readonly emailOf: (employee: string) => Promise<string | null>;
  /** Where results go when they cannot stand beside their source. */
  readonly folder: string;
  readonly personalData: 'full' | 'masked' | 'none';
  /** Of phones without a country code. */
  readonly country: CountryCode;
  readonly now: () => Date;
  readonly log: Log;
}

export type Written =
  | {
      readonly kind: 'written';
      readonly path: string;
      readonly rows: number;
      readonly excluded: number;
      /** A workbook with everything, where some rows could not be found in the source any more. */
      readonly also?: string;
      readonly unfound?: NonNullable<Found['unfound']>;
      /** Why they are not in the source, where they belong: a code with a sentence under `sink.<code>`. */
      readonly instead?: string;
    }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'nothing-yet' };

type Found = Extract<WriteReport, { kind: 'written' }>;

/** A report, and what else there is to say of where it went. */
type Report =
  | (Found & { readonly also?: string; readonly instead?: string })
  | Extract<WriteReport, { kind: 'failed' }>;

/** Has the results of a campaign that is over written by whoever writes the news. */
export async function oweResults(room: ResultRoom, id: string): Promise<void> {
  const campaign = await room.campaigns.campaign(WHOLE_COMPANY, id);
  if (!campaign?.frozen || campaign.startedAt === null) return;
  await room.store.owe(campaign.frozen.run, id, room.now(), campaign.deleteAfter);
}

/** Writes the campaign's results now. */
export async function writeResults(room: ResultRoom, id: string, signal: AbortSignal): Promise<Written> {
  const campaign = await room.campaigns.campaign(WHOLE_COMPANY, id);
  if (!campaign?.frozen || campaign.audience === null || campaign.startedAt === null) return { kind: 'nothing-yet' };
  const { run } = campaign.frozen;
  const { states } = await room.messages.counts(run);
  const last = await room.store.last(run);
  const counts = JSON.stringify(states);
  const audience = await room.audiences.audience(WHOLE_COMPANY, campaign.audience);
  const email = audience ? await room.emailOf(audience.by) : null;
  const sheet = { ...(await sheetOf(room, campaign, texts(await localeOf(room, campaign)))), email };
  const report = await writeSomewhere(room, campaign, sheet, signal);
  if (report.kind === 'failed') return report;
  const { target: path, rows, excluded, also, unfound, instead } = report;
  const at = room.now();
  const isOwed = instead !== undefined && PASSING.has(instead);
  await room.store.keep(
    {
      run,
      campaign: id,
      target: path,
      rows,
      owedSince: isOwed ? (last?.owedSince ?? at) : null,
      counts,
      awaited: states.accepted + states.submitting + states.queued + states.unknown,
      at,
    },
    campaign.deleteAfter,
  );
  return {
    kind: 'written',
    path,
    rows,
    excluded,
    ...(also === undefined ? {} : { also }),
    ...(unfound === undefined ? {} : { unfound }),
    ...(instead === undefined ? {} : { instead }),
  };
}

/** Reasons that pass: the results are written into the source as soon as they have. */
const PASSING: ReadonlySet<string> = new Set(['google-silent', 'sheet-closed']);

/** Into the source where that is a place for results; what does not come to stand there stands in a workbook. */
async function writeSomewhere(
  room: ResultRoom,
  campaign: Campaign,
  sheet: ResultSheet,
  signal: AbortSignal,
): Promise<Report> {
  const place = room.places?.find((one) => one.claims(sheet.source.ref));
  if (!place) return writeBook(room, campaign, sheet, signal);
  const report = await place.write(sheet.source.ref, sheet, signal);
  if (report.kind === 'written' && !report.unfound) return report;
  const book = await room.sink.write(join(room.folder, resultName(campaign)), sheet, signal);
  if (report.kind === 'written') return book.kind === 'written' ? { ...report, also: book.target } : report;
  room.log.warn({ campaign: campaign._id, why: report.why }, 'results cannot stand in their source');
  return book.kind === 'written' ? { ...book, instead: report.why } : book;
}

/** Beside the source where that is a file of the manager's; else, or when that fails, in Herald's own folder. */
async function writeBook(
  room: ResultRoom,
  campaign: Campaign,
  sheet: ResultSheet,
  signal: AbortSignal,
): Promise<WriteReport> {
  const own = join(room.folder, resultName(campaign));
  const isTheirs = sheet.source.kind === 'file' && campaign.source !== null && !campaign.source.uploaded;
  const beside = isTheirs ? join(dirname(sheet.source.ref), resultName(campaign)) : own;
  const report = await room.sink.write(beside, sheet, signal);
  if (report.kind === 'written' || beside === own) return report;
  room.log.warn({ campaign: campaign._id, why: report.why }, 'results cannot stand beside their source');
  return room.sink.write(own, sheet, signal);
}

/** `customers.results-12.xlsx`. */
export function resultName(campaign: Campaign): string {
  const name = campaign.source?.name ?? 'audience';
  return `${basename(name, extname(name))}.results-${campaign._id}.xlsx`;
}

async function localeOf(room: ResultRoom, campaign: Campaign): Promise<Locale> {
  return (await room.staff.employee(campaign.createdBy))?.locale ?? 'en';
}
