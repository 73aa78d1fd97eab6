/**
 * Names that people type: of columns and variables. Case and spacing do not tell two names apart, and a name that is
 * nowhere to be found has a nearest one to suggest.
 */

/** What is left of a name when case, spacing and the way accents are stored are taken away. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\s+/g, '');

/** The column that a variable means: the one spelt exactly so, else the first that is the same name; null when none. */
export function columnOf(variable: string, columns: Iterable<string>): string | null {
  const key = nameKey(variable);
  let same: string | null = null;
  for (const column of columns) {
    if (column === variable) return column;
    if (same === null && nameKey(column) === key) same = column;
  }
  return same;
}

/** The name that was probably meant, or null when none is near: at most a third of the letters differ. */
export function nearestName(name: string, names: Iterable<string>): string | null {
  const wanted = nameKey(name);
  let nearest: string | null = null;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const key = nameKey(candidate);
    const distance = editDistance(wanted, key);
    if (distance >= best || distance > Math.max(1, Math.floor(Math.max(wanted.length, key.length) / 3))) continue;
    nearest = candidate;
    best = distance;
  }
  return nearest;
}

/** Letters to add, drop, change, or swap with their neighbour (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
