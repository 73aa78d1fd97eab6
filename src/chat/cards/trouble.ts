/** Something broke in Herald: what to say to whom, and the number by which it is found in the log. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { action, speechFor } from './speech.ts';

export function troubleCard({ incident }: { readonly incident: string }, reader: Reader): Card {
  const say = speechFor(reader);
  return {
    subject: `trouble:${incident}`,
    tone: 'bad',
    title: say.t('trouble.title'),
    lead: [say.t('trouble.do'), say.t('trouble.tell', { incident })],
    actions: [action(say, 'do.status', say.command('status'))],
  };
}
