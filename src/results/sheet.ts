/**
 * Makes the sheet of a campaign's results: the manager's rows with the campaign's columns, and the rows that were left out. It
 * is read from MongoDB as it is written, a thousand rows at a time, so its size does not matter.
 */
import type { Audience, AudienceRow, AudienceStore, PlainCell } from '../audiences/store.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import type { MessageRecord } from '../campaigns/messages.ts';
import type { MessagesStore } from '../campaigns/messages-store.ts';
import { maskedCell } from '../messages/masked-cell.ts';
import { type CountryCode, maskPhone } from '../messages/phone.ts';
import { inBatches } from '../platform/in-batches.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { Texts } from '../texts/index.ts';
import { COLUMN_KINDS, columnsOf, valuesOf } from './rows.ts';
import type { ExcludedRow, ResultRow, ResultSheet } from './sink.ts';

export interface SheetDesk {
  readonly audiences: AudienceStore;
  readonly messages: MessagesStore;
  readonly personalData: 'full' | 'masked' | 'none';
  /** Of phones without a country code. */
  readonly country: CountryCode;
}

/** Rows read at once. */
const BATCH = 1000;

/** The sheet of a campaign whose numbers are made, in the words of its owner. */
export async function sheetOf(desk: SheetDesk, campaign: Campaign, words: Texts): Promise<ResultSheet> {
  const { frozen, audience: id } = campaign;
  const audience = id === null ? null : await desk.audiences.audience(WHOLE_COMPANY, id);
  if (!frozen || !audience) throw new Error(`campaign ${campaign._id} has no rows to write results for`);
  const exclusions = await desk.messages.exclusionsOf(frozen.run);
  const at = campaign.startedAt ?? campaign.createdAt;
  const rowHeading = words.t('excluded-column.row');
  const { headings, cellsOf, saidOf } = allowed(desk, audience, rowHeading);

  async function* rows(): AsyncGenerator<ResultRow> {
    for await (const batch of inBatches(desk.audiences.rows(audience!._id, 'recipients'), BATCH)) {
      const messages = await desk.messages.toPersons(
        frozen!.run,
        batch.map((row) => row.recipient!.person),
      );
      for (const row of batch) {
        const message = messages.get(row._id);
        if (!message) continue;
        const values = valuesOf(saidOf(message), words);
        const gone = message.state === 'removed';
        yield { key: row.key, number: row.number, cells: cellsOf(row), values, ...(gone && { gone }) };
      }
    }
  }

  async function* excluded(): AsyncGenerator<ExcludedRow> {
    for await (const row of desk.audiences.rows(audience!._id)) {
      const reason = row.excluded ?? exclusions.get(row._id);
      if (reason === undefined) continue;
      yield { number: row.number, cells: cellsOf(row), reason: words.t(`excluded.${reason}` as 'excluded.hidden') };
    }
  }

  return {
    campaign: campaign._id,
    source: { kind: audience.source.kind, ref: audience.source.ref, tab: audience.source.tab },
    group: words.t('result-group', { campaign: campaign.name, date: words.date(at, campaign.zone) }),
    tab: words.t('result-tab'),
    excludedTab: words.t('excluded-tab'),
    headings,
    columns: columnsOf(words, frozen.currency),
    kinds: COLUMN_KINDS,
    zone: campaign.zone,
    excludedColumns: [rowHeading, words.t('excluded-column.reason')],
    countColumn: words.t('excluded-column.count'),
    rows,
    excluded,
  };
}

/** How much of a person the deployment's setting allows into files. */
interface Allowed {
  readonly headings: readonly string[];
  /** The manager's cells: all, those without phones, or none, where a row is found by its number. */
  readonly cellsOf: (row: AudienceRow) => readonly PlainCell[];
  /** The message with what the operator said of it, who may have named the number. */
  readonly saidOf: (message: MessageRecord) => MessageRecord;
}

function allowed(
  { personalData, country }: SheetDesk,
  { headings, phoneIndex }: Audience,
  rowHeading: string,
): Allowed {
  const masked = (cell: PlainCell) => maskedCell(cell, country);
  const saidOf = (message: MessageRecord): MessageRecord =>
    message.errorDetail === undefined ? message : { ...message, errorDetail: String(masked(message.errorDetail)) };
  switch (personalData) {
    case 'full':
      return { headings, cellsOf: ({ cells }) => cells, saidOf: (message) => message };
    case 'masked':
      return {
        headings: headings.map((heading) => String(masked(heading))),
        cellsOf: (row) => row.cells.map((cell, index) => (index === phoneIndex ? maskedPhone(row) : masked(cell))),
        saidOf,
      };
    case 'none':
      return { headings: [rowHeading], cellsOf: ({ number }) => [number], saidOf };
  }
}

/** What cannot be read as a phone may still be one. */
const maskedPhone = ({ recipient }: AudienceRow): string => (recipient ? maskPhone(recipient.phone) : '***');
