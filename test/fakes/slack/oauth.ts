/** Slack's OAuth, version 2, with token rotation: a code is good once, a refresh token is good once, tokens last twelve hours. */
import { randomUUID } from 'node:crypto';
import type { Answer, Fields } from './methods.ts';
import type { Team, World } from './world.ts';

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
}

export interface OAuth {
  /** An admin of the workspace agrees to what the address asks for: where the browser is sent then. */
  agree(address: string, team: Team): string;
  access(fields: Fields): Answer;
  /** Slack cannot renew tokens just now. */
  isBroken: boolean;
}

const SECONDS = 43_200;

export function createOAuth(world: World, app: OAuthApp, now: () => number): OAuth {
  const codes = new Map<
    string,
    { readonly team: Team; readonly redirect: string; readonly scopes: readonly string[] }
  >();
  const refreshing = new Map<string, { readonly team: Team; readonly scopes: readonly string[] }>();

  function granted(team: Team, scopes: readonly string[]): Answer {
    const token = `xoxe.xoxb-1-${randomUUID()}`;
    const refresh = `xoxe-1-${randomUUID()}`;
    world.tokens.set(token, { token, team: team.id, scopes, expiresAt: now() + SECONDS * 1000, isRevoked: false });
    refreshing.set(refresh, { team, scopes });
    return {
      ok: true,
      access_token: token,
      refresh_token: refresh,
      expires_in: SECONDS,
      token_type: 'bot',
      scope: scopes.join(','),
      bot_user_id: team.botUser,
      app_id: 'A1',
      team: { id: team.id, name: team.name },
      enterprise: team.enterprise === null ? null : { id: team.enterprise, name: 'Organisation' },
      authed_user: { id: 'U0' },
      is_enterprise_install: false,
    };
  }

  const oauth: OAuth = {
    isBroken: false,
    agree(address, team) {
      const { searchParams } = new URL(address);
      if (searchParams.get('client_id') !== app.clientId) throw new Error('invalid_client_id');
      if (searchParams.get('redirect_uri') !== app.redirectUrl) throw new Error('bad_redirect_uri');
      const code = randomUUID();
      const scopes = (searchParams.get('scope') ?? '').split(',');
      codes.set(code, { team, redirect: app.redirectUrl, scopes });
      const back = new URL(app.redirectUrl);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return back.href;
    },
    access(fields) {
      if (oauth.isBroken) return { ok: false, error: 'internal_error' };
      if (fields.client_id !== app.clientId) return { ok: false, error: 'invalid_client_id' };
      if (fields.client_secret !== app.clientSecret) return { ok: false, error: 'bad_client_secret' };
      if (fields.grant_type === 'refresh_token') {
        const known = refreshing.get(String(fields.refresh_token));
        if (!known) return { ok: false, error: 'invalid_refresh_token' };
        refreshing.delete(String(fields.refresh_token));
        return granted(known.team, known.scopes);
      }
      const code = codes.get(String(fields.code));
      if (!code) return { ok: false, error: 'invalid_code' };
      codes.delete(String(fields.code));
      if (fields.redirect_uri !== undefined && fields.redirect_uri !== code.redirect)
        return { ok: false, error: 'bad_redirect_uri' };
      return granted(code.team, code.scopes);
    },
  };
  return oauth;
}
