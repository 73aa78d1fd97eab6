/**
 * Listens along on a session while somebody checks the account: the PDUs of messages to one phone, and those that come from it,
 * read field by field. Nothing of anybody else is looked at; while nobody checks it costs one question a PDU.
 */
import { statusText } from './answers.ts';
import { readDeliver } from './deliver.ts';
import type { SubmitFields } from './pdus.ts';
import { readReceiptText } from './receipt.ts';
import { COMMAND, type Frame, messageIdOf } from './wire.ts';

/** One PDU as a person may read it; `hex` is all of it where it was read, and its message where it was written. */
export interface TappedPdu {
  readonly sent: boolean;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly hex: string;
}

export interface Tap {
  /** Digits of the one phone. */
  readonly phone: string;
  pdu(seen: TappedPdu): void;
}

export interface SessionTap {
  submitted(fields: SubmitFields, sequence: number): void;
  answered(frame: Frame): void;
  delivered(frame: Frame): void;
}

/** Submits whose answers are waited for; more are never in a check. */
const MOST = 100;
/** A number may go and come without its country's code: its last digits tell. */
const TELLING_DIGITS = 7;

export function sessionTap(current: () => Tap | null): SessionTap {
  const waiting = new Set<number>();
  return {
    submitted(fields, sequence) {
      const tap = current();
      if (!tap?.phone.endsWith(fields.destination_addr.slice(-TELLING_DIGITS))) return;
      if (waiting.size < MOST) waiting.add(sequence);
      tap.pdu({ sent: true, name: 'submit_sm', fields: fieldsOf(fields), hex: bodyOf(fields).toString('hex') });
    },
    answered(frame) {
      if (waiting.size === 0 || !waiting.delete(frame.sequence)) return;
      const fields = { command_status: statusText(frame.status), message_id: messageIdOf(frame) };
      const name = frame.command === COMMAND.genericNack ? 'generic_nack' : 'submit_sm_resp';
      current()?.pdu({ sent: false, name, fields, hex: frame.bytes.toString('hex') });
    },
    delivered(frame) {
      const tap = current();
      if (!tap) return;
      const read = readDeliver(frame);
      if (!read.ok || !tap.phone.endsWith(read.deliver.source.slice(-TELLING_DIGITS))) return;
      const { source, sourceTon, destination, esmClass, dataCoding, body, ...tlvs } = read.deliver;
      const said = readReceiptText(body.toString('latin1'));
      const fields = {
        source_addr_ton: sourceTon,
        source_addr: source,
        destination_addr: destination,
        esm_class: hex(esmClass),
        data_coding: dataCoding,
        receipted_message_id: tlvs.receiptedMessageId,
        message_state: tlvs.messageState,
        network_error_code: tlvs.networkError,
        id: said.id,
        stat: said.stat,
        err: said.err,
        'done date': said.doneDate,
      };
      tap.pdu({ sent: false, name: 'deliver_sm', fields: written(fields), hex: frame.bytes.toString('hex') });
    },
  };
}

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

const written = (fields: Readonly<Record<string, string | number | null | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  );

const bodyOf = ({ short_message, message_payload }: SubmitFields): Buffer => message_payload ?? short_message;

function fieldsOf(fields: SubmitFields): Record<string, string> {
  const { short_message, message_payload, esm_class, ...rest } = fields;
  const where = message_payload === undefined ? 'short_message' : 'message_payload';
  const { length } = bodyOf({ ...fields, short_message });
  return written({
    ...rest,
    esm_class: hex(esm_class),
    [where]: `${length} octets`,
  });
}
