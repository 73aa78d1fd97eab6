/**
 * The process that reads files people send, apart from the service: a file that is slow, or kills its reader, harms no one
 * else. Reads one request from stdin, writes replies to stdout; a full pipe makes it wait for its reader.
 */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { readFile } from './read-file.ts';
import { encodeReply, type ReadRequest } from './wire.ts';

const request = JSON.parse(await text(process.stdin)) as ReadRequest;
// The service has gone, or wants no more.
process.stdout.on('error', () => process.exit(0));
for await (const reply of readFile(request)) {
  if (!process.stdout.write(encodeReply(reply))) await once(process.stdout, 'drain');
}
