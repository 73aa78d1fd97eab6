/**
 * The log: one JSON line per event on standard output, written by pino. Whatever is logged passes `mask.ts` first, so no
 * phone, text of a message or secret is ever written, also not from the depths of an error.
 */
import pino from 'pino';
import { maskPhones, redacted } from './mask.ts';

type Line = {
  (sentence: string): void;
  /** `fields` are facts to search by; an error goes in as `err`. */
  (fields: object, sentence: string): void;
};

export interface Log {
  readonly debug: Line;
  readonly info: Line;
  /** Somebody should look at it in the day. */
  readonly warn: Line;
  /** Something is broken, or lost. */
  readonly error: Line;
  /** A log whose lines all carry these fields. */
  child(fields: object): Log;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LogOptions {
  readonly level: LogLevel;
  /** Takes each line, newline included; standard output when left out. */
  readonly destination?: { write(line: string): void };
  /** For eyes instead of machines. */
  readonly pretty?: boolean;
}

export function createLog({ level, destination, pretty = false }: LogOptions): Log {
  // Standard output is written synchronously: the last line before a crash is the one that is needed.
  const out = destination ?? pino.destination({ fd: 1, sync: true });
  const stream = pretty ? { write: (line: string) => void out.write(forEyes(line)) } : out;
  return face(
    pino(
      {
        level,
        base: { pid: process.pid },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        // Errors arrive as plain fields already.
        serializers: { err: (plain) => plain },
      },
      stream,
    ),
  );
}

/** A log that writes nothing. */
export const silentLog: Log = createLog({ level: 'silent', destination: { write: () => {} } });

type Level = 'debug' | 'info' | 'warn' | 'error';

function face(logger: pino.Logger): Log {
  const line =
    (level: Level): Line =>
    (first: string | object, sentence?: string) => {
      if (!logger.isLevelEnabled(level)) return;
      if (typeof first === 'string') logger[level](maskPhones(first));
      else logger[level](redacted(first), maskPhones(sentence ?? ''));
    };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => face(logger.child(redacted(fields))),
  };
}

/** `08:45:13.120 WARN  the operator closed the session  provider=acme` with the stack of an error below. */
function forEyes(line: string): string {
  const { level, time, pid, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const facts = Object.entries(fields).map(
    ([name, value]) => `  ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${err.stack}` : '';
  return `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${msg}${facts.join('')}${stack}\n`;
}
