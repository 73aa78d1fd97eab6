/** Commands about Herald as a whole: status, help, deployment confirm, audience check. */
import { lookAt } from '../../audiences/freeze.ts';
import type { Switch } from '../../dispatch/account-store.ts';
import { isInTrial } from '../../dispatch/trial-period.ts';
import type { Card } from '../../staff/card.ts';
import { scopeOf } from '../../staff/employee.ts';
import { may, type Right } from '../../staff/rights.ts';
import type { Texts } from '../../texts/index.ts';
import { audienceCard, audienceQuestionsCard, sourceProblemCard } from '../cards/audience.ts';
import { doneCard } from '../cards/done.ts';
import { type CommandHelp, commandHelpCard, helpCard } from '../cards/help.ts';
import { type ProviderStatus, type StatusView, statusCard } from '../cards/status.ts';
import { checkAudience } from '../check-audience.ts';
import { type Call, type Command, leftOver, missing, mistaken, refused, syntaxOf } from '../command.ts';
import { sourceNamed } from '../drafts.ts';
import { readFields } from '../fields.ts';
import { LATELY_MS, latelyOf, stateOf } from '../provider-view.ts';
import type { ChatRoom } from '../room.ts';
import { authorityNow, namesOf } from '../view.ts';
import { COMMAND_NAMES, type CommandName, readCommand } from '../vocabulary.ts';

export const status: Command = {
  keys: [],
  run: async (call): Promise<Card> => statusCard(await statusFor(call), call.reader),
};

async function statusFor({ room, by }: Call): Promise<StatusView> {
  const { store, messages } = room.campaigns;
  const scope = scopeOf(by);
  const many = { most: 1000 };
  const [everyone, sending, scheduled, submitted, missed, off] = await Promise.all([
    room.staff.store.employees(),
    store.list(scope, { states: ['sending'], ...many }),
    store.list(scope, { states: ['scheduled'], ...many }),
    store.list(scope, { states: ['submitted'], ...many }),
    store.list(scope, { states: ['missed'], ...many }),
    room.accounts.switchedOff(),
  ]);
  const forReader = submitted.filter((one) => authorityNow(room, by, one, everyone).kind === 'may').length;
  const stopped = off.find((one) => one._id === 'all') ?? null;
  return {
    providers: await providersNow(room, off),
    sending: await Promise.all(
      sending.map(async (campaign) => {
        const { states } = await messages.recentCounts(campaign.frozen?.run ?? '');
        return { campaign, sent: (campaign.frozen?.messages ?? 0) - states.queued };
      }),
    ),
    scheduled: scheduled.length,
    waiting: { all: submitted.length, forReader },
    missed: missed.length,
    stopped: stopped && { by: stopped.by, at: stopped.at },
    doubt: room.deployment.doubt(),
    deployment: room.deployment.id,
    names: namesOf(everyone),
    may: { stopAll: may(by, 'stop-all', null), operate: may(by, 'operate', null) },
  };
}

async function providersNow(room: ChatRoom, off: readonly Switch[]): Promise<readonly ProviderStatus[]> {
  const [accounts, slots, breakers, measured] = await Promise.all([
    room.accounts.accounts(),
    room.accounts.liveSlots(),
    room.health.breakers(),
    room.health.measured(room.now(), LATELY_MS),
  ]);
  return accounts.map((account) => {
    const { name, enabled, binds, partsPerSecond } = account;
    const own = slots.filter((slot) => slot.account === name);
    const up = own.filter((slot) => slot.up).length;
    const stop = off.find(({ _id }) => _id === `provider:${name}`);
    const state = !enabled || stop ? 'switched-off' : stateOf(up > 0, breakers.get(name));
    const why = own.find((slot) => !slot.up)?.why;
    const lately = latelyOf(measured, name);
    const isOnTrial = account.enabled && isInTrial(account, slots);
    const sessions = { up, allowed: binds };
    return { name, state, sessions, partsPerSecond, lately, isInTrial: isOnTrial, ...(why && { why }), stop };
  });
}

