/** What keeps a campaign from doing harm: trials, caps, first messages that are watched, and what is warned of before an approval. */
export const guards = {
  'guard.trial':
    'In trial: {list}. Only employees’ confirmed phones are reached through it; what is for others goes through live operators, or waits.',
  'guard.trial-ends': 'A trial ends when an administrator says {command}.',
  'guard.cap.campaignMessages': 'It has {wanted} messages, and no campaign may have more than {limit}.',
  'guard.cap.campaignCost': 'It may cost {wanted}, and no campaign may cost more than {limit}.',
  'guard.cap.employeeMessages':
    'It has {wanted} messages. Of the {limit} that one employee may have sent in a day, {taken} of its author’s are taken on {day}.',
  'guard.cap.dayMessages': 'It has {wanted} messages. Of the {limit} that may be sent on {day}, {taken} are taken.',
  'guard.cap.dayCost': 'It may cost {wanted}. Of the {limit} that may be spent on {day}, {taken} are taken.',
  'refused.over-cap': 'That is more than is allowed.',
  'refused.over-cap.do': 'Make the list smaller, or ask the administrator to raise {setting}.',
  'refused.over-cap.do-day': 'Choose another day, make the list smaller, or ask the administrator to raise {setting}.',
  'guard.failures.canary':
    'Of the first messages, {failed} of {settled} came to nothing: {share} %, and more than {limit} % are too many. Nothing was sent to the others.',
  'guard.failures.run':
    'So far {failed} of {settled} messages came to nothing: {share} %, and more than {limit} % are too many.',
  'guard.opt-outs.canary':
    'Of the first {sent} people, {optOuts} have asked never to be sent to again: {share} %, and more than {limit} % are too many. Nothing was sent to the others.',
  'guard.opt-outs.run':
    'Of {sent} people so far, {optOuts} have asked never to be sent to again: {share} %, and more than {limit} % are too many.',
  'guard.failures.do':
    'Look at the list, the text and the operators first. Resumed, it goes on with those not sent to, and stops again if the share grows by ten points more; cancelled, it ends here.',
  'guard.opt-outs.do':
    'Think about whom and what it is sent to first. Resumed, it goes on with those not sent to, and stops again if the share doubles; cancelled, it ends here.',
  'guard.cap.do':
    'Nothing more is sent of it today. Resume it on another day, or ask the administrator to raise {setting}; or cancel it.',
  'guard.repeat': {
    one: '{n} of these people has the same text from campaign {id} “{name}” already, or is to get it: {when}.',
    other: '{n} of these people have the same text from campaign {id} “{name}” already, or are to get it: {when}.',
  },
  'guard.repeat-about': {
    one: 'About {n} of these people has the same text from campaign {id} “{name}” already, or is to get it: {when}.',
    other:
      'About {n} of these people have the same text from campaign {id} “{name}” already, or are to get it: {when}.',
  },
  'guard.canary-plan': 'First {n} are sent and watched; the others follow when it is known that those arrive.',
  'guard.canary-open':
    'The first {n} are sent and watched: the others follow by themselves when most receipts are in, unless too many failed.',
  'guard.canary-passed':
    'Of the first messages {delivered} were delivered and {failed} came to nothing, so the others follow.',
  'guard.canary-silent':
    'Of the first {n} messages no receipt came in time, and none was refused, so the others follow.',
  'hold.guarded': 'A guard stopped it.',
  'provider.trial':
    'It is in trial: until an administrator takes it live, only employees’ confirmed phones are reached.',
  'provider.trial-how':
    'Confirm your own phone ({phone}), send a test or a campaign to colleagues, and look at what arrives; then take it live: {command}',
  'provider.live-since': 'Live since',
  'provider.live-by': '{when}, by {name}',
  'provider-move.live': 'taken live',
  'status.in-trial': 'in trial: confirmed phones of employees only',
  'status.trial':
    'In trial: {list}. Only employees’ confirmed phones are reached, until an administrator says {command}.',
  'word.live': 'live',
  'do.provider-live': 'Take it live',
} as const;
