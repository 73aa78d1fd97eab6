/** A check of an account by an admin: what was sent to the own phone, what passed on the wire, and what that says about its settings. */
import type { CheckLook } from '../../dispatch/check-account.ts';
import { type Advice, adviceOn } from '../../dispatch/check-advice.ts';
import type { SeenPdu } from '../../dispatch/check-store.ts';
import { maskPhone } from '../../platform/mask.ts';
import type { Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { action, type Speech, speechFor } from './speech.ts';
import { remark } from './status.ts';

export function providerCheckCard({ check, messages, pdus, isOver }: CheckLook, reader: Reader): Card {
  const say = speechFor(reader);
  const advice = adviceOn(pdus, isOver);
  const isWell = messages.length > 0 && messages.every(({ message }) => message.state === 'delivered');
  const provider = check.account;
  const again = say.command('provider-check', provider, ...(isOver ? [say.t('word.again')] : []));
  return {
    subject: `provider-check:${check._id}`,
    tone: !isOver ? 'info' : isWell ? 'good' : 'attention',
    title: say.t(isOver ? 'provider-check.over' : 'provider-check.on', { provider }),
    lead: [
      say.t(isOver ? 'provider-check.over.lead' : 'provider-check.on.lead', { phone: phoneFor(check.phone, reader) }),
    ],
    sections: [
      {
        title: say.t('provider-check.texts'),
        lines: messages.map((one) => textLine(one, say)),
      },
      ...(advice.length > 0
        ? [{ title: say.t('provider-check.advice'), lines: advice.map((one) => adviceText(one, say)) }]
        : []),
      ...wireSection(pdus, check.phone, say),
    ],
    actions: [
      action(say, isOver ? 'do.check-again' : 'do.show', again, isOver ? 'primary' : undefined),
      action(say, 'do.provider', say.command('provider', provider)),
    ],
  };
}

function textLine({ text, message }: CheckLook['messages'][number], say: Speech): string {
  const said = { text: say.t(`provider-check.text.${text}`), state: say.t(`message-state.${message.state}`) };
  const why = [message.error && remark(message.error, say), message.errorDetail].filter(Boolean).join(', ');
  return why === '' ? say.t('provider-check.text', said) : say.t('provider-check.text-why', { ...said, why });
}

function adviceText(advice: Advice, say: Speech): string {
  switch (advice.code) {
    case 'data-coding':
      return say.t('provider-advice.data-coding', { status: advice.status, coding: advice.coding });
    case 'sender':
    case 'number':
    case 'parts':
    case 'validity':
    case 'slower':
    case 'status':
      return say.t(`provider-advice.${advice.code}`, { status: advice.status });
    case 'ids-other':
      return say.t('provider-advice.ids-other', { setting: advice.setting });
    case 'zone':
      return say.t('provider-advice.zone', { hours: `${advice.hours > 0 ? '+' : ''}${say.number(advice.hours)}` });
    case 'ids-same':
    case 'ids-none':
    case 'one-receipt':
    case 'no-receipts':
      return say.t(`provider-advice.${advice.code}`);
  }
}

/** As many as a card can carry. */
const MOST_PDUS = 12;
const MOST_HEX = 160;

function wireSection(pdus: readonly SeenPdu[], phone: string, say: Speech): readonly Section[] {
  if (pdus.length === 0) return [];
  const lines = pdus.slice(0, MOST_PDUS).flatMap(({ sent, name, fields, hex }) => {
    const said = Object.entries(fields).map(([field, value]) => `${field}=${value}`);
    const bytes = hex.length > MOST_HEX ? `${hex.slice(0, MOST_HEX)}…` : hex;
    return [`${sent ? '→' : '←'} ${name}: ${said.join(' ')}`, `   ${bytes}`].map((line) =>
      hidden(line, phone, say.reader),
    );
  });
  return [{ title: say.t('provider-check.wire'), lines }];
}

/** In digits, and in the bytes of them; with its country's code or without. */
function hidden(line: string, phone: string, reader: Reader): string {
  if (reader.personalData === 'full') return line;
  const digits = phone.replace(/\D/g, '');
  const bytes = (text: string) => Buffer.from(text, 'latin1').toString('hex');
  let said = line;
  for (let cut = 0; cut < 4; cut++) {
    const part = digits.slice(cut);
    said = said.replaceAll(part, phoneFor(part, reader)).replaceAll(bytes(part), bytes('*'.repeat(part.length)));
  }
  return said;
}

const phoneFor = (phone: string, { personalData }: Reader): string =>
  personalData === 'full' ? phone : personalData === 'masked' ? maskPhone(phone) : '***';

export type CheckRefusal = 'stopped' | 'all-stopped' | 'not-in-use';

/** Nothing was sent, and why. */
export function checkRefusedCard(provider: string, why: CheckRefusal, reader: Reader): Card {
  const say = speechFor(reader);
  return {
    subject: `provider:${provider}`,
    tone: 'attention',
    title: say.t('provider-check.refused', { provider }),
    lead: [say.t(`provider-check.${why}`)],
    actions: [
      action(say, 'do.provider', say.command('provider', provider)),
      action(say, 'do.status', say.command('status')),
    ],
  };
}
