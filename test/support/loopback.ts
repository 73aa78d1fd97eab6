/** No test reaches beyond this machine: a socket to any other host is refused with a name, instead of passing here and failing elsewhere. */
import { isIP, Socket } from 'node:net';

const connect = Socket.prototype.connect;

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    host === '::ffff:127.0.0.1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** `connect` is called as (options), (port, host), (path) or, from inside Node, with the array of one of those. */
function hostOf(args: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && first.path) return undefined;
    return 'host' in first && typeof first.host === 'string' ? first.host : undefined;
  }
  return typeof second === 'string' ? second : undefined;
}

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host && !isLoopback(host))
    throw new Error(`A test tried to reach ${host}: put a fake on a loopback port instead`);
  return Reflect.apply(connect, this, args);
} as typeof connect;
