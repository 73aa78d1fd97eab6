/** Looks whether a gateway can be reached. Nothing is sent. */
import { connect, isIP } from 'node:net';
import type { AccountSettings } from './account-settings.ts';
import { isPublic, PRIVATE_ADDRESS, publicLookup } from './guard.ts';

/** Why the gateway cannot be reached, in its code; null when it can. */
export function reach(
  url: string,
  { allowPrivate, connectTimeoutMs }: Pick<AccountSettings, 'allowPrivate' | 'connectTimeoutMs'>,
): Promise<string | null> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) return Promise.resolve(PRIVATE_ADDRESS);
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      ...(!allowPrivate && { lookup: publicLookup }),
    });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(connectTimeoutMs, () => end('no connection in time'));
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'unknown error'));
  });
}
