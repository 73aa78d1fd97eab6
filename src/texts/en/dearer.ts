/** A campaign whose routes have become dearer than was approved. */
export const dearer = {
  'help.allow-price.does': 'Lets the messages of a campaign go by a dearer route than was approved.',
  'help.allow-price.how': '`allow price <campaign> <mark on the card>`',
  'help.allow-price.examples': '`allow price 12`\n`allow price 12 3fa90c`',
  'do.allow-price': 'Allow this price',
  'dearer.title': 'Dearer than was approved',
  'dearer.approved': 'Approved up to',
  'dearer.now': 'Now',
  'dearer.messages': 'Messages',
  'dearer.extra': 'That would be {money} more than was approved, at most. The text and the people stay as approved.',
  'dearer.waits': 'Without an answer these messages wait for a cheaper route until {when}.',
  'dearer.needed': {
    one: '{n} person must allow it; {so} so far.',
    other: '{n} people must allow it; {so} so far.',
  },
  'notice.dearer': 'Messages wait, their routes cost more than was approved: campaign {id} “{name}”',
  'notice.dearer-allowed': '{by} has allowed a dearer route: campaign {id} “{name}”',
  'refused.nothing-asked': 'Nothing of this campaign waits for a dearer route',
  'refused.nothing-asked.do': 'It was allowed already, or the campaign is over.',
} as const;
