/** What the PDUs of a check tell an admin to set: pure. */
import { plainId } from './fold.ts';

export interface CheckedPdu {
  readonly at: Date;
  readonly sent: boolean;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type Advice =
  | { readonly code: 'data-coding'; readonly status: string; readonly coding: string }
  | { readonly code: 'sender' | 'number' | 'parts' | 'validity' | 'slower' | 'status'; readonly status: string }
  | { readonly code: 'ids-same' | 'ids-none' | 'one-receipt' | 'no-receipts' }
  | { readonly code: 'ids-other'; readonly setting: 'hex-for-decimal' | 'decimal-for-hex' }
  | { readonly code: 'zone'; readonly hours: number };

/** Which setting an answer is about. */
const ABOUT: readonly (readonly [RegExp, 'sender' | 'number' | 'parts' | 'validity' | 'slower'])[] = [
  [/^ESME_RINVSRC/, 'sender'],
  [/^ESME_RINVDST/, 'number'],
  [/^ESME_R(?:INVESMCLASS|INVMSGLEN|INVOPTPAR|OPTPARNOTALLWD|INVPARLEN)/, 'parts'],
  [/^ESME_RINVEXPIRY/, 'validity'],
  [/^ESME_R(?:THROTTLED|MSGQFUL)/, 'slower'],
];

/** `submits`: how many PDUs carried the long text; `isOver`: nothing more is waited for. */
export function adviceOn(pdus: readonly CheckedPdu[], isOver: boolean): readonly Advice[] {
  return [...onAnswers(pdus), ...onReceipts(pdus, isOver)];
}

function onAnswers(pdus: readonly CheckedPdu[]): readonly Advice[] {
  const advice = new Map<string, Advice>();
  const submits = pdus.filter(({ name }) => name === 'submit_sm');
  for (const [place, answer] of answersOf(pdus).entries()) {
    const status = answer.fields.command_status ?? '';
    if (status.startsWith('ESME_ROK')) continue;
    const coding = submits[place]?.fields.data_coding ?? '';
    const about = ABOUT.find(([pattern]) => pattern.test(status))?.[1] ?? 'status';
    const one: Advice = status.startsWith('ESME_RINVDCS')
      ? { code: 'data-coding', status, coding }
      : { code: about, status };
    advice.set(JSON.stringify(one), one);
  }
  return [...advice.values()];
}

const answersOf = (pdus: readonly CheckedPdu[]) => pdus.filter(({ name, sent }) => !sent && name !== 'deliver_sm');

function onReceipts(pdus: readonly CheckedPdu[], isOver: boolean): readonly Advice[] {
  const ids = answersOf(pdus).flatMap(({ fields: { message_id: id } }) => (id ? [plainId(id)] : []));
  const receipts = pdus.filter(({ name, fields }) => name === 'deliver_sm' && idOf(fields) !== null);
  if (ids.length === 0) return [];
  if (receipts.length === 0) return isOver ? [{ code: 'no-receipts' }] : [];
  const fits = receipts.map(({ fields }) => fitOf(idOf(fields)!, ids));
  const other = fits.find((fit) => fit.kind === 'other');
  const isMissing = isOver && new Set(fits.flatMap((fit) => fit.id ?? [])).size < ids.length;
  return [
    other?.kind === 'other'
      ? { code: 'ids-other', setting: other.setting }
      : fits.some(({ id }) => id)
        ? { code: 'ids-same' }
        : { code: 'ids-none' },
    ...(isMissing && ids.length > 3 ? [{ code: 'one-receipt' } as const] : []),
    ...zoneOf(receipts),
  ];
}

const idOf = ({ receipted_message_id: tlv, id }: CheckedPdu['fields']): string | null => tlv ?? id ?? null;

type Fit =
  | { readonly kind: 'same'; readonly id: string }
  | { readonly kind: 'other'; readonly id: string; readonly setting: 'hex-for-decimal' | 'decimal-for-hex' }
  | { readonly kind: 'none'; readonly id: null };

function fitOf(said: string, ids: readonly string[]): Fit {
  const id = plainId(said);
  if (ids.includes(id)) return { kind: 'same', id };
  const decimal = /^[0-9a-f]+$/.test(id) ? BigInt(`0x${id}`).toString(10) : null;
  if (decimal !== null && ids.includes(decimal)) return { kind: 'other', id: decimal, setting: 'hex-for-decimal' };
  const hex = /^\d+$/.test(id) ? BigInt(id).toString(16) : null;
  if (hex !== null && ids.includes(hex)) return { kind: 'other', id: hex, setting: 'decimal-for-hex' };
  return { kind: 'none', id: null };
}

const HOUR_MS = 3_600_000;
/** Clocks differ by minutes, zones by quarters of hours. */
const QUARTERS = 4;

/** By how many hours the dates in receipts differ from UTC, where all of them do. */
function zoneOf(receipts: readonly CheckedPdu[]): readonly Advice[] {
  const hours = receipts.flatMap(({ at, fields }) => {
    const said = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(fields['done date'] ?? '');
    if (!said) return [];
    const [year, month, day, hour, minute] = said.slice(1).map(Number) as [number, number, number, number, number];
    const ahead = Date.UTC(2000 + year, month - 1, day, hour, minute) - at.getTime();
    return [Math.round((ahead / HOUR_MS) * QUARTERS) / QUARTERS];
  });
  const [first = 0] = hours;
  return first !== 0 && hours.every((one) => one === first) ? [{ code: 'zone', hours: first }] : [];
}
