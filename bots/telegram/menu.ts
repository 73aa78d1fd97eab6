/** The menu of commands that Telegram offers beside the text field: all of them in private, help alone in groups, in each language. */
import type { BotCommand } from 'telegraf/types';
import { COMMAND_NAMES, type CommandName } from '../../src/chat/vocabulary.ts';
import { LOCALES, type Locale, texts } from '../../src/texts/index.ts';
import type { Api } from './api.ts';
import { wholeLetters } from './html.ts';

/** "1-32 characters. Can contain only lowercase English letters, digits and underscores" (Bot API, BotCommand). */
const nameOf = (command: CommandName): string => command.replaceAll('-', '_');
const LONGEST_DESCRIPTION = 256;

export function menuOf(commands: readonly CommandName[], locale: Locale): readonly BotCommand[] {
  return commands.map((command) => {
    const does = texts(locale).t(`help.${command}.does`).replaceAll('`', '');
    const description = does.length <= LONGEST_DESCRIPTION ? does : `${wholeLetters(does, LONGEST_DESCRIPTION - 1)}…`;
    return { command: nameOf(command), description };
  });
}

/** `usual` is shown to people whose Telegram speaks neither language. */
export async function offerCommands({ call }: Api, usual: Locale): Promise<void> {
  for (const locale of [null, ...LOCALES]) {
    const language = locale === null ? {} : { language_code: locale };
    const menu = (commands: readonly CommandName[]) => menuOf(commands, locale ?? usual) as BotCommand[];
    const everything = menu(COMMAND_NAMES);
    await call('setMyCommands', { commands: everything, scope: { type: 'all_private_chats' }, ...language });
    await call('setMyCommands', { commands: menu(['help']), scope: { type: 'all_group_chats' }, ...language });
  }
}
