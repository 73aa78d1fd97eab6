/** Flags of the command line: into options, and out of them again for `spawnOperator`. Pure. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type FaultChange, NO_CONNECTION_FAULTS, NO_FAULTS, parseFaults } from './faults.ts';
import type { AccountOptions, OperatorOptions } from './options.ts';

/** What was asked for, or what is wrong with it. */
export type ReadFlags =
  | { readonly kind: 'run'; readonly options: OperatorOptions; readonly endWithStdin: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string };

/** Every switch as it is at first; its type says how its flag is read. */
const SWITCHES = Object.entries({ ...NO_FAULTS, ...NO_CONNECTION_FAULTS });

/** `answerDelayMs` as a flag: `answer-delay-ms`. */
export const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const OWN_FLAGS = {
  port: { type: 'string' },
  'control-port': { type: 'string' },
  account: { type: 'string', multiple: true },
  log: { type: 'string' },
  fsync: { type: 'boolean' },
  'no-text': { type: 'boolean' },
  keep: { type: 'string' },
  seed: { type: 'string' },
  'deliver-window': { type: 'string' },
  faults: { type: 'string' },
  'faults-of': { type: 'string', multiple: true },
  'end-with-stdin': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const SWITCH_FLAGS = Object.fromEntries(
  SWITCHES.map(
    ([name, initial]) => [flagOf(name), { type: typeof initial === 'boolean' ? 'boolean' : 'string' }] as const,
  ),
);

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().min(0);

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

/** Switches of all accounts as JSON. */
const faultsFlag = json.transform((input, context) => changeOf(input, false, context));

/** `mts={"receipts":"none"}`. */
const faultsOfFlag = z.string().transform((text, context): [string, FaultChange] => {
  const [, name = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const parsed = json.safeParse(rest);
  if (parsed.success) return [name, changeOf(parsed.data, true, context)];
  context.addIssue({ code: 'custom', message: 'write name={"switch": value}' });
  return z.NEVER;
});

function changeOf(input: unknown, ofAccount: boolean, context: z.RefinementCtx): FaultChange {
  const parsed = parseFaults(input, ofAccount);
  if (parsed.ok) return parsed.change;
  context.addIssue({ code: 'custom', message: parsed.why });
  return z.NEVER;
}

const LIMITS = {
  rate: 'partsPerSecond',
  burst: 'burst',
  'bind-rate': 'bindPartsPerSecond',
  'bind-burst': 'bindBurst',
  binds: 'maxBinds',
  window: 'window',
} as const;

/** `mts:secret`, and any of `,rate=100,burst=20,bind-rate=50,bind-burst=10,binds=2,window=10`. */
const accountFlag = z.string().transform((text, context): AccountOptions => {
  const match = /^([^:]{1,15}):(.*?)((?:,(?:rate|burst|bind-rate|bind-burst|binds|window)=\d+)*)$/.exec(text);
  if (match === null) {
    context.addIssue({ code: 'custom', message: 'write name:password,rate=100,burst=20,binds=2,window=10' });
    return z.NEVER;
  }
  const limits = [...match[3]!.matchAll(/,([\w-]+)=(\d+)/g)].map(([, limit, value]) => [
    LIMITS[limit as keyof typeof LIMITS],
    Number(value),
  ]);
  return { name: match[1]!, password: match[2]!, ...Object.fromEntries(limits) };
});

const ownFlags = z.object({
  port: port.optional(),
  'control-port': port.optional(),
  account: z.array(accountFlag).optional(),
  log: z.string().min(1).optional(),
  fsync: z.boolean().optional(),
  'no-text': z.boolean().optional(),
  keep: count.optional(),
  seed: count.optional(),
  'deliver-window': count.min(1).optional(),
  faults: faultsFlag.optional(),
  'faults-of': z.array(faultsOfFlag).optional(),
  'end-with-stdin': z.boolean().optional(),
});

export function readFlags(args: readonly string[]): ReadFlags {
  const values = parse(args);
  if (typeof values === 'string') return { kind: 'wrong', why: values };
  if (values.help === true) return { kind: 'help' };
  const own = ownFlags.safeParse(values);
  if (!own.success) return { kind: 'wrong', why: z.prettifyError(own.error) };
  const switches = parseFaults(switchesIn(values), false);
  if (!switches.ok) return { kind: 'wrong', why: switches.why };

  const { account, log, fsync, keep, seed, faults, 'faults-of': faultsOf } = own.data;
  const options = {
    port: own.data.port,
    controlPort: own.data['control-port'],
    accounts: account,
    log,
    fsync,
    text: own.data['no-text'] === true ? false : undefined,
    keep,
    seed,
    deliverWindow: own.data['deliver-window'],
    faults: { ...faults, ...switches.change },
    faultsOf: faultsOf === undefined ? undefined : Object.fromEntries(faultsOf),
  };
  return { kind: 'run', options: withoutUndefined(options), endWithStdin: own.data['end-with-stdin'] ?? false };
}

type Values = Readonly<Record<string, unknown>>;

/** The flags by name, or what is wrong with them. */
function parse(args: readonly string[]): Values | string {
  try {
    return parseArgs({ args: [...args], options: { ...SWITCH_FLAGS, ...OWN_FLAGS } }).values;
  } catch (cause) {
    // The only errors of parseArgs are about the flags: unknown ones, and missing values.
    return (cause as Error).message;
  }
}

/** Values of switches as their types ask for them; whether they may be is for the schema to say. */
function switchesIn(values: Values): unknown {
  const given = SWITCHES.filter(([name]) => values[flagOf(name)] !== undefined);
  return Object.fromEntries(given.map(([name, initial]) => [name, valueLike(initial, values[flagOf(name)])]));
}

function valueLike(initial: unknown, given: unknown): unknown {
  if (typeof initial === 'number') return Number(given);
  if (typeof initial !== 'object') return given;
  const items = String(given).split(',');
  if (Array.isArray(initial)) return items;
  return Object.fromEntries(items.map((item) => item.split('=')));
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

const withoutUndefined = <T extends object>(object: T): Defined<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;

/** The flags that `readFlags` reads as these options. */
export function writeFlags(options: OperatorOptions): readonly string[] {
  const flag = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...flag('port', options.port),
    ...flag('control-port', options.controlPort),
    ...(options.accounts ?? []).flatMap((account) => flag('account', writeAccount(account))),
    ...flag('log', options.log),
    ...(options.fsync ? ['--fsync'] : []),
    ...(options.text === false ? ['--no-text'] : []),
    ...flag('keep', options.keep),
    ...flag('seed', options.seed),
    ...flag('deliver-window', options.deliverWindow),
    ...(options.faults === undefined ? [] : flag('faults', JSON.stringify(options.faults))),
    ...Object.entries(options.faultsOf ?? {}).flatMap(([name, change]) =>
      flag('faults-of', `${name}=${JSON.stringify(change)}`),
    ),
  ];
}

function writeAccount(account: AccountOptions): string {
  const limits = Object.entries(LIMITS).filter(([, name]) => account[name] !== undefined);
  return [`${account.name}:${account.password}`, ...limits.map(([flag, name]) => `${flag}=${account[name]}`)].join(',');
}
