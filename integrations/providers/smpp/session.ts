/**
 * One SMPP session: connects, binds, and says of every submit what became of it. It promises that each submit that went
 * to the socket is settled once, with the operator's answer or as lost, however the session ends; that a peer which does
 * not answer, or speaks what is no SMPP, ends the session; and that it ends once, with a reason.
 *
 * From the package come the PDUs written and the protocol's tables. Its own Session is not used: its callbacks never fire
 * when the socket goes, it is deaf after a malformed length, and it does not look whether an enquire_link was answered.
 */
import type { Socket } from 'node:net';
import smpp, { type PduFields } from 'smpp';
import { statusText } from './answers.ts';
import { type Awaited, awaited, type Settle } from './awaited.ts';
import { dial, socketFault } from './dial.ts';
import { glanceEvery, glances } from './glances.ts';
import { type LinkCheck, linkCheck } from './link-check.ts';
import { pduWriter, type WritePdu } from './pdu-writer.ts';
import { deliverResp, pdu, type SubmitFields, submitSm } from './pdus.ts';
import type { SmppSettings } from './settings.ts';
import { type SessionTap, sessionTap, type Tap } from './tap.ts';
import { COMMAND, type Frame, frameCutter, isAnswer, messageIdOf } from './wire.ts';

export type Role = 'transceiver' | 'transmitter' | 'receiver';

export type Ended =
  | { readonly kind: 'bind-refused'; readonly status: number }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'stopped' };

export interface SessionEvents {
  bound(): void;
  /** A deliver_sm or data_sm; `respond` takes a command_status. */
  delivered(frame: Frame, respond: (status: number) => void): void;
  /** Answers came, or the session became ready or ceased to be: look at it again. Once per chunk read, not per PDU. */
  moved(): void;
  /** Once; every submit has been settled before. */
  ended(why: Ended): void;
}

const LAST_SEQUENCE = 0x7fff_ffff; // 3.4, 3.2: 0x00000001 to 0x7FFFFFFF
const INTERFACE_VERSION = 0x34;
/** What the sandbox operator calls itself. */
const SANDBOX = 'herald-sandbox';
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;
const BIND = { transceiver: 'bind_transceiver', transmitter: 'bind_transmitter', receiver: 'bind_receiver' } as const;
/** Windows' worth of submits without an answer that are remembered for a late one. */
const WINDOWS_REMEMBERED = 4;

export class SmppSession {
  readonly #settings: SmppSettings;
  readonly #role: Role;
  readonly #monotonic: () => number;
  readonly #events: SessionEvents;
  readonly #socket: Socket;
  readonly #frames = frameCutter();
  readonly #awaited: Awaited;
  readonly #linkCheck: LinkCheck;
  readonly #write: WritePdu;
  readonly #stopGlances: () => void;
  readonly #tap: SessionTap;

  #state: 'binding' | 'bound' | 'leaving' | 'ended' = 'binding';
  #stateSince: number;
  /** What the far end calls itself: the system_id of its answer to the bind. */
  #peer = '';
  #why: Ended | null = null;
  #sequence = 0;

