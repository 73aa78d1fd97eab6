/** What only Telegram needs said. */
export const telegram = {
  'telegram.moment': 'One moment …',
  'telegram.cut': 'There is more than fits into one message. Ask for a part of it, for example: `{command}`',
  'telegram.cut.help':
    'There is more than fits into one message. All commands are in the menu beside the text field, and `{command}` explains one.',
  'telegram.in-private': 'I talk about campaigns in private only. Let us go on there.',
  'telegram.in-private.button': 'Write to me',
  'telegram.old-button': 'This button is too old for me to know what it was for. Please ask for its card again.',
  'telegram.trouble':
    'Something went wrong, and I cannot answer. Please look in a minute whether it was done before you say it again.',
  'telegram.file-too-large':
    '“{name}” is larger than the {limit} MB that I can take here. Please leave out columns that are not needed, or split it.',
  'telegram.file-failed': 'I could not fetch “{name}” from Telegram. Please send it once more.',
  'telegram.not-read': 'I read text, and spreadsheets sent as files. Write `help` to see what I can do.',
} as const;
