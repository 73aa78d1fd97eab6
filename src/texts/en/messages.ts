/** Texts, phones and senders: what is wrong with them, and what was done to read them. */
export const messages = {
  'template.not-text': 'This is not a text.',
  'template.too-long': 'The text is too long: at most {detail} characters can be written.',
  'template.too-deep':
    'Line {line}, character {column}: conditions stand inside one another too deeply, at most {detail} levels are allowed.',
  'template.syntax':
    'Line {line}, character {column}: I do not understand this. A value from the table is written as {{name}}.',
  'template.not-closed':
    'The text ends too early: what begins at line {line}, character {column} is never closed. Every {{#if name}} needs an {{/if}}, every pair of opening braces a closing one.',
  'template.mismatched':
    'Line {line}, character {column}: the condition is closed by another word than it was opened with. {{#if name}} ends with {{/if}}, {{#unless name}} with {{/unless}}.',
  'template.needs-brackets':
    'Line {line}, character {column}: a name of several words stands in square brackets. Please write {detail}.',
  'template.not-allowed':
    'Line {line}, character {column}: this is not allowed in a text. Allowed are values such as {{name}}, and conditions such as {{#if name}} … {{else}} … {{/if}}.',
  'template.unknown-variable':
    'Line {line}, character {column}: there is no column called “{name}”. The columns are: {columns}.',
  'template.unknown-variable-nearest':
    'Line {line}, character {column}: there is no column called “{name}”. Did you mean “{nearest}”?',

  'phone.empty': 'The phone number is missing.',
  'phone.not-a-number': 'This is not a phone number.',
  'phone.too-short': 'The phone number is too short: digits are missing.',
  'phone.too-long': 'The phone number is too long: it has digits too many.',
  'phone.digits-lost': 'The phone number was rounded by a spreadsheet, and its last digits are lost.',
  'phone.several-numbers': 'There are several phone numbers here; please give one.',
  'phone.other-country':
    'This looks like a number of another country. If it is right, please write it with a plus and the country code.',
  'phone.not-mobile': 'This is not a mobile number, so no SMS can reach it.',
  'phone.not-allowed': 'Messages are not sent to short, emergency or premium-rate numbers.',

  'doubt.many-zeros': 'ends in many zeros, as rounded numbers do',
  'doubt.text-dropped': 'words beside the number were ignored',
  'doubt.extension-dropped': 'the extension was ignored',
  'doubt.8-for-7': 'the leading 8 was read as +7',
  'doubt.country-added': 'the country code was added',
  'doubt.read-from-number-cell': 'the cell holds a number, not text',
  'doubt.plus-added': 'the plus was added',

  'sender.empty': 'The sender is missing.',
  'sender.too-short': 'A number that messages come from has at least 3 digits.',
  'sender.too-long': 'The sender is too long: a name has at most 11 characters, a number at most 15 digits.',
  'sender.bad-character':
    'Operators carry only Latin letters, digits, spaces, dots, hyphens, underscores and the sign & in a sender’s name.',
  'sender.no-letter': 'This is neither a name, which has a letter, nor a number, which has digits only.',
} as const;
