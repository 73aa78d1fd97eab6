/** Something broke in Herald: what to say to whom, and the number by which it is found in the log. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';

export function troubleCard({ incident }: { readonly incident: string }, _reader: Reader): Card {
  return { subject: `trouble:${incident}`, tone: 'bad', title: incident };
}
