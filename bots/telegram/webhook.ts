/**
 * The route that Telegram posts updates to. Only who knows the secret is listened to; an update counts as taken when 200 is
 * answered, and is posted again otherwise.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request } from 'express';
import type { Update } from 'telegraf/types';
import { jsonBody } from '../../src/platform/http.ts';

export const WEBHOOK_PATH = '/telegram/webhook';

export interface WebhookOptions {
  readonly secret: string;
  /** Resolves when the update is in good hands, with false when there is nobody yet to take it; never rejects. */
  readonly take: (update: Update) => Promise<boolean>;
}

export function mountWebhook(app: Express, { secret, take }: WebhookOptions): void {
  app.post(
    WEBHOOK_PATH,
    (request, response, next) => {
      if (knows(request, secret)) return next();
      response.status(403).json({ error: 'forbidden' });
    },
    jsonBody,
    async (request, response) => {
      const update: unknown = request.body;
      if (!isUpdate(update)) return void response.status(400).json({ error: 'bad-request' });
      response.status((await take(update)) ? 200 : 503).json({});
    },
  );
}

/** Compared by their hashes, so that the time it takes tells neither letters nor length. */
function knows(request: Request, secret: string): boolean {
  const given = request.get('x-telegram-bot-api-secret-token') ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

const isUpdate = (body: unknown): body is Update =>
  typeof body === 'object' && body !== null && 'update_id' in body && Number.isInteger(body.update_id);
