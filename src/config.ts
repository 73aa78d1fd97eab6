/**
 * The environment, read once into one typed, checked and frozen object. Nothing else reads `process.env` (but the search for
 * mongod, which needs its PATH); whatever is wrong with it is told all at once, each with an example of what would do.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Setting } from './setting-kinds.ts';
import { settings, type Values, type VariableName } from './settings.ts';

export type { DayWindow, Role } from './setting-kinds.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Config = ReturnType<typeof grouped>;

/** One thing that is wrong with the environment. */
export interface ConfigProblem {
  readonly variable: VariableName;
  /** What is wrong, to be read after the variable's name; never holds the value of a secret. */
  readonly wrong: string;
  /** A value that would do. */
  readonly example: string;
}

export type Loading =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/** Reads and checks all variables. An empty value counts as none. */
export function loadConfig(env: Environment): Loading {
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings) as [VariableName, Setting<unknown>][]) {
    const written = env[name]?.trim() || setting.fallback;
    if (written === null) {
      values[name] = null;
      continue;
    }
    const reading = setting.read.safeParse(written);
    if (reading.success) values[name] = reading.data;
    else problems.push(problemOf(name, setting, written, reading.error.issues[0]?.message ?? 'is not valid'));
  }
  if (problems.length > 0) return { kind: 'problems', problems };
  const lacking = lackingIn(values as Values);
  if (lacking.length > 0) return { kind: 'problems', problems: lacking };
  return { kind: 'config', config: deepFreeze(grouped(values as Values)) };
}

function problemOf(variable: VariableName, setting: Setting<unknown>, written: string, rule: string): ConfigProblem {
  const shown = setting.secret ? '' : `, and is ${JSON.stringify(written)}`;
  return { variable, wrong: `${rule}${shown}`, example: setting.example };
}

/** What is missing beside what is there. */
function lackingIn(values: Values): readonly ConfigProblem[] {
  const { SLACK_BOT_TOKEN, SLACK_CLIENT_ID, SLACK_APP_TOKEN, TELEGRAM_BOT_TOKEN, TELEGRAM_MODE } = values;
  const inSlack = SLACK_BOT_TOKEN !== null || SLACK_CLIENT_ID !== null;
  const overHttp = inSlack && SLACK_APP_TOKEN === null;
  const byWebhook = TELEGRAM_BOT_TOKEN !== null && TELEGRAM_MODE === 'webhook';
  const needs: readonly [variable: VariableName, isNeeded: boolean, why: string][] = [
    ['SLACK_SIGNING_SECRET', overHttp, 'for Slack over HTTP: without it anybody could speak for Slack'],
    ['SLACK_CLIENT_SECRET', SLACK_CLIENT_ID !== null, 'beside SLACK_CLIENT_ID'],
    ['PUBLIC_URL', SLACK_CLIENT_ID !== null, 'for SLACK_CLIENT_ID: several workspaces are installed over it'],
    ['PUBLIC_URL', byWebhook, 'for TELEGRAM_MODE=webhook'],
  ];
  return needs
    .filter(([variable, isNeeded]) => isNeeded && values[variable] === null)
    .map(([variable, , why]) => ({ variable, wrong: `is needed ${why}`, example: settings[variable].example }));
}

/** All problems as the lines that an operator reads when the start is refused. */
export const problemLines = (problems: readonly ConfigProblem[]): readonly string[] =>
  problems.map(({ variable, wrong, example }) => `${variable} ${wrong}. Example: ${variable}=${example}`);

/** The environment of this process over what the file says, if there is one: what is set in the shell wins. */
export function environment(file = '.env', shell: Environment = process.env): Environment {
  return { ...writtenIn(file), ...shell };
}

function writtenIn(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}

/** Micro-units in a unit of money. */
const MICROS = 1_000_000;

