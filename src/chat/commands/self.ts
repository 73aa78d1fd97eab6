/** Commands about oneself: settings, phone, phone code, notices. */

import type { Card } from '../../staff/card.ts';
import { parseHandle } from '../../staff/employee.ts';
import { changeOwn, keepOwnPhone } from '../../staff/enrol.ts';
import type { Locale } from '../../texts/index.ts';
import { doneCard } from '../cards/done.ts';
import { phoneCard, settingsCard, staffRefusalCard } from '../cards/staff.ts';
import { type Call, type Command, leftOver, missing, mistaken, readerOf, refused, wrongValue } from '../command.ts';
import { noticesFor } from '../notify.ts';
import { spokenPairs } from '../spoken-pairs.ts';
import { namesOf } from '../view.ts';
import { readWhen } from '../when.ts';
import { plainText } from '../when-words.ts';
import { readZoneName } from '../zone.ts';
import { phoneSaid } from './send.ts';

const SETTINGS = ['language', 'zone', 'deputy', 'until'] as const;

export const settings: Command = {
  keys: SETTINGS,
  async run(call) {
    const said = spokenPairs(call.args, SETTINGS);
    if (said.kind === 'left-over') return leftOver(call, said.index);
    const changes = await changesOf(call, said.named);
    if (changes.kind === 'card') return changes.card;
    const changed = Object.keys(changes.fields).length > 0;
    const employee = changed ? await changeOwn(call.room.staff, call.by, changes.fields) : call.by;
    const names = namesOf(await call.room.staff.store.employees());
    return settingsCard({ employee, names, changed }, readerOf(call.room, employee));
  },
};

type OwnFields = Parameters<typeof changeOwn>[2];
type Changes = { readonly kind: 'fields'; readonly fields: OwnFields } | { readonly kind: 'card'; readonly card: Card };
const card = (it: Card): Changes => ({ kind: 'card', card: it });

async function changesOf(call: Call, said: ReadonlyMap<string, string>): Promise<Changes> {
  const language = said.get('language');
  const locale = language === undefined ? undefined : localeOf(language);
  if (locale === null) return card(wrongValue(call, language!, { of: 'language' }));
  const zoneSaid = said.get('zone');
  const zone = zoneSaid === undefined ? undefined : readZoneName(zoneSaid);
  if (zone === null) return card(wrongValue(call, zoneSaid!, { of: 'zone' }));
  const deputy = await deputyOf(call, said.get('deputy'), said.get('until'));
  if (deputy.kind === 'card') return deputy;
  return { kind: 'fields', fields: { ...(locale && { locale }), ...(zone && { zone }), ...deputy.fields } };
}

function localeOf(said: string): Locale | null {
  const plain = plainText(said);
  if (/^(?:ru|рус|russian)/u.test(plain)) return 'ru';
  return /^(?:en|англ)/u.test(plain) ? 'en' : null;
}

async function deputyOf(call: Call, said: string | undefined, until: string | undefined): Promise<Changes> {
  if (said === undefined) return until === undefined ? { kind: 'fields', fields: {} } : card(missing(call, 'employee'));
  if (/^(?:-|none|no|нет|никто)$/u.test(plainText(said))) return { kind: 'fields', fields: { deputy: null } };
  const handle = parseHandle(said);
  const person = handle === null ? null : await call.room.staff.store.employee(handle);
  if (!person?.active || person.id === call.by.id) {
    return card(staffRefusalCard({ why: 'unknown-person', said }, call.reader));
  }
  if (until === undefined) return card(missing(call, 'when'));
  const when = readWhen(until, { now: call.room.now(), zone: call.by.zone, locale: call.by.locale });
  if (when.kind === 'instant') return { kind: 'fields', fields: { deputy: { deputy: person.id, until: when.at } } };
  const unclear = when.kind === 'now' ? ({ kind: 'unclear', why: 'past' } as const) : when;
  return card(mistaken(call, { kind: 'when', said: until, unclear }));
}

const CODE_VALID_MS = 10 * 60_000;
const CODE_TRIES = 5;
const CODE_SENT = 'staff.phone-code-sent';
/** Codes that one person may have sent within this time. */
const CODES = 5;
const CODES_MS = 3_600_000;

export const phone: Command = {
  keys: [],
  async run(call) {
    const { room, by, reader } = call;
    if (!call.args.words[0]) return phoneCard({ kind: 'shown', phone: by.phone?.phone ?? null }, reader);
    const said = phoneSaid(call);
    if (said.kind === 'unusable') return wrongValue(call, said.text, { of: 'phone', why: said.why });
    if (call.args.words[said.next]) return leftOver(call, said.next);
    if (await hasHadEnough(call)) return phoneCard({ kind: 'too-many' }, reader);
    const code = room.newCode();
    const verdict = await room.sendPhoneCode(by, said.phone, call.words.t('phone-code.sms', { code }));
    if (verdict.kind === 'refused') return refused(call, verdict.refusal);
    room.nudge();
    await audited(call, CODE_SENT);
    await room.staff.store.keepProof({
      employee: by.id,
      phone: said.phone,
      codeHash: room.hash(`${by.id}:${code}`),
      triesLeft: CODE_TRIES,
      expiresAt: new Date(room.now().getTime() + CODE_VALID_MS),
    });
    return phoneCard({ kind: 'sent', phone: said.phone, validMs: CODE_VALID_MS }, reader);
  },
};

export const phoneCode: Command = {
  keys: [],
  async run(call) {
    const { room, by, reader } = call;
    const code = call.args.words
      .map((word) => word.text)
      .join('')
      .replace(/\D/gu, '');
    if (code === '') return missing(call, 'code');
    const proof = await room.staff.store.tryProof(by.id);
    if (!proof || proof.expiresAt <= room.now()) return phoneCard({ kind: 'gone' }, reader);
    if (proof.codeHash !== room.hash(`${by.id}:${code}`)) {
      return phoneCard(proof.triesLeft > 0 ? { kind: 'wrong', triesLeft: proof.triesLeft } : { kind: 'gone' }, reader);
    }
    await room.staff.store.dropProof(by.id);
    await keepOwnPhone(room.staff, by, proof.phone);
    return phoneCard({ kind: 'confirmed', phone: proof.phone }, reader);
  },
};

/** Nobody sends codes to other people's phones all day. */
async function hasHadEnough({ room, by }: Call): Promise<boolean> {
  const since = room.now().getTime() - CODES_MS;
  const trail = await room.staff.store.auditOf(`employee:${by.id}`);
  return trail.filter((entry) => entry.action === CODE_SENT && entry.at.getTime() > since).length >= CODES;
}

async function audited({ room, by }: Call, action: string): Promise<void> {
  await room.staff.store.appendAudit({
    at: room.now(),
    actor: by.id,
    action,
    subject: `employee:${by.id}`,
    department: by.department,
    detail: {},
  });
}

/** Every chat shows notices as they come; this is for asking whether there are any. */
export const notices: Command = {
  keys: [],
  async run({ room, by, reader }) {
    const waiting = await noticesFor(room, by.id);
    return waiting.length > 0 ? null : doneCard({ kind: 'no-notices' }, reader);
  },
};
