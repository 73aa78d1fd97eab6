/** What Google's refusals mean, told apart by their codes and, where Google has no code, by their words. */
import { z } from 'zod';

/**
 * `later`: it may go better in a while, and whether it was done is not known unless `untouched`. `full`: the spreadsheet would
 * have more cells, or more marks, than Google allows. `moved`: what was written to is no longer there.
 */
export type Trouble =
  | { readonly kind: 'not-found' | 'forbidden' | 'not-a-sheet' | 'not-yours' | 'full' | 'moved' }
  | { readonly kind: 'later'; readonly untouched: boolean; readonly afterMs: number | null }
  | { readonly kind: 'broken' };

/** Thrown when Google will not do it, or did not within the time that there was. */
export class GoogleTrouble extends Error {
  readonly kind: Exclude<Trouble['kind'], 'broken' | 'later'> | 'unavailable';
  constructor(kind: GoogleTrouble['kind'], cause: unknown) {
    super(`Google Sheets: ${kind}`, { cause });
    this.name = 'GoogleTrouble';
    this.kind = kind;
  }
}

const failure = z.looseObject({
  status: z.number().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  response: z
    .looseObject({
      status: z.number(),
      headers: z.custom<Headers>((value) => value instanceof Headers).optional(),
      data: z.unknown(),
    })
    .optional(),
});

/** AIP-193, Drive's older form, or RFC 6749. */
const said = z.looseObject({
  error: z.union([
    z.string(),
    z.looseObject({
      message: z.string().default(''),
      status: z.string().default(''),
      errors: z.array(z.looseObject({ reason: z.string().default('') })).default([]),
    }),
  ]),
});

const LIMITED = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'sharingRateLimitExceeded']);

export function troubleOf(thrown: unknown): Trouble {
  const parsed = failure.safeParse(thrown);
  if (!parsed.success) return { kind: 'broken' };
  const { response } = parsed.data;
  // No answer: the network, or a time-out. It may have been done.
  if (!response)
    return thrown instanceof TypeError ? { kind: 'broken' } : { kind: 'later', untouched: false, afterMs: null };
  const body = said.safeParse(response.data).data?.error ?? '';
  const afterMs = retryAfter(response.headers);
  if (typeof body === 'string') return tokenTrouble(body, response.status, afterMs);
  const limited = body.errors.some(({ reason }) => LIMITED.has(reason));
  switch (response.status) {
    case 429:
      return { kind: 'later', untouched: true, afterMs };
    case 404:
      return { kind: 'not-found' };
    case 403:
      if (limited) return { kind: 'later', untouched: true, afterMs };
      return /has not been used|is disabled|insufficient authentication scopes/i.test(body.message)
        ? { kind: 'broken' }
        : { kind: 'forbidden' };
    case 400:
      return badRequest(body.status, body.message);
    default:
      return response.status >= 500 ? { kind: 'later', untouched: false, afterMs } : { kind: 'broken' };
  }
}

function badRequest(status: string, message: string): Trouble {
  if (status === 'FAILED_PRECONDITION' || /not supported for this document/i.test(message))
    return { kind: 'not-a-sheet' };
  if (/above the limit of [\d,]+ (?:cells|columns)|number of cells|storage quota/i.test(message))
    return { kind: 'full' };
  if (/exceeds grid limits|matches no range|no grid with id|unable to parse range|out of bounds/i.test(message))
    return { kind: 'moved' };
  return { kind: 'broken' };
}

/** The token endpoint: whom the service account may not act for has no such address in the company, or left it. */
function tokenTrouble(error: string, status: number, afterMs: number | null): Trouble {
  if (error === 'invalid_grant') return { kind: 'not-yours' };
  return status === 429 || status >= 500 ? { kind: 'later', untouched: status === 429, afterMs } : { kind: 'broken' };
}

function retryAfter(headers: Headers | undefined): number | null {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}
