/**
 * Installing Herald into workspaces over Slack's OAuth: who begins it in a browser must also end it there. What comes of it is kept
 * by the installation store.
 */
import { ExpressReceiver, type Installation, type webApi } from '@slack/bolt';
import type { IRouter } from 'express';
import type { Log } from '../../src/platform/log.ts';
import { type Locale, texts } from '../../src/texts/index.ts';
import type { InstallationStore, Installed } from './installation-store.ts';
import { boltLogger } from './log.ts';
import { SCOPES } from './manifest.ts';

export const INSTALL_PATH = '/slack/install';
export const REDIRECT_PATH = '/slack/oauth_redirect';

export interface InstallOptions {
  /** Ids of the workspaces and organisations that may install Herald; any when null. */
  readonly only: readonly string[] | null;
  readonly store: InstallationStore;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs what travels through the browser. */
  readonly stateSecret: string;
  readonly publicUrl: string;
  readonly apiUrl: string | null;
  readonly clientOptions: webApi.WebClientOptions;
  readonly locale: Locale;
  readonly log: Log;
}

/** The routes that an admin of a workspace installs Herald by. */
export function installRoutes(options: InstallOptions): IRouter {
  const { store, locale, log } = options;
  const { t } = texts(locale);
  const receiver = new ExpressReceiver({
    // It takes no events; Bolt wants a secret all the same.
    endpoints: {},
    signingSecret: options.stateSecret,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    stateSecret: options.stateSecret,
    scopes: [...SCOPES],
    redirectUri: `${options.publicUrl}${REDIRECT_PATH}`,
    logger: boltLogger(log),
    installationStore: {
      storeInstallation: (installation) => store.keep(allowed(options.only, installedBy(installation))),
      fetchInstallation: () => Promise.reject(new Error('tokens are looked up in the store of workspaces')),
    },
    installerOptions: {
      directInstall: true,
      installPath: INSTALL_PATH,
      redirectUriPath: REDIRECT_PATH,
      clientOptions: options.clientOptions,
      ...(options.apiUrl !== null && { authorizationUrl: new URL('/oauth/v2/authorize', options.apiUrl).href }),
      callbackOptions: {
        success: (installation, _options, _request, response) => {
          const name = installation.team?.name ?? installation.enterprise?.name ?? '';
          response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(t('slack.installed', { name }));
        },
        failure: (error, _options, _request, response) => {
          log.warn({ code: error.code }, 'Herald was not installed in a Slack workspace');
          response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(t('slack.not-installed'));
        },
      },
    },
  });
  return receiver.router;
}

/** An app that is distributed can be installed by anybody who has its address. */
function allowed(only: InstallOptions['only'], installed: Installed): Installed {
  if (only === null || [installed.id, installed.enterprise].some((id) => id !== null && only.includes(id)))
    return installed;
  throw new Error(
    `Herald may not be installed in the Slack workspace ${installed.id}: SLACK_WORKSPACES does not name it`,
  );
}

function installedBy(installation: Installation): Installed {
  const { bot, team, enterprise, isEnterpriseInstall } = installation;
  const id = isEnterpriseInstall ? enterprise?.id : team?.id;
  if (!bot || !id) throw new Error('Slack installed Herald without a bot or a workspace');
  const { token, refreshToken, expiresAt } = bot;
  return {
    id,
    enterprise: enterprise?.id ?? null,
    name: (isEnterpriseInstall ? enterprise?.name : team?.name) ?? '',
    botId: bot.id,
    botUserId: bot.userId,
    token,
    rotation: refreshToken && expiresAt ? { refreshToken, expiresAt: new Date(expiresAt * 1000) } : null,
  };
}
