/**
 * Where gateways post receipts and inbound: `/gateways/<account>/receipts` and `/inbound`. A post is answered with 200 only when
 * what it says is durable; one that could not be kept is answered with 503, so that it comes again.
 */
import express, { type Express, type Request, type Response } from 'express';
import type { ProviderEvents } from '../dispatch/provider.ts';
import type { WebhookReading, WebhookRoute } from '../dispatch/webhook.ts';
import type { Log } from '../platform/log.ts';

export interface GatewayDesk {
  /** The account's webhooks; null when there is no such account, or it is out of use. */
  routes(account: string): Promise<readonly WebhookRoute[] | null>;
  readonly take: Pick<ProviderEvents, 'receipts' | 'inbound'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** The address of an account's webhooks, below the public address. */
export const gatewayPath = (account: string): string => `/gateways/${account}`;

/** The bytes as they were signed. */
const rawBody = express.raw({ type: () => true, limit: '1mb' });

export function mountGateways(app: Express, desk: GatewayDesk): void {
  app.all('/gateways/:account/:path', rawBody, async (request, response) => {
    const route = await routeFor(desk, request);
    if (!route) return void response.status(404).json({ error: 'not-found' });
    await answer(desk, request, response, route.read(asRead(request), desk.now()));
  });
}

async function routeFor(desk: GatewayDesk, { method, params }: Request): Promise<WebhookRoute | undefined> {
  const { account, path } = params;
  if (typeof account !== 'string' || !/^(?:GET|POST|PUT)$/.test(method)) return undefined;
  return (await desk.routes(account))?.find((one) => one.path === path);
}

const asRead = ({ method, headers, originalUrl, body }: Request) => ({
  method,
  headers,
  query: new URL(originalUrl, 'http://localhost').searchParams,
  body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
});

async function answer(desk: GatewayDesk, request: Request, response: Response, reading: WebhookReading): Promise<void> {
  const { account, path } = request.params;
  switch (reading.kind) {
    case 'forged':
      desk.log.warn({ account, path }, 'a webhook did not prove where it came from');
      return void response.status(401).json({ error: 'unauthorized' });
    case 'unreadable':
      desk.log.warn({ account, path, why: reading.why }, 'a webhook could not be read');
      return void response.status(400).json({ error: 'bad-request' });
    case 'receipts':
    case 'inbound':
      if (reading.left)
        desk.log.error({ account, path, left: reading.left }, 'some of what a webhook brought cannot be read');
      if (await isKept(desk, reading)) return void response.type('text/plain').send(reading.answer);
      return void response.status(503).set('Retry-After', '5').json({ error: 'not-kept' });
  }
}

async function isKept(desk: GatewayDesk, reading: Extract<WebhookReading, { kind: 'receipts' | 'inbound' }>) {
  try {
    await (reading.kind === 'receipts' ? desk.take.receipts(reading.receipts) : desk.take.inbound(reading.messages));
    return true;
  } catch (err) {
    desk.log.warn({ err }, 'what a gateway said could not be kept; it will say it again');
    return false;
  }
}
