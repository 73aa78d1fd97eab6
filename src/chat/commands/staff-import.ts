/** `staff import`: people from a sheet that an admin names or sends. A file that was sent is deleted, whatever became of it. */
import { rm } from 'node:fs/promises';
import type { Card } from '../../staff/card.ts';
import { may } from '../../staff/rights.ts';
import { applyRoster } from '../../staff/roster.ts';
import { sourceProblemCard } from '../cards/audience.ts';
import { staffColumnsCard, staffImportedCard, staffTabCard } from '../cards/staff-import.ts';
import { type Call, type Command, leftOver, missing, refused } from '../command.ts';
import { sourceNamed } from '../drafts.ts';
import { readStaffSheet } from '../staff-sheet.ts';

export const staffImport: Command = {
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
  if (!may(by, 'staff', null)) return refused(call, { code: 'not-allowed', right: 'staff' });
  if (args.words[1]) return leftOver(call, 1);
  const named = sourceNamed(call, args.words[0]?.text ?? args.named.get('source')?.text ?? null);
  if (!named) return missing(call, 'source');
  if (named.kind === 'card') return named.card;
  const { ref, name, uploaded } = named.wish;
  const sheet = await readStaffSheet(
    room.campaigns.reading.sources,
    { ref, email: by.email },
    args.named.get('tab')?.text,
    background.signal,
  );
  switch (sheet.kind) {
    case 'refused':
      return sourceProblemCard({ name, problem: sheet.problem }, reader);
    case 'question':
      return staffTabCard({ name, ref: uploaded ? null : ref, question: sheet.question }, reader);
    case 'columns':
      return staffColumnsCard({ name, ...sheet }, reader);
    case 'rows': {
      const applied = await applyRoster(room.staff, by, sheet.rows);
      if (applied.kind === 'not-allowed') return refused(call, { code: 'not-allowed', right: 'staff' });
      return staffImportedCard({ name, done: applied, hidden: sheet.hidden }, reader);
    }
  }
}
