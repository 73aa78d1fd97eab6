/** All rows that there are, in the order of the matrix. */
import type { Row } from '../row.ts';
import { database } from './database.ts';
import { deaths } from './deaths.ts';
import { operator } from './operator.ts';
import { time } from './time.ts';

export const ROWS: readonly Row[] = [...deaths, ...database, ...operator, ...time].toSorted(
  (a, b) => a.number - b.number,
);
