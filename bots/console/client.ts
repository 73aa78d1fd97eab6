/** The console's own end: finds the service and says a line to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../src/platform/durable-file.ts';
import type { ConsoleAnswer } from './server.ts';

/** Where the running service wrote that it is, or null. */
export function serviceUrl(dataDir: string): string | null {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'http.json'), 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

export type Heard =
  | { readonly kind: 'answer'; readonly answer: ConsoleAnswer }
  | { readonly kind: 'not-reachable' }
  /** The service is there and did not take it: the status of its answer. */
  | { readonly kind: 'not-taken'; readonly status: number };

export interface Line {
  /** Says a line to Herald. */
  say(text: string): Promise<Heard>;
  /** Asks only whether anything has happened. */
  notices(): Promise<Heard>;
}

/** How long an answer may take: reading a large table is the longest. */
const PATIENCE_MS = 120_000;

export function openLine(url: string, token: string, name: string): Line {
  const ask = async (path: string, init: RequestInit): Promise<Heard> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let response: Response;
    try {
      response = await fetch(new URL(path, url), { ...init, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      return { kind: 'not-reachable' };
    }
    if (!response.ok) return { kind: 'not-taken', status: response.status };
    return { kind: 'answer', answer: (await response.json()) as ConsoleAnswer };
  };
  return {
    say: (text) => ask('/console', { method: 'POST', body: JSON.stringify({ text, name, conversation: 'console' }) }),
    notices: () => ask('/console/notices', {}),
  };
}