  /** `monotonic` gives milliseconds of a clock that nobody sets. */
  constructor(
    settings: SmppSettings,
    role: Role,
    monotonic: () => number,
    events: SessionEvents,
    tap: () => Tap | null = () => null,
  ) {
    this.#settings = settings;
    this.#role = role;
    this.#tap = sessionTap(tap);
    this.#monotonic = monotonic;
    this.#events = events;
    this.#awaited = awaited(settings.answerTimeoutMs, WINDOWS_REMEMBERED * settings.window);
    this.#stateSince = monotonic();
    this.#linkCheck = linkCheck(settings.enquireLinkMs, settings.enquireTimeoutMs, this.#stateSince);
    this.#socket = dial(settings, () => this.#bind());
    this.#write = pduWriter(this.#socket);
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(socketFault(error)));
    this.#socket.on('close', () => this.#finish());
    this.#stopGlances = glances(glanceMs(settings), monotonic, (now) => this.#look(now));
  }

  /** A submit may be handed over. */
  get isReady(): boolean {
    return this.whyNotReady === null;
  }

  get whyNotReady(): string | null {
    if (this.#why?.kind === 'lost') return this.#why.detail;
    if (this.#state !== 'bound') return 'not bound';
    if (this.#awaited.silentSince !== null) return 'no submit is answered';
    return this.#socket.writable ? null : 'the connection is closing';
  }

  /** Whether the far end names itself the sandbox operator, and is on this machine. */
  get isSandbox(): boolean {
    return this.#peer === SANDBOX && LOOPBACK.test(this.#socket.remoteAddress ?? '');
  }

  /** Parts on the wire without an answer. */
  get inFlight(): number {
    return this.#awaited.count;
  }

  /** False when nothing was handed to the socket; otherwise `settle` is called, whatever happens. */
  submit(fields: SubmitFields, settle: Settle): boolean {
    if (!this.isReady) return false;
    const sequence = this.#next();
    this.#write(submitSm(fields, sequence));
    this.#awaited.add(sequence, settle, this.#monotonic());
    this.#tap.submitted(fields, sequence);
    return true;
  }

  /** Says goodbye: unbinds, waits a moment for the answer, closes. What is unanswered then is lost. */
  unbind(): void {
    this.#why ??= { kind: 'stopped' };
    if (this.#state === 'bound') {
      this.#become('leaving');
      this.#request('unbind', {});
    } else if (this.#state === 'binding') this.#socket.destroy();
  }

  #become(state: 'bound' | 'leaving'): void {
    this.#state = state;
    this.#stateSince = this.#monotonic();
  }

  #bind(): void {
    const { systemId, password, systemType, addressRange } = this.#settings;
    this.#request(BIND[this.#role], {
      system_id: systemId,
      password,
      system_type: systemType,
      interface_version: INTERFACE_VERSION,
      address_range: addressRange,
    });
  }

  #next(): number {
    this.#sequence = this.#sequence === LAST_SEQUENCE ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  #request(command: string, fields: PduFields): void {
    this.#write(pdu(command, { ...fields, sequence_number: this.#next() }));
  }

  #respond({ sequence }: Frame, command: string, status = 0): void {
    if (command === 'deliver_sm_resp') this.#write(deliverResp(sequence, status));
    else this.#write(pdu(command, { sequence_number: sequence, command_status: status }));
  }

  #read(chunk: Buffer): void {
    const { frames, broken } = this.#frames.cut(chunk);
    for (const frame of frames) this.#receive(frame);
    if (broken !== null) this.#fail(`the operator sent ${broken}`);
    else if (frames.length > 0) this.#events.moved();
  }

  #receive(frame: Frame): void {
    this.#linkCheck.heard(this.#monotonic());
    switch (frame.command) {
      case COMMAND.submitSmResp:
        this.#answered(frame);
        break;
      case COMMAND.deliverSm:
        this.#delivered(frame, 'deliver_sm_resp');
        break;
      case COMMAND.dataSm:
        this.#delivered(frame, 'data_sm_resp');
        break;
      case COMMAND.enquireLink:
        this.#respond(frame, 'enquire_link_resp');
        break;
      case COMMAND.bindTransceiverResp:
      case COMMAND.bindTransmitterResp:
      case COMMAND.bindReceiverResp:
        this.#bindAnswered(frame);
        break;
      case COMMAND.genericNack:
        this.#nacked(frame);
        break;
      case COMMAND.unbind:
        this.#respond(frame, 'unbind_resp');
        this.#leave('the operator unbound');
        break;
      case COMMAND.unbindResp:
        this.#socket.end();
        break;
      default:
        if (!isAnswer(frame.command)) this.#respond(frame, 'generic_nack', smpp.errors.ESME_RINVCMDID);
    }
  }

  #bindAnswered(frame: Frame): void {
    if (this.#state !== 'binding' || this.#why !== null) return;
    if (frame.status !== 0) {
      this.#why = { kind: 'bind-refused', status: frame.status };
      this.#socket.destroy();
      return;
    }
    this.#peer = messageIdOf(frame);
    this.#become('bound');
    this.#events.bound();
  }

  #answered(frame: Frame): void {
    this.#tap.answered(frame);
    const answer = { kind: 'answered', status: frame.status, messageId: messageIdOf(frame) } as const;
    this.#awaited.answered(frame.sequence, answer, this.#monotonic());
    if (frame.status === smpp.errors.ESME_RINVBNDSTS) this.#leave('the operator says that the session is not bound');
    else if (this.#state === 'leaving') this.#endWhenAllAnswered();
  }

  /** 3.4, 4.3: the operator could not read what we sent, by its sequence number; or with 0, it does not know what. */
  #nacked(frame: Frame): void {
    if (this.#awaited.has(frame.sequence)) this.#answered(frame);
    else if (frame.sequence === 0 || this.#state === 'binding')
      this.#fail(`the operator sent generic_nack ${statusText(frame.status)}`);
  }

  #delivered(frame: Frame, answer: string): void {
    this.#tap.delivered(frame);
    if (this.#state === 'binding') this.#respond(frame, answer, smpp.errors.ESME_RINVBNDSTS);
    else this.#events.delivered(frame, (status) => this.#respond(frame, answer, status));
  }

  /** Nothing new goes out; what is on the wire may still be answered. */
  #leave(detail: string): void {
    this.#why ??= { kind: 'lost', detail };
    if (this.#state !== 'leaving') this.#become('leaving');
    this.#endWhenAllAnswered();
  }

  /** Not before our own unbind was answered: that is the end then. */
  #endWhenAllAnswered(): void {
    if (this.#awaited.count === 0 && this.#why?.kind === 'lost') this.#socket.end();
  }

  #look(now: number): void {
    const { bindTimeoutMs, unbindTimeoutMs } = this.#settings;
    const inState = now - this.#stateSince;
    switch (this.#state) {
      case 'binding':
        if (inState >= bindTimeoutMs) this.#fail('the bind was not answered');
        break;
      case 'bound':
        this.#lookAtAnswers(now);
        this.#lookAtLink(now);
        break;
      case 'leaving':
        this.#lookAtAnswers(now);
        if (inState >= unbindTimeoutMs) this.#socket.destroy();
        break;
      case 'ended':
    }
  }

  #lookAtAnswers(now: number): void {
    if (this.#awaited.timeOut(now) > 0) this.#events.moved();
    const { silentSince } = this.#awaited;
    if (silentSince !== null && now - silentSince >= this.#settings.lateAnswersMs) this.#fail('no submit was answered');
  }

  #lookAtLink(now: number): void {
    switch (this.#linkCheck.look(now)) {
      case 'fine':
        break;
      case 'ask':
        this.#request('enquire_link', {});
        break;
      case 'dead':
        this.#fail('enquire_link was not answered');
    }
  }

  #fail(detail: string): void {
    this.#why ??= { kind: 'lost', detail };
    this.#socket.destroy();
  }

  #finish(): void {
    this.#stopGlances();
    this.#state = 'ended';
    const why = this.#why ?? { kind: 'lost', detail: 'the operator closed the connection' };
    this.#awaited.lose(why.kind === 'lost' ? why.detail : 'the session was closed');
    this.#events.ended(why);
  }
}

const glanceMs = (settings: SmppSettings): number =>
  glanceEvery(
    settings.answerTimeoutMs,
    settings.enquireLinkMs,
    settings.enquireTimeoutMs,
    settings.bindTimeoutMs,
    settings.unbindTimeoutMs,
    settings.lateAnswersMs,
  );
