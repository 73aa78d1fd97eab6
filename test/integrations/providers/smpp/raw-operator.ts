/**
 * The barest SMPP server there is, for what no operator's switch does: it binds whoever comes, and a test says in bytes
 * what it answers. It shares no code with the provider.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

export const ID = {
  genericNack: 0x80000000,
  bindReceiver: 0x00000001,
  bindTransmitter: 0x00000002,
  submit: 0x00000004,
  submitResp: 0x80000004,
  deliver: 0x00000005,
  deliverResp: 0x80000005,
  unbind: 0x00000006,
  unbindResp: 0x80000006,
  bindTransceiver: 0x00000009,
  enquire: 0x00000015,
  enquireResp: 0x80000015,
} as const;

export interface RawPdu {
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** Header and body in bytes. */
export function pdu(id: number, sequence: number, body: Buffer | string = '', status = 0): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const head = Buffer.alloc(16);
  head.writeUInt32BE(16 + bytes.length, 0);
  head.writeUInt32BE(id, 4);
  head.writeUInt32BE(status, 8);
  head.writeUInt32BE(sequence, 12);
  return Buffer.concat([head, bytes]);
}

export interface Peer {
  readonly socket: Socket;
  send(...bytes: readonly Buffer[]): void;
}

/** What to do with a PDU; true when it has been dealt with, else the server does what is usual. */
export type OnPdu = (pdu: RawPdu, peer: Peer) => boolean | undefined;

export interface RawOperator {
  readonly port: number;
  /** Every PDU that came, in order. */
  readonly heard: readonly RawPdu[];
  /** Those of one command. */
  all(id: number): readonly RawPdu[];
  /** Connections so far. */
  readonly connections: number;
  /** The connection made last. */
  peer(): Peer;
}

/** Listens until the test ends. Binds, enquire_link and unbind are answered, submits get the ids `id-1`, `id-2` and on. */
export async function rawOperator(onPdu: OnPdu = () => false, tls?: TlsOptions): Promise<RawOperator> {
  const heard: RawPdu[] = [];
  const peers: Peer[] = [];
  let submits = 0;

  function usual({ id, sequence }: RawPdu, peer: Peer): void {
    if (id === ID.submit) peer.send(pdu(ID.submitResp, sequence, `id-${++submits}\0`));
    else if (id === ID.bindTransceiver || id === ID.bindTransmitter || id === ID.bindReceiver)
      peer.send(pdu(id + ID.genericNack, sequence, 'raw\0'));
    else if (id === ID.enquire || id === ID.unbind) peer.send(pdu(id + ID.genericNack, sequence));
  }

  function connected(socket: Socket): void {
    const peer: Peer = { socket, send: (...bytes) => void socket.write(Buffer.concat(bytes)) };
    peers.push(peer);
    let rest = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
        const length = rest.readUInt32BE(0);
        const one = {
          id: rest.readUInt32BE(4),
          status: rest.readUInt32BE(8),
          sequence: rest.readUInt32BE(12),
          body: rest.subarray(16, length),
        };
        rest = rest.subarray(length);
        heard.push(one);
        if (!onPdu(one, peer)) usual(one, peer);
      }
    });
  }

  const server: Server = tls ? createTls(tls, connected) : createPlain(connected);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    all: (id) => heard.filter((one) => one.id === id),
    get connections() {
      return peers.length;
    },
    peer: () => peers.at(-1)!,
  };
}

/** The body of a deliver_sm: from, to, esm_class, data_coding, the message, and TLVs after it. */
export function deliverBody(over: {
  readonly from?: string;
  readonly to?: string;
  readonly esmClass?: number;
  readonly dataCoding?: number;
  readonly message?: Buffer | string;
  readonly tlvs?: readonly Buffer[];
}): Buffer {
  const { from = '79161234567', to = '1234', esmClass = 0, dataCoding = 0, message = '', tlvs = [] } = over;
  const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
  return Buffer.concat([
    Buffer.from(`\0\x01\x01${from}\0\x00\x01${to}\0`, 'latin1'),
    Buffer.from([esmClass, 0, 0, 0, 0, 0, 0, dataCoding, 0, bytes.length]),
    bytes,
    ...tlvs,
  ]);
}

export function tlv(tag: number, value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const head = Buffer.alloc(4);
  head.writeUInt16BE(tag, 0);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}
