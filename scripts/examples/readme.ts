/** Writes `docs/examples/README.md`: what the examples hold, counted from the examples themselves. */
import { CELL_ODDITIES, customers, HEADER_ROW, ROW_ODDITIES } from './customers.ts';
import { planRows } from './number-plan.ts';
import { NAME_ODDITIES } from './people.ts';
import { PHONE_WRITINGS } from './phones.ts';
import { type ExampleRow, shown } from './sheet.ts';
import { askTabs, CSV_WRITINGS, csvRows } from './small.ts';

export function readme(): string {
  const rows = customers();
  return `${[
    '# Examples',
    'Made by `node scripts/run.mjs scripts/make-examples.ts`; change that, not these files. All people are made up, and phones that can be\n' +
      'reached are of +7 900 000-xx-xx and +7 999 000-xx-xx.',
    '## customers.xlsx',
    `The list that \`npm run demo\` plays: a title, a blank row, the headings in row ${HEADER_ROW}, and ${filled(rows)} rows below them. ` +
      `${recipients(rows)}\nof them are people to reach, and ${filled(rows) - recipients(rows)} are left out with a reason. A second tab, hidden, holds the managers.`,
    '### Phones',
    'No-break spaces are shown as ␣, tabs as ⇥, line breaks as ⏎.',
    phoneTable(rows),
    '### Names',
    nameTable(rows),
    '### Rows and other cells',
    restTable(rows),
    '### What is left out',
    reasonTable(rows),
    '## customers-ask.xlsx',
    askText(),
    '## customers-1251.csv',
    csvDescription(),
    '## number-plan.xlsx',
    planDescription(),
  ].join('\n\n')}\n`;
}

const filled = (rows: readonly ExampleRow[]): number => rows.filter((row) => row.fate.kind !== 'blank').length;
const recipients = (rows: readonly ExampleRow[]): number => rows.filter((row) => row.fate.kind === 'recipient').length;
const having = (rows: readonly ExampleRow[], code: string) => rows.filter((row) => row.odd.includes(code));

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(line)].join('\n');
}

function phoneTable(rows: readonly ExampleRow[]): string {
  return table(
    ['The phone is', 'Rows', 'For example', 'Herald makes of it'],
    PHONE_WRITINGS.map(({ code, title }) => {
      const found = having(rows, `phone-${code}`);
      return [title, String(found.length), shown(found[0]!.cells[0]!), outcome(found[0]!)];
    }),
  );
}

function nameTable(rows: readonly ExampleRow[]): string {
  return table(
    ['The name is', 'Rows', 'For example'],
    NAME_ODDITIES.map(({ code, title }) => {
      const found = having(rows, code);
      return [title, String(found.length), shown(found[0]!.cells[1]!)];
    }),
  );
}

function restTable(rows: readonly ExampleRow[]): string {
  return table(
    ['There is', 'Rows'],
    [...ROW_ODDITIES, ...CELL_ODDITIES].map(({ code, title }) => [title, String(having(rows, code).length)]),
  );
}

function reasonTable(rows: readonly ExampleRow[]): string {
  const counts = new Map<string, number>();
  for (const { fate } of rows)
    if (fate.kind === 'excluded') counts.set(fate.reason, (counts.get(fate.reason) ?? 0) + 1);
  const most = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  return table(
    ['Reason', 'Rows'],
    most.map(([reason, count]) => [`\`${reason}\``, String(count)]),
  );
}

function outcome({ fate }: ExampleRow): string {
  switch (fate.kind) {
    case 'recipient':
      return `\`${fate.phone}\``;
    case 'excluded':
      return `left out: \`${fate.reason}\``;
    case 'blank':
      return 'nothing';
  }
}

function askText(): string {
  const tabs = askTabs().map(({ name, rows, filtered }) => {
    const hidden = rows.filter((row) => row.hidden).length;
    return `- \`${name}\`: ${rows.length} rows, ${hidden} of them hidden ${filtered ? 'by a filter' : 'by hand'}`;
  });
  return `Cannot be read without asking which tab, which of two columns of phones, and what of hidden rows:\n\n${tabs.join('\n')}`;
}

const planDescription = (): string =>
  `A numbering plan for these phones, for \`numbers import\`: ${planRows().length} ranges of two operators in eleven regions, one of each time zone\n` +
  'of Russia. Operators, networks and ranges are made up; regions and their zones are not.';

function csvDescription(): string {
  const rows = csvRows();
  const ways = CSV_WRITINGS.map(({ title }) => title).join('; ');
  return (
    `${rows.length} rows in Windows-1251 with semicolons, quotes, a line break in a cell and a blank line at its end; ${recipients(rows)} are people to\n` +
    `reach. Phones are written in turn: ${ways}.`
  );
}
