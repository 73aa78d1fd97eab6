/**
 * Every variable that Herald reads from its environment: what it means, an example, its default, and what makes it valid.
 * `.env.example` is written from this table, and a test keeps the two equal.
 */
import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import {
  currency,
  dayWindow,
  decimal,
  exampleKey,
  exchangeRates,
  hidden,
  masterKey,
  matching,
  oneOf,
  optional,
  person,
  roles,
  type Setting,
  seconds,
  setting,
  url,
  whole,
  word,
  workspaces,
  zone,
} from './setting-kinds.ts';

/** The table. Its order is the order of `.env.example`. */
export const settings = {
  MONGODB_URI: hidden(
    optional(
      'Where MongoDB is, a replica set. When empty, Herald runs a mongod of its own in DATA_DIR/mongo.',
      'mongodb://herald@db.example.com/herald?replicaSet=rs0',
      matching(/^mongodb(\+srv)?:\/\/\S+$/, 'must begin with mongodb:// or mongodb+srv://'),
    ),
  ),
  DATA_DIR: setting(
    'The folder for the master key, the embedded database and files on their way.',
    '.data',
    '/var/lib/herald',
    word,
  ),
  MASTER_KEY: hidden(
    optional(
      'The master key itself, instead of the file DATA_DIR/keys/master.key that is made at first start. See docs/keys-and-backups.md.',
      exampleKey,
      masterKey,
    ),
  ),
  HERALD_DEPLOYMENT: optional(
    'The id of the deployment that a new machine may join without asking an admin; `status` shows it.',
    '0199f3a2-7c1e-7b1d-9c55-0d5c9f0a4b11',
    matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the id of a deployment'),
  ),

  HERALD_URL: optional(
    'For `npm run chat`: where the service is, when it is not the one of this DATA_DIR.',
    'http://127.0.0.1:8080',
    url,
  ),
  HERALD_TOKEN: hidden(
    optional(
      "For `npm run chat`: the employee's own token, when it is not in a file of this DATA_DIR.",
      'the-token-that-you-were-given',
      word,
    ),
  ),

  ROLES: setting(
    'What this process does: talk in chats (bots), serve pages and webhooks (web), send (worker).',
    'bots,web,worker',
    'worker',
    roles,
  ),
  HTTP_HOST: setting(
    'The address that the web server listens on.',
    '127.0.0.1',
    '0.0.0.0',
    matching(/^[\w.:-]+$/, 'must be an address or a host name'),
  ),
  HTTP_PORT: setting('Its port; 0 takes any free one.', '8080', '80', whole(0, 65_535)),
  UPLOAD_LIMIT_MB: setting('The largest file that a person may upload, in megabytes.', '50', '200', whole(1, 1024)),
  LOG_LEVEL: setting(
    'How much is logged: fatal, error, warn, info, debug, trace or silent.',
    'info',
    'debug',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  ),
  LOG_PRETTY: setting(
    'yes: log lines for eyes instead of JSON lines.',
    'no',
    'yes',
    oneOf('yes', 'no').transform((answer) => answer === 'yes'),
  ),

  PUBLIC_URL: optional(
    'The https address under which the web server is reached from outside, without a path: for webhooks and links.',
    'https://herald.example.com',
    matching(/^https?:\/\/[\w.:-]+$/, 'must begin with https:// and end with the host name or its port'),
  ),

  SLACK_BOT_TOKEN: hidden(
    optional(
      'Slack, one workspace: the bot token of the installed app. See docs/connect-slack.md.',
      'xoxb-0000-example',
      matching(/^xoxb-\S+$/, 'must begin with xoxb-'),
    ),
  ),
  SLACK_APP_TOKEN: hidden(
    optional(
      'Slack without a public address: the app-level token of Socket Mode. When given, Socket Mode is used.',
      'xapp-1-example',
      matching(/^xapp-\S+$/, 'must begin with xapp-'),
    ),
  ),
  SLACK_SIGNING_SECRET: hidden(
    optional('Slack over HTTP: what its requests are signed with.', '0123456789abcdef0123456789abcdef', word),
  ),
  SLACK_CLIENT_ID: optional('Slack, several workspaces: the client id of the app.', '123.456', word),
  SLACK_CLIENT_SECRET: hidden(optional('Slack, several workspaces: its client secret.', '0123456789abcdef', word)),
  SLACK_WORKSPACES: optional(
    'Slack, several workspaces: the ids of those that Herald may be installed in, with commas; all when empty.',
    'T0123ABCD,T0456EFGH',
    workspaces,
  ),
  SLACK_API_URL: optional("Another address instead of Slack's own.", 'http://127.0.0.1:4000/api/', url),
  TELEGRAM_BOT_TOKEN: hidden(
    optional(
      'The token of the bot, from @BotFather. See docs/connect-telegram.md.',
      '123456:example',
      matching(/^\d+:[\w-]+$/, 'must be digits, a colon and letters, as @BotFather gave it'),
    ),
  ),
  TELEGRAM_MODE: setting(
    'How Telegram tells of messages: polling needs nothing, webhook needs PUBLIC_URL.',
    'polling',
    'webhook',
    oneOf('polling', 'webhook'),
  ),
  TELEGRAM_API_URL: optional("Another address instead of Telegram's own.", 'http://127.0.0.1:4001', url),
  GOOGLE_CREDENTIALS_FILE: optional(
    'The key file (JSON) of the Google service account that reads and writes sheets. See docs/connect-google.md.',
    'google-service-account.json',
    word,
  ),
  GOOGLE_DELEGATION: setting(
    'yes: act for the employee whose sheet it is (domain-wide delegation), so that nobody reads what they may not open.',
    'no',
    'yes',
    oneOf('yes', 'no').transform((answer) => answer === 'yes'),
  ),
  GOOGLE_API_URL: optional("Another address instead of Google's own.", 'http://127.0.0.1:4002', url),

  COMPANY_NAME: setting(
    'The name of the company, as people read it in cards and on pages.',
    'Our company',
    'Northern Lines',
    word,
  ),
  DEFAULT_COUNTRY: setting(
    'The country of phone numbers written without a country code, in two letters.',
    'RU',
    'KZ',
    z.string().refine(isSupportedCountry, 'must be a country in two capital letters'),
  ),
  DEFAULT_ZONE: setting(
    'The IANA time zone of campaigns and employees that name none.',
    'Europe/Moscow',
    'Asia/Yekaterinburg',
    zone,
  ),
  DEFAULT_LOCALE: setting('The language of people who have chosen none: en or ru.', 'en', 'ru', oneOf('en', 'ru')),
  CURRENCY: setting('The currency of prices and budgets, an ISO 4217 code.', 'RUB', 'KZT', currency),
  EXCHANGE_RATES: optional(
    'What a unit of other currencies costs in CURRENCY, for accounts at operators that charge in those. An account without a rate is not used.',
    'USD:92.15,EUR:99.8',
    exchangeRates,
  ),
  FIRST_ADMIN: setting(
    'Who becomes the first admin at first start: handle:Full Name.',
    'admin:Administrator',
    'olga:Olga Petrova',
    person,
  ),

  PERSONAL_DATA: setting(
    'How phones and texts of customers appear in chats and files: full, masked or none.',
    'full',
    'masked',
    oneOf('full', 'masked', 'none'),
  ),
  RETENTION_DAYS: setting(
    'Days after which phones and texts are deleted from what is kept.',
    '365',
    '90',
    whole(1, 3650),
  ),
  SENDING_WINDOW: setting(
    "The hours of a recipient's day in which marketing may be sent.",
    '09:00-20:00',
    '10:00-21:30',
    dayWindow,
  ),
  MAX_LATE_MINUTES: setting(
    'A campaign whose start was missed by more than this asks a person instead of being sent.',
    '120',
    '30',
    whole(0, 10_080),
  ),
  REMIND_MINUTES: setting(
    'Minutes that a campaign waits for its approval before the approvers are reminded, and again after each such time.',
    '120',
    '60',
    whole(1, 10_080),
  ),
  DEFAULT_SENDER: optional(
    'The sender ID of campaigns that name none.',
    'ACME',
    matching(/^[\w .&-]{1,11}$|^\d{3,15}$/, 'must be 1 to 11 letters or digits, or a number of 3 to 15 digits'),
  ),
  PROVIDERS_FILE: optional(
    'A JSON file with the accounts at operators, see docs/providers.md. When empty, the sandbox operator plays them.',
    'providers.json',
    word,
  ),
  NUMBER_LOOKUP_FILE: optional(
    'A JSON file that describes the service which knows the networks of ported numbers, see docs/routing.md.',
    'number-lookup.json',
    word,
  ),
  NUMBER_LOOKUP_SECRET: hidden(optional('What that service is asked with: {secret} in the file.', 'its-token', word)),
  NUMBER_LOOKUP_SECONDS: setting(
    'How long the making of a campaign waits for that service in all; what is left goes by the numbering plan.',
    '60',
    '600',
    seconds(0.1, 86_400),
  ),
  NUMBER_LOOKUP_DAYS: setting('Days for which its answers are kept.', '30', '90', whole(1, 3650)),
  APPROVAL_RULES_FILE: optional(
    'A JSON file with rules of approval, see docs/approval.md. When empty, one approver of the department decides.',
    'approval-rules.json',
    word,
  ),

  CAP_CAMPAIGN_MESSAGES: setting(
    'No campaign has more messages. For this and the other guards see docs/guards.md.',
    '2000000',
    '50000',
    whole(1, 10_000_000),
  ),
  CAP_CAMPAIGN_COST: setting(
    'No campaign may cost more, in whole units of CURRENCY.',
    '10000000',
    '250000',
    whole(1, 1_000_000_000),
  ),
  CAP_EMPLOYEE_MESSAGES: setting(
    'No employee has more messages sent in a day of DEFAULT_ZONE.',
    '2000000',
    '20000',
    whole(1, 1_000_000_000),
  ),
  CAP_DAY_MESSAGES: setting(
    'No more messages are sent in a day, by all campaigns together.',
    '5000000',
    '200000',
    whole(1, 1_000_000_000),
  ),
  CAP_DAY_COST: setting(
    'No more money is spent in a day, by all campaigns together, in whole units of CURRENCY.',
    '20000000',
    '500000',
    whole(1, 1_000_000_000),
  ),
  CANARY_ABOVE: setting(
    'Marketing campaigns to more people send 1 % first, 50 at least, and the others when it is known that those arrive.',
    '1000',
    '200',
    whole(50, 10_000_000),
  ),
  CANARY_SECONDS: setting(
    'How long the receipts of those first messages are waited for, at most.',
    '300',
    '60',
    seconds(0.1, 86_400),
  ),
  RAMP_MINUTES: setting(
    'For so long the pace of a marketing campaign grows from a tenth to all of it; 0: it has all of it at once.',
    '0',
    '30',
    whole(0, 1440),
  ),
  STOP_FAILURES_PERCENT: setting(
    'A campaign stops when more of its messages than this come to nothing; 100: never.',
    '20',
    '10',
    decimal(0, 100),
  ),
  STOP_OPTOUTS_PERCENT: setting(
    'A campaign stops when more of the people it was sent to ask never to be sent to again; 100: never.',
    '2',
    '1',
    decimal(0, 100),
  ),

  LEASE_SECONDS: setting(
    'How long a piece of work belongs to a worker that does not renew it; after this others take it over.',
    '30',
    '5',
    seconds(0.2, 3600),
  ),
  TICK_SECONDS: setting('How often what is due is looked for.', '1', '0.2', seconds(0.05, 3600)),
  RECOVERY_SECONDS: setting('How often work of dead workers is looked for.', '5', '1', seconds(0.1, 3600)),
  BREAKER_REST_SECONDS: setting(
    'How long an account at an operator rests first when half of what it is given fails; each further rest is twice as long.',
    '30',
    '60',
    seconds(0.1, 3600),
  ),
  CONTROL_MS: setting(
    'How often a sending worker looks at pause and stop switches, in milliseconds, 500 at most.',
    '300',
    '100',
    // What was seen a second ago counts as a stop, so each look may be as late as it is long.
    whole(10, 500),
  ),

  MONGO_CACHE_GB: setting(
    'Memory for the cache of the embedded MongoDB, in gigabytes.',
    '0.5',
    '2',
    decimal(0.25, 1024),
  ),
  MONGO_OPLOG_MB: setting(
    'Size of the operation log of the embedded MongoDB, in megabytes.',
    '990',
    '4096',
    whole(990, 1_048_576),
  ),
  HERALD_MONGOD: optional(
    'The mongod program to run, instead of the one that Herald finds or downloads.',
    '/usr/bin/mongod',
    word,
  ),
};

export type Settings = typeof settings;
export type VariableName = keyof Settings;

/** What each variable reads as. */
export type Values = { readonly [K in VariableName]: Settings[K] extends Setting<infer T> ? T : never };
