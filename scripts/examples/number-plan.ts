/**
 * A numbering plan for the phones of the examples: eleven regions, one of each time zone of Russia. Operators, ranges and
 * networks are made up (MCC 999 belongs to no country); the registry of one's own country is imported in the same way.
 */
export const PLAN_HEADINGS = ['From', 'To', 'Operator', 'Network', 'Region', 'Time zone'];

/** Name of the region, which says its zone by itself where it is left out. */
const REGIONS: readonly (readonly [region: string, zone: string])[] = [
  ['Kaliningrad', ''],
  ['Moscow', ''],
  ['Samara', ''],
  ['Yekaterinburg', 'МСК+2'],
  ['Omsk', 'UTC+6'],
  ['Krasnoyarsk', ''],
  ['Irkutsk', 'Asia/Irkutsk'],
  ['Yakutsk', ''],
  ['Vladivostok', ''],
  ['Magadan', ''],
  ['Kamchatka', ''],
];

const OPERATORS = [
  { name: 'Alfa', network: '999-01', code: '900' },
  { name: 'Beta', network: '999-02', code: '999' },
] as const;

/** Ten thousand numbers of each operator, in as many ranges as there are regions. */
export function planRows(): readonly (readonly string[])[] {
  const size = Math.floor(10_000 / REGIONS.length);
  return OPERATORS.flatMap(({ name, network, code }) =>
    REGIONS.map(([region, zone], index) => {
      const last = index === REGIONS.length - 1 ? 9999 : (index + 1) * size - 1;
      const number = (n: number) =>
        `+7 ${code} 000-${String(n)
          .padStart(4, '0')
          .replace(/(..)(..)/, '$1-$2')}`;
      return [number(index * size), number(last), name, network, region, zone];
    }),
  );
}
