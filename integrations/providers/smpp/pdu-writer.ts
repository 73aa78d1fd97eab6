/** Writes PDUs to a socket. What is written in one turn of the event loop goes to the kernel in one call. */
import type { Socket } from 'node:net';

/** Writes one PDU; nothing at all when the socket takes no more. */
export type WritePdu = (pdu: Buffer) => void;

export function pduWriter(socket: Socket): WritePdu {
  let corked = false;

  function uncork(): void {
    corked = false;
    socket.uncork();
  }

  return (pdu) => {
    if (!socket.writable) return;
    if (!corked) {
      corked = true;
      socket.cork();
      setImmediate(uncork);
    }
    socket.write(pdu);
  };
}
