/** How Slack's Web API is called: with an end to waiting, and no repeating of its own, since it cannot know what was shown. */
import { webApi } from '@slack/bolt';
import type { Log } from '../../src/platform/log.ts';
import { boltLogger } from './log.ts';

export interface ClientSettings {
  /** Another address instead of Slack's own. */
  readonly apiUrl: string | null;
  readonly timeoutMs: number;
  readonly log: Log;
}

export const clientOptions = ({ apiUrl, timeoutMs, log }: ClientSettings): webApi.WebClientOptions => ({
  ...(apiUrl !== null && { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
  timeout: timeoutMs,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  logger: boltLogger(log),
});

/** One client for each token: it holds the queue of its calls. */
export function clientsBy(settings: ClientSettings): (token: string) => webApi.WebClient {
  const clients = new Map<string, webApi.WebClient>();
  return (token) => {
    const known = clients.get(token);
    if (known) return known;
    // Renewed tokens leave old ones behind.
    if (clients.size >= MOST_CLIENTS) clients.clear();
    const client = new webApi.WebClient(token, clientOptions(settings));
    clients.set(token, client);
    return client;
  };
}

const MOST_CLIENTS = 200;
