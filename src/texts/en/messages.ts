/** Texts, phones and senders: what is wrong with them, and what was done to read them. */
export const messages = {
  'template.syntax':
    'I do not understand the text at line {line}, character {column}. A value from the table is written as {{name}}.',
  'template.not-allowed':
    'At line {line}, character {column} the text uses something that is not allowed. Allowed are values as in {{name}}, and {{#if name}} … {{else}} … {{/if}}.',
  'template.too-long': 'The text is too long: at most {limit} characters can be written.',
  'template.too-deep': 'Conditions stand inside one another too deeply: at most {limit} levels are allowed.',

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

  'sender.empty': 'The sender name is missing.',
  'sender.too-long': 'The sender name is too long: at most 11 letters and digits, or 15 digits of a number.',
  'sender.bad-characters':
    'The sender name may have Latin letters, digits, spaces, dots, hyphens and underscores only.',
} as const;
