/**
 * A file that a person shared with Herald, fetched with the bot's token, which goes to Slack and to nobody else, and only as much of
 * it as is allowed.
 */
import type { webApi } from '@slack/bolt';
import type { TakenUpload, Uploads } from '../../src/platform/uploads.ts';
import type { SlackFile } from './payloads.ts';

export interface Downloads {
  readonly uploads: Uploads;
  readonly limitBytes: number;
  /** Where the Web API is when it is not Slack's own: files are there as well. */
  readonly apiUrl: string | null;
  readonly timeoutMs: number;
}

export type Fetched = TakenUpload | { readonly kind: 'failed'; readonly name: string };

/** `client` and `token` are those of the workspace that the file is in. */
export async function fetchFile(
  downloads: Downloads,
  client: webApi.WebClient,
  token: string,
  given: SlackFile,
): Promise<Fetched> {
  const { limitBytes } = downloads;
  const file = await known(client, given);
  const name = file.name ?? '';
  const address = file.url_private_download ?? file.url_private ?? '';
  if ((file.size ?? 0) > limitBytes) return { kind: 'too-large', limitBytes };
  if (!isSlacksOwn(address, downloads.apiUrl)) return { kind: 'failed', name };
  try {
    const answer = await fetch(address, {
      headers: { authorization: `Bearer ${token}` },
      // Who may not read a file is sent to a page for signing in.
      redirect: 'error',
      signal: AbortSignal.timeout(downloads.timeoutMs),
    });
    if (answer.status !== 200 || !answer.body) {
      await answer.body?.cancel();
      return { kind: 'failed', name };
    }
    return await downloads.uploads.take(name, answer.body);
  } catch {
    return { kind: 'failed', name };
  }
}

/** Of files from other companies' channels Slack tells the id only (docs.slack.dev/apis/slack-connect). */
async function known(client: webApi.WebClient, file: SlackFile): Promise<SlackFile> {
  if (file.url_private || file.url_private_download) return file;
  const { file: told } = await client.files.info({ file: file.id });
  return {
    id: file.id,
    name: told?.name ?? file.name,
    size: told?.size ?? file.size,
    url_private: told?.url_private,
    url_private_download: told?.url_private_download,
  };
}

/** Slack's own hosts by https, or the very server that was configured instead. */
export function isSlacksOwn(address: string, apiUrl: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  if (apiUrl !== null) return origin === new URL(apiUrl).origin;
  return protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'));
}
