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
    socket.write(isDeliverResp(command, fields) ? deliverResp(fields) : new smpp.PDU(command, fields).toBuffer());
  };
}

/** Half of all PDUs of a busy session are these, and they say nothing: the package takes twenty times as long over one. */
const isDeliverResp = (command: string, { sequence_number, command_status = 0, ...rest }: PduFields): boolean =>
  command === 'deliver_sm_resp' && sequence_number !== undefined && Object.keys(rest).length === 0;

const DELIVER_SM_RESP = 0x80000005;
const DELIVER_RESP_BYTES = 17;

/** 4.6.2: the header, and a message_id that is unused and empty. */
function deliverResp({ sequence_number, command_status = 0 }: PduFields): Buffer {
  const pdu = Buffer.alloc(DELIVER_RESP_BYTES);
  pdu.writeUInt32BE(DELIVER_RESP_BYTES, 0);
  pdu.writeUInt32BE(DELIVER_SM_RESP, 4);
  pdu.writeUInt32BE(Number(command_status), 8);
  pdu.writeUInt32BE(Number(sequence_number), 12);
  return pdu;
}
