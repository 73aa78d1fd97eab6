/** Time zones as people name them in a command: `Europe/Moscow`, `мск`, `Berlin`, `по Омску`. */
import { nearestName } from '../messages/names.ts';
import { plainText } from './when-words.ts';
import { readZone } from './when-zone.ts';

export type ZoneAnswer =
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'unknown'; readonly nearest: string | null };

const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const BY_NAME: ReadonlyMap<string, string> = new Map(ZONES.map((zone) => [zone.toLowerCase(), zone]));

/** Reads an IANA zone, or what is one beside a time. */
export function readZoneName(text: string): ZoneAnswer {
  const plain = plainText(text);
  const listed = BY_NAME.get(plain.replaceAll(' ', '_'));
  if (listed) return { kind: 'zone', zone: listed };
  for (const phrase of [plain, `${plain} time`]) {
    const { said, rest } = readZone(phrase);
    if (said?.kind === 'zone' && rest === '') return { kind: 'zone', zone: said.zone };
  }
  return { kind: 'unknown', nearest: nearestName(plain, ZONES) };
}
