/**
 * What gateways post to us: receipts and inbound. A provider brings a reader for each; it proves where a request comes from and
 * reads it, and neither keeps nor answers anything. `web/gateways.ts` does that.
 */
import type { Inbound, Receipt } from './provider.ts';

/** A request as it came, its body untouched: signatures are over bytes. */
export interface WebhookRequest {
  readonly method: string;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

export type WebhookReading =
  /** `left`: so many of the list cannot be read, and never will be, however often they come. */
  | {
      readonly kind: 'receipts';
      readonly receipts: readonly Receipt[];
      readonly answer: string;
      readonly left?: number;
    }
  | { readonly kind: 'inbound'; readonly messages: readonly Inbound[]; readonly answer: string; readonly left?: number }
  /** It does not prove that the gateway sent it. */
  | { readonly kind: 'forged' }
  /** It is the gateway's, and nothing that we were told of. `why` names the place, never what stands there. */
  | { readonly kind: 'unreadable'; readonly why: string };

export interface WebhookRoute {
  /** The last piece of its address: `/gateways/<account>/<path>`. */
  readonly path: 'receipts' | 'inbound';
  read(request: WebhookRequest, now: Date): WebhookReading;
}
