import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readFlags, writeFlags } from '../../integrations/sandbox/flags.ts';
import { messagesOf, readOperatorLog } from '../../integrations/sandbox/log.ts';
import type { OperatorOptions } from '../../integrations/sandbox/options.ts';
import { spawnOperator } from '../../integrations/sandbox/spawn.ts';
import { esmeOf, eventually } from './esme.ts';

describe('flags', () => {
  const optionsOf = (...args: string[]) => {
    const flags = readFlags(args);
    return flags.kind === 'run' ? flags.options : flags;
  };

  test('say every option', () => {
    expect(
      optionsOf(
        ...['--port', '2775', '--control-port', '2776', '--log', 'operator.jsonl', '--fsync', '--no-text'],
        ...['--keep', '10', '--seed', '7', '--deliver-window', '5'],
        ...[
          '--account',
          'mts:secret,rate=100,burst=20,bind-rate=50,bind-burst=5,binds=2,window=10',
          '--account',
          'beeline:pass:word,with,commas',
        ],
        ...['--faults', '{"idBits":32}', '--faults-of', 'mts={"receipts":"none"}'],
      ),
    ).toEqual({
      port: 2775,
      controlPort: 2776,
      log: 'operator.jsonl',
      fsync: true,
      text: false,
      keep: 10,
      seed: 7,
      deliverWindow: 5,
      accounts: [
        {
          ...{ name: 'mts', password: 'secret', partsPerSecond: 100, burst: 20, maxBinds: 2, window: 10 },
          ...{ bindPartsPerSecond: 50, bindBurst: 5 },
        },
        { name: 'beeline', password: 'pass:word,with,commas' },
      ],
      faults: { idBits: 32 },
      faultsOf: { mts: { receipts: 'none' } },
    });
  });

  test('say every kind of switch', () => {
    expect(
      optionsOf(
        ...['--answer-delay-ms', '5', '--receipt-before-answer', '--receipts', 'first-part', '--id-bits', '96'],
        ...['--submit-errors', '00=ESME_RINVDSTADR,99=ESME_RSYSERR', '--outcomes', '11=expired'],
        ...['--allowed-senders', 'Herald,Bank', '--auto-reply-text', 'STOP, please'],
      ),
    ).toEqual({
      faults: {
        answerDelayMs: 5,
        receiptBeforeAnswer: true,
        receipts: 'first-part',
        idBits: 96,
        submitErrors: { '00': 'ESME_RINVDSTADR', '99': 'ESME_RSYSERR' },
        outcomes: { '11': 'expired' },
        allowedSenders: ['Herald', 'Bank'],
        autoReplyText: 'STOP, please',
      },
    });
  });

  test.each([
    [['--nonsense'], '--nonsense'],
    [['--port', '70000'], 'port'],
    [['--account', 'nobody'], 'name:password'],
    [['--faults', 'nonsense'], 'not JSON'],
    [['--faults', '{"idBits":33}'], 'idBits'],
    [['--faults-of', 'mts'], 'write name='],
    [['--faults-of', 'mts={"blackHole":true}'], 'blackHole'],
    [['--answer-delay-ms', 'soon'], 'answerDelayMs'],
    [['--submit-errors', 'x=ESME_RSYSERR'], 'submitErrors'],
  ])('%j are wrong, and say why', (args, why) => {
    expect(readFlags(args)).toEqual({ kind: 'wrong', why: expect.stringContaining(why) });
  });

  test('are read as they were written', () => {
    const name = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 15 })
      .filter((text) => !/[:=]/.test(text));
    const limit = fc.nat(1_000);
    const account = fc.record(
      {
        name,
        password: fc.constantFrom('secret', '', 'a:b,c'),
        partsPerSecond: limit,
        burst: limit,
        maxBinds: limit,
        window: limit,
      },
      { requiredKeys: ['name', 'password'] },
    );
    const options: fc.Arbitrary<OperatorOptions> = fc.record(
      {
        port: fc.nat(65_535),
        accounts: fc.array(account, { minLength: 1, maxLength: 3 }),
        log: fc.string({ minLength: 1 }),
        seed: limit,
        fsync: fc.constant(true),
        text: fc.constant(false),
        faults: fc.constantFrom({ submitErrors: { '00': 'ESME_RSYSERR' as const } }, { autoReplyText: '"СТОП"' }),
        faultsOf: fc.dictionary(name, fc.constant({ ignoreBind: true }), { minKeys: 1, maxKeys: 2 }),
      },
      { requiredKeys: ['faults'] },
    );
    fc.assert(
      fc.property(options, (given) => {
        expect(readFlags(writeFlags(given))).toEqual({ kind: 'run', options: given, endWithStdin: false });
      }),
    );
  });
});

