/**
 * `npm run sandbox`: the sandbox operator as a process of its own. Its first line on stdout says where it listens,
 * `{"ready":true,"port":…,"control":…}`; it ends with SIGTERM, SIGINT, or `POST /quit`.
 */

import { NO_CONNECTION_FAULTS, NO_FAULTS, SWITCHES } from './faults.ts';
import { flagOf, readFlags } from './flags.ts';
import { startOperator } from './operator.ts';
import type { OperatorOptions } from './options.ts';

const USAGE = `The sandbox operator: an SMSC on loopback that speaks SMPP 3.4, and fails as it is told. See docs/sandbox.md.

  npm run sandbox -- --port 2775 --account mts:secret,rate=100,binds=2,window=10 --log operator.jsonl

  --port N              where to listen; 0, the default, takes a free port
  --control-port N      where the control API listens; 0, the default, takes a free port
  --account NAME:PASSWORD[,rate=N][,burst=N][,bind-rate=N][,bind-burst=N][,binds=N][,window=N]
                        who may bind, and the limits; again for more accounts; herald:secret by default
  --log FILE            append a line for each submit_sm, before its answer leaves
  --fsync               have the disk hold it first
  --no-text             keep no texts
  --keep N              log entries kept in memory (100000)
  --seed N              repeat the same chances (1)
  --deliver-window N    deliver_sm without an answer on each bind (1000)
  --faults JSON         switches of all accounts
  --faults-of NAME=JSON switches of one account; again for more
  --end-with-stdin      end when stdin ends, so as not to outlive who started it

Switches, all of which can be changed at run time through the control API:
`;

function help(): string {
  const initial: Readonly<Record<string, unknown>> = { ...NO_FAULTS, ...NO_CONNECTION_FAULTS };
  const lines = Object.entries(SWITCHES).map(([name, { description }]) => {
    const first = initial[name];
    return `  --${flagOf(name).padEnd(27)} ${description}${first === false ? '' : ` [${JSON.stringify(first)}]`}`;
  });
  return `${USAGE}\n${lines.join('\n')}\n`;
}

async function run(options: OperatorOptions, endWithStdin: boolean): Promise<void> {
  const operator = await startOperator(options);
  const { port, controlPort: control } = operator;
  process.stdout.write(`${JSON.stringify({ ready: true, port, control, pid: process.pid })}\n`);
  // An open standard input would keep the process alive after everything else has ended.
  const stop = () => void operator.stop().finally(() => process.stdin.destroy());
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (endWithStdin) process.stdin.resume().once('close', stop);
}

const flags = readFlags(process.argv.slice(2));
switch (flags.kind) {
  case 'help':
    process.stdout.write(help());
    break;
  case 'wrong':
    process.stderr.write(`${flags.why}\nnpm run sandbox -- --help says what there is.\n`);
    process.exitCode = 2;
    break;
  case 'run':
    await run(flags.options, flags.endWithStdin).catch((cause: unknown) => {
      process.stderr.write(`The operator cannot start: ${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exitCode = 1;
    });
}
