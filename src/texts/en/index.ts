/** The English catalogue: the rooms' texts in one. It says which keys there are. */
import { answers } from './answers.ts';
import { audiences } from './audiences.ts';
import { campaigns } from './campaigns.ts';
import { cards } from './cards.ts';
import { chat } from './chat.ts';
import { check } from './check.ts';
import { dearer } from './dearer.ts';
import { dispatch } from './dispatch.ts';
import { guards } from './guards.ts';
import { help } from './help.ts';
import { linking } from './linking.ts';
import { messages } from './messages.ts';
import { numbers } from './numbers.ts';
import { overviews } from './overviews.ts';
import { prices } from './prices.ts';
import { providerCheck } from './provider-check.ts';
import { reach } from './reach.ts';
import { results } from './results.ts';
import { slack } from './slack.ts';
import { staff } from './staff.ts';
import { telegram } from './telegram.ts';
import { units } from './units.ts';

export const en = {
  ...units,
  ...staff,
  ...linking,
  ...messages,
  ...audiences,
  ...campaigns,
  ...dearer,
  ...dispatch,
  ...guards,
  ...numbers,
  ...prices,
  ...providerCheck,
  ...reach,
  ...results,
  ...cards,
  ...overviews,
  ...answers,
  ...chat,
  ...help,
  ...check,
  ...slack,
  ...telegram,
} as const;

/** Every key with its English text, as a type. */
export type Keys = typeof en;

/** The rooms one by one, for the test that no two claim one key. */
export const rooms = {
  units,
  staff,
  linking,
  messages,
  audiences,
  campaigns,
  dearer,
  dispatch,
  guards,
  numbers,
  prices,
  providerCheck,
  reach,
  results,
  cards,
  overviews,
  answers,
  chat,
  help,
  check,
  slack,
  telegram,
} as const;