const main = fileURLToPath(new URL('../../integrations/sandbox/main.ts', import.meta.url));

/** Runs the command to its end. */
async function run(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
  const child = spawn(process.execPath, [main, ...args]);
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, said, complained };
}

describe('npm run sandbox', () => {
  test('--help says every flag and every switch', async () => {
    const { code, said } = await run('--help');
    expect(code).toBe(0);
    for (const flag of ['--account', '--fsync', '--answer-delay-ms', '--submit-errors', '--black-hole'])
      expect(said).toContain(flag);
    expect(said).not.toContain('undefined');
  });

  test('with a wrong flag ends with 2, and says which', async () => {
    expect(await run('--nonsense')).toEqual({ code: 2, said: '', complained: expect.stringContaining("'--nonsense'") });
  });
});

describe('an operator in a process of its own', () => {
  test('takes the same controls, and leaves a log that tells all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'operator-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const log = join(folder, 'log.jsonl');
    const accounts = [{ name: 'mts', password: 'secret', window: 10 }];
    const operator = await spawnOperator({ accounts, log, faults: { receiptDelayMs: 0, undeliveredShare: 0 } });
    onTestFinished(() => operator.kill());
    const esme = await esmeOf(operator.port, { systemId: 'mts' });

    await operator.setFaults({ noAnswerNext: 1 }, 'mts');
    void esme.submit();
    expect((await esme.submit())?.command_status).toBe(0);
    expect(await operator.inbound({ from: '79161234567', to: '1234', text: 'STOP' })).toBe(1);
    await esme.deliveries(3);
    expect((await operator.state()).accounts[0]).toMatchObject({ name: 'mts', counts: { taken: 2, unanswered: 1 } });
    expect((await operator.log()).map(({ answered }) => answered)).toEqual([null, 0]);
    expect(await operator.log(1)).toHaveLength(1);
    await operator.resetFaults();
    await expect(operator.setFaults({}, 'stranger')).rejects.toThrow('no account stranger');
    expect(await operator.injectBadPdu('orphan-answer')).toBe(1);
    expect(await operator.unbind('mts')).toBe(1);
    await esme.closed;
    expect(await operator.disconnect()).toBe(0);

    await operator.stop();
    await operator.stop();
    expect(messagesOf(await readOperatorLog(log))).toHaveLength(2);
  });

  test('that is killed leaves in its log what it answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'operator-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const log = join(folder, 'log.jsonl');
    const operator = await spawnOperator({ log });
    onTestFinished(() => operator.kill());
    const esme = await esmeOf(operator.port);
    let answered = 0;
    const flood = Array.from({ length: 2_000 }, async () => {
      if ((await esme.submit()) !== null) answered += 1;
    });
    await eventually(() => answered > 50);
    await operator.kill();
    await Promise.all(flood);
    expect(messagesOf(await readOperatorLog(log)).length).toBeGreaterThanOrEqual(answered);
  });

  test('that cannot start says so', async () => {
    const operator = await spawnOperator();
    onTestFinished(() => operator.stop());
    await expect(spawnOperator({ port: operator.port })).rejects.toThrow('ended with 1 before it was ready');
  });

  test('ends when who started it is gone', async () => {
    const child = spawn(process.execPath, [main, '--end-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.stdin.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends with SIGTERM, also when sessions are open', async () => {
    const operator = await spawnOperator();
    const esme = await esmeOf(operator.port);
    await operator.stop();
    await esme.closed;
  });
});
