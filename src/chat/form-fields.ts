/**
 * What a form about a campaign opens with where a chat shows all of its fields at once: each as a person would type it, so that what
 * was not changed means what it meant before. Only for whoever may change the campaign.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { campaignFor } from '../campaigns/room.ts';
import type { Employee } from '../staff/employee.ts';
import { may } from '../staff/rights.ts';
import type { FormFields } from '../staff/surface.ts';
import { wordsOf } from './command.ts';
import { recentLists } from './recent-lists.ts';
import type { ChatRoom } from './room.ts';
import { writtenTime } from './when-command.ts';

/** Empty where the account is nobody's, or the campaign is not the person's to change. */
export async function formFieldsFor(
  room: ChatRoom,
  surface: string,
  account: string,
  campaign: string | null,
): Promise<FormFields> {
  const reach = await room.reaches.reach(surface, account);
  const person = reach && (await room.staff.store.employee(reach.employee));
  if (!person?.active) return {};
  if (campaign === null) return may(person, 'write', null) ? { recent: await recentLists(room, person) } : {};
  const found = await campaignFor(room.campaigns, person, campaign, 'write');
  return found.kind === 'found' ? fieldsOf(found.campaign, person) : {};
}

function fieldsOf({ source, name, text, sender, start }: Campaign, person: Employee): FormFields {
  // An uploaded file is gone, and a list of some rows of another has no name that could be typed.
  const link = source && !source.uploaded && !source.rowsOf ? source.ref : null;
  const when = start && (start.kind === 'at' ? writtenTime(start.at, person.zone) : wordsOf(person).t('word.now'));
  return {
    name,
    ...(link !== null && { source: link }),
    ...(text !== null && { text }),
    ...(sender !== null && { sender }),
    ...(when !== null && { start: when }),
  };
}
