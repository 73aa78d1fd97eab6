/** The server's side of a WebSocket (RFC 6455), as much of it as Socket Mode needs: texts both ways, pings answered, and an end. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface ServerSocket {
  send(text: string): void;
  /** Ends it politely. */
  close(): void;
  /** As when a network goes away. */
  cut(): void;
}

const OPCODES = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
/** RFC 6455, 1.3. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function acceptWebSocket(
  request: IncomingMessage,
  stream: Duplex,
  on: { readonly text: (text: string) => void; readonly closed: () => void },
): ServerSocket {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const write = (opcode: number, payload: Buffer) => {
    if (!stream.destroyed && stream.writable) stream.write(Buffer.concat([head(opcode, payload.length), payload]));
  };
  let pending = Buffer.alloc(0);
  let fragments = '';
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = frameIn(pending); frame; frame = frameIn(pending)) {
      pending = pending.subarray(frame.end);
      if (frame.opcode === OPCODES.ping) write(OPCODES.pong, frame.payload);
      if (frame.opcode === OPCODES.close) {
        write(OPCODES.close, frame.payload);
        stream.end();
      }
      if (frame.opcode !== OPCODES.text && frame.opcode !== OPCODES.continuation) continue;
      fragments += frame.payload.toString('utf8');
      if (!frame.isLast) continue;
      on.text(fragments);
      fragments = '';
    }
  });
  stream.once('close', on.closed);
  stream.on('error', () => stream.destroy());
  return {
    send: (text) => write(OPCODES.text, Buffer.from(text, 'utf8')),
    close: () => write(OPCODES.close, Buffer.from([3, 232])),
    cut: () => stream.destroy(),
  };
}

function head(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  const bytes = Buffer.alloc(length < 65_536 ? 4 : 10);
  bytes[0] = 0x80 | opcode;
  bytes[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) bytes.writeUInt16BE(length, 2);
  else bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

/** The first frame of these bytes, unmasked; null when it is not whole yet. */
function frameIn(bytes: Buffer): { opcode: number; isLast: boolean; payload: Buffer; end: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 0x7f;
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (bytes[1]! & 0x80) !== 0;
  const begin = 2 + wide + (isMasked ? 4 : 0);
  if (bytes.length < begin) return null;
  const length = wide === 0 ? short : wide === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < begin + length) return null;
  const payload = Buffer.from(bytes.subarray(begin, begin + length));
  if (isMasked) for (let at = 0; at < length; at++) payload[at]! ^= bytes[begin - 4 + (at % 4)]!;
  return { opcode: bytes[0]! & 0x0f, isLast: (bytes[0]! & 0x80) !== 0, payload, end: begin + length };
}
