/**
 * One request to the gateway and what came of it. Nothing is sent twice: not after a redirect, not through a proxy of the
 * environment, not on a connection that died.
 */
import type { Agent } from 'node:http';
import type { SendOutcome } from '../../../src/dispatch/provider.ts';
import type { AccountSettings } from './account-settings.ts';
import { exchange } from './exchange.ts';
import type { GatewayAnswer, Submission, SubmitRequest } from './gateway.ts';
import { CONNECT_TIMEOUT, endedEarly, PRIVATE_ADDRESS } from './guard.ts';

/** Longer answers are none. */
const MOST_BYTES = 256 * 1024;

/**
 * What happens before a request is on the wire: nobody was there, or the certificate was not the gateway's. A connection that has
 * carried the request may die of the same (tcp(7): a route that is lost, a record that is broken), so the moment counts as well.
 */
const NEVER_SENT: ReadonlySet<string> = new Set([
  PRIVATE_ADDRESS,
  CONNECT_TIMEOUT,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);
const BAD_CERTIFICATE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** An outcome for each of the `count` messages that the request carries: without an answer, the same for all. */
export async function submit(
  { request, read, ids }: Submission,
  count: number,
  { answerTimeoutMs }: Pick<AccountSettings, 'answerTimeoutMs'>,
  agent: Agent,
  now: () => Date,
): Promise<readonly SendOutcome[]> {
  let answer: GatewayAnswer;
  try {
    answer = await ask(request, answerTimeoutMs, agent);
  } catch (error) {
    const outcome = failed(error);
    return Array.from({ length: count }, (_, index) => withId(outcome, ids?.[index]));
  }
  return read(answer, now()).map((outcome, index) => withId(outcome, ids?.[index]));
}

/** Of what is unknown a receipt may still tell, where we have named it. */
const withId = (outcome: SendOutcome, id: string | undefined): SendOutcome =>
  outcome.kind === 'unknown' && id !== undefined ? { ...outcome, parts: [{ providerMessageId: id }] } : outcome;

async function ask(request: SubmitRequest, timeoutMs: number, agent: Agent): Promise<GatewayAnswer> {
  const { status, body, header } = await exchange({
    method: request.method,
    url: request.url,
    headers: { accept: 'application/json, */*', 'user-agent': 'Herald', ...request.headers },
    body: request.body,
    agent,
    timeoutMs,
    mostBytes: MOST_BYTES,
  });
  return { status, body, retryAfter: header('retry-after') };
}

/** Errors hold the request, and so the phone and the text: only their code is told. */
function failed(error: unknown): SendOutcome {
  const inner = error instanceof Error && error.cause ? error.cause : error;
  const code = codeOf(inner, error);
  if (endedEarly(inner) && (NEVER_SENT.has(code) || BAD_CERTIFICATE.test(code))) {
    return { kind: 'later', why: { code: 'not-connected', detail: code } };
  }
  const isLate = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
  return { kind: 'unknown', why: { code: isLate ? 'no-answer' : 'connection-lost', detail: code } };
}

function codeOf(inner: unknown, error: unknown): string {
  const code = (inner as { code?: unknown }).code ?? (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'unknown error';
}
