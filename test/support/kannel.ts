/** A real Kannel between Herald and the sandbox operator: bearerbox and smsbox with a configuration of their own, on free ports of loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KannelPrograms } from '../../scripts/kannel.ts';
import { until } from './herald.ts';

export interface KannelOptions {
  readonly operatorPort: number;
  /** Where replies go: the address of the account's webhook for inbound, with its token. */
  readonly inboundUrl: string;
  /** Lines to the connection at the operator. */
  readonly smsc?: readonly string[];
}

export interface Kannel {
  /** Of `sendsms`. */
  readonly url: string;
  /** What its boxes wrote into their logs; for a test that fails. */
  said(): string;
  close(): Promise<void>;
}

/** `count` ports that nobody listens at. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export async function startKannel(programs: KannelPrograms, options: KannelOptions): Promise<Kannel> {
  const folder = mkdtempSync(join(tmpdir(), 'herald-kannel-'));
  const [admin, box, sendsms] = (await freePorts(3)) as [number, number, number];
  const config = join(folder, 'kannel.conf');
  writeFileSync(config, configOf(options, { folder, admin, box, sendsms }));
  const start = (program: string): ChildProcess =>
    spawn(program, [config], { cwd: folder, env: { ...process.env, ...programs.env }, stdio: 'ignore' });
  const status = async () => (await fetch(`http://127.0.0.1:${admin}/status.txt?password=admin`)).text();
  const said = () => ['bearerbox.log', 'smsbox.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');

  const bearerbox = start(programs.bearerbox);
  await until('bearerbox', () => status().catch(() => null), 60_000);
  const smsbox = start(programs.smsbox);
  await until('Kannel at the operator', async () => /\(online /.test(await status()), 60_000);
  await until('smsbox', async () => (await fetch(`http://127.0.0.1:${sendsms}/`).catch(() => null)) !== null, 60_000);

  return {
    url: `http://127.0.0.1:${sendsms}/cgi-bin/sendsms`,
    said,
    async close() {
      for (const child of [smsbox, bearerbox]) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Ports {
  readonly folder: string;
  readonly admin: number;
  readonly box: number;
  readonly sendsms: number;
}

/** What `docs/providers.md` asks for, and where the boxes find each other. */
const configOf = (
  { operatorPort, inboundUrl, smsc = [] }: KannelOptions,
  { folder, admin, box, sendsms }: Ports,
): string => `
group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "${join(folder, 'bearerbox.log')}"
log-level = 1
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = sandbox
host = 127.0.0.1
port = ${operatorPort}
smsc-username = kannel
smsc-password = secret
system-type = ""
transceiver-mode = true
enquire-link-interval = 5
${smsc.join('\n')}

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${box}
sendsms-port = ${sendsms}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
log-file = "${join(folder, 'smsbox.log')}"
log-level = 1
mo-recode = true
http-request-retry = 10
http-queue-delay = 1

group = sendsms-user
username = herald
password = the-password
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
get-url = "${inboundUrl}&from=%p&to=%P&text=%b&charset=%C&time=%T"
max-messages = 0
omit-empty = true
`;
