/**
 * Ids of receipts in the base of the answers: operators answer a submit in one and write its receipt in the other. Where it is not
 * said which, it is learnt: from receipts that fit one of the latest submits, to the same number, in one base and not in the
 * other. Until then, and whatever else comes, an id is handed over as it was written, and dispatch looks for it in both.
 */
import type { SmppSettings } from './settings.ts';

export type IdBase = Exclude<SmppSettings['receiptIdBase'], 'any'>;

export interface ReceiptIds {
  /** The operator has called a part so, which went to this number. */
  answered(id: string, to: string): void;
  /** The id of a receipt as answers would write it. */
  read(id: string, to: string | null): string;
  /** What was said or learnt; null as long as it is not known. */
  readonly base: IdBase | null;
}

/** Receipts that have to agree. One by chance is possible, ten are not. */
const ENOUGH = 10;
/** Submits that are remembered until it is known. */
const REMEMBERED = 2_000;

/** The id in the base of the answers; null where it cannot be of the base that it should be of. */
const CONVERT: Readonly<Record<IdBase, (id: string) => string | null>> = {
  same: (id) => id,
  'hex-for-decimal': (id) => (/^[0-9a-f]+$/i.test(id) ? BigInt(`0x${id}`).toString(10) : null),
  'decimal-for-hex': (id) => (/^\d+$/.test(id) ? BigInt(id).toString(16) : null),
};
/** As dispatch keeps ids: leading zeros and capitals say nothing. */
const plain = (id: string): string =>
  id
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '');

const BASES = Object.keys(CONVERT) as readonly IdBase[];

export function receiptIds(said: SmppSettings['receiptIdBase'], learnt: (base: IdBase) => void): ReceiptIds {
  let base = said === 'any' ? null : said;
  let recent = new Map<string, string>();
  let older = recent;
  const agreed = new Map<IdBase, number>();

  function learn(id: string, to: string): void {
    const fitting = BASES.filter((one) => {
      const form = CONVERT[one](id);
      return form !== null && (recent.get(plain(form)) ?? older.get(plain(form))) === to;
    });
    // Digits alone are the same in both bases while they are few: they tell nothing.
    if (fitting.length !== 1) return;
    const [one] = fitting as [IdBase];
    for (const other of BASES) if (other !== one) agreed.delete(other);
    const count = (agreed.get(one) ?? 0) + 1;
    agreed.set(one, count);
    if (count < ENOUGH) return;
    base = one;
    recent = older = new Map();
    learnt(one);
  }

  return {
    answered(id, to) {
      if (base !== null) return;
      if (recent.size >= REMEMBERED) {
        older = recent;
        recent = new Map();
      }
      recent.set(plain(id), to);
    },
    read(id, to) {
      if (base === null && to !== null) learn(id, to);
      return base === null ? id : (CONVERT[base](id.trim()) ?? id);
    },
    get base() {
      return base;
    },
  };
}
