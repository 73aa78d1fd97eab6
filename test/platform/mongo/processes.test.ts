import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { commandLine, isAlive } from '../../../src/platform/mongo/processes.ts';

/** The second is any system without /proc; `ps` answers on Linux as well. */
describe.each(['linux', 'darwin'] as const)('by the means of %s', (platform) => {
  test.skipIf(platform === 'linux' && process.platform !== 'linux')(
    'a process is known by its arguments until it ends',
    async () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'one', 'two words'], {
        stdio: 'ignore',
      });
      await once(child, 'spawn');
      const pid = child.pid!;
      expect(await isAlive(pid, platform)).toBe(true);
      expect(await commandLine(pid, platform)).toMatch(/ one two words $/);

      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await isAlive(pid, platform)).toBe(false);
      expect(await commandLine(pid, platform)).toBe('');
    },
  );
});
