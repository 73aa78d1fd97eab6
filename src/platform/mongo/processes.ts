/** What the operating system says of a process by its id: alive or not, and started how. On Linux from /proc, elsewhere from `ps`. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Its arguments joined by spaces, one at each end; empty for a dead process and for one that only waits to be reaped. */
export async function commandLine(pid: number, platform = process.platform): Promise<string> {
  const words = platform === 'linux' ? fromProc(pid) : fromPs(pid);
  const line = (await words).trim();
  return line ? ` ${line} ` : '';
}

export async function isAlive(pid: number, platform = process.platform): Promise<boolean> {
  if (platform === 'linux') return (await commandLine(pid, platform)) !== '';
  try {
    process.kill(pid, 0); // asks `ps` for nothing: this is called four times a second
    return true;
  } catch {
    return false;
  }
}

async function fromProc(pid: number): Promise<string> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return raw.replaceAll('\0', ' ');
}

async function fromPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout;
}
