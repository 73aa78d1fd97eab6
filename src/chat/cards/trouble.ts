/** Something broke in Herald: what to say to whom, and the number by which it is found in the log; or Herald stopped in the midst of an answer. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { action, oneLine, speechFor } from './speech.ts';

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

const MOST_SAID = 80;

/** Whoever was about to do what was said died over it. */
export function interruptedCard({ said }: { readonly said: string }, reader: Reader): Card {
  const say = speechFor(reader);
  const line = oneLine(said);
  const short = line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line;
  return {
    subject: 'interrupted',
    tone: 'attention',
    title: say.t('interrupted.title'),
    lead: [...(short === '' ? [] : [say.t('reach.doubtful-line', { title: short })]), say.t('interrupted.do')],
    actions: [action(say, 'do.status', say.command('status'))],
  };
}
