/** Commands over time and over what runs: schedule, pause, resume, cancel, stop all, go on. */
import type { Campaign } from '../../campaigns/campaign.ts';
import { cancel as cancelVerb, pause as pauseVerb, resume as resumeVerb } from '../../campaigns/control.ts';
import { editDraft } from '../../campaigns/draft.ts';
import { schedule as scheduleVerb } from '../../campaigns/schedule.ts';
import { isWhatWasApproved } from '../../campaigns/terms.ts';
import type { Card } from '../../staff/card.ts';
import { may } from '../../staff/rights.ts';
import { doneCard } from '../cards/done.ts';
import { type Call, type Command, missing, mistaken, refused, settled } from '../command.ts';
import { startOf } from '../fields.ts';
import { willMakeIt } from '../forecast.ts';
import { textFrom } from '../parse.ts';
import { tellAllSending } from '../tell-all-sending.ts';
import { shown, viewFor } from '../view.ts';
import { phraseIn } from '../vocabulary.ts';
import { startCommand } from '../when-command.ts';
import { plainText } from '../when-words.ts';
import { whichCampaign } from '../which.ts';

/** Soon enough to be now, and late enough to be ahead when it is written. */
const NOW_MS = 1000;

export const schedule: Command = {
  keys: ['start'],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'write', step: 'schedule', orLast: false });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    const said = call.args.named.get('start')?.text ?? textFrom(call.args, next);
    if (said.trim() === '') return missing(call, 'when');
    const read = startOf(said, { now: call.room.now(), zone: call.by.zone, locale: call.by.locale });
    if (read.problem?.kind === 'when') return mistaken(call, read.problem);
    const { start = null, unclear } = read.value ?? {};
    if (unclear)
      return mistaken(call, {
        kind: 'when',
        ...unclear,
        choose: startCommand(call.by, `${phraseIn(call.by.locale, 'schedule')} ${campaign._id}`),
      });
    const { room, by } = call;
    if (start?.kind === 'at')
      return settled(call, await scheduleVerb(room.campaigns, by, campaign._id, start.at), campaign, after(call));
    if (start?.kind === 'on-approval' && isWhatWasApproved(campaign)) {
      const soon = new Date(room.now().getTime() + NOW_MS);
      return settled(call, await scheduleVerb(room.campaigns, by, campaign._id, soon), campaign, after(call));
    }
    return settled(call, await editDraft(room.campaigns, by, campaign._id, { start }), campaign, after(call));
  },
};

const after =
  (call: Call) =>
  (campaign: Campaign): Promise<Card> => {
    call.room.nudge();
    return shown(call, campaign);
  };

export const pause: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'control', step: 'pause', orLast: false });
    if (meant.kind === 'card') return meant.card;
    return settled(
      call,
      await pauseVerb(call.room.campaigns, call.by, meant.campaign._id),
      meant.campaign,
      after(call),
    );
  },
};

export const cancel: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'control', step: 'cancel', orLast: false });
    if (meant.kind === 'card') return meant.card;
    return settled(
      call,
      await cancelVerb(call.room.campaigns, call.by, meant.campaign._id),
      meant.campaign,
      after(call),
    );
  },
};

const SURE = /^(?:yes|sure|да|точно)$/u;

/** Says first how many will still make it; asks where some will not. */
export const resume: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'control', step: 'resume', orLast: false });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    const forecast = await forecastOf(call, campaign);
    const sure = SURE.test(plainText(call.args.words[next]?.text ?? ''));
    if (forecast && forecast.fit < forecast.left && !sure) return askToResume(call, campaign, forecast);
    const verdict = await resumeVerb(call.room.campaigns, call.by, campaign._id);
    return settled(call, verdict, campaign, async (resumed) => {
      const card = await after(call)(resumed);
      return forecast ? { ...card, lead: [sentenceOf(call, forecast), ...(card.lead ?? [])] } : card;
    });
  },
};

interface Forecast {
  readonly left: number;
  /** Of these, how many can go out in time. */
  readonly fit: number;
  readonly until: Date;
}

async function forecastOf({ room, by }: Call, campaign: Campaign): Promise<Forecast | null> {
  const until = campaign.submission?.terms.notAfter;
  if (!until || !campaign.frozen) return null;
  const { counts, ratePerSecond } = await viewFor(room, by, campaign);
  const { messages, parts, zones } = campaign.frozen;
  const left = counts?.states.queued ?? messages;
  if (!ratePerSecond || zones.length === 0) return null;
  const remaining = { messages: left, parts: (parts * left) / messages, ratePerSecond, window: campaign.window, zones };
  return { left, fit: willMakeIt(remaining, room.now(), until), until };
}

async function askToResume(call: Call, campaign: Campaign, forecast: Forecast): Promise<Card> {
  const card = await shown(call, campaign);
  const plain = `${phraseIn(call.by.locale, 'resume')} ${campaign._id}`;
  const sure = { label: call.words.t('resume.sure'), command: `${plain} yes`, style: 'primary' } as const;
  const others = (card.actions ?? []).filter((action) => action.command !== plain);
  return { ...card, lead: [sentenceOf(call, forecast), ...(card.lead ?? [])], actions: [sure, ...others] };
}

function sentenceOf({ words, reader }: Call, { left, fit, until }: Forecast): string {
  const by = words.dateTime(until, reader.zone);
  if (fit >= left) return words.t('resume.all-in-time', { n: left, until: by });
  return words.t('resume.some-in-time', { left, fit, until: by });
}

/** One switch for everything that is sent; looked at by every worker several times a second. */
const switching = (off: boolean): Command => ({
  keys: [],
  async run(call) {
    const { room, by } = call;
    if (!may(by, 'stop-all', null)) return refused(call, { code: 'not-allowed', right: 'stop-all' });
    const wasOff = (await room.accounts.switchedOff()).some(({ _id }) => _id === 'all');
    if (off) await room.accounts.switchOff('all', by.id, room.now());
    else await room.accounts.switchOn('all');
    room.nudge();
    await room.staff.store.appendAudit({
      at: room.now(),
      actor: by.id,
      action: off ? 'sending.stopped' : 'sending.resumed',
      subject: 'sending:all',
      department: null,
      detail: {},
    });
    // Who presses twice is answered twice, and nobody else is told again.
    if (off !== wasOff) await tellAllSending(room, by, off);
    const { length: sending } = await room.campaigns.store.list(
      { departments: 'all' },
      { states: ['sending'], most: 1000 },
    );
    return doneCard({ kind: off ? 'stopped-all' : 'going-on', sending }, call.reader);
  },
});

export const stopAll = switching(true);
export const resumeAll = switching(false);
