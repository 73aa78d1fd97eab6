/** Time zones as people name them in a command: `Europe/Moscow`, `мск`, `Омск`, `Berlin`. */
import { zoneFrom } from '../audiences/zone.ts';
import { plainText } from './when-words.ts';
import { readZone } from './when-zone.ts';

/** Reads what is a zone in a column of zones, or beside a time; null when it is none. */
export function readZoneName(text: string): string | null {
  const asCell = zoneFrom(text.trim());
  if (asCell) return asCell;
  const plain = plainText(text);
  for (const phrase of [plain, `${plain} time`]) {
    const { said, rest } = readZone(phrase);
    if (said?.kind === 'zone' && rest === '') return said.zone;
  }
  return null;
}
