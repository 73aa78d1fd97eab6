/** Posts receipts from a process of its own, and says at the end what it heard, as one line of JSON. */
import { postAll } from './posts.ts';
import type { PostingOrder } from './receipt-post.ts';

console.log(JSON.stringify(await postAll(JSON.parse(process.argv[2]!) as PostingOrder)));