/** The right without which a command is not told of; those that are missing here are everybody's. */
const RIGHT_FOR: Partial<Record<CommandName, Right>> = {
  new: 'write',
  edit: 'write',
  test: 'write',
  submit: 'write',
  withdraw: 'write',
  schedule: 'write',
  copy: 'write',
  again: 'write',
  'audience-check': 'write',
  approve: 'decide',
  reject: 'decide',
  'allow-price': 'decide',
  pause: 'control',
  resume: 'control',
  cancel: 'control',
  results: 'results',
  suppress: 'suppress',
  'stop-all': 'stop-all',
  'go-on': 'stop-all',
  provider: 'see',
  'staff-add': 'staff',
  'staff-import': 'staff',
  'staff-invite': 'staff',
  'staff-unlink': 'staff',
  'staff-role': 'staff',
  'staff-department': 'staff',
  'staff-email': 'staff',
  'staff-sees': 'staff',
  'staff-deactivate': 'staff',
  'staff-activate': 'staff',
  access: 'staff',
  'access-grant': 'staff',
  'access-refuse': 'staff',
  prices: 'operate',
  'prices-import': 'operate',
  'prices-apply': 'operate',
  numbers: 'operate',
  'numbers-import': 'operate',
  'numbers-apply': 'operate',
  'deployment-confirm': 'operate',
};

/** A command as help tells of it. Typed words stand in backticks in the catalogue, and here without. */
export const helpOf = (words: Texts, name: CommandName): CommandHelp => ({
  name,
  does: words.t(`help.${name}.does`),
  syntax: syntaxOf(words, name),
  examples: words.t(`help.${name}.examples`).replaceAll('`', '').split('\n'),
});

export const help: Command = {
  keys: [],
  async run(call) {
    const { args, by, words, reader } = call;
    const said = args.line.slice(args.words[0]?.at ?? args.line.length);
    if (said.trim() !== '') {
      const reading = readCommand(said);
      if (reading.kind === 'command') return commandHelpCard({ command: helpOf(words, reading.name) }, reader);
      return mistaken(call, { kind: 'unknown-command', said: reading.said, nearest: reading.nearest });
    }
    const open = COMMAND_NAMES.filter((name) => {
      const right = RIGHT_FOR[name];
      return name !== 'request-access' && (right === undefined || may(by, right, null));
    });
    return helpCard({ commands: open.map((name) => helpOf(words, name)) }, reader);
  },
};

export const deploymentConfirm: Command = {
  keys: [],
  async run(call) {
    const { room, by, reader } = call;
    if (!may(by, 'operate', null)) return refused(call, { code: 'not-allowed', right: 'operate' });
    const doubt = await room.deployment.confirm(by);
    await room.staff.store.appendAudit({
      at: room.now(),
      actor: by.id,
      action: 'deployment.confirmed',
      subject: `deployment:${room.deployment.id}`,
      department: null,
      detail: { doubt },
    });
    return doneCard(doubt ? { kind: 'deployment-in-doubt', why: doubt } : { kind: 'deployment-confirmed' }, reader);
  },
};

const CHECK_KEYS = ['source', 'tab', 'header', 'phone', 'hidden'] as const;

export const audienceCheck: Command = {
  keys: CHECK_KEYS,
  async run(call) {
    const { room, by, args, reader, background } = call;
    if (!may(by, 'write', by.department)) return refused(call, { code: 'not-allowed', right: 'write' });
    if (args.words[1]) return leftOver(call, 1);
    const reading = readFields(args.named, { now: room.now(), zone: by.zone, locale: by.locale });
    const answers = reading.kind === 'read' ? reading.read.answers : {};
    const named = sourceNamed(call, args.words[0]?.text ?? args.named.get('source')?.text ?? null);
    if (!named) return missing(call, 'source');
    if (named.kind === 'card') return named.card;
    const { ref, name } = named.wish;
    const look = await lookAt(room.campaigns.reading, ref, answers, by.id, background.signal);
    if (look.kind === 'refused') return sourceProblemCard({ name, problem: look.problem }, reader);
    if (look.kind === 'questions')
      return audienceQuestionsCard({ name, ref: named.wish.uploaded ? null : ref, questions: look.questions }, reader);
    const checked = await checkAudience(room.campaigns.reading, look, { ref, by }, background.signal);
    if (checked.kind === 'refused') return sourceProblemCard({ name, problem: checked.problem }, reader);
    const { headings } = look.plan;
    return audienceCard({ name, ref: named.wish.uploaded ? null : ref, headings, ...checked }, reader);
  },
};
