/**
 * Audiences from files on this machine: workbooks and tables of text. Files are read in a process of their own, so a
 * hundred thousand rows, or a file made to do harm, leave the service as it was.
 */
import { realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import {
  type AudienceSource,
  type Inspection,
  type OpenAudience,
  type Opening,
  SourceBroken,
  type SourceProblem,
  type SourceRow,
} from '../../src/audiences/source.ts';
import { hasCode } from '../../src/platform/durable-file.ts';
import { type KeptReaderLimits, keptReaders } from './kept-readers.ts';
import { FILE_LIMITS, type FileLimits } from './limits.ts';
import type { ReadRequest } from './wire.ts';

export interface FileSourceOptions {
  /** Folders that may be read from, with all below them; every folder when absent. */
  readonly within?: readonly string[];
  /** Language of short dates and of months' names where the workbook leaves it to its reader. */
  readonly language?: 'en' | 'ru';
  readonly limits?: Partial<FileLimits>;
  readonly reader?: Partial<KeptReaderLimits>;
}

/** Kinds that cannot be read are claimed too, to be refused by what they are. */
const FILE = /\.(?:xlsx|xlsm|xlsb|xls|ods|csv|tsv|txt)$/i;
const LINK = /^[a-z][a-z\d+.-]*:\/\//i;
const READER: KeptReaderLimits = { heapMb: 1024, seconds: 60, idleMs: 5000, atMost: 2 };

/** @example fileSource({ within: ['uploads'], language: 'ru' }) */
export function fileSource(options: FileSourceOptions = {}): AudienceSource {
  const language = options.language ?? 'en';
  const limits = { ...FILE_LIMITS, ...options.limits };
  const read = keptReaders({ ...READER, ...options.reader });

  const request = (verb: ReadRequest['verb'], ref: string, tab = '', revision = ''): ReadRequest => ({
    verb,
    path: resolve(ref),
    tab,
    revision,
    language,
    limits,
  });

  async function firstReply(asked: ReadRequest, ref: string, signal: AbortSignal) {
    const problem = (await outside(ref, options.within)) ?? (await absent(ref));
    if (problem) return { kind: 'refused', problem } as const;
    try {
      for await (const reply of read(asked, signal)) return reply;
    } catch (failure) {
      if (!(failure instanceof SourceBroken)) throw failure;
      return { kind: 'refused', problem: failure.problem } as const;
    }
    throw new Error('the reading process said nothing');
  }

  async function* lots(asked: ReadRequest, signal: AbortSignal): AsyncGenerator<readonly SourceRow[]> {
    for await (const reply of read(asked, signal)) {
      if (reply.kind === 'refused') throw new SourceBroken(reply.problem);
      if (reply.kind === 'rows') yield reply.rows;
    }
  }

  return {
    kind: 'file',
    claims: (ref) => FILE.test(ref) && !LINK.test(ref),
    async inspect(ref, signal): Promise<Inspection> {
      const reply = await firstReply(request('inspect', ref), ref, signal);
      if (reply.kind === 'refused') return reply;
      if (reply.kind === 'inspected') return reply.inspection;
      throw new Error(`unexpected reply: ${reply.kind}`);
    },
    async open(ref, tab, signal): Promise<Opening> {
      const reply = await firstReply(request('open', ref, tab), ref, signal);
      if (reply.kind === 'refused') return reply;
      if (reply.kind !== 'opened') throw new Error(`unexpected reply: ${reply.kind}`);
      const { revision } = reply;
      const audience: OpenAudience = { revision, lots: () => lots(request('rows', ref, tab, revision), signal) };
      return { kind: 'open', audience };
    },
  };
}

/** What is not there is told at once, without a process that looks. */
async function absent(ref: string): Promise<SourceProblem | null> {
  try {
    await stat(ref);
    return null;
  } catch (error) {
    // What else stands in the way, the reading process tells.
    return hasCode(error, 'ENOENT') ? { code: 'not-found', ref } : null;
  }
}

/** Follows links, so that none leads out of the folders. */
async function outside(ref: string, within: readonly string[] | undefined): Promise<SourceProblem | null> {
  if (within === undefined) return null;
  try {
    const path = await realpath(ref);
    const folders = await Promise.all(within.map((folder) => realpath(folder)));
    return folders.some((folder) => path.startsWith(folder + sep)) ? null : { code: 'not-permitted', ref };
  } catch {
    return { code: 'not-found', ref };
  }
}
