/**
 * The token endpoint for service accounts (RFC 7523): checks the signed assertion as Google does (issuer, scope, audience, expiry,
 * whom it acts for) and gives a token for an hour. By the real clock,
 * whatever clock the test goes by: the library that signs knows no other.
 */
import { randomUUID, verify } from 'node:crypto';
import { z } from 'zod';
import { tokenRefusal } from './refusal.ts';

export interface Caller {
  /** Who the caller acts as: the service account, or the employee in whose place it stands. */
  readonly email: string;
  readonly scopes: readonly string[];
}

export interface TokenRules {
  readonly account: string;
  readonly publicKey: string;
  /** People of the domain for whom the account may act; none while delegation is not granted. */
  readonly people: ReadonlySet<string>;
}

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const claims = z.object({
  iss: z.string(),
  scope: z.string(),
  aud: z.string(),
  exp: z.number(),
  iat: z.number(),
  sub: z.string().optional(),
});

export function tokens({ account, publicKey, people }: TokenRules) {
  const given = new Map<string, Caller & { readonly until: number }>();
  return {
    give(form: URLSearchParams): unknown {
      if (form.get('grant_type') !== GRANT) throw tokenRefusal(400, 'unsupported_grant_type', 'Invalid grant_type');
      const [head = '', body = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const signed = verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${body}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      );
      if (!signed) throw tokenRefusal(400, 'invalid_grant', 'Invalid JWT Signature.');
      const { iss, scope, aud, exp, iat, sub } = claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      if (iss !== account) throw tokenRefusal(400, 'invalid_grant', 'Invalid grant: account not found');
      if (aud !== AUDIENCE) throw tokenRefusal(400, 'invalid_grant', 'Invalid JWT: Failed audience check.');
      const seconds = Date.now() / 1000;
      if (exp < seconds || iat > seconds + 300 || exp - iat > 3600) {
        throw tokenRefusal(400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)');
      }
      if (sub !== undefined && sub !== account && !people.has(sub)) {
        if (people.size > 0) throw tokenRefusal(400, 'invalid_grant', 'Invalid email or User ID');
        throw tokenRefusal(
          401,
          'unauthorized_client',
          'Client is unauthorized to retrieve access tokens using this method.',
        );
      }
      const access_token = `ya29.${randomUUID()}`;
      given.set(access_token, { email: sub ?? account, scopes: scope.split(' '), until: Date.now() + 3_600_000 });
      return { access_token, expires_in: 3599, token_type: 'Bearer' };
    },
    /** Who holds the token of this Authorization header; null when nobody does, or no longer. */
    holder(header: string | undefined): Caller | null {
      const holder = given.get(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '');
      return holder && holder.until > Date.now() ? holder : null;
    },
  };
}
