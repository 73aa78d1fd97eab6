/** The numbering plan: what holds, where a number belongs, what a sheet would change, and its taking over. */
import { rm } from 'node:fs/promises';
import { applyPlan, type PlanRoom, proposePlan } from '../../dispatch/plan-import.ts';
import { readPlanSheet } from '../../dispatch/plan-sheet.ts';
import { readPhone } from '../../messages/phone.ts';
import type { Card } from '../../staff/card.ts';
import { may } from '../../staff/rights.ts';
import { sourceProblemCard } from '../cards/audience.ts';
import {
  heldPlanCard,
  numberPlaceCard,
  planAppliedCard,
  planColumnsCard,
  planProblemsCard,
  planProposedCard,
  planTabCard,
} from '../cards/numbers.ts';
import { type Call, type Command, leftOver, missing, refused, wrongValue } from '../command.ts';
import { sourceNamed } from '../drafts.ts';
import type { ChatRoom } from '../room.ts';
import { namesOf } from '../view.ts';

const planRoomOf = ({ campaigns, plans, staff, now, newId }: ChatRoom): PlanRoom => ({
  database: campaigns.database,
  plans,
  staff: staff.store,
  now,
  newId,
});

export const numbers: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    if (!may(by, 'operate', null)) return refused(call, { code: 'not-allowed', right: 'operate' });
    const said = args.words.map(({ text }) => text).join(' ');
    if (said === '') {
      const [history, everyone] = await Promise.all([room.plans.history(), room.staff.store.employees()]);
      const held = history[0] ? await room.plans.ranges(history[0]._id) : [];
      return heldPlanCard({ history, held, names: namesOf(everyone) }, reader);
    }
    const reading = readPhone({ text: said }, room.settings.country);
    if (reading.kind === 'unusable') return wrongValue(call, said, { of: 'phone', why: reading.why });
    const plan = await room.plans.plan();
    return numberPlaceCard({ phone: reading.phone, place: plan?.find(reading.phone) ?? null }, reader);
  },
};

export const numbersImport: Command = {
  keys: ['source', 'tab'],
  async run(call) {
    try {
      return await imported(call);
    } finally {
      if (call.event.file) await rm(call.event.file.path, { force: true });
    }
  },
};

async function imported(call: Call): Promise<Card> {
  const { room, by, args, reader, background } = call;
  if (!may(by, 'operate', null)) return refused(call, { code: 'not-allowed', right: 'operate' });
  if (args.words[1]) return leftOver(call, 1);
  const named = sourceNamed(call, args.words[0]?.text ?? args.named.get('source')?.text ?? null);
  if (!named) return missing(call, 'source');
  if (named.kind === 'card') return named.card;
  const { ref, name, uploaded } = named.wish;
  const wish = { ref, email: by.email, tab: args.named.get('tab')?.text };
  const { sources } = room.campaigns.reading;
  const sheet = await readPlanSheet(sources, wish, room.settings.country, background.signal);
  switch (sheet.kind) {
    case 'refused':
      return sourceProblemCard({ name, problem: sheet.problem }, reader);
    case 'columns':
      return planColumnsCard({ name, ...sheet }, reader);
    case 'question':
      return planTabCard({ name, ref: uploaded ? null : ref, question: sheet.question }, reader);
    case 'plan': {
      const { ranges, problems, hidden } = sheet;
      if (problems.length > 0 || ranges.length === 0) return planProblemsCard({ name, problems }, reader);
      const proposed = await proposePlan(planRoomOf(room), by, { ranges, source: name });
      return planProposedCard({ name, proposed, hidden }, reader);
    }
  }
}

export const numbersApply: Command = {
  keys: [],
  async run(call) {
    const { room, by, args, reader } = call;
    const said = args.words[0]?.text;
    if (said === undefined) return missing(call, 'proposal');
    if (args.words[1]) return leftOver(call, 1);
    const applied = await applyPlan(planRoomOf(room), by, said.toLowerCase());
    if (applied.kind === 'not-allowed') return refused(call, { code: 'not-allowed', right: 'operate' });
    return planAppliedCard({ applied, said }, reader);
  },
};
