/**
 * A little TCP proxy between two processes: slow, one-eyed, or cut, as networks are. What it holds back is not lost: as in a
 * real partition it arrives late, once the proxy is healed, unless the connection was cut before.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** `there`: from the client to the server; `back`: from the server to the client. */
export type Direction = 'there' | 'back';

export interface Proxy {
  readonly port: number;
  /** The port of the server, said before the first connection. */
  leadTo(port: number): void;
  /** Everything takes this much longer in each direction. */
  slow(ms: number): void;
  /** Holds back what goes in this direction until `heal`. */
  hold(...directions: readonly Direction[]): void;
  /** Lets what was held back through, and is as fast as the machine again. */
  heal(): void;
  /** Lets requests through, and cuts the connection instead of handing the next answer back: on the next `count` answers. */
  swallowAnswers(count: number): void;
  /** Cuts all connections; says how many. */
  cut(): number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startProxy(): Promise<Proxy> {
  const pairs = new Set<{ readonly sockets: readonly Socket[]; readonly lanes: readonly Lane[] }>();
  const held = new Set<Direction>();
  let target = 0;
  let latencyMs = 0;
  let toSwallow = 0;

  const server = createServer((client) => {
    const far = connect(target, HOST);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      far.destroy();
    };
    const swallows = (): boolean => {
      if (toSwallow === 0) return false;
      toSwallow -= 1;
      end();
      return true;
    };
    const conditions = (direction: Direction) => ({ isHeld: () => held.has(direction), latencyMs: () => latencyMs });
    const there = lane(far, conditions('there'));
    const back = lane(client, conditions('back'));
    const pair = { sockets: [client, far], lanes: [there, back] };
    pairs.add(pair);
    client.on('data', there.push);
    far.on('data', (bytes) => swallows() || back.push(bytes));
    for (const socket of pair.sockets) socket.setNoDelay(true).on('error', end).on('close', end);
  });
  server.listen(0, HOST);
  await once(server, 'listening');

  const cut = () => {
    const count = pairs.size;
    for (const { sockets } of [...pairs]) for (const socket of sockets) socket.destroy();
    return count;
  };
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target = port;
    },
    slow(ms) {
      latencyMs = ms;
    },
    hold(...directions) {
      for (const direction of directions) held.add(direction);
    },
    heal() {
      held.clear();
      latencyMs = 0;
      for (const { lanes } of pairs) for (const one of lanes) one.pump();
    },
    swallowAnswers(count) {
      toSwallow = count;
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Lane {
  push(bytes: Buffer): void;
  /** Sends what is due. */
  pump(): void;
}

/** One direction of one connection: in order, each chunk when its time has come. */
function lane(to: Socket, { isHeld, latencyMs }: { isHeld: () => boolean; latencyMs: () => number }): Lane {
  const waiting: { readonly bytes: Buffer; readonly due: number }[] = [];
  const pump = () => {
    while (!isHeld() && waiting.length > 0) {
      const wait = waiting[0]!.due - performance.now();
      if (wait > 0) return void setTimeout(pump, wait);
      const { bytes } = waiting.shift()!;
      if (!to.destroyed) to.write(bytes);
    }
  };
  return {
    push(bytes) {
      waiting.push({ bytes, due: performance.now() + latencyMs() });
      pump();
    },
    pump,
  };
}
