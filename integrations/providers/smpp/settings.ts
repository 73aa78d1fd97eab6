/**
 * What an account at an SMPP operator is set up with. Times are milliseconds; every one of them is a setting, so that
 * an operator's odd rule is a line of configuration and a fault test runs in moments.
 */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { FAILURE_CODES } from '../../../src/dispatch/provider.ts';
import { doubling } from '../backoff.ts';

const millis = z.int().min(1);
const ton = z.int().min(0).max(255);
const addressKind = z.strictObject({ ton, npi: ton });

/** What an operator means by a status of its own, by the number as its manual writes it: `"0x00000402"`. */
const ownStatuses = z.record(
  z.string().regex(/^0x[\da-f]{1,8}$/i, 'a status such as 0x00000402'),
  z.strictObject({ kind: z.enum(['refused', 'later', 'unknown']), code: z.enum(FAILURE_CODES) }),
);

/** What an operator means by an error code of its receipts, by the code as it is written there: `"027"`. */
const ownErrors = z.record(
  z.string().min(1),
  z.strictObject({
    /** How a message ended that was not delivered; left out, as the receipt itself says. */
    state: z.enum(['undelivered', 'expired', 'rejected']).optional(),
    /** What stands in results beside the code. */
    says: z.string().min(1).max(100).optional(),
  }),
);

const certificate = z.strictObject({
  /** Name on the operator's certificate, when it is not the host. */
  servername: z.string().min(1).optional(),
  /** PEM of the authority that signed it, when no public one did. The certificate is checked always. */
  ca: z.string().min(1).optional(),
  /** PEM of our own certificate and key, when the operator asks for one. */
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
});

export const smppSettings = z.strictObject({
  /** Name of the account, as it stands in records and reports. */
  name: z.string().min(1),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  systemId: z.string().min(1).max(64),
  password: z.string().max(64),
  systemType: z.string().max(12).default(''),
  addressRange: z.string().max(40).default(''),
  /** One session both ways, or a transmitter beside a receiver. */
  bindMode: z.enum(['transceiver', 'pair']).default('transceiver'),
  tls: certificate.optional(),

  /** Parts, not messages: what the contract with the operator says. */
  partsPerSecond: z.number().positive().max(100_000),
  /** Parts on the wire without an answer. Kannel's default; more than the operator allows is answered with RMSGQFUL. */
  window: z.int().min(1).max(10_000).default(10),
  /** The most messages that one `send` should be given; less when that is more than a second of the pace. */
  batch: z.int().min(1).default(1_000),

  /** Connecting, shaking hands and being bound, all of it. */
  bindTimeoutMs: millis.default(30_000),
  /** After this a part without an answer is `unknown`. */
  answerTimeoutMs: millis.default(60_000),
  /** A session that answers no submit at all stays open so long for late answers, taking nothing new; then it is replaced. */
  lateAnswersMs: millis.default(30_000),
  /** Silence after which the operator is asked whether it is there. */
  enquireLinkMs: millis.default(30_000),
  /** Silence after that question after which it is not. */
  enquireTimeoutMs: millis.default(15_000),
  unbindTimeoutMs: millis.default(5_000),
  reconnect: doubling.extend({ stableMs: millis.default(10_000) }).prefault({}),
  /** The pause of the whole session after ESME_RTHROTTLED and ESME_RMSGQFUL. */
  throttle: doubling.prefault({}),
  statuses: ownStatuses.default({}),
  receiptErrors: ownErrors.default({}),

  /** Type of number and numbering plan of the sender; `auto` takes them from what the sender looks like. */
  source: z.union([z.literal('auto'), addressKind]).default('auto'),
  /** What `auto` says of a short number: operators differ between 3/0 and 0/1. */
  shortNumber: addressKind.default({ ton: 3, npi: 0 }),
  /** Type of number and numbering plan of those who are sent to. */
  destination: addressKind.default({ ton: 1, npi: 1 }),
  /** 5.2.9: with TON international the digits alone; some want the plus. */
  numberFormat: z.enum(['digits', 'plus']).default('digits'),
  /** Numbers of this country go and come without its code, with the TON of a national number. */
  nationalCode: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'the code of a country, digits only')
    .optional(),
  /** 3.4, 5.2.17: 1 asks for a receipt of the final state, 0 for none. */
  registeredDelivery: z.int().min(0).max(255).default(1),
  /** How long the operator tries when the message itself does not say; left to the operator when left out. */
  validityMs: millis.optional(),
  /**
   * What data_coding 0 means at this operator, which makes septets of it. A text with a character that the alphabet lacks is not
   * for this account: `€` is not in Latin-1, letters with accents are not in ASCII.
   */
  defaultAlphabet: z.enum(['gsm7', 'latin1', 'ascii']).default('gsm7'),
  dataCoding: z
    .strictObject({ gsm7: z.int().min(0).max(255).default(0), ucs2: z.int().min(0).max(255).default(8) })
    .prefault({}),
  /**
   * How parts of one message are tied together: by a user data header with a reference of 8 bits, or of 16 where that makes no more
   * parts; by the `sar_` parameters; or not at all: whole in `message_payload`, for the operator to cut.
   */
  concatenation: z.enum(['udh', 'udh16', 'sar', 'payload']).default('udh'),

  /** The time zone of the dates in this operator's receipts. */
  receiptZone: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'an IANA time zone')
    .default('UTC'),
  /** Base of the ids in receipts for that of answers; `any` learns it from the receipts of what was sent. See `receipt-ids.ts`. */
  receiptIdBase: z.enum(['same', 'hex-for-decimal', 'decimal-for-hex', 'any']).default('any'),
  /** What is said to a deliver_sm that could not be kept. Operators repeat after RMSGQFUL; few do after other errors. */
  notKept: z.enum(['ESME_RMSGQFUL', 'ESME_RX_T_APPN', 'ESME_RSYSERR']).default('ESME_RMSGQFUL'),
  /** The most deliver_sm waiting to be made durable; those above it are answered with `notKept`. */
  deliveriesInHand: z.int().min(1).default(10_000),
  /** How long the answer to a part of a long inbound is held back, and how long the missing parts are waited for. */
  inboundHoldMs: millis.default(2_000),
  inboundJoinMs: millis.default(300_000),
});

export type SmppSettings = z.infer<typeof smppSettings>;
