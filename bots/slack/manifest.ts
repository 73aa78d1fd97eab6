/** What Herald asks of a workspace, and what for: as little as it can do with. `manifest.json` says the same to Slack. */

/** Scopes of the bot, each with what needs it. */
export const NEEDS = {
  'app_mentions:read': ['app_mention'],
  'chat:write': ['chat.postMessage', 'chat.update', 'chat.postEphemeral', 'chat.delete'],
  commands: ['/sms', 'shortcuts'],
  'files:read': ['files.info', 'url_private'],
  'files:write': ['files.getUploadURLExternal', 'files.completeUploadExternal'],
  'im:history': ['message.im', 'conversations.history'],
  'im:write': ['conversations.open'],
  'links:read': ['link_shared'],
  'links:write': ['chat.unfurl'],
  'users:read': ['users.info'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const SCOPES = Object.keys(NEEDS) as readonly (keyof typeof NEEDS)[];
