/** How much of a file is read before it is refused. All are checked before or while reading, never after. */
export interface FileLimits {
  /** Bytes of the file as it lies on the disk. */
  readonly fileBytes: number;
  /** Bytes of all that is packed in a workbook, as it declares them; more than declared is never unpacked. */
  readonly unpackedBytes: number;
  /** Files packed in a workbook. */
  readonly entries: number;
  /** Times that packed bytes may grow. Deflate reaches 1032; sheets of real tables stay below 40. */
  readonly ratio: number;
  readonly columns: number;
  /** The highest number of a row. */
  readonly rows: number;
  /** Characters in a cell. */
  readonly cellLength: number;
  /** Rows of one table that a look counts before it says "at least so many". */
  readonly lookRows: number;
  /** The same of a table in which nothing hides, of which its first rows tell everything that is asked about. */
  readonly lookLines: number;
}

const MB = 1024 * 1024;

export const FILE_LIMITS: FileLimits = {
  fileBytes: 50 * MB,
  unpackedBytes: 512 * MB,
  entries: 2000,
  ratio: 100,
  columns: 200,
  rows: 1_048_576, // what a sheet of Excel can hold
  cellLength: 2000,
  lookRows: 200_000,
  lookLines: 1000,
};

/** Rows handed on together. */
export const ROWS_TOGETHER = 250;

/** Below this size a high ratio harms no one: a theme or an empty sheet packs very well. */
export const HARMLESS_BYTES = 16 * MB;
