/**
 * Google for tests: Sheets v4, Drive v3 and the token endpoint on a port of this machine, by Google's rules: quotas, sharing,
 * limits of the grid, ragged rows, formulas. What is asked and answered is held against Google's own description of its APIs. A
 * test holds people's hands: they sort, insert, delete and type when it says so, also between two calls.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Api, api, type Found } from './discovery.ts';
import { driveService } from './drive-service.ts';
import { masked } from './fields.ts';
import { quota } from './quota.ts';
import { driveRefusal, Refusal, sheetsRefusal } from './refusal.ts';
import { sheetsService } from './sheets-service.ts';
import { type DriveFile, type HeldTab, type Role, SHEET_TYPE, Spreadsheet } from './spreadsheet.ts';
import { type Caller, tokens } from './token.ts';

export interface FakeGoogleOptions {
  readonly now?: () => number;
  readonly quota?: { readonly read: number; readonly write: number };
}

/** One call as it arrived. */
export interface SeenCall {
  readonly method: string;
  readonly user: string;
  readonly at: number;
  readonly bytes: number;
  readonly status: number;
}

export type FakeGoogle = Awaited<ReturnType<typeof startGoogle>>;

const APIS: readonly Api[] = [api('sheets'), api('drive')];
/** What a request may weigh; Google recommends 2 MB and breaks off far above it. */
const MOST_BYTES = 10_000_000;
const WRITES = new Set([
  'spreadsheets.batchUpdate',
  'spreadsheets.values.batchUpdate',
  'spreadsheets.values.batchUpdateByDataFilter',
]);
const SHEETS_SCOPE = 'https://www.googleapis.com/auth/spreadsheets';

/** One pair for all: making it takes a while. */
const KEYS = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const ACCOUNT = 'herald@example-project.iam.gserviceaccount.com';

