/**
 * One request over an agent of ours, and the answer whatever its status. Nothing goes out twice: no redirect is followed, no proxy of the
 * environment is used. Throws where there was no answer; such an error holds the request, so only its code may be told.
 */
import type { Agent } from 'node:http';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly agent: Agent;
  readonly timeoutMs: number;
  /** Longer answers are none. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** The header of that name, where there is one. */
  readonly header: (name: string) => string | undefined;
}

export async function exchange({ method, url, headers, body, agent, ...how }: Exchange): Promise<Answered> {
  // Loaded when it is first asked for: most processes of an installation never speak HTTP to anybody.
  const { default: axios } = await import('axios');
  const answer = await axios.request<string>({
    method,
    url,
    headers: { ...headers },
    data: body,
    httpAgent: agent,
    httpsAgent: agent,
    timeout: how.timeoutMs,
    ...(how.signal && { signal: how.signal }),
    maxRedirects: 0,
    proxy: false,
    maxContentLength: how.mostBytes,
    responseType: 'text',
    transformRequest: [(text) => text],
    transformResponse: [(text) => text],
    validateStatus: () => true,
  });
  return {
    status: answer.status,
    body: String(answer.data ?? ''),
    header: (name) => {
      const value: unknown = answer.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}
