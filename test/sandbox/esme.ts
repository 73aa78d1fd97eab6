/** The other side of the operator in its tests: the real `smpp` client with promises, and bare sockets. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import smpp, { type Pdu, type PduFields, type Session } from 'smpp';
import { onTestFinished, vi } from 'vitest';
import type { Operator } from '../../integrations/sandbox/controls.ts';
import { startOperator } from '../../integrations/sandbox/operator.ts';
import type { OperatorOptions } from '../../integrations/sandbox/options.ts';

/** An operator that ends with the test. Receipts come soon and all say delivered, unless told. */
export async function operatorFor(options: OperatorOptions = {}): Promise<Operator> {
  const faults = { receiptDelayMs: 1, undeliveredShare: 0, expiredShare: 0, rejectedShare: 0, ...options.faults };
  const operator = await startOperator({ ...options, faults });
  onTestFinished(() => operator.stop());
  return operator;
}

export interface EsmeOptions {
  readonly as?: 'transmitter' | 'receiver' | 'transceiver';
  readonly systemId?: string;
  readonly password?: string;
  /** The status that a deliver_sm is acknowledged with; null: none. */
  readonly acknowledge?: (pdu: Pdu) => number | null;
}

export interface Esme {
  readonly session: Session;
  /** The answer to the bind; null when the connection closed first. */
  readonly bound: Pdu | null;
  /** Every deliver_sm so far. */
  readonly delivered: readonly Pdu[];
  /** Every PDU so far by its command's name. */
  readonly heard: readonly string[];
  /** The answer; null when the connection closes first. */
  submit(fields?: PduFields): Promise<Pdu | null>;
  /** Resolves once so many deliver_sm came. */
  deliveries(count: number): Promise<readonly Pdu[]>;
  readonly closed: Promise<void>;
  isClosed(): boolean;
}

export const MESSAGE: PduFields = {
  source_addr_ton: 5,
  source_addr: 'Herald',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '79161234567',
  registered_delivery: 1,
  data_coding: 0,
  short_message: Buffer.from('Hello', 'latin1'),
};

/** A session that is connected and not bound; it ends with the test. */
export async function unbound(port: number): Promise<Session> {
  const session = smpp.connect({ host: '127.0.0.1', port });
  session.on('error', () => session.destroy());
  onTestFinished(() => session.destroy());
  await once(session, 'connect');
  session.socket.setNoDelay(true);
  return session;
}

export async function esmeOf(port: number, options: EsmeOptions = {}): Promise<Esme> {
  const session = await unbound(port);
  const delivered: Pdu[] = [];
  const heard: string[] = [];
  let isClosed = false;
  const closed = new Promise<void>((resolve) => session.once('close', resolve)).then(() => {
    isClosed = true;
  });
  session.on('pdu', (pdu) => heard.push(pdu.command));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => session.send(pdu.response()));
  session.on('deliver_sm', (pdu) => {
    delivered.push(pdu);
    const status = options.acknowledge === undefined ? 0 : options.acknowledge(pdu);
    if (status !== null) session.send(pdu.response({ command_status: status }));
  });

  const ask = (request: (answered: (pdu: Pdu) => void) => void): Promise<Pdu | null> =>
    Promise.race([new Promise<Pdu>(request), closed.then(() => null)]);
  const bind = `bind_${options.as ?? 'transceiver'}` as const;
  const credentials = { system_id: options.systemId ?? 'herald', password: options.password ?? 'secret' };
  const bound = await ask((answered) => session[bind](credentials, answered));
  return {
    session,
    bound,
    delivered,
    heard,
    submit: (fields = {}) => ask((answered) => session.submit_sm({ ...MESSAGE, ...fields }, answered)),
    deliveries: (count) => eventually(() => (delivered.length >= count ? delivered : null)),
    closed,
    isClosed: () => isClosed,
  };
}

/** Asks again and again until there is an answer. */
export async function eventually<T>(ask: () => T | null | undefined | false): Promise<T> {
  return vi.waitFor(
    () => {
      const answer = ask();
      if (answer === null || answer === undefined || answer === false) throw new Error('not yet');
      return answer;
    },
    { interval: 3, timeout: 4_000 },
  );
}

/** Lets whatever is to happen soon happen; for the few tests that nothing happens. */
export const aMoment = (ms = 60): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a receipt says in its text. */
export function receiptText(pdu: Pdu): string {
  const { short_message: message } = pdu;
  if (message === undefined || Buffer.isBuffer(message)) throw new Error('no text');
  return message.message.toString();
}

/** What one field of a receipt's text says. */
export const receiptField = (pdu: Pdu, field: 'id' | 'stat' | 'err' | 'dlvrd'): string | undefined =>
  new RegExp(`\\b${field}:(\\S*)`).exec(receiptText(pdu))?.[1];

export interface RawSocket {
  readonly socket: Socket;
  readonly heard: () => Buffer;
  readonly closed: Promise<void>;
}

/** A bare socket that ends with the test, and all that came through it. */
export async function rawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {}); // a close always follows
  onTestFinished(() => {
    socket.destroy();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await Promise.race([once(socket, 'connect').catch(() => null), closed]);
  return { socket, heard: () => Buffer.concat(chunks), closed };
}