export async function startGoogle({
  now = Date.now,
  quota: perMinute = { read: 60, write: 60 },
}: FakeGoogleOptions = {}) {
  const files = new Map<string, DriveFile>();
  const people = new Set<string>();
  const calls: SeenCall[] = [];
  const hooks: { method: string; run: () => void }[] = [];
  let trouble: { readonly status: number; readonly until: number } | null = null;
  /** Answers that are lost on their way, after the work was done. */
  const lost: string[] = [];
  let underWay = 0;
  const quotas = quota(perMinute, now);
  const token = tokens({ account: ACCOUNT, publicKey: KEYS.publicKey, people });
  const drive = driveService(now);
  const changed = (file: DriveFile) => {
    file.modifiedTime = now();
    drive.changed(file);
  };

  function answer(at: Api, found: Found, caller: Caller, query: URLSearchParams, body: unknown): unknown {
    const refuse = (code: number, reason: string, message: string) =>
      at.name === 'sheets' ? sheetsRefusal(code, message) : driveRefusal(code, reason, message);
    const queryFault = found.queryFault(query) ?? (found.request === undefined ? null : at.fault(found.request, body));
    if (queryFault) throw refuse(400, 'badRequest', `Invalid JSON payload received. ${queryFault}`);
    if (trouble && trouble.until > now())
      throw refuse(
        trouble.status,
        'backendError',
        trouble.status === 429 ? 'Quota exceeded for quota metric' : 'The service is currently unavailable.',
      );
    const next = hooks.findIndex((hook) => hook.method === found.method);
    if (next >= 0) hooks.splice(next, 1)[0]!.run();
    return at.name === 'sheets' ? answerSheets(found, caller, query, body) : answerDrive(found, caller, query, body);
  }

  function answerSheets(found: Found, caller: Caller, query: URLSearchParams, body: unknown): unknown {
    const writes = WRITES.has(found.method);
    quotas.count(caller.email, writes ? 'write' : 'read');
    if (!caller.scopes.includes(SHEETS_SCOPE))
      throw sheetsRefusal(403, 'Request had insufficient authentication scopes.');
    const file = files.get(found.path.spreadsheetId!);
    if (!file) throw sheetsRefusal(404, 'Requested entity was not found.');
    const role = file.shared.get(caller.email);
    if (!role || (writes && role !== 'writer')) throw sheetsRefusal(403, 'The caller does not have permission');
    if (!(file instanceof Spreadsheet))
      throw sheetsRefusal(400, 'This operation is not supported for this document', 'FAILED_PRECONDITION');
    return sheetsService(found.method, file, query, body, found.path);
  }

  function answerDrive(found: Found, caller: Caller, query: URLSearchParams, body: unknown): unknown {
    const mayRead = (id: string) => files.get(id)?.shared.has(caller.email) ?? false;
    if (found.method === 'channels.stop') return drive.stop(body);
    if (found.method === 'changes.getStartPageToken') return drive.startPage();
    if (found.method === 'changes.list') return drive.changes(query.get('pageToken') ?? '', mayRead);
    const id = found.path.fileId!;
    const file = files.get(id);
    // What one may not see is not there.
    if (!file || !mayRead(id)) throw driveRefusal(404, 'notFound', `File not found: ${id}.`);
    if (found.method === 'files.watch') return drive.watch(file, body);
    if (query.get('alt') !== 'media') return drive.get(file, caller.email);
    if (file.mimeType === SHEET_TYPE || !file.bytes) {
      throw driveRefusal(
        403,
        'fileNotDownloadable',
        'Only files with binary content can be downloaded. Use Export with Docs Editors files.',
      );
    }
    return file.bytes;
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const bytes = await buffer(request);
    if (url.pathname === '/token') return send(response, 200, token.give(new URLSearchParams(bytes.toString())));
    for (const at of APIS) {
      const found = at.find(request.method ?? 'GET', url.pathname);
      if (!found) continue;
      const caller = token.holder(request.headers.authorization);
      const seen = { method: found.method, user: caller?.email ?? 'nobody', at: now(), bytes: bytes.length };
      try {
        if (!caller)
          throw sheetsRefusal(401, 'Request had invalid authentication credentials. Expected OAuth 2 access token');
        if (bytes.length > MOST_BYTES)
          throw sheetsRefusal(413, 'Request payload size exceeds the limit: 10485760 bytes.');
        const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
        const said = answer(at, found, caller, url.searchParams, body);
        const wrong =
          Buffer.isBuffer(said) || found.response === undefined
            ? null
            : at.fault(found.response, JSON.parse(JSON.stringify(said)));
        if (wrong) throw new Error(`the fake's answer to ${found.method} is not what Google describes: ${wrong}`);
        calls.push({ ...seen, status: 200 });
        const drop = lost.indexOf(found.method);
        if (drop >= 0) {
          lost.splice(drop, 1);
          return void response.destroy();
        }
        return Buffer.isBuffer(said)
          ? void response.writeHead(200).end(said)
          : send(response, 200, masked(said ?? {}, url.searchParams.get('fields')));
      } catch (failure) {
        calls.push({ ...seen, status: failure instanceof Refusal ? failure.code : 500 });
        throw failure;
      }
    }
    throw sheetsRefusal(404, `the fake knows no ${request.method} ${url.pathname}`);
  }

  const server = createServer((request, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    take(request, response).catch((failure: unknown) => {
      if (failure instanceof Refusal) return send(response, failure.code, failure.body);
      return send(response, 500, {
        error: { code: 500, message: String((failure as Error).stack), status: 'INTERNAL' },
      });
    });
  });
  // Whoever stood still for a while would find its connections closed in the very moment of a call, and not know what came of it.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What the key file of a service account says. */
    account: {
      type: 'service_account',
      client_email: ACCOUNT,
      private_key: KEYS.privateKey,
      token_uri: 'https://oauth2.googleapis.com/token',
    },
    calls,
    /** Whether a call is being answered. */
    busy: () => underWay > 0,
    /** How many calls to Sheets were answered. */
    sheetsCalls: () => calls.filter(({ method }) => method.startsWith('spreadsheets.')).length,
    files,
    /** People for whom the account may act. */
    people,
    drive,
    /** Holds a spreadsheet, in the place of what was there; shared with the account for editing where not said otherwise. */
    hold(
      id: string,
      tabs: readonly HeldTab[],
      { name = id, shared = { [ACCOUNT]: 'writer' } as Readonly<Record<string, Role>> } = {},
    ): Spreadsheet {
      const before = files.get(id);
      const book = before instanceof Spreadsheet ? before : new Spreadsheet(id, name, now(), changed);
      book.shared.clear();
      for (const [email, role] of Object.entries(shared)) book.shared.set(email, role);
      files.set(id, book);
      book.hold(tabs);
      return book;
    },
    holdFile(
      id: string,
      { name, mimeType, bytes }: Pick<DriveFile, 'name' | 'mimeType'> & { bytes: Buffer },
    ): DriveFile {
      const file: DriveFile = {
        id,
        name,
        mimeType,
        bytes,
        shared: new Map([[ACCOUNT, 'writer']]),
        version: 1,
        modifiedTime: now(),
        trashed: false,
      };
      files.set(id, file);
      return file;
    },
    /** Does something when the next call of this method has arrived, before it is answered. */
    before(method: string, run: () => void): void {
      hooks.push({ method, run });
    },
    /** Nobody does anything any more. */
    forget(): void {
      hooks.length = 0;
    },
    /** Answers everything with this status for so many minutes. */
    fail(status: 429 | 503, minutes: number): void {
      trouble = { status, until: now() + minutes * 60_000 };
    },
    /** Does what the next call of this method asks, and loses the answer. */
    loseAnswer(method: string): void {
      lost.push(method);
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await drive.settled();
    },
  };
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
