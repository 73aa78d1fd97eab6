/** A gateway that is described by settings, without code: one message with one request, by templates and a table of answers. */
import { outcomeOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { requestFor } from './request.ts';
import type { HttpSettings } from './settings.ts';
import { webhooksOf } from './webhook.ts';

export const describedGateway = (settings: HttpSettings): Gateway => ({
  url: settings.submit.url,
  batch: 1,
  submission: ([sms], now) => ({
    request: requestFor(sms!, settings, now),
    read: (answer, answeredAt) => [outcomeOf(answer, settings.answer, answeredAt)],
  }),
  webhooks: webhooksOf(settings),
});
