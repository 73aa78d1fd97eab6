/** What a card may show of customers: phones, texts and rows of lists, as the one setting for personal data allows. */
import { maskPhones } from '../../platform/mask.ts';
import { phoneFor } from '../reader.ts';
import { oneLine, type Speech } from './speech.ts';

/** The phone, masked, or the words that it is not shown. */
export const phoneShown = (phone: string, say: Speech): string =>
  phoneFor(say.reader, phone) ?? say.t('preview.hidden');

/** What a cell of a list holds: as it is, with numbers masked, or nothing of it. */
export function cellShown(text: string, say: Speech): string {
  switch (say.reader.personalData) {
    case 'full':
      return oneLine(text);
    case 'masked':
      return withoutNumbers(oneLine(text));
    case 'none':
      return text.trim() === '' ? '' : '…';
  }
}

/** Long numbers of every spelling, those that a spreadsheet mangled too. */
const withoutNumbers = (text: string): string =>
  maskPhones(text).replace(/\d(?:[\s().,E+-]{0,3}\d){6,}/gi, (number) => `***${number.replace(/\D/g, '').slice(-4)}`);

/** A message's text for one person: exact, with that person's own number masked, or not at all. */
export function textShown(text: string, phone: string, say: Speech): string | null {
  switch (say.reader.personalData) {
    case 'full':
      return text;
    case 'masked':
      return text.replaceAll(phone.replace('+', ''), phoneShown(phone, say).replace('+', ''));
    case 'none':
      return null;
  }
}
