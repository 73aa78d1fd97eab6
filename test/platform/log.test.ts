import { describe, expect, test } from 'vitest';
import { createLog, type LogOptions, silentLog } from '../../src/platform/log.ts';

function recorded(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) }, ...options });
  return { log, lines, fields: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  test('writes one JSON line with level, time and sentence', () => {
    const { log, lines, fields } = recorded();
    log.info('started');
    log.warn({ provider: 'acme' }, 'the session is down');
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
    expect(fields()).toMatchObject([
      { level: 'info', msg: 'started', pid: process.pid },
      { level: 'warn', provider: 'acme', msg: 'the session is down' },
    ]);
    expect(fields()[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test('writes nothing below its level', () => {
    const { log, lines } = recorded({ level: 'error' });
    log.debug('no');
    log.warn({ a: 1 }, 'no');
    silentLog.error('no');
    expect(lines).toEqual([]);
  });

  test('hides planted phones, texts and secrets wherever they come in', () => {
    const { log, lines } = recorded({ level: 'debug' });
    const child = log.child({ phone: '+79160000001', component: 'smpp' });
    child.debug('to 79160000002');
    child.info({ recipient: { to: '+79160000003', text: 'canary text' } }, 'sent to +79160000004');
    const cause = Object.assign(new Error('refused 89160000005'), { body: 'canary body' });
    child.error({ err: new Error('failed +79160000006', { cause }), apiKey: 'canary key' }, 'it failed');
    child.child({ token: 'canary token' }).warn({ err: 'canary-free' }, '');
    const all = lines.join('');
    expect(all).not.toMatch(/canary (text|body|key|token)|7916000000|8916000000/);
    expect(all).toContain('+7***0006');
    expect(all).toContain('8***0005');
    expect(all).toContain('"component":"smpp"');
  });

  test('leaves ids and times readable', () => {
    const { log, fields } = recorded();
    log.info({ ref: '12.3:0000017', at: new Date('2026-11-23T08:45:13.120Z') }, 'took 12.3:0000017');
    expect(fields()[0]).toMatchObject({
      ref: '12.3:0000017',
      at: '2026-11-23T08:45:13.120Z',
      msg: 'took 12.3:0000017',
    });
  });

  test('can be written for eyes', () => {
    const { log, lines } = recorded({ pretty: true });
    log.warn({ provider: 'acme', window: 10 }, 'the session is down');
    log.error({ err: new Error('why') }, 'it failed');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}the session is down {2}provider=acme {2}window=10\n$/);
    expect(lines[1]).toMatch(/ERROR it failed\nError: why\n {4}at /);
  });

  test('goes to standard output when no destination is given', () => {
    expect(() => createLog({ level: 'silent' }).info('nothing')).not.toThrow();
  });
});
