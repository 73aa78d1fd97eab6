/**
 * Posts receipts as a gateway in a hurry does: kept-alive connections, one post at a time on each, the next as soon as one is
 * answered. Written on bare sockets, so that asking costs less than answering.
 */
import { connect } from 'node:net';
import { type PostingOrder, postOf } from './receipt-post.ts';

/** What was heard: answers by status, and how long 95 of 100 of them took at most. */
export interface HeardPosts {
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p95Ms: number;
}

export async function postAll(order: PostingOrder): Promise<HeardPosts> {
  const statuses: Record<string, number> = {};
  const waits: number[] = [];
  let next = order.from;
  const began = performance.now();
  await Promise.all(Array.from({ length: order.connections }, keepPosting));
  const seconds = (performance.now() - began) / 1000;
  return { seconds, statuses, p95Ms: waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? 0 };

  /** One connection, until there is nothing left to post. */
  function keepPosting(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(order.port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
      let answer = '';
      let postedAt = 0;
      const post = (): void => {
        if (next === order.from + order.count) {
          resolve();
          return void socket.end();
        }
        postedAt = performance.now();
        socket.write(postOf(order, next++));
      };
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
      socket.once('connect', post);
      socket.on('data', (chunk: string) => {
        answer += chunk;
        if (answer.length < endOf(answer)) return;
        const status = answer.slice(9, 12);
        answer = '';
        statuses[status] = (statuses[status] ?? 0) + 1;
        waits.push(performance.now() - postedAt);
        post();
      });
    });
  }
}

/** Where the answer ends that begins here; beyond everything while its head is not whole. */
function endOf(answer: string): number {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return Number.POSITIVE_INFINITY;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) throw new Error('an answer without a length');
  return head + 4 + Number(length);
}
