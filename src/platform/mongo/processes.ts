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

/** False only when it holds nothing any more: a process on its way out still has its ports and files. */
export async function isAlive(pid: number, platform = process.platform): Promise<boolean> {
  if (platform === 'linux') return holdsAnything(pid);
  try {
    process.kill(pid, 0); // asks `ps` for nothing: this is called four times a second
    return true;
  } catch {
    return false;
  }
}

/**
 * By proc(5): after the name, which is in brackets and may hold any character, come the state (field 3) and the number of threads (20).
 * `Z` waits to be reaped and `X` is gone, but only with its last thread does a process let go of what it held.
 */
async function holdsAnything(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads] = [fields[0], Number(fields[17])];
  return state !== '' && (!'ZX'.includes(state) || threads > 1);
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
