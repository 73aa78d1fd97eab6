/** Forms over Slack: opened within the three seconds that Slack gives, filled in, and carried out as one command. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Card } from '../../src/staff/card.ts';
import type { FormFields } from '../../src/staff/surface.ts';
import { texts } from '../../src/texts/index.ts';
import { accountIn, conversationOf, type Desk, localeOf, SLACK, type Speaker, sayWith, UPLOAD } from './desk.ts';
import { type Carried, carriedIn, faultIn, fieldAtFault, filledIn, formView, lineOf, loadingView } from './modal.ts';
import { codeOf } from './outcome.ts';
import { nameOf, shortcut, submission } from './payloads.ts';
import type { Spot } from './reply.ts';
import { typed } from './said.ts';
import type { Workspace } from './workspaces.ts';

/** Slack's own "trigger" lives for three seconds: the view is opened before anything is looked up. */
export async function openForm(
  desk: Desk,
  speaker: Speaker,
  trigger: string,
  carried: Carried,
  given: FormFields = {},
): Promise<void> {
  const client = desk.clientOf(speaker.workspace.token);
  try {
    const { view } = await client.views.open({ trigger_id: trigger, view: loadingView(desk.locale) });
    const [locale, known] = await Promise.all([localeOf(desk, speaker), fieldsFor(desk, speaker, carried)]);
    await client.views.update({
      view_id: view!.id!,
      // Where it was closed or changed meanwhile, that counts.
      ...(view!.hash && { hash: view!.hash }),
      view: formView(carried, { ...known, ...given }, locale),
    });
  } catch (error) {
    const code = codeOf(error);
    // The person closed it before it was filled.
    if (code === 'not_found' || code === 'hash_conflict') return;
    await desk.replies.show(carried.spot, await lateCard(desk, speaker));
    if (code !== 'expired_trigger_id' && code !== 'trigger_expired' && code !== 'invalid_trigger_id') throw error;
  }
}

/** What the campaign has already, for who only wants to change a part of it; lists to choose from, for a new one. */
async function fieldsFor({ core }: Desk, speaker: Speaker, { form }: Carried): Promise<FormFields> {
  if (form.name === 'reject') return {};
  return core.formFields(SLACK, accountIn(speaker), form.name === 'new' ? null : form.campaign);
}

async function lateCard(desk: Desk, speaker: Speaker): Promise<Card> {
  const { t } = texts(await localeOf(desk, speaker));
  return { subject: 'form', tone: 'attention', title: t('slack.form.late'), lead: [t('slack.form.late.do')] };
}

/** The shortcuts: a new campaign, out of nothing or out of a message with its text and its file. */
export async function takeShortcut(desk: Desk, workspace: Workspace, body: unknown): Promise<void> {
  const { user, trigger_id, message } = shortcut.parse(body);
  const speaker = { workspace, user: user.id, name: nameOf(user) };
  const spot: Spot = { workspace: workspace.id, user: user.id, isDirect: true };
  const file = message?.files?.[0]?.id;
  const text = typed(message?.text ?? '').trim();
  const carried: Carried = { form: { name: 'new' }, spot, ...(file !== undefined && { file }) };
  await openForm(desk, speaker, trigger_id, carried, { text });
}

export type Ack = (answer?: { response_action: 'errors'; errors: Record<string, string> }) => Promise<void>;

/** A form that was filled in: its mistakes are shown in it while it is still open. */
export async function takeSubmission(desk: Desk, workspace: Workspace, body: unknown, ack: Ack): Promise<void> {
  const submitted = submission.parse(body);
  const { user, view, trigger_id } = submitted;
  const speaker = { workspace, user: user.id, name: nameOf(user) };
  const carried = carriedIn(view.private_metadata);
  if (!carried) {
    await ack();
    const direct = await reachable(desk, { workspace: workspace.id, user: user.id, isDirect: true });
    return desk.replies.show(direct, await lateCard(desk, speaker));
  }
  const { filled, file } = filledIn(submitted, carried.form);
  const asked = file ?? (carried.file === undefined ? undefined : { id: carried.file });
  const spot = await reachable(desk, carried.spot);
  const saying = {
    id: `view:${trigger_id}`,
    text: lineOf(carried.form, filled, asked !== undefined),
    isPrivate: true,
    conversation: conversationOf(spot),
  };
  let path: string | undefined;
  const answered = sayWith(desk, speaker, saying, asked, (taken) => {
    path = taken;
  });
  const first = await Promise.race([answered.catch(() => 'later' as const), sleep(desk.formMs, 'later' as const)]);
  if (first === 'later') {
    await ack();
    return desk.replies.answer(spot, () => answered);
  }
  const field = first && faultyField(desk, carried, filled, first, await localeOf(desk, speaker), asked !== undefined);
  if (!field) {
    await ack();
    return desk.replies.answer(spot, async () => first);
  }
  await ack({ response_action: 'errors', errors: { [field]: faultIn(first) } });
  // It is taken anew with the next try.
  if (path !== undefined) await rm(path, { force: true });
}

function faultyField(
  desk: Desk,
  { form, file }: Carried,
  filled: ReturnType<typeof filledIn>['filled'],
  card: Card,
  locale: ReturnType<typeof texts>['locale'],
  withFile: boolean,
): string | null {
  const place = file === undefined ? 'file' : 'source';
  if (card.subject === UPLOAD) return place;
  if (withFile && card.subject === 'audience') return place;
  return fieldAtFault(form, filled, card, { now: desk.now(), zone: desk.zone, locale });
}

/** Answers to what was begun outside of all conversations go to the private one. */
async function reachable(desk: Desk, spot: Spot): Promise<Spot> {
  if (spot.channel !== undefined) return spot;
  return { ...spot, isDirect: true, channel: await desk.replies.directChannel(spot) };
}
