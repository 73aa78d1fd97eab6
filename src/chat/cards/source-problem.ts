/** Why a list cannot be read, in a sentence that says what to do. */
import type { SourceProblem } from '../../audiences/source.ts';
import { oneLine, type Speech } from './speech.ts';

export function sourceProblemOf(problem: SourceProblem, say: Speech): string {
  switch (problem.code) {
    case 'not-found':
    case 'not-permitted':
      return say.t(`source.${problem.code}`, { ref: oneLine(problem.ref) });
    case 'wrong-type':
      // The ending of a link is no kind of file.
      return problem.found.includes('/')
        ? say.t('source.wrong-link')
        : say.t('source.wrong-type', { found: problem.found });
    case 'broken':
      return say.t('source.broken', { detail: problem.detail });
    case 'too-large':
      return say.t(`source.too-large.${problem.what}`, { limit: limitOf(problem, say) });
    case 'no-such-tab':
      return say.t('source.no-such-tab', { name: problem.name, tabs: say.list(problem.tabs) });
    case 'timed-out':
      return say.t('source.timed-out', { n: problem.seconds });
    case 'not-shared':
    case 'read-only':
      return say.t(`source.${problem.code}`, { share: problem.share });
    case 'not-yours':
    case 'unavailable':
    case 'encrypted':
    case 'bomb':
    case 'empty':
      return say.t(`source.${problem.code}`);
  }
}

/** Files are measured in bytes, everything else is counted. */
function limitOf({ what, limit }: Extract<SourceProblem, { code: 'too-large' }>, say: Speech): string {
  return what === 'file' || what === 'unpacked' ? say.bytes(limit) : say.number(limit);
}
