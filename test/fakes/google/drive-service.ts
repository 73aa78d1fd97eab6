/** Drive v3 over the fake's files: what they are, their bytes, and telling those who watch them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { driveRefusal } from './refusal.ts';
import type { DriveFile } from './spreadsheet.ts';

const channel = z.object({
  id: z.string(),
  type: z.literal('web_hook'),
  address: z.url(),
  token: z.string().max(256).optional(),
  expiration: z.string().optional(),
});

interface Watch {
  readonly id: string;
  readonly file: string;
  readonly resourceId: string;
  readonly address: string;
  readonly token: string | undefined;
  readonly until: number;
  messages: number;
}

const HOUR = 3_600_000;

export function driveService(now: () => number) {
  const watches = new Map<string, Watch>();
  /** Addresses that Google will not call: their certificate is none. */
  const unwelcome = new Set<string>();
  const changes: { fileId: string; time: number }[] = [];
  /** Notices on their way; a test waits for them. */
  const underWay = new Set<Promise<unknown>>();

  function tell(watch: Watch, state: 'sync' | 'update'): void {
    watch.messages += 1;
    const headers = {
      'X-Goog-Channel-ID': watch.id,
      'X-Goog-Message-Number': String(watch.messages),
      'X-Goog-Resource-ID': watch.resourceId,
      'X-Goog-Resource-State': state,
      'X-Goog-Resource-URI': `https://www.googleapis.com/drive/v3/files/${watch.file}?alt=json`,
      'X-Goog-Channel-Expiration': new Date(watch.until).toUTCString(),
      ...(watch.token === undefined ? {} : { 'X-Goog-Channel-Token': watch.token }),
      ...(state === 'update' ? { 'X-Goog-Changed': 'content,properties' } : {}),
    };
    const call = fetch(watch.address, { method: 'POST', headers }).then(
      (answer) => answer.arrayBuffer(),
      () => {},
    );
    underWay.add(call);
    void call.finally(() => underWay.delete(call));
  }

  return {
    get(file: DriveFile, user: string): unknown {
      const role = file.shared.get(user);
      return {
        kind: 'drive#file',
        id: file.id,
        name: file.name,
        mimeType: file.mimeType,
        trashed: file.trashed,
        version: String(file.version),
        modifiedTime: new Date(file.modifiedTime).toISOString(),
        capabilities: { canEdit: role === 'writer', canDownload: true },
        ...(file.bytes ? { size: String(file.bytes.length) } : {}),
      };
    },
    watch(file: DriveFile, body: unknown): unknown {
      const { id, address, token, expiration } = channel.parse(body);
      if (unwelcome.has(address)) {
        throw driveRefusal(401, 'push.webhookUrlUnauthorized', `Unauthorized WebHook callback channel: ${address}`);
      }
      if (watches.has(id)) throw driveRefusal(400, 'channelIdNotUnique', `Channel id ${id} not unique`);
      // A channel of a file ends after a hour where nothing is said, and after a day at most.
      const until = Math.min(expiration === undefined ? now() + HOUR : Number(expiration), now() + 24 * HOUR);
      const watch = { id, file: file.id, resourceId: `r-${file.id}`, address, token, until, messages: 0 };
      watches.set(id, watch);
      tell(watch, 'sync');
      return {
        kind: 'api#channel',
        id,
        resourceId: watch.resourceId,
        resourceUri: `https://www.googleapis.com/drive/v3/files/${file.id}`,
        expiration: String(until),
      };
    },
    stop(body: unknown): void {
      const { id, resourceId } = z.object({ id: z.string(), resourceId: z.string() }).parse(body);
      if (watches.get(id)?.resourceId !== resourceId)
        throw driveRefusal(404, 'notFound', `Channel '${id}' not found for project '1'`);
      watches.delete(id);
    },
    startPage: () => ({ kind: 'drive#startPageToken', startPageToken: String(changes.length + 1) }),
    changes(pageToken: string, mayRead: (file: string) => boolean): unknown {
      const since = changes.slice(Number(pageToken) - 1).filter(({ fileId }) => mayRead(fileId));
      return {
        kind: 'drive#changeList',
        newStartPageToken: String(changes.length + 1),
        changes: since.map(({ fileId, time }) => ({
          kind: 'drive#change',
          changeType: 'file',
          fileId,
          removed: false,
          time: new Date(time).toISOString(),
        })),
      };
    },
    /** Channels end silently. */
    changed(file: DriveFile): void {
      changes.push({ fileId: file.id, time: now() });
      for (const watch of watches.values()) if (watch.file === file.id && watch.until > now()) tell(watch, 'update');
    },
    channels: () =>
      [...watches.values()].filter(({ until }) => until > now()).map(({ id, file, until }) => ({ id, file, until })),
    settled: async () => {
      await Promise.all(underWay);
    },
    unwelcome,
    newChannelId: randomUUID,
  };
}
