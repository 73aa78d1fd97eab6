/**
 * An SMS as the submit_sm PDUs that carry it (SMPP 3.4, 4.4.1), one per part: pure. Bodies are bytes and data_coding is
 * always said, because the package would guess both (it labels GSM 03.38 as ASCII).
 */
import type { MessageFields } from 'smpp';
import type { Failure, OutboundSms } from '../../../src/dispatch/provider.ts';
import { encodeGsm7, encodeUcs2, encodingOf } from '../../../src/messages/encoding.ts';
import { concatenationUdh, splitParts } from '../../../src/messages/parts.ts';
import type { SmppSettings } from './settings.ts';

export type SubmitFields = MessageFields & { readonly short_message: Buffer };

export type Submits =
  | { readonly ok: true; readonly parts: readonly SubmitFields[] }
  | { readonly ok: false; readonly why: Failure };

/** 5.2.12: the GSM feature bit for a user data header. */
const ESM_UDHI = 0x40;
const INTERNATIONAL = { ton: 1, npi: 1 } as const;
const ALPHANUMERIC = { ton: 5, npi: 0 } as const;
/** Numbers of up to so many digits belong to no country. */
const SHORT_NUMBER_DIGITS = 8;

/**
 * The parts of `sms`. `reference` ties them together on the phone (its low byte counts); `now` is for a validity that
 * the settings give as a length of time.
 */
export function toSubmits(sms: OutboundSms, settings: SmppSettings, reference: number, now: Date): Submits {
  const source = sourceOf(sms.sender, settings);
  if (source === null) return ourFault('the sender is neither 1-11 characters of ASCII nor 3-15 digits');
  if (sms.encoding === 'gsm7' && encodingOf(sms.text) !== 'gsm7') return ourFault('the text is not GSM 03.38');

  const texts = splitParts(sms.text, sms.encoding);
  if (texts.length !== sms.parts) return ourFault(`priced at ${sms.parts} parts, and makes ${texts.length}`);

  const shared = {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: sms.to.slice(1), // 5.2.9: with TON international the digits alone
    esm_class: texts.length > 1 ? ESM_UDHI : 0,
    validity_period: validity(sms, settings, now),
    registered_delivery: settings.registeredDelivery,
    data_coding: settings.dataCoding[sms.encoding],
  };
  const encode = sms.encoding === 'gsm7' ? encodeGsm7 : encodeUcs2;
  const parts = texts.map((text, i) => {
    const body = encode(text);
    return {
      ...shared,
      short_message: texts.length > 1 ? joined(body, reference, texts.length, i + 1) : bufferOf(body),
    };
  });
  return { ok: true, parts };
}

const ourFault = (detail: string): Submits => ({ ok: false, why: { code: 'our-fault', detail } });

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const joined = (body: Uint8Array, reference: number, total: number, index: number): Buffer =>
  Buffer.concat([concatenationUdh(reference, total, index), body]);

interface Source {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** The sender as an address, or null when no PDU can carry it. */
function sourceOf(sender: string, settings: SmppSettings): Source | null {
  const digits = /^\+?(\d{3,15})$/.exec(sender)?.[1];
  // TS 23.040, 9.1.2.5: eleven characters of an alphanumeric address.
  if (digits === undefined && !/^[\x20-\x7e]{1,11}$/.test(sender)) return null;
  const address = digits ?? sender;
  if (settings.source !== 'auto') return { ...settings.source, address };
  if (digits === undefined) return { ...ALPHANUMERIC, address };
  const short = digits.length <= SHORT_NUMBER_DIGITS && !sender.startsWith('+');
  return { ...(short ? settings.shortNumber : INTERNATIONAL), address };
}

function validity(sms: OutboundSms, settings: SmppSettings, now: Date): string {
  if (sms.validUntil) return absoluteTime(sms.validUntil);
  if (settings.validityMs) return absoluteTime(new Date(now.getTime() + settings.validityMs));
  return '';
}

/** 7.1.1.1: `YYMMDDhhmmsstnnp`, in UTC, so no quarter hours (`00`) ahead (`+`). */
export function absoluteTime(at: Date): string {
  const [date, time] = at.toISOString().split('T') as [string, string];
  return `${date.slice(2).replaceAll('-', '')}${time.slice(0, 8).replaceAll(':', '')}${time[9]}00+`;
}
