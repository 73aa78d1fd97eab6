/**
 * Who reads a card: the language, the clock, and how much of customers' personal data may be shown.
 */
import { maskPhone } from '../messages/phone.ts';
import type { Locale } from '../texts/index.ts';

export interface Reader {
  readonly locale: Locale;
  /** IANA zone in which the person reads times. */
  readonly zone: string;
  readonly personalData: 'full' | 'masked' | 'none';
}

/** The phone as this reader may see it; null where phones are not shown at all. */
export function phoneFor(reader: Pick<Reader, 'personalData'>, e164: string): string | null {
  switch (reader.personalData) {
    case 'full':
      return e164;
    case 'masked':
      return maskPhone(e164);
    case 'none':
      return null;
  }
}
