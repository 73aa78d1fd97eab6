/** A draft's card: what is lacking or wrong first, then its numbers. */
import type { Campaign, DraftProblem } from '../../campaigns/campaign.ts';
import { lacks } from '../../campaigns/life.ts';
import { needsNumbers } from '../../campaigns/prepare.ts';
import type { Action, Card, Section } from '../../staff/card.ts';
import type { CampaignView } from './campaign.ts';
import { cautionLines } from './cautions.ts';
import {
  coreOf,
  decider,
  excludedSection,
  numbersSection,
  originSection,
  routesSection,
  savingsSection,
  subjectOf,
  textSection,
  titleOf,
  wishFacts,
} from './facts.ts';
import { takenSection } from './outcome.ts';
import { answersTo, questionLines, seenBeside } from './questions.ts';
import { sourceProblemOf } from './source-problem.ts';
import { action, type Speech } from './speech.ts';
import { variableLine } from './variables.ts';

export function draftCard(view: CampaignView, say: Speech): Card {
  const { campaign } = view;
  const run = currentRun(campaign);
  const question = questionOf(campaign);
  return {
    subject: subjectOf(campaign),
    tone: campaign.problem || campaign.rejection ? 'attention' : 'info',
    title: titleOf(campaign, say),
    lead: [...rejectionLines(view, say), ...standing(view, say)],
    facts: wishFacts(view, say),
    sections: [
      ...(question ? seenBeside(question, say) : []),
      ...todoSection(view, say),
      ...takenSection(campaign, say),
      ...textSection(campaign, say),
      ...(run ? savingsSection(run.savings, say) : []),
      ...(run ? numbersSection(run, say) : []),
      ...(run ? excludedSection(run.excluded, say, campaign.problem ? 'excluded' : 'left-out') : []),
      ...(run ? routesSection(run, say) : []),
      originSection(view, say),
    ],
    actions: actionsOf(view, say),
  };
}

/** What is asked just now about the list. */
const questionOf = ({ problem }: Campaign) => (problem?.kind === 'questions' ? problem.questions[0] : undefined);

/** The numbers of what the draft is now; those of an earlier revision are nobody's business. */
const currentRun = ({ frozen, revision }: Campaign) => (frozen?.revision === revision ? frozen : null);

function rejectionLines({ campaign, names }: CampaignView, say: Speech): readonly string[] {
  const { rejection, zone, revision } = campaign;
  if (!rejection) return [];
  const { at, reason } = rejection;
  const name = decider(rejection, names, say);
  return [
    say.t('card.rejected', { name, when: say.moment(at, zone), reason }),
    ...(revision > rejection.revision ? [say.t('card.rejected-edited')] : []),
  ];
}

/** Where it stands: a problem, being counted, something missing, or ready. */
function standing(view: CampaignView, say: Speech): readonly string[] {
  const { campaign, may } = view;
  if (campaign.problem) return problemLines(campaign.problem, say);
  const missing = lacks(campaign).filter((lack) => lack !== 'numbers');
  const lacking =
    missing.length === 0 ? [] : [say.t('card.lacks', { list: say.list(missing.map((lack) => say.t(`lack.${lack}`))) })];
  if (needsNumbers(campaign)) return [...lacking, progressLine(campaign, say), say.t('card.counting-wait')];
  const run = currentRun(campaign);
  if (!run || missing.length > 0) return lacking;
  // Who may not write it has nothing to check and nobody to send it to.
  return [coreOf(run, say), ...(may.write ? [say.t('card.ready')] : []), ...cautionLines(view, say)];
}

function progressLine({ progress }: Campaign, say: Speech): string {
  if (!progress) return say.t('card.counting');
  return say.t(`card.${progress.step}`, { n: progress.done });
}

function problemLines(problem: DraftProblem, say: Speech): readonly string[] {
  switch (problem.kind) {
    case 'source':
      return [say.t('card.problem-source'), sourceProblemOf(problem.problem, say)];
    case 'questions':
      return problem.questions.slice(0, 1).flatMap((question) => questionLines(question, say));
    case 'variables':
      return [say.t('card.problem-variables'), ...problem.problems.map((one) => variableLine(one, say))];
    case 'nobody':
      return [say.t('card.problem-nobody')];
    case 'broken':
      return [say.t('card.problem-broken', { detail: problem.detail })];
  }
}

/** Operators carry Latin letters only, whatever the reader's language. For where they name none. */
const EXAMPLE_SENDER = 'ACME';

const SENDERS_NAMED = 4;

/** Nobody can be sent to from a name that no operator carries, whatever is said of the numbers. */
const isSenderUnknown = ({ campaign, senders = [] }: Pick<CampaignView, 'campaign' | 'senders'>): boolean =>
  campaign.problem?.kind === 'nobody' &&
  campaign.sender !== null &&
  senders.length > 0 &&
  !senders.includes(campaign.sender);

/** How to give what is missing, as commands to copy. */
function todoSection({ campaign, may, senders = [] }: CampaignView, say: Speech): readonly Section[] {
  if (!may.write) return [];
  const { _id: id } = campaign;
  const addSender = (sender: string) =>
    say.t('card.add-sender', { command: say.typed('edit', id, say.named('sender', sender)) });
  if (isSenderUnknown({ campaign, senders }))
    return [
      {
        title: say.t('card.todo'),
        lines: [
          say.t('card.sender-unknown', { sender: campaign.sender ?? '' }),
          ...senders.slice(0, SENDERS_NAMED).map(addSender),
        ],
      },
    ];
  const lines = lacks(campaign).flatMap((lack) => {
    if (lack === 'text')
      return [say.t('card.add-text', { command: say.typed('edit', id, say.named('text', say.t('example.text'))) })];
    if (lack === 'sender') return [addSender(senders[0] ?? EXAMPLE_SENDER)];
    if (lack === 'audience')
      return [
        say.t('card.add-audience', { command: say.typed('edit', id, say.named('source', say.t('example.file'))) }),
      ];
    return [];
  });
  return lines.length === 0 ? [] : [{ title: say.t('card.todo'), lines }];
}

function actionsOf({ campaign, may }: CampaignView, say: Speech): readonly Action[] {
  const { _id: id } = campaign;
  const ready = lacks(campaign).length === 0;
  const run = currentRun(campaign);
  const question = questionOf(campaign);
  return [
    ...(question && may.write ? answersTo(question, (answer) => say.command('edit', id, answer), say) : []),
    ...(ready && may.write ? [action(say, 'do.submit', say.command('submit', id), 'primary')] : []),
    ...(run && run.messages > 0 ? [action(say, 'do.preview', say.command('preview', id))] : []),
    ...(run && run.messages > 0 && may.write ? [action(say, 'do.test', say.command('test', id))] : []),
    ...(may.write ? [action(say, campaign.start ? 'do.reschedule' : 'do.schedule', say.command('schedule', id))] : []),
    ...(needsNumbers(campaign) || !may.write ? [action(say, 'do.show', say.command('show', id))] : []),
    ...(may.control ? [action(say, 'do.cancel', say.command('cancel', id), 'danger')] : []),
  ];
}
