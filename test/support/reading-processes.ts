/** The processes that read files for this one, as Linux tells of them. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of those that live and may read a file whose path has this in it; none where the machine does not tell. */
export function readingProcesses(path = ''): readonly string[] {
  try {
    const children = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '),
    );
    return children.filter((child) => {
      const command = child === '' ? '' : readFileSync(`/proc/${child}/cmdline`, 'utf8');
      return command.includes('reader-child') && command.includes(path);
    });
  } catch {
    return []; // one ended meanwhile
  }
}
