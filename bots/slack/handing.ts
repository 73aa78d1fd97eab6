/**
 * The file of a card, handed over in a private conversation in Slack's three steps: an address to put the bytes to, the bytes,
 * and where to share them (docs.slack.dev/messaging/working-with-files). The bytes go to Slack and to nobody else.
 */
import { openAsBlob } from 'node:fs';
import type { webApi } from '@slack/bolt';
import type { NotHanded } from '../../src/chat/handing.ts';
import type { Attachment } from '../../src/staff/card.ts';
import { isSlacksOwn } from './download.ts';
import { outcomeOf } from './outcome.ts';

export interface Handing {
  readonly client: webApi.WebClient;
  /** Where the Web API is when it is not Slack's own: files go there as well. */
  readonly apiUrl: string | null;
  /** Breaks off the upload. */
  readonly ending: AbortSignal;
  /** Calls again where Slack asks to wait. */
  readonly insistently: <T>(method: 'chat.postMessage', call: () => Promise<T>) => Promise<T>;
}

export type Handed =
  | { readonly kind: 'handed' }
  /** `cause` is for the log. */
  | { readonly kind: 'not'; readonly why: NotHanded; readonly cause: unknown };

export async function handOver(
  { client, apiUrl, ending, insistently }: Handing,
  { channel, thread }: { readonly channel: string; readonly thread?: string | undefined },
  { name, path }: Attachment,
): Promise<Handed> {
  let id: string;
  try {
    const bytes = await openAsBlob(path);
    const asked = { filename: name, length: bytes.size };
    const place = await insistently('chat.postMessage', () => client.files.getUploadURLExternal(asked));
    await upload(bytes, place.upload_url ?? '', apiUrl, ending);
    id = place.file_id ?? '';
  } catch (cause) {
    // What was not shared is seen by nobody.
    return { kind: 'not', why: { kind: 'failed' }, cause };
  }
  try {
    const files: [{ id: string; title: string }] = [{ id, title: name }];
    const shared =
      thread === undefined ? { files, channel_id: channel } : { files, channel_id: channel, thread_ts: thread };
    await insistently('chat.postMessage', () => client.files.completeUploadExternal(shared));
    return { kind: 'handed' };
  } catch (cause) {
    const { kind } = outcomeOf(cause, 'chat.postMessage');
    return { kind: 'not', why: { kind: kind === 'unknown' ? 'unsure' : 'failed' }, cause };
  }
}

async function upload(bytes: Blob, address: string, apiUrl: string | null, signal: AbortSignal): Promise<void> {
  if (!isSlacksOwn(address, apiUrl)) throw new Error('Slack named an address for a file that is not its own');
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await fetch(address, { method: 'POST', headers, body: bytes, redirect: 'error', signal });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`Slack answered a file with status ${answer.status}`);
}
