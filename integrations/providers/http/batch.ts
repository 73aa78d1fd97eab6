/** How messages are put together into requests, where a gateway takes several with one. Pure. */
import type { OutboundSms } from '../../../src/dispatch/provider.ts';

export interface RequestRoom {
  /** Messages of one request, and parts of them, at most; one message goes whatever its parts. */
  readonly most: number;
  /** Requests without an answer, at once. */
  readonly requests: number;
  /** Parts that may go at once; left to the pace where requests carry one message. */
  readonly burst: number | undefined;
}

/** Requests of a twentieth of a second keep the pace even; a quarter of the window is what dispatch hands over at once. */
const RATE_SHARE = 20;
const WINDOW_SHARE = 4;

export function roomOfRequest(
  batch: number,
  { partsPerSecond, window }: { readonly partsPerSecond: number; readonly window: number },
): RequestRoom {
  const most = Math.max(1, Math.floor(Math.min(batch, partsPerSecond / RATE_SHARE, window / WINDOW_SHARE)));
  return { most, requests: Math.floor(window / most), burst: most > 1 ? most : undefined };
}

/** The places in the batch of the messages of each request, in their order. */
export function inRequests(batch: readonly OutboundSms[], { most }: RequestRoom): readonly (readonly number[])[] {
  const requests: number[][] = [];
  let parts = Number.POSITIVE_INFINITY;
  for (const [place, sms] of batch.entries()) {
    if (parts + sms.parts > most) {
      requests.push([]);
      parts = 0;
    }
    requests.at(-1)!.push(place);
    parts += sms.parts;
  }
  return requests;
}
