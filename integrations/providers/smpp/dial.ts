/** Opens the socket of a session, over TLS when the account says so. */
import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { SmppSettings } from './settings.ts';

/**
 * `connected` is called once bytes may be written: after the handshake, when there is one. The certificate must be of a
 * known authority, and for the host or for the name that the account gives.
 */
export function dial({ host, port, tls }: SmppSettings, connected: () => void): Socket {
  const socket = tls
    ? connectTls({ ...given(tls), host, port, minVersion: 'TLSv1.2', rejectUnauthorized: true }, connected)
    : connectPlain({ host, port }, connected);
  return socket.setNoDelay(true);
}

/** Without what is undefined: Node takes a name or an authority that is there and undefined for one. */
const given = (tls: NonNullable<SmppSettings['tls']>): ConnectionOptions =>
  Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));

/** What is wrong with a certificate, by Node's code for it. */
const CERTIFICATES: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'the operator’s certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'the operator’s certificate is not valid yet'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'the operator’s certificate is for another name'],
  [/^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_)/, 'the operator’s certificate is of no known authority'],
];

/** Why a socket could not be opened or has broken: `ECONNREFUSED`, or the certificate's fault in words. */
export function socketFault({ code, message }: NodeJS.ErrnoException): string {
  if (code === undefined) return message;
  const words = CERTIFICATES.find(([pattern]) => pattern.test(code))?.[1];
  return words === undefined ? code : `${words} (${code})`;
}
