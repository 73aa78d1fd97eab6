/** Why something was not done, politely and exactly, and what to do instead. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Refusal } from '../../campaigns/room.ts';
import type { Action, Card } from '../../staff/card.ts';
import { holdersOf } from '../../staff/rights.ts';
import type { Reader } from '../reader.ts';
import type { CommandName } from '../vocabulary.ts';
import { nameOf, subjectOf } from './facts.ts';
import { capLine, capSetting, isOfDay } from './guarded.ts';
import { action, EXAMPLE_PHONE, isText, type Speech, speechFor } from './speech.ts';

export interface RefusalView {
  readonly refusal: Refusal;
  /** The command that was refused. */
  readonly command: CommandName;
  /** The campaign it was about, as it stands now, where the reader may see it. */
  readonly campaign?: Campaign | undefined;
}

export function refusalCard({ refusal, command, campaign }: RefusalView, reader: Reader): Card {
  const say = speechFor(reader);
  const zone = campaign?.zone ?? reader.zone;
  const [title, ...lead] = sentences(refusal, campaign?._id ?? '12', zone, say);
  return {
    subject: campaign ? `refusal:${subjectOf(campaign)}` : 'refusal',
    tone: 'attention',
    title: title!,
    lead,
    ...(campaign && { facts: [{ label: say.t('status.campaign'), value: briefly(campaign, say) }] }),
    actions: wayOut(refusal, command, campaign, say),
  };
}

/** First why, then what to do. `id` stands in the commands that are suggested. */
function sentences(refusal: Refusal, id: string, zone: string, say: Speech): readonly string[] {
  const { code } = refusal;
  switch (code) {
    case 'no-such-campaign':
      return [say.t('refused.no-such-campaign', { id: refusal.id }), say.t('refused.no-such-campaign.do')];
    case 'not-allowed': {
      const roles = say.list(
        holdersOf(refusal.right).map((role) => say.t(`role.${role}`)),
        'or',
      );
      const right = say.t(`right.${refusal.right}`);
      return [say.t('refused.not-allowed', { right }), say.t('refused.not-allowed.do', { roles })];
    }
    case 'wrong-state': {
      const state = say.t(`campaign-state.${refusal.state}`);
      return [say.t('refused.wrong-state', { state }), say.t(`campaign-state-meaning.${refusal.state}`)];
    }
    case 'lacking': {
      const list = say.list(refusal.lacks.map((lack) => lackOf(lack, say)));
      return [say.t('refused.lacking', { list }), say.t('refused.lacking.do')];
    }
    case 'stale-version': {
      const { seen, current } = refusal;
      return [say.t('refused.stale-version', { seen, current }), say.t('refused.stale-version.do')];
    }
    case 'start-passed':
      return [
        say.t('refused.start-passed', { when: say.moment(refusal.at, zone) }),
        say.t('refused.start-passed.do', { command: say.typed('schedule', id, say.t('example.when')) }),
      ];
    case 'past':
      return [
        say.t('refused.past'),
        say.t('refused.past.do', { command: say.typed('schedule', id, say.t('example.when')) }),
      ];
    case 'after-deadline': {
      const when = say.moment(refusal.notAfter, zone);
      return [say.t('refused.after-deadline', { when }), say.t('refused.after-deadline.do')];
    }
    case 'list-shrunk': {
      const command = say.typed('resume', id);
      const { left, of: n } = refusal;
      return [say.t('card.look-shrunk-at-start', { left, n }), say.t('refused.list-shrunk.do', { command })];
    }
    case 'no-own-phone': {
      const command = say.typed('phone', EXAMPLE_PHONE);
      return [say.t('refused.no-own-phone'), say.t('refused.no-own-phone.do', { command })];
    }
    case 'nothing-to-read-anew': {
      const command = say.typed('edit', id, say.named('source', say.t('example.file')));
      return [say.t('refused.nothing-to-read-anew'), say.t('refused.nothing-to-read-anew.do', { command })];
    }
    case 'sent-again-already': {
      const { as } = refusal;
      const [show, again] = [say.typed('show', as), say.typed('again', as)];
      return [say.t('refused.sent-again-already', { id: as }), say.t('refused.sent-again-already.do', { show, again })];
    }
    case 'over-cap': {
      const setting = capSetting(refusal.cap);
      const day = say.date(new Date(`${refusal.day}T12:00:00Z`), 'UTC');
      const advice = isOfDay(refusal.cap) ? 'refused.over-cap.do-day' : 'refused.over-cap.do';
      return [say.t('refused.over-cap'), capLine(refusal, day, say), say.t(advice, { setting })];
    }
    case 'decided-already':
      return [say.t('refused.decided-already')];
    case 'changed-meanwhile':
    case 'own-campaign':
    case 'not-an-approver':
    case 'nothing-to-send-again':
    case 'still-ending':
    case 'nothing-asked':
    case 'no-route':
      return [say.t(`refused.${code}`), say.t(`refused.${code}.do`)];
  }
}

/** Which campaign it is, and how it stands. */
const briefly = (campaign: Campaign, say: Speech): string =>
  say.t('card.brief', {
    id: campaign._id,
    name: nameOf(campaign),
    state: say.t(`campaign-state.${campaign.state}`),
  });

const lackOf = (lack: string, say: Speech): string =>
  isText(`lack.${lack}`) ? say.t(`lack.${lack}` as 'lack.text') : lack;

/** What the person will want next. */
function wayOut(
  refusal: Refusal,
  command: CommandName,
  campaign: Campaign | undefined,
  say: Speech,
): readonly Action[] {
  if (refusal.code === 'no-such-campaign') return [action(say, 'do.list', say.command('list'), 'primary')];
  if (!campaign) return [action(say, 'do.help', say.command('help', say.command(command)))];
  if (refusal.code === 'sent-again-already')
    return [action(say, 'do.open', say.command('show', refusal.as), 'primary')];
  return [action(say, 'do.open', say.command('show', campaign._id), 'primary')];
}
