/**
 * The sandbox operator: an SMSC on loopback that takes messages, sends receipts, fails as it is told, and keeps a log of
 * what it was sent. See docs/sandbox.md. `spawn.ts` starts the same in a process of its own.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type ControlServer, LOOPBACK, serveControl } from './control.ts';
import type { Operator } from './controls.ts';
import { type OperatorOptions, settingsOf } from './options.ts';
import { createRecorder } from './recorder.ts';
import { Smsc } from './smsc.ts';

/**
 * Starts an operator in this process.
 *
 * @example
 * const operator = await startOperator({ faults: { noAnswerNext: 1 } });
 * // ... send something to 127.0.0.1:operator.port as herald with the password secret
 * expect(messagesOf(operator.log())).toHaveLength(1);
 * await operator.stop();
 */
export async function startOperator(options: OperatorOptions = {}): Promise<Operator> {
  const settings = settingsOf(options);
  const recorder = createRecorder({ path: settings.log, fsync: settings.fsync, keep: settings.keep });
  const smsc = new Smsc(settings, recorder);
  const server = createServer((socket) => smsc.connected(socket));
  let control: ControlServer | null = null;
  let stopped: Promise<void> | null = null;

  const stop = async () => {
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    smsc.stop();
    await Promise.all([closed, control?.close()]);
    recorder.close();
  };
  const operator: Omit<Operator, 'port' | 'controlPort'> = {
    setFaults: (change, account) => smsc.setFaults(change, account),
    resetFaults: (account) => smsc.resetFaults(account),
    log(since = 0) {
      const entries = recorder.entries(since);
      if (entries === null) throw new Error(`entries above ${since} were let go of: keep more, or read the file`);
      return entries;
    },
    state: () => smsc.state(),
    inbound: (sms, account) => smsc.inbound(sms, account),
    disconnect: (account) => smsc.disconnect(account),
    unbind: (account) => smsc.unbind(account),
    injectBadPdu: (kind, account) => smsc.injectBadPdu(kind, account),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };

  try {
    server.listen(settings.port, LOOPBACK);
    await once(server, 'listening');
    control = await serveControl(operator, settings.controlPort);
  } catch (cause) {
    await operator.stop();
    throw cause;
  }
  return { ...operator, port: (server.address() as AddressInfo).port, controlPort: control.port };
}
