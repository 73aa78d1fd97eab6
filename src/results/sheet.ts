/**
 * Makes the sheet of a campaign's results: the manager's rows with the campaign's columns, and the rows that were left out. It
 * is read from MongoDB as it is written, a thousand rows at a time, so its size does not matter.
 */
import type { AudienceRow, AudienceStore, PlainCell } from '../audiences/store.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import type { MessagesStore } from '../campaigns/messages-store.ts';
import { maskPhone } from '../messages/phone.ts';
import { inBatches } from '../platform/in-batches.ts';
import { WHOLE_COMPANY } from '../staff/employee.ts';
import type { Texts } from '../texts/index.ts';
import { COLUMN_KINDS, columnsOf, valuesOf } from './rows.ts';
import type { ExcludedRow, ResultRow, ResultSheet } from './sink.ts';

export interface SheetDesk {
  readonly audiences: AudienceStore;
  readonly messages: MessagesStore;
  readonly personalData: 'full' | 'masked' | 'none';
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
  const cellsOf = cellsAllowed(desk.personalData, audience.phoneIndex);

  async function* rows(): AsyncGenerator<ResultRow> {
    for await (const batch of inBatches(desk.audiences.rows(audience!._id, 'recipients'), BATCH)) {
      const messages = await desk.messages.toPersons(
        frozen!.run,
        batch.map((row) => row.recipient!.person),
      );
      for (const row of batch) {
        const message = messages.get(row._id);
        if (message) yield { number: row.number, cells: cellsOf(row), values: valuesOf(message, words) };
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
    group: words.t('result-group', { campaign: campaign.name, date: words.date(at, campaign.zone) }),
    tab: words.t('result-tab'),
    excludedTab: words.t('excluded-tab'),
    headings: desk.personalData === 'none' ? [rowHeading] : audience.headings,
    columns: columnsOf(words, frozen.currency),
    kinds: COLUMN_KINDS,
    zone: campaign.zone,
    excludedColumns: [rowHeading, words.t('excluded-column.reason')],
    rows,
    excluded,
  };
}

/**
 * The manager's cells as the deployment's setting allows them into files: all; with phones masked; or none, and a row is
 * found by its number.
 */
function cellsAllowed(personalData: SheetDesk['personalData'], phoneIndex: number) {
  return (row: AudienceRow): readonly PlainCell[] => {
    switch (personalData) {
      case 'full':
        return row.cells;
      case 'masked':
        return row.cells.map((cell, index) => (index === phoneIndex ? maskedPhone(row) : cell));
      case 'none':
        return [row.number];
    }
  };
}

/** What cannot be read as a phone may still be one. */
const maskedPhone = ({ recipient }: AudienceRow): string => (recipient ? maskPhone(recipient.phone) : '***');
