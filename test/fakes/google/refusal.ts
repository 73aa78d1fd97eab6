/** What the fake refuses, in the shapes in which Google's services say it. */

export class Refusal extends Error {
  readonly code: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: number, message: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.body = body;
    this.headers = headers;
  }
}

const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** As Sheets says it (AIP-193). */
export const sheetsRefusal = (code: number, message: string, status = STATUS[code]): Refusal =>
  new Refusal(code, message, { error: { code, message, status } });

/** As Drive says it. */
export const driveRefusal = (code: number, reason: string, message: string): Refusal =>
  new Refusal(code, message, { error: { code, message, errors: [{ domain: 'global', reason, message }] } });

/** As the token endpoint says it (RFC 6749, 5.2). */
export const tokenRefusal = (code: number, error: string, error_description: string): Refusal =>
  new Refusal(code, error, { error, error_description });

export const quotaRefusal = (metric: 'Read' | 'Write'): Refusal => {
  const message = `Quota exceeded for quota metric '${metric} requests' and limit '${metric} requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'.`;
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'RATE_LIMIT_EXCEEDED',
      domain: 'googleapis.com',
      metadata: { service: 'sheets.googleapis.com', quota_limit: `${metric}RequestsPerMinutePerUser` },
    },
  ];
  return new Refusal(429, message, { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details } });
};
