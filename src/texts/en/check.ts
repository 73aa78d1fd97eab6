/** What `npm run check` says of the chats, sheets and operators that Herald is connected with. */
export const check = {
  'check.well': 'ok',
  'check.wrong': 'WRONG',
  'check.off': 'off',
  'check.all-well': 'All that is set up works.',
  'check.some-wrong': { one: '{n} thing is wrong.', other: '{n} things are wrong.' },
  'check.do': 'What to do: {advice}',
  'check.no-answer': 'no answer',
  'check.configuration': 'The configuration is read, and nothing is missing in it.',
  'check.mongo': 'MongoDB answers.',
  'check.start.bad': 'Herald cannot be started: {why}',
  'check.start.bad.do':
    'Where no connection comes about, look at MONGODB_URI; when it is empty, Herald runs a MongoDB of its own, whose log is in the data folder.',
  'check.unreachable': '{name} cannot be reached from this machine.',
  'check.unreachable.do': 'See that this machine may open https connections to {host}, and try again.',
  'check.public-url.none': 'PUBLIC_URL is not set, so nobody outside can reach Herald.',

  'check.slack.off': 'Slack: not set up (docs/connect-slack.md).',
  'check.slack.many': 'Slack: several workspaces; each is added at /slack/install.',
  'check.slack.token': 'Slack: signed in as @{user} in “{team}”.',
  'check.slack.token.bad': 'Slack: the bot token is not accepted ({why}).',
  'check.slack.token.bad.do':
    'Copy the “Bot User OAuth Token” from the page “OAuth & Permissions” of the app into SLACK_BOT_TOKEN.',
  'check.slack.scopes': 'Slack: all the scopes that Herald needs are granted.',
  'check.slack.scopes.lacking': 'Slack: these scopes are missing: {scopes}.',
  'check.slack.scopes.lacking.do':
    'Paste manifest.json once more on the page “App Manifest”, then “Install App” and “Reinstall to Workspace”.',
  'check.slack.socket': 'Slack: Socket Mode opens.',
  'check.slack.socket.bad': 'Slack: Socket Mode does not open ({why}).',
  'check.slack.socket.bad.do':
    'On the page “Basic Information”, make an app-level token with the scope connections:write, and put it into SLACK_APP_TOKEN.',
  'check.slack.public-url.do':
    'Set PUBLIC_URL to the https address under which Herald is reached, or use Socket Mode, which needs none (SLACK_APP_TOKEN).',
  'check.slack.events': 'Slack: {url} is reached from outside, takes what is signed and refuses what is not.',
  'check.slack.events.bad': 'Slack: {url} does not take what Slack would send (answer: {status}).',
  'check.slack.events.bad.do':
    'Start Herald (`npm start`), see that the address leads to its port, and that SLACK_SIGNING_SECRET is the “Signing Secret” of the page “Basic Information”.',

  'check.telegram.off': 'Telegram: not set up (docs/connect-telegram.md).',
  'check.telegram.token': 'Telegram: the bot is {name}.',
  'check.telegram.token.bad': 'Telegram: the token is not accepted ({why}).',
  'check.telegram.token.bad.do': 'Write /token to @BotFather, and copy what it says into TELEGRAM_BOT_TOKEN.',
  'check.telegram.polling': 'Telegram: Herald fetches its messages (polling); nothing else has to be set up.',
  'check.telegram.webhook': 'Telegram: messages are posted to {url}.',
  'check.telegram.webhook.none': 'Telegram: no webhook is set yet.',
  'check.telegram.webhook.other': 'Telegram: messages are posted to another address: {url}.',
  'check.telegram.webhook.other.do':
    'Another program uses this bot. Stop it, or make a bot of its own for Herald; Herald takes the webhook away when it starts.',
  'check.telegram.webhook.start': 'Start Herald (`npm start`): it sets the webhook itself.',
  'check.telegram.webhook.fails': {
    one: 'Telegram cannot deliver: {why}. {n} message waits.',
    other: 'Telegram cannot deliver: {why}. {n} messages wait.',
  },
  'check.telegram.webhook.fails.do':
    'See that PUBLIC_URL is reached from outside with a valid certificate, on port 443, 80, 88 or 8443.',

  'check.google.off': 'Google Sheets: not set up (docs/connect-google.md).',
  'check.google.file.bad': 'Google Sheets: the key file cannot be used: {why}',
  'check.google.file.bad.do':
    'In the Google Cloud console: the service account, “Keys”, “Add key”, JSON. Put the path of the file into GOOGLE_CREDENTIALS_FILE.',
  'check.google.token': 'Google Sheets: signed in. Share sheets with {share} as Editor.',
  'check.google.token.bad': 'Google Sheets: Google does not let the service account in ({why}).',
  'check.google.token.bad.do':
    'See that the key was not deleted, that the Sheets API and the Drive API are enabled, that this machine’s clock is right and, with GOOGLE_DELEGATION=yes, that the delegation was granted as docs/connect-google.md says.',
  'check.google.sheet.ask': 'To look at a sheet as well: `npm run check -- <link>`.',
  'check.google.sheet': 'Google Sheets: “{name}” can be read and written.',
  'check.google.office':
    'Google Sheets: “{name}” is a workbook of another program. It can be read; results come as a file of their own.',
  'check.google.sheet.bad': 'Google Sheets: the sheet cannot be used.',

  'check.google.sheet.wrong-link': 'Copy the link from the browser’s address line while the sheet is open.',
  'check.google.sheet.wrong-type':
    'It is neither a Google sheet nor a workbook or a csv. Open the right one and copy its link.',
  'check.google.sheet.not-found': 'There is no such sheet: look at the link, and whether it was deleted.',
  'check.google.sheet.not-shared': 'Open the sheet, press “Share”, and share it with {share} as Editor.',
  'check.google.sheet.read-only': '{share} may only view it. Open the sheet, press “Share”, and make it an Editor.',
  'check.google.sheet.not-yours':
    'Herald acts for people (GOOGLE_DELEGATION=yes). Say for whom: `npm run check -- <link> <e-mail>`, and see that this person may open the sheet.',
  'check.google.sheet.unavailable': 'Google does not answer just now. Please try again in a minute.',

  'check.providers-file.do': 'Mend the file at the places named; docs/providers.md explains each field.',
  'check.providers.off': 'Operators: none is set up; the sandbox operator plays them (docs/providers.md).',
  'check.provider.smpp': 'Operators: “{name}” lets us in.',
  'check.provider.http': 'Operators: “{name}” is reached. Whether it takes messages, a test to your own phone tells.',
  'check.provider.running': 'Operators: “{name}” lets us in: the running Herald is connected.',
  'check.provider.bad': 'Operators: “{name}” does not: {why}.',
  'check.provider.bad.do':
    'Compare host, port, name and password with what the operator gave you, and ask whether it must know our address. A running Herald may hold all the sessions that are allowed: stop it for this check.',
} as const;
