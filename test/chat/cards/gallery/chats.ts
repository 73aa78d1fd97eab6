/** One person in several chats: the code, the question, and what came of it. */
import { claimAnsweredCard, claimCard, codeCard, codeTakenCard } from '../../../../src/chat/cards/linking.ts';
import type { Claim, LinkCode } from '../../../../src/staff/link-store.ts';
import type { Locale } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';
import { type Chapter, shown } from './show.ts';

const { NOW, WORDING } = sample;
const EXPIRES = new Date(NOW.getTime() + 600_000);
const CODE = 'K7Q4R9XFRM';

const claim = (locale: Locale): Claim => ({
  surface: 'telegram',
  account: '118200451',
  name: WORDING[locale].names.anna,
});
const code = (locale: Locale): LinkCode => ({
  id: '0199f3a27c1e',
  employee: 'anna',
  issuedBy: 'anna',
  expiresAt: EXPIRES,
  claim: claim(locale),
});
const anna = (locale: Locale) => sample.employee(locale, { id: 'anna', name: WORDING[locale].names.anna });

export const chats: Chapter = {
  title: { en: 'Several chats', ru: 'Несколько чатов' },
  cards: [
    shown('A code to say in another chat', 'Код для другого чата', (reader) =>
      codeCard(
        {
          code: CODE,
          expiresAt: EXPIRES,
          now: NOW,
          accounts: [{ id: 'slack:T1:U1', employee: 'anna', linkedAt: NOW }],
          links: [{ surface: 'telegram', address: `https://t.me/herald_bot?start=${CODE}` }],
          invited: null,
        },
        reader,
      ),
    ),
    shown('The code was said', 'Код назван', (reader) => codeTakenCard({ invited: false }, reader)),
    shown('What is asked in the first chat', 'Вопрос в первом чате', (reader, locale) =>
      claimCard({ code: code(locale), claim: claim(locale), employee: anna(locale) }, reader),
    ),
    shown('Confirmed', 'Подтверждено', (reader, locale) =>
      claimAnsweredCard({ claim: claim(locale), employee: anna(locale) }, reader),
    ),
  ],
};
