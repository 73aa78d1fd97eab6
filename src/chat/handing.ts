/** What a person is told whom the file of a card could not be handed to, and how to get it all the same. */
import type { Attachment, Card } from '../staff/card.ts';
import { type Locale, texts } from '../texts/index.ts';

export type NotHanded =
  /** Certainly not: it cannot be read here, or the chat did not take it. */
  | { readonly kind: 'failed' }
  /** The chat did not say whether it took it. */
  | { readonly kind: 'unsure' }
  | { readonly kind: 'too-large'; readonly limitMb: number };

export function notHandedCard(file: Attachment, why: NotHanded, locale: Locale): Card {
  const { t } = texts(locale);
  const { name, again } = file;
  const card = { subject: 'handing', tone: 'attention' } as const;
  const anew = [t('handing.again', { command: again })];
  switch (why.kind) {
    case 'failed':
      return { ...card, title: t('handing.failed', { name }), lead: anew };
    case 'unsure':
      return { ...card, title: t('handing.unsure', { name }), lead: anew };
    case 'too-large': {
      const title = t('handing.too-large', { name, limit: why.limitMb });
      return { ...card, title, lead: [t('handing.elsewhere')] };
    }
  }
}
