/** Bolt's own log in ours. What it would log for developers may hold tokens and what people wrote, so that is left out. */
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../src/platform/log.ts';

export function boltLogger(log: Log): Logger {
  const written = (message: unknown): string =>
    (message instanceof Error ? message.message : String(message)).replace(
      /\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]+/g,
      '[token]',
    );
  return {
    debug: () => {},
    info: () => {},
    warn: (...said) => log.warn(said.map(written).join(' ')),
    error: (...said) => log.error(said.map(written).join(' ')),
    // Bolt sets the level and name of every part; ours is set by the configuration.
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
