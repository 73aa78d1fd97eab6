/**
 * One TCP connection to the operator: frames in, bytes out. Bytes wait until the end of the turn, when the log stands in
 * its file; then they leave with one write.
 */
import type { Socket } from 'node:net';
import { COMMAND, createFramer, type Frame, pdu, STATUS } from './wire.ts';

export interface ConnectionEvents {
  frame(frame: Frame): void;
  closed(): void;
  /** There are bytes to flush. */
  dirty(): void;
}

/** How long the other side may take to close after we did. */
const LINGER_MS = 1_000;

export class Connection {
  readonly #socket: Socket;
  readonly #dirty: () => void;
  #out: Buffer[] = [];
  #answersOut = 0;
  #sequence = 0;
  /** What happens to the socket after the next flush. */
  #fate: 'stay' | 'end' | 'destroy' | 'closed' = 'stay';
  /** submit_sm that came and were not answered yet; for the window. */
  unanswered = 0;
  /** When anything was last read, by the clock given. */
  heardAt: number;

  constructor(socket: Socket, events: ConnectionEvents, now: () => number) {
    this.#socket = socket;
    this.#dirty = events.dirty;
    this.heardAt = now();
    const framer = createFramer();
    socket.setNoDelay(true);
    socket.on('error', () => {}); // a close always follows
    socket.on('close', () => {
      this.#fate = 'closed';
      events.closed();
    });
    socket.on('data', (chunk) => {
      this.heardAt = now();
      const { frames, broken } = framer(chunk);
      for (const frame of frames) {
        // Once it is to be closed, what came after is as if it had never been read.
        if (this.isOpen) events.frame(frame);
      }
      if (broken) this.#refuseStream();
    });
  }

  get isOpen(): boolean {
    return this.#fate === 'stay';
  }

  nextSequence(): number {
    this.#sequence = this.#sequence === 0x7fffffff ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  push(bytes: Buffer): void {
    if (!this.isOpen) return;
    this.#out.push(bytes);
    this.#dirty();
  }

  /** The answer to a submit_sm: makes room in the window once it leaves. */
  pushAnswer(bytes: Buffer): void {
    this.#answersOut += 1;
    this.push(bytes);
  }

  /** Writes what was pushed, then closes when that was asked for. */
  flush(): void {
    if (this.#out.length > 0 && this.#socket.writable) this.#socket.write(Buffer.concat(this.#out));
    this.#out = [];
    this.unanswered -= this.#answersOut;
    this.#answersOut = 0;
    if (this.#fate === 'destroy') this.destroy();
    if (this.#fate === 'end') this.#end();
  }

  /** Closes politely once what was pushed has left. */
  endAfterFlush(): void {
    if (!this.isOpen) return;
    this.#fate = 'end';
    this.#dirty();
  }

  /** Closes at once after the flush, whatever the other side still says. */
  destroyAfterFlush(): void {
    if (!this.isOpen) return;
    this.#fate = 'destroy';
    this.#dirty();
  }

  destroy(): void {
    this.#fate = 'closed';
    this.#socket.destroy();
  }

  #end(): void {
    this.#fate = 'closed';
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  /** 3.4, 4.3: a PDU whose length cannot be is answered with generic_nack; nothing after it can be read. */
  #refuseStream(): void {
    this.push(pdu(COMMAND.generic_nack, STATUS.ESME_RINVCMDLEN, 0));
    this.endAfterFlush();
  }
}
