/** Counts and spans that every room speaks of. */
export const units = {
  'count.messages': { one: '{n} message', other: '{n} messages' },
  'count.parts': { one: '{n} part', other: '{n} parts' },
  'count.rows': { one: '{n} row', other: '{n} rows' },
  'count.recipients': { one: '{n} recipient', other: '{n} recipients' },
  'count.characters': { one: '{n} character', other: '{n} characters' },
  'count.campaigns': { one: '{n} campaign', other: '{n} campaigns' },

  'span.moment': 'less than a minute',
  'span.about-minutes': { one: 'about {n} minute', other: 'about {n} minutes' },
  'span.about-hours': { one: 'about {n} hour', other: 'about {n} hours' },
  'span.and-minutes': { one: '{n} minute', other: '{n} minutes' },
  'span.about-days': { one: 'about {n} day', other: 'about {n} days' },
} as const;
