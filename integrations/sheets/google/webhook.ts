/** The route that Google calls when a watched file changes. To be mounted for POST; it reads no body, as there is none. */
import type { RequestHandler } from 'express';
import type { SheetWatch } from './watch.ts';

/** Answers at once: what follows from a change is nothing that Google waits for. A call that proves nothing is not believed. */
export const changeWebhook =
  (watch: Pick<SheetWatch, 'take'>): RequestHandler =>
  (request, response) =>
    void response.sendStatus(watch.take(request.headers) ? 204 : 403);
