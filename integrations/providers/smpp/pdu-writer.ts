/** Writes PDUs to a socket. What is written in one turn of the event loop goes to the kernel in one call. */
import type { Socket } from 'node:net';
import smpp, { type PduFields } from 'smpp';

/** Writes one PDU; nothing at all when the socket takes no more. */
export type WritePdu = (command: string, fields: PduFields) => void;

export function pduWriter(socket: Socket): WritePdu {
  let corked = false;

  function uncork(): void {
    corked = false;
    socket.uncork();
  }

  return (command, fields) => {
    if (!socket.writable) return;
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(uncork);
    }
    socket.write(new smpp.PDU(command, fields).toBuffer());
  };
}
