/**
 * Where requests may go. An address that an admin configures must not become a way into the company's own network: unless that
 * is allowed, every connection is to a public address, looked at when it is made, so that no change of a name's address helps.
 */
import { lookup as dnsLookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList, isIP, type LookupFunction, type Socket } from 'node:net';

/** IANA's special-purpose registries (RFC 6890 and its successors), multicast, and what wraps an IPv4 address. */
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');

export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && !NOT_PUBLIC.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

/** Codes of errors of our own, before anything was sent. */
export const PRIVATE_ADDRESS = 'E_PRIVATE_ADDRESS';
export const CONNECT_TIMEOUT = 'E_CONNECT_TIMEOUT';

/** Errors of connections that were not made yet. */
const early = new WeakSet<object>();
/** Whether a connection ended by this error before anything could be sent over it. */
export const endedEarly = (error: unknown): boolean => typeof error === 'object' && error !== null && early.has(error);

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const privateAddress = (): Error => failure(PRIVATE_ADDRESS, 'the address is not a public one');

/** Resolves names to public addresses only. */
export const publicLookup: LookupFunction = (host, options, done) => {
  dnsLookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '');
    const open = found.filter(({ address }) => isPublic(address));
    const [first] = open;
    if (!first) return done(privateAddress(), '');
    if (options.all) return done(null, open);
    done(null, first.address, first.family);
  });
};

export interface GuardOptions {
  readonly allowPrivate: boolean;
  readonly connectTimeoutMs: number;
  /** Connections at once. */
  readonly most: number;
}

/** An agent whose every new connection is looked at, and given up when it takes too long. */
export function guardedAgent(url: string, { allowPrivate, connectTimeoutMs, most }: GuardOptions): HttpAgent {
  // Idle connections are closed before most servers would, so that none dies under a request.
  const options = {
    keepAlive: true,
    maxSockets: most,
    maxFreeSockets: most,
    timeout: 4_000,
    ...(!allowPrivate && { lookup: publicLookup }),
  };
  const agent = url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (to, done) => {
    const host = 'host' in to ? String(to.host ?? '') : '';
    const socket = connect(to, done) as Socket;
    if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) socket.destroy(privateAddress());
    const late = setTimeout(() => socket.destroy(failure(CONNECT_TIMEOUT, 'no connection in time')), connectTimeoutMs);
    const ready = url.startsWith('https:') ? 'secureConnect' : 'connect';
    const tell = (error: Error) => void early.add(error);
    socket.once('error', tell);
    socket.once(ready, () => socket.off('error', tell));
    for (const event of [ready, 'close']) socket.once(event, () => clearTimeout(late));
    return socket;
  };
  return agent;
}
