/** The operator behind its port: accounts, sessions, and what it can be told while it runs. */
import type { Socket } from 'node:net';
import { Account, type AccountHouse, type InboundSms } from './account.ts';
import { type BadPdu, badPdu } from './bad-pdus.ts';
import { seededRandom } from './chance.ts';
import type { AccountState, OperatorState } from './controls.ts';
import type { Unnumbered } from './entry.ts';
import { type FaultChange, NO_CONNECTION_FAULTS, NO_FAULTS, withChange } from './faults.ts';
import type { OperatorSettings } from './options.ts';
import { ESM, writeDeliver } from './pdus.ts';
import type { Recorder } from './recorder.ts';
import { Session, type SessionHouse } from './session.ts';
import { createTurn, type Turn } from './turn.ts';
import { createWheel, type Wheel } from './wheel.ts';
import { COMMAND, pdu, STATUS } from './wire.ts';

/** The machine's monotonic clock in ms, to the microsecond: the same in all processes. */
const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

export class Smsc {
  readonly #settings: OperatorSettings;
  readonly #recorder: Recorder;
  readonly #turn: Turn;
  readonly #wheel: Wheel = createWheel(monotonicMs);
  readonly #accounts: readonly Account[];
  readonly #house: SessionHouse;
  readonly #sessions = new Set<Session>();
  /** Connections that a black hole took. */
  readonly #swallowed = new Set<Socket>();
  #faults = NO_CONNECTION_FAULTS;
  #recorded = 0;
  #numbered = 0;

  constructor(settings: OperatorSettings, recorder: Recorder) {
    this.#settings = settings;
    this.#recorder = recorder;
    this.#turn = createTurn(recorder);
    const accountHouse: AccountHouse = {
      wheel: this.#wheel,
      now: monotonicMs,
      random: seededRandom(settings.seed),
      seed: settings.seed,
      startedAt: new Date(),
      keepsText: settings.text,
      deliverWindow: settings.deliverWindow,
      record: (entry) => this.#record(entry),
    };
    this.#accounts = settings.accounts.map((account) => new Account(account, NO_FAULTS, accountHouse));
    this.#house = {
      wheel: this.#wheel,
      now: monotonicMs,
      accountOf: (systemId) => this.#accounts.find((account) => account.name === systemId),
      dirty: (connection) => this.#turn.ends(connection),
      closed: (session) => this.#sessions.delete(session),
    };
    this.resetFaults();
  }

  connected(socket: Socket): void {
    if (this.#faults.refuseConnections) socket.resetAndDestroy();
    else if (this.#faults.blackHole) this.#swallow(socket);
    else this.#serve(socket);
  }

  #serve(socket: Socket): void {
    this.#numbered += 1;
    const session = new Session(socket, this.#numbered, this.#house);
    this.#sessions.add(session);
    if (this.#faults.deliverBeforeBind) {
      session.connection.push(pdu(COMMAND.deliver_sm, STATUS.ESME_ROK, session.connection.nextSequence(), EARLY));
    }
  }

  setFaults(change: FaultChange, name?: string): void {
    if (name === undefined) this.#faults = withChange(this.#faults, change);
    for (const account of this.#named(name)) account.faults = withChange(account.faults, change);
  }

  resetFaults(name?: string): void {
    const { faults, faultsOf } = this.#settings;
    if (name === undefined) this.#faults = withChange(NO_CONNECTION_FAULTS, faults);
    for (const account of this.#named(name)) {
      account.faults = withChange(withChange(NO_FAULTS, faults), faultsOf[account.name] ?? {});
    }
  }

  state(): OperatorState {
    return {
      connections: this.#sessions.size + this.#swallowed.size,
      faults: this.#faults,
      accounts: this.#accounts.map(stateOf),
    };
  }

  inbound(sms: InboundSms, name?: string): number {
    return this.#named(name)[0]!.inbound(sms);
  }

  disconnect(name?: string): number {
    const sessions = this.#sessionsOf(name);
    for (const { connection } of sessions) connection.destroy();
    if (name === undefined) for (const socket of this.#swallowed) socket.destroy();
    return sessions.length;
  }

  unbind(name?: string): number {
    const sessions = this.#sessionsOf(name).filter((session) => session.role !== null);
    for (const session of sessions) session.unbind();
    return sessions.length;
  }

  injectBadPdu(kind: BadPdu, name?: string): number {
    const sessions = this.#sessionsOf(name);
    for (const { connection } of sessions) connection.push(badPdu(kind, connection.nextSequence()));
    return sessions.length;
  }

  stop(): void {
    this.#wheel.stop();
    for (const account of this.#accounts) account.mailbox.stop();
    this.disconnect();
  }

  #named(name: string | undefined): readonly Account[] {
    if (name === undefined) return this.#accounts;
    const account = this.#accounts.find((candidate) => candidate.name === name);
    if (account === undefined) throw new Error(`the operator has no account ${name}`);
    return [account];
  }

  #sessionsOf(name: string | undefined): readonly Session[] {
    if (name === undefined) return [...this.#sessions];
    const [account] = this.#named(name);
    return [...this.#sessions].filter((session) => account!.sessions.has(session));
  }

  #swallow(socket: Socket): void {
    this.#swallowed.add(socket);
    socket.on('error', () => {}); // a close always follows
    socket.on('close', () => this.#swallowed.delete(socket));
    socket.resume();
  }

  #record(entry: Unnumbered): void {
    this.#recorded += 1;
    this.#recorder.record({ at: new Date().toISOString(), mono: monotonicMs(), n: this.#recorded, ...entry });
    this.#turn.ends();
  }
}

/** A customer's SMS that came too early. */
const EARLY = writeDeliver({
  from: '79160000000',
  to: '1234',
  esmClass: ESM.plain,
  dataCoding: 0,
  message: Buffer.from('early', 'latin1'),
  tlvs: [],
});

const stateOf = (account: Account): AccountState => ({
  name: account.name,
  binds: [...account.sessions].map(({ id, role, connection }) => ({ id, role, unanswered: connection.unanswered })),
  counts: account.counts,
  receipts: account.mailbox.counts.receipt,
  inbound: account.mailbox.counts.inbound,
  waiting: account.mailbox.waiting,
  unacknowledged: account.mailbox.unacknowledged,
  faults: account.faults,
});
