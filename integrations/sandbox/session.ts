/** The protocol on one connection: bind, enquire_link, unbind, and who gets everything else. */
import type { Socket } from 'node:net';
import type { Account, Role } from './account.ts';
import { Connection } from './connection.ts';
import { oneString, readBind } from './pdus.ts';
import type { Wheel } from './wheel.ts';
import { answerTo, COMMAND, type Frame, isAnswer, pdu, STATUS, type StatusName } from './wire.ts';

const ROLES: ReadonlyMap<number, Role> = new Map([
  [COMMAND.bind_transmitter, 'transmitter'],
  [COMMAND.bind_receiver, 'receiver'],
  [COMMAND.bind_transceiver, 'transceiver'],
]);

/** What a session needs of the operator that it is a session of. */
export interface SessionHouse {
  readonly wheel: Wheel;
  readonly now: () => number;
  accountOf(systemId: string): Account | undefined;
  /** The connection has bytes to flush, or the log has lines. */
  dirty(connection: Connection): void;
  closed(session: Session): void;
}

/** How often silence is looked for. */
const WATCH_MS = 50;
/** How long the other side may take to answer our unbind. */
const UNBIND_MS = 1_000;

export class Session {
  readonly connection: Connection;
  readonly #house: SessionHouse;
  readonly #watch: NodeJS.Timeout;
  #number: number;
  #account: Account | null = null;
  #role: Role | null = null;
  #unbinding = false;
  #enquiredAt: number;
  #enquiryOpen = false;
  /** submit_sm that came on it. */
  submits = 0;

  constructor(socket: Socket, number: number, house: SessionHouse) {
    this.#number = number;
    this.#house = house;
    const events = {
      frame: (frame: Frame) => this.#take(frame),
      closed: () => this.#closed(),
      dirty: () => house.dirty(this.connection),
    };
    this.connection = new Connection(socket, events, house.now);
    this.#enquiredAt = house.now();
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    this.#watch.unref();
  }

  /** Account and running number, such as `herald/3`. */
  get id(): string {
    return `${this.#account?.name ?? '?'}/${this.#number}`;
  }

  get role(): Role | null {
    return this.#role;
  }

  get maySubmit(): boolean {
    return this.#role !== null && this.#role !== 'receiver' && !this.#unbinding;
  }

  /** Sends unbind, and closes when it was answered, or not in time. */
  unbind(): void {
    if (this.#unbinding) return;
    this.#unbinding = true;
    this.#send(COMMAND.unbind);
    this.#house.wheel.after(UNBIND_MS, () => this.connection.endAfterFlush());
  }

  #take(frame: Frame): void {
    switch (frame.command) {
      case COMMAND.bind_transmitter:
      case COMMAND.bind_receiver:
      case COMMAND.bind_transceiver:
        this.#bind(frame);
        break;
      case COMMAND.submit_sm:
        this.#submit(frame);
        break;
      case COMMAND.deliver_sm_resp:
      case COMMAND.generic_nack:
        this.#account?.mailbox.answered(this.connection, frame.sequence, frame.status);
        break;
      case COMMAND.enquire_link:
        if (!this.#account?.faults.ignoreEnquireLink) this.#answer(frame, 'ESME_ROK');
        break;
      case COMMAND.enquire_link_resp:
        this.#enquiryOpen = false;
        break;
      case COMMAND.unbind:
        if (this.#account?.faults.ignoreUnbind) break;
        this.#answer(frame, 'ESME_ROK');
        this.connection.endAfterFlush();
        break;
      case COMMAND.unbind_resp:
        this.connection.endAfterFlush();
        break;
      default:
        this.#reject(frame);
    }
  }

  #submit(frame: Frame): void {
    if (this.#account === null) {
      this.#answer(frame, 'ESME_RINVBNDSTS');
      return;
    }
    this.submits += 1;
    this.#account.takeSubmit(this, frame);
  }

  #bind(frame: Frame): void {
    const read = readBind(frame.body);
    const account = read.ok ? this.#house.accountOf(read.value.systemId) : undefined;
    if (!read.ok || account === undefined) {
      this.#refuse(frame, read.ok ? 'ESME_RINVSYSID' : read.status);
      return;
    }
    if (account.faults.ignoreBind) return;
    const { password } = read.value;
    const { bindDelayMs } = account.faults;
    if (bindDelayMs === 0) this.#decideBind(account, password, frame);
    else this.#house.wheel.after(bindDelayMs, () => this.#decideBind(account, password, frame));
  }

  #decideBind(account: Account, password: string, frame: Frame): void {
    const refusal = this.#account === null ? account.refusesBind(password) : 'ESME_RALYBND';
    if (refusal === null) this.#letIn(account, ROLES.get(frame.command)!, frame);
    else this.#refuse(frame, refusal);
  }

  #letIn(account: Account, role: Role, frame: Frame): void {
    if (!this.connection.isOpen) return;
    this.#account = account;
    this.#role = role;
    account.sessions.add(this);
    this.#answer(frame, 'ESME_ROK', oneString(account.faults.systemId));
    if (role !== 'transmitter') account.mailbox.join(this.connection);
  }

  #refuse(frame: Frame, status: StatusName): void {
    this.#answer(frame, status);
    if (this.#account === null) this.connection.endAfterFlush();
  }

  /** 3.4, 4.3: a request that is not known is answered with generic_nack; an answer that is not, with nothing. */
  #reject(frame: Frame): void {
    if (isAnswer(frame.command)) return;
    this.connection.push(pdu(COMMAND.generic_nack, STATUS.ESME_RINVCMDID, frame.sequence));
  }

  #answer(frame: Frame, status: StatusName, body?: Buffer): void {
    this.connection.push(pdu(answerTo(frame.command), STATUS[status], frame.sequence, body));
  }

  #send(command: number): void {
    this.connection.push(pdu(command, STATUS.ESME_ROK, this.connection.nextSequence()));
  }

  /** Closes when nothing was heard for too long, and asks whether anybody is there. */
  #look(): void {
    if (this.#account === null) return;
    const { idleTimeoutMs, enquireEveryMs } = this.#account.faults;
    const now = this.#house.now();
    const enquiryDue = enquireEveryMs > 0 && now - this.#enquiredAt >= enquireEveryMs;
    const silent = idleTimeoutMs > 0 && now - this.connection.heardAt > idleTimeoutMs;
    if (silent || (enquiryDue && this.#enquiryOpen)) this.connection.endAfterFlush();
    if (!enquiryDue) return;
    this.#enquiredAt = now;
    this.#enquiryOpen = true;
    this.#send(COMMAND.enquire_link);
  }

  #closed(): void {
    clearInterval(this.#watch);
    this.#account?.sessions.delete(this);
    this.#account?.mailbox.leave(this.connection);
    this.#house.closed(this);
  }
}
