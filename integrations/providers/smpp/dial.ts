/** Opens the socket of a session, over TLS when the account says so. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SmppSettings } from './settings.ts';

/** `connected` is called once bytes may be written: after the handshake, when there is one. */
export function dial({ host, port, tls }: SmppSettings, connected: () => void): Socket {
  const socket = tls
    ? connectTls(
        { ...tls, host, port, servername: tls.servername ?? host, minVersion: 'TLSv1.2', rejectUnauthorized: true },
        connected,
      )
    : connectPlain({ host, port }, connected);
  return socket.setNoDelay(true);
}