/** The values by what they are about. Durations are in milliseconds, sizes in bytes where not named otherwise. */
function grouped(values: Values) {
  return {
    roles: values.ROLES,
    dataDir: values.DATA_DIR,
    /** Folders below it: lists on their way, and results that cannot stand beside their lists. */
    folders: { uploads: join(values.DATA_DIR, 'uploads'), results: join(values.DATA_DIR, 'results') },
    masterKey: values.MASTER_KEY,
    /** The deployment that this machine may join unasked. */
    deploymentId: values.HERALD_DEPLOYMENT,
    mongo: {
      uri: values.MONGODB_URI,
      cacheGb: values.MONGO_CACHE_GB,
      oplogMb: values.MONGO_OPLOG_MB,
      mongod: values.HERALD_MONGOD,
    },
    http: { host: values.HTTP_HOST, port: values.HTTP_PORT, uploadLimitBytes: values.UPLOAD_LIMIT_MB * 1024 * 1024 },
    publicUrl: values.PUBLIC_URL,
    slack: {
      botToken: values.SLACK_BOT_TOKEN,
      appToken: values.SLACK_APP_TOKEN,
      signingSecret: values.SLACK_SIGNING_SECRET,
      clientId: values.SLACK_CLIENT_ID,
      clientSecret: values.SLACK_CLIENT_SECRET,
      workspaces: values.SLACK_WORKSPACES,
      apiUrl: values.SLACK_API_URL,
    },
    telegram: { botToken: values.TELEGRAM_BOT_TOKEN, mode: values.TELEGRAM_MODE, apiUrl: values.TELEGRAM_API_URL },
    google: {
      credentialsFile: values.GOOGLE_CREDENTIALS_FILE,
      delegation: values.GOOGLE_DELEGATION,
      apiUrl: values.GOOGLE_API_URL,
    },
    log: { level: values.LOG_LEVEL, pretty: values.LOG_PRETTY },
    company: {
      name: values.COMPANY_NAME,
      country: values.DEFAULT_COUNTRY,
      zone: values.DEFAULT_ZONE,
      locale: values.DEFAULT_LOCALE,
      currency: values.CURRENCY,
      exchangeRates: values.EXCHANGE_RATES ?? {},
      firstAdmin: values.FIRST_ADMIN,
    },
    privacy: { personalData: values.PERSONAL_DATA, retentionDays: values.RETENTION_DAYS },
    sending: {
      window: values.SENDING_WINDOW,
      maxLateMinutes: values.MAX_LATE_MINUTES,
      remindMinutes: values.REMIND_MINUTES,
      defaultSender: values.DEFAULT_SENDER,
      providersFile: values.PROVIDERS_FILE,
      approvalRulesFile: values.APPROVAL_RULES_FILE,
    },
    numbers: {
      file: values.NUMBER_LOOKUP_FILE,
      secret: values.NUMBER_LOOKUP_SECRET,
      patienceMs: values.NUMBER_LOOKUP_SECONDS,
      keepDays: values.NUMBER_LOOKUP_DAYS,
    },
    guards: {
      caps: {
        campaignMessages: values.CAP_CAMPAIGN_MESSAGES,
        campaignCost: values.CAP_CAMPAIGN_COST * MICROS,
        employeeMessages: values.CAP_EMPLOYEE_MESSAGES,
        dayMessages: values.CAP_DAY_MESSAGES,
        dayCost: values.CAP_DAY_COST * MICROS,
      },
      canaryAbove: values.CANARY_ABOVE,
      canaryMs: values.CANARY_SECONDS,
      rampMs: values.RAMP_MINUTES * 60_000,
      failuresPercent: values.STOP_FAILURES_PERCENT,
      optOutsPercent: values.STOP_OPTOUTS_PERCENT,
    },
    timers: {
      leaseMs: values.LEASE_SECONDS,
      tickMs: values.TICK_SECONDS,
      recoveryMs: values.RECOVERY_SECONDS,
      controlMs: values.CONTROL_MS,
      breakerRestMs: values.BREAKER_REST_SECONDS,
    },
  } as const;
}

function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
