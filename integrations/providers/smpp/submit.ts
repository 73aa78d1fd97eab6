/**
 * An SMS as the submit_sm PDUs that carry it (SMPP 3.4, 4.4.1), one per part or one for all: pure. Bodies are bytes and data_coding
 * is always said, because the package would guess both (it labels GSM 03.38 as ASCII).
 */
import type { Failure, OutboundSms } from '../../../src/dispatch/provider.ts';
import { type Encoding, encodeGsm7, encodeUcs2, encodingOf } from '../../../src/messages/encoding.ts';
import { concatenationUdh, concatenationUdh16, ROOM_16, splitParts } from '../../../src/messages/parts.ts';
import type { SubmitFields } from './pdus.ts';
import type { SmppSettings } from './settings.ts';

export type Submits =
  | { readonly ok: true; readonly parts: readonly SubmitFields[] }
  | { readonly ok: false; readonly why: Failure };

/** 5.2.12: the GSM feature bit for a user data header. */
const ESM_UDHI = 0x40;
const INTERNATIONAL = { ton: 1, npi: 1 } as const;
export const NATIONAL_TON = 2;
const ALPHANUMERIC = { ton: 5, npi: 0 } as const;
/** Numbers of up to so many digits belong to no country. */
const SHORT_NUMBER_DIGITS = 8;

/**
 * The parts of `sms`. `reference` ties them together on the phone (16 bits of it count, or 8); `now` is for a validity that
 * the settings give as a length of time.
 */
export function toSubmits(sms: OutboundSms, settings: SmppSettings, reference: number, now: Date): Submits {
  const source = sourceOf(sms.sender, settings);
  if (source === null) return ourFault('the sender is neither 1-11 characters of ASCII nor 3-15 digits');
  if (sms.encoding === 'gsm7' && encodingOf(sms.text) !== 'gsm7') return ourFault('the text is not GSM 03.38');
  const encode = encoderOf(sms, settings);
  if (encode === null) return ourFault(`the text has a character that ${settings.defaultAlphabet} lacks`);

  const texts = splitParts(sms.text, sms.encoding);
  if (texts.length !== sms.parts) return ourFault(`priced at ${sms.parts} parts, and makes ${texts.length}`);

  const shared = {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    ...destinationOf(sms.to, settings),
    esm_class: 0,
    validity_period: validity(sms, settings, now),
    registered_delivery: settings.registeredDelivery,
    data_coding: settings.dataCoding[sms.encoding],
  };
  if (texts.length === 1) return { ok: true, parts: [{ ...shared, short_message: encode(sms.text) }] };
  return { ok: true, parts: tied(sms, texts, encode, settings, reference).map((part) => ({ ...shared, ...part })) };
}

type Encode = (text: string) => Buffer;

type Part = Partial<SubmitFields> & Pick<SubmitFields, 'short_message'>;

/** What is a part's own, however the parts are tied together. */
function tied(
  { text, encoding }: OutboundSms,
  texts: readonly string[],
  encode: Encode,
  { concatenation }: SmppSettings,
  reference: number,
): readonly Part[] {
  const total = texts.length;
  const withHeader = (parts: readonly string[], header: typeof concatenationUdh) =>
    parts.map((part, i) => ({
      esm_class: ESM_UDHI,
      short_message: Buffer.concat([header(reference, total, i + 1), encode(part)]),
    }));
  switch (concatenation) {
    case 'udh':
      return withHeader(texts, concatenationUdh);
    case 'udh16': {
      // Its octet more must not make a part more than was priced.
      const shorter = splitParts(text, encoding, ROOM_16[encoding]);
      return shorter.length === total ? withHeader(shorter, concatenationUdh16) : withHeader(texts, concatenationUdh);
    }
    case 'sar': // 5.3.2.22 to 24
      return texts.map((part, i) => ({
        short_message: encode(part),
        sar_msg_ref_num: reference & 0xffff,
        sar_total_segments: total,
        sar_segment_seqnum: i + 1,
      }));
    case 'payload': // 5.3.2.32: sm_length is 0 then
      return [{ short_message: NOTHING, message_payload: encode(text) }];
  }
}

const NOTHING = Buffer.alloc(0);

const ourFault = (detail: string): Submits => ({ ok: false, why: { code: 'our-fault', detail } });

const ENCODERS: Readonly<Record<Encoding | 'latin1' | 'ascii', Encode>> = {
  gsm7: encodeGsm7,
  ucs2: encodeUcs2,
  latin1: (text) => Buffer.from(text, 'latin1'),
  ascii: (text) => Buffer.from(text, 'latin1'),
};
const BEYOND = { latin1: /[^\n\r\x20-\x7e\xa0-\xff]/, ascii: /[^\n\r\x20-\x7e]/ } as const;

/** Null when the operator's alphabet lacks a character of the text. */
function encoderOf({ encoding, text }: OutboundSms, { defaultAlphabet }: SmppSettings): Encode | null {
  if (encoding === 'ucs2' || defaultAlphabet === 'gsm7') return ENCODERS[encoding];
  return BEYOND[defaultAlphabet].test(text) ? null : ENCODERS[defaultAlphabet];
}

function destinationOf(to: string, { destination, numberFormat, nationalCode }: SmppSettings) {
  const isNational = nationalCode !== undefined && to.startsWith(nationalCode, 1);
  return {
    dest_addr_ton: isNational ? NATIONAL_TON : destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: isNational ? to.slice(1 + nationalCode.length) : numberFormat === 'plus' ? to : to.slice(1),
  };
}

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

let lastTime = { at: Number.NaN, written: '' };

/** 7.1.1.1: `YYMMDDhhmmsstnnp`, in UTC, so no quarter hours (`00`) ahead (`+`). All messages of a campaign end at the same time. */
export function absoluteTime(at: Date): string {
  if (lastTime.at !== at.getTime()) lastTime = { at: at.getTime(), written: writtenTime(at) };
  return lastTime.written;
}

function writtenTime(at: Date): string {
  const [date, time] = at.toISOString().split('T') as [string, string];
  return `${date.slice(2).replaceAll('-', '')}${time.slice(0, 8).replaceAll(':', '')}${time[9]}00+`;
}
