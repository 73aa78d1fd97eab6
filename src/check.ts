/**
 * Looks at everything that Herald is connected with and says what is still wrong, one line after the other: `npm run check`.
 * Nothing is sent, and nothing is changed but that the accounts of the admin's file are taken in, as at a start.
 */
import { checkSlack } from '../bots/slack/check.ts';
import { checkTelegram } from '../bots/telegram/check.ts';
import { checkGoogle, type GoogleCheckWords } from '../integrations/sheets/google/check.ts';
import { checkProviders } from './check-providers.ts';
import type { Config } from './config.ts';
import { type HeraldOptions, startHerald } from './herald.ts';
import { placeAccounts } from './operators.ts';
import type { Finding } from './platform/finding.ts';
import { silentLog } from './platform/log.ts';
import { type Texts, texts } from './texts/index.ts';

export interface CheckOptions extends HeraldOptions {
  /** A link to a sheet that is to be looked at too. */
  readonly link: string | null;
  /** For whom, where Herald acts for people. */
  readonly email: string | null;
  /** How long an operator may take to let us in, and Google may be busy. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 15_000;

export async function* checkAll(config: Config, options: CheckOptions): AsyncGenerator<Finding> {
  const words = texts(config.company.locale);
  yield { state: 'well', says: words.t('check.configuration') };
  yield* checkOperators(config, options, words);
  const { slack, telegram, publicUrl } = config;
  const log = options.log ?? silentLog;
  yield* checkSlack({ settings: slack, publicUrl, words, now: () => new Date(), log });
  yield* checkTelegram({ ...telegram, publicUrl, words });
  yield* checkGoogle({
    settings: config.google,
    link: options.link,
    email: options.email,
    words: googleWords(words),
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    signal: AbortSignal.timeout(60_000),
  });
}

async function* checkOperators(config: Config, options: CheckOptions, words: Texts): AsyncGenerator<Finding> {
  let herald: Awaited<ReturnType<typeof startHerald>>;
  try {
    herald = await startHerald(withoutChatsAndSheets(config), { ...options, log: options.log ?? silentLog });
  } catch (error) {
    const says = words.t('check.start.bad', { why: (error as Error).message });
    return yield { state: 'wrong', says, advice: words.t('check.start.bad.do') };
  }
  try {
    yield { state: 'well', says: words.t('check.mongo') };
    yield* checkFile(config, herald, words);
    yield* checkProviders({
      accounts: await herald.accounts.accounts(),
      makeProvider: herald.dispatch.makeProvider,
      live: await herald.accounts.liveSlots(),
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      words,
    });
  } finally {
    await herald.stop();
  }
}

/** They are looked at on their own: what is wrong with one of them keeps nothing else from being looked at. */
const withoutChatsAndSheets = (config: Config): Config => ({
  ...config,
  slack: { ...config.slack, botToken: null, clientId: null },
  telegram: { ...config.telegram, botToken: null },
  google: { ...config.google, credentialsFile: null },
});

/** Takes the admin's file in; a problem with it is one more thing that is wrong. */
async function* checkFile(
  config: Config,
  { accounts, keyring, log }: Awaited<ReturnType<typeof startHerald>>,
  words: Texts,
): AsyncGenerator<Finding> {
  const { providersFile: file } = config.sending;
  if (file === null) return;
  try {
    const { currency } = config.company;
    await placeAccounts({ store: accounts, keyring, currency, file, dataDir: config.dataDir, log });
  } catch (error) {
    yield { state: 'wrong', says: (error as Error).message, advice: words.t('check.providers-file.do') };
  }
}

export function googleWords(words: Texts): GoogleCheckWords {
  const wrong = (says: string, advice: string): Finding => ({ state: 'wrong', says, advice });
  return {
    off: words.t('check.google.off'),
    fileBad: (why) => wrong(words.t('check.google.file.bad', { why }), words.t('check.google.file.bad.do')),
    letIn: (share) => words.t('check.google.token', { share }),
    notLetIn: (why) => wrong(words.t('check.google.token.bad', { why }), words.t('check.google.token.bad.do')),
    unreachable: wrong(
      words.t('check.unreachable', { name: 'Google' }),
      words.t('check.unreachable.do', { host: '*.googleapis.com' }),
    ),
    ask: words.t('check.google.sheet.ask'),
    sheet: (name) => words.t('check.google.sheet', { name }),
    office: (name) => words.t('check.google.office', { name }),
    sheetBad: (why, share) => {
      const advice =
        why === 'not-shared' || why === 'read-only'
          ? words.t(`check.google.sheet.${why}`, { share })
          : words.t(`check.google.sheet.${why}`);
      return wrong(words.t('check.google.sheet.bad'), advice);
    },
  };
}
