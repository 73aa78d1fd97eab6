/** Help: what can be done, by task, and one command with its syntax and examples. The commands' texts come in as data. */
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { CommandName } from '../vocabulary.ts';

/** A command as help tells of it, in the reader's language. */
export interface CommandHelp {
  readonly name: CommandName;
  readonly does: string;
  readonly syntax: string;
  readonly examples: readonly string[];
}

/** All commands that the reader may use. */
export function helpCard(_view: { readonly commands: readonly CommandHelp[] }, _reader: Reader): Card {
  return { subject: 'help', tone: 'info', title: 'help' };
}

export function commandHelpCard({ command }: { readonly command: CommandHelp }, _reader: Reader): Card {
  return { subject: `help:${command.name}`, tone: 'info', title: command.name };
}
