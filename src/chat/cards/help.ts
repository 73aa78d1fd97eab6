/** Help: what can be done, by task, and one command with its syntax and examples. The commands' texts come in as data. */
import type { Card, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { CommandName } from '../vocabulary.ts';
import { type Speech, speechFor } from './speech.ts';

/** A command as help tells of it, in the reader's language. */
export interface CommandHelp {
  readonly name: CommandName;
  readonly does: string;
  readonly syntax: string;
  readonly examples: readonly string[];
}

/** Tasks in the order in which a newcomer meets them. */
const GROUPS = {
  make: ['new', 'edit', 'audience-check', 'preview', 'test', 'submit', 'schedule', 'withdraw', 'refresh', 'copy'],
  decide: ['waiting', 'approve', 'reject', 'allow-price'],
  run: [
    'list',
    'show',
    'quote',
    'pause',
    'resume',
    'cancel',
    'status',
    'provider',
    'provider-check',
    'stop-all',
    'go-on',
  ],
  after: ['results', 'again', 'suppress'],
  you: [
    'help',
    'settings',
    'phone',
    'phone-code',
    'link',
    'link-confirm',
    'link-refuse',
    'unlink',
    'notices',
    'request-access',
  ],
  staff: [
    'staff',
    'staff-add',
    'staff-import',
    'staff-role',
    'staff-department',
    'staff-email',
    'staff-sees',
    'staff-deactivate',
    'staff-activate',
    'staff-invite',
    'staff-unlink',
    'access',
    'access-grant',
    'access-refuse',
    'prices',
    'prices-import',
    'prices-apply',
    'numbers',
    'numbers-import',
    'numbers-apply',
    'deployment-confirm',
  ],
} as const satisfies Record<string, readonly CommandName[]>;

type Grouped = (typeof GROUPS)[keyof typeof GROUPS][number];
/** Every command stands in a group, or this does not compile. */
const GROUP_NAMES: [Exclude<CommandName, Grouped>] extends [never] ? readonly (keyof typeof GROUPS)[] : never = [
  'make',
  'decide',
  'run',
  'after',
  'you',
  'staff',
];

/** All commands that the reader may use. */
export function helpCard({ commands }: { readonly commands: readonly CommandHelp[] }, reader: Reader): Card {
  const say = speechFor(reader);
  const begin = commands.some(({ name }) => name === 'new');
  return {
    subject: 'help',
    tone: 'info',
    title: say.t('help.title'),
    lead: begin
      ? [say.t('help.begin', { command: say.typed('new', say.t('example.file')) }), say.t('help.way')]
      : [say.t('help.way')],
    sections: GROUP_NAMES.flatMap((group) => groupSection(group, commands, say)),
    actions: [
      ...(begin ? [{ label: say.t('do.new'), command: say.command('new'), style: 'primary' as const }] : []),
      { label: say.t('do.list'), command: say.command('list') },
      { label: say.t('do.status'), command: say.command('status') },
    ],
    note: `${say.t('help.more', { command: say.typed('help', say.command('new')) })}\n${say.t('help.languages')}`,
  };
}

function groupSection(group: keyof typeof GROUPS, commands: readonly CommandHelp[], say: Speech): readonly Section[] {
  const facts = GROUPS[group].flatMap((name) => {
    const found = commands.find((command) => command.name === name);
    return found ? [{ label: say.command(name), value: found.does }] : [];
  });
  return facts.length === 0 ? [] : [{ title: say.t(`help.group.${group}`), facts }];
}

export function commandHelpCard({ command }: { readonly command: CommandHelp }, reader: Reader): Card {
  const say = speechFor(reader);
  const { name, does, syntax, examples } = command;
  return {
    subject: `help:${name}`,
    tone: 'info',
    title: say.t('help.one', { command: say.command(name) }),
    lead: [does],
    sections: [
      { title: say.t('help.syntax'), lines: [asTyped(syntax)] },
      ...(examples.length > 0 ? [{ title: say.t('help.examples'), lines: examples.map(asTyped) }] : []),
    ],
    actions: [{ label: say.t('do.help'), command: say.command('help') }],
  };
}

const asTyped = (text: string): string => (text.startsWith('`') ? text : `\`${text}\``);
