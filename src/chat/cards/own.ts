/** What people set for themselves: their own phone, language, zone, deputy. */
import type { Card } from '../../staff/card.ts';
import type { Employee } from '../../staff/employee.ts';
import type { Reader } from '../reader.ts';
import { action, EXAMPLE_PHONE, type Speech, speechFor } from './speech.ts';

export type PhoneStep =
  | { readonly kind: 'sent'; readonly phone: string; readonly validMs: number }
  | { readonly kind: 'confirmed'; readonly phone: string }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  /** Too late, too many tries, or never asked for. */
  | { readonly kind: 'gone' }
  /** Codes cost money, and go to phones whose owners may not have asked for them. */
  | { readonly kind: 'too-many' }
  /** What there is, when nothing was said. */
  | { readonly kind: 'shown'; readonly phone: string | null };

const EXAMPLE_CODE = '123456';

/** The employee's own phone; it is shown in full, as it is the reader's own. */
export function phoneCard(step: PhoneStep, reader: Reader): Card {
  const say = speechFor(reader);
  const ask = say.typed('phone', EXAMPLE_PHONE);
  switch (step.kind) {
    case 'sent': {
      const command = say.typed('phone-code', EXAMPLE_CODE);
      const todo = say.t('phone-card.sent.do', { duration: say.duration(step.validMs), command });
      return card('info', say.t('phone-card.sent', { phone: step.phone }), [todo]);
    }
    case 'confirmed':
      return card('good', say.t('phone-card.confirmed', { phone: step.phone }), [say.t('phone-card.confirmed.how')]);
    case 'wrong':
      return card('attention', say.t('phone-card.wrong'), [say.t('phone-card.wrong.left', { n: step.triesLeft })]);
    case 'gone':
      return card('attention', say.t('phone-card.gone'), [say.t('phone-card.gone.do', { command: ask })]);
    case 'too-many':
      return card('attention', say.t('phone-card.too-many'), [say.t('phone-card.too-many.do')]);
    case 'shown':
      if (step.phone === null)
        return card('info', say.t('phone-card.none'), [say.t('phone-card.none.do', { command: ask })]);
      return card('info', say.t('phone-card.shown', { phone: step.phone }), [
        say.t('phone-card.change', { command: ask }),
      ]);
  }
}

const card = (tone: Card['tone'], title: string, lead: readonly string[]): Card => ({
  subject: 'phone',
  tone,
  title,
  lead,
});

export interface SettingsView {
  readonly employee: Employee;
  readonly names: (handle: string) => string;
  /** Something was changed just now. */
  readonly changed?: boolean | undefined;
}

export function settingsCard({ employee, names, changed = false }: SettingsView, reader: Reader): Card {
  const say = speechFor(reader);
  const { locale, zone, phone } = employee;
  return {
    subject: 'settings',
    tone: changed ? 'good' : 'info',
    title: say.t(changed ? 'settings.changed' : 'settings.title'),
    facts: [
      { label: say.t('staff.name'), value: employee.name },
      { label: say.t('staff.language'), value: say.t(`staff.language.${locale}`) },
      { label: say.t('staff.zone'), value: zone },
      { label: say.t('staff.phone'), value: phone?.phone ?? say.t('staff.phone.none') },
      { label: say.t('staff.deputy'), value: deputyOf(employee, names, say) },
    ],
    sections: [{ title: say.t('settings.change'), lines: howTo(employee, say) }],
    actions: [
      locale === 'en'
        ? { label: 'Русский', command: say.command('settings', say.option('language', 'ru')) }
        : { label: 'English', command: say.command('settings', say.option('language', 'en')) },
      action(say, 'do.help', say.command('help', say.command('settings'))),
    ],
  };
}

function deputyOf({ deputy }: Employee, names: (handle: string) => string, say: Speech): string {
  if (!deputy) return say.t('staff.deputy.none');
  return say.t('staff.deputy.until', { name: names(deputy.deputy), when: say.dateTime(deputy.until, say.reader.zone) });
}

/** Commands to copy. */
function howTo({ zone }: Employee, say: Speech): readonly string[] {
  const until = say.named('until', say.t('example.until'));
  return [
    say.t('settings.change.zone', { command: say.typed('settings', say.option('zone', zone)) }),
    say.t('settings.change.deputy', { command: say.typed('settings', say.option('deputy', 'maria'), until) }),
    say.t('settings.change.phone', { command: say.typed('phone', EXAMPLE_PHONE) }),
  ];
}
