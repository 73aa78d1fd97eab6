/** What commands and forms say. */
export const chat = {
  'when.empty': 'Please say when, for example “tomorrow 10:00” or “now”.',
  'when.not-understood': 'I did not understand the time. Please write it like “tomorrow 10:00” or “24.11.2026 10:00”.',
  'when.left-over':
    'I did not understand “{rest}”. Please write only the day and the time, like “tomorrow 10:00” or “24.11.2026 10:00”.',
  'when.vague': 'I need an exact time. Please write a day and an hour, like “tomorrow 10:00”.',
  'when.range': 'I need one time, the one to begin at. Please write it like “tomorrow 10:00”.',
  'when.no-time': 'At what time on that day? Please add it, like “tomorrow 10:00”.',
  'when.no-such-time': 'There is no such time of day. Please write it like 18:30.',
  'when.no-such-date': 'There is no such date. Please write it like 24.11.2026.',
  'when.morning-or-evening': 'Morning or evening?',
  'when.is-it-this': 'Is this the time that you mean?',
  'when.day-or-month': 'Which number is the day and which the month?',
  'when.which-week': 'In which week?',
  'when.which-day': 'It is not the same day there as where you are. Which day do you mean?',
  'when.days-differ': 'The day and the date do not go together. Please check them.',
  'when.past': 'That time has passed. Please give one that is still to come.',
  'when.today-is-past': 'That time has passed today. Tomorrow?',
  'when.too-far': 'That is more than a year away. Please check the year.',
  'when.skipped': 'The clocks are put forward that night, and there is no such time. Which of these do you mean?',
  'when.twice': 'The clocks are put back that night, and that time comes twice. Which of the two do you mean?',

  example: 'For example',

  'form.source': 'Whom shall I write to? Send me a spreadsheet.',
  'form.source.hint': 'An Excel workbook (xlsx) or a csv file, with a column of phone numbers.',
  'form.no-source': 'I cannot read “{said}” as a spreadsheet. Please send an xlsx or csv file.',
  'form.text': 'What shall the message say?',
  'form.text.hint': 'Write the text as it is to arrive. A value from the table is written as {{name}}.',
  'form.text.columns': 'The columns of your table: {columns}.',
  'form.sender': 'Whom shall the message come from?',
  'form.unknown-sender': 'No operator of ours carries “{said}”. They carry: {list}.',
  'form.sender.hint': 'A name of up to 11 Latin letters or digits, as your operators know it.',
  'form.when': 'When shall it go out, once it is approved?',
  'form.when.hint': 'For example “tomorrow 10:00” or “24.11 at 9:30 Moscow time”; or skip this, and schedule it later.',
  'form.now': 'As soon as it is approved',
  'form.on-approval': 'as soon as it is approved',
  'form.cannot-skip': 'It cannot go without this.',
  'form.reject': 'Why do you send it back? The author will read it.',
  'form.reject.hint': 'One sentence is enough. Nothing is decided until you answer.',
  'form.known.source': 'Spreadsheet',
  'form.known.text': 'Text',
  'form.known.sender': 'Sender',
  'form.known.when': 'Start',
  'form.known.campaign': 'Campaign',

  'campaign-name.copy': '{name}, copy',
  'campaign-name.again': '{name}, again',

  'phone-code.sms': '{code} is your code for Herald. If you did not ask for it, ignore this message.',

  'resume.all-in-time': {
    one: 'The {n} message that is left can still be sent by {until}.',
    other: 'All {n} messages that are left can still be sent by {until}.',
  },
  'resume.some-in-time':
    'Of {left} messages that are left, about {fit} can still be sent by {until}; the others would be missed.',
  'resume.sure': 'Go on with those that are left',

  'console.first-admin':
    'Welcome, {name}. You are the first admin of this Herald. Your token is in {file}; keep it to yourself. Begin with `{command}`.',
  'console.as-whom':
    'Please say as whom you speak: `npm run chat -- --as <your short name> "help"`. Tokens are here for: {known}.',
  'console.not-reachable':
    'Herald does not run here yet. Start it with `npm start`, wait for “Herald is ready”, and try again.',
  'console.not-taken': 'Herald did not take this (status {status}).',
  'console.token-open':
    'Others can read the file with your token, {file}, so I do not use it. Please make it yours alone with `chmod 600`.',
  'console.new-token':
    'I do not know you here yet, so I made a token for you and kept it in {file}. Ask for access with it.',
} as const;
