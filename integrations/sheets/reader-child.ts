/**
 * The process that reads files people send, apart from the service: a file that is slow, or kills its reader, harms no one
 * else. Reads requests from stdin, a line of JSON each, until it ends; writes replies to stdout, where a full pipe makes it wait for its
 * reader.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readFile } from './read-file.ts';
import { encodeReply, type ReadRequest } from './wire.ts';

// The service has gone, or wants no more.
process.stdout.on('error', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin })) {
  for await (const reply of readFile(JSON.parse(line) as ReadRequest)) {
    if (!process.stdout.write(encodeReply(reply))) await once(process.stdout, 'drain');
  }
}
