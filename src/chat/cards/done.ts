/** Short answers to commands that have no card of their own: it was done, and what it means. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Action, Card } from '../../staff/card.ts';
import { phoneFor, type Reader } from '../reader.ts';
import { action, isText, oneLine, type Speech, speechFor } from './speech.ts';

export type Done =
  | { readonly kind: 'suppressed'; readonly phone: string; readonly reason: string; readonly already: boolean }
  /** `phone` is the reader's own. */
  | { readonly kind: 'test-sent'; readonly campaign: Campaign; readonly phone: string }
  | { readonly kind: 'stopped-all'; readonly sending: number }
  | { readonly kind: 'going-on'; readonly sending: number }
  | { readonly kind: 'deployment-confirmed' }
  /** `why` has a sentence under `deployment.<why>`. */
  | { readonly kind: 'deployment-in-doubt'; readonly why: string }
  | { readonly kind: 'no-notices' };

export function doneCard(done: Done, reader: Reader): Card {
  const say = speechFor(reader);
  switch (done.kind) {
    case 'suppressed':
      return suppressedCard(done, say);
    case 'test-sent': {
      const { campaign, phone } = done;
      const open = action(say, 'do.open', say.command('show', campaign._id));
      return card(
        done,
        say.t('done.test-sent', { id: campaign._id }),
        [say.t('done.test-sent.how', { phone })],
        [open],
      );
    }
    case 'stopped-all': {
      const goOn = action(say, 'do.go-on', say.command('go-on'), 'primary');
      const lines = [
        done.sending > 0 ? say.t('done.stopped-all.how', { n: done.sending }) : say.t('done.stopped-all.none'),
      ];
      return { ...card(done, say.t('done.stopped-all'), lines, [goOn]), tone: 'attention' };
    }
    case 'going-on': {
      const status = action(say, 'do.status', say.command('status'));
      const lines = [done.sending > 0 ? say.t('done.going-on.how', { n: done.sending }) : say.t('done.going-on.none')];
      return card(done, say.t('done.going-on'), lines, [status]);
    }
    case 'deployment-confirmed':
      return card(done, say.t('done.deployment-confirmed'), [], [action(say, 'do.status', say.command('status'))]);
    case 'deployment-in-doubt':
      return { ...card(done, say.t('done.deployment-in-doubt'), [doubtOf(done.why, say)], []), tone: 'bad' };
    case 'no-notices':
      return { ...card(done, say.t('done.no-notices'), [], []), tone: 'info' };
  }
}

const card = ({ kind }: Done, title: string, lead: readonly string[], actions: readonly Action[]): Card => ({
  subject: `done:${kind}`,
  tone: 'good',
  title,
  lead,
  actions,
});

function suppressedCard(done: Extract<Done, { kind: 'suppressed' }>, say: Speech): Card {
  const phone = phoneFor(say.reader, done.phone);
  const title =
    phone === null
      ? say.t('done.suppressed.hidden')
      : say.t(done.already ? 'done.suppressed.already' : 'done.suppressed', { phone });
  const reason = oneLine(done.reason);
  return {
    ...card(done, title, [say.t('done.suppressed.how')], []),
    facts: reason === '' ? [] : [{ label: say.t('done.reason'), value: reason }],
  };
}

/** Why this copy of the database is not sent from. */
export const doubtOf = (why: string, say: Speech): string =>
  isText(`deployment.${why}`) ? say.t(`deployment.${why}` as 'deployment.other-deployment') : why;
