/** A Google Sheet of clients for a journey, which a colleague works in while its campaign is on its way. */
import { idOf, link } from '../integrations/sheets/google/desk.ts';
import type { Company } from './company.ts';

export interface ClientsSheetOptions {
  readonly tab: string;
  readonly headings: readonly [name: string, phone: string];
  /** What the column is called in which the results stand. */
  readonly status: RegExp;
  readonly nameOf: (n: number) => string;
  readonly count: number;
}

const NAME = 0;
const PHONE = 1;
const phoneOf = (n: number): string => `+7900${String(1_000_000 + n)}`;

export function clientsSheet({ google }: Company, { tab, headings, status, nameOf, count }: ClientsSheetOptions) {
  const clients = Array.from({ length: count }, (_, n) => [nameOf(n), phoneOf(n)] as const);
  const book = google.hold(idOf('clients'), [{ title: tab, rows: [headings, ...clients] }], { name: tab });
  const sort = (column: number, descending = false) =>
    book.sort(tab, column, { to: book.seen(tab).length, descending });
  const remove = (n: number) =>
    book.deleteRows(
      tab,
      book.seen(tab).findIndex((row) => row[NAME] === nameOf(n)),
    );
  const insert = (n: number, name: string) => book.insertRows(tab, 2, [[name, phoneOf(n)]]);
  return {
    link: link('clients'),
    book,
    /** Name and phone of all but these. */
    without: (...gone: readonly number[]) => clients.filter((_, n) => !gone.includes(n)),
    /** Before it is decided: sorted, one taken out, one put in. */
    muddledBefore(gone: number): void {
      sort(NAME, true);
      remove(gone);
      insert(count, 'Newcomer');
    },
    /** While it goes out, and once more between Herald's look at the rows and its writing to them. */
    muddledMeanwhile(gone: number): void {
      sort(PHONE);
      remove(gone);
      insert(count + 1, 'Late');
      google.before('spreadsheets.values.batchUpdateByDataFilter', () => sort(NAME));
    },
    /** Status by name; rows that have none are left out. */
    statuses(): ReadonlyMap<string, unknown> {
      const [head = [], ...rows] = book.seen(tab);
      const at = head.findIndex((heading) => status.test(String(heading)));
      return new Map(rows.flatMap((row) => (at > 0 && row[at] ? [[String(row[NAME]), row[at]] as const] : [])));
    },
  };
}

export type ClientsSheet = ReturnType<typeof clientsSheet>;
