/** A campaign's life, its class, and its sending window. */
export const campaigns = {
  'campaign-state.draft': 'draft',
  'campaign-state.submitted': 'waiting for approval',
  'campaign-state.approved': 'approved',
  'campaign-state.scheduled': 'scheduled',
  'campaign-state.sending': 'being sent',
  'campaign-state.paused': 'paused',
  'campaign-state.finished': 'finished',
  'campaign-state.cancelled': 'cancelled',
  'campaign-state.missed': 'missed: its time passed, a person must decide',

  'campaign-state-meaning.draft': 'Nobody but its author works on it; nothing is sent until it is approved.',
  'campaign-state-meaning.submitted': 'Somebody other than its author must approve it.',
  'campaign-state-meaning.approved': 'It may be sent as it is; any change needs a new approval.',
  'campaign-state-meaning.scheduled': 'It starts by itself at its time.',
  'campaign-state-meaning.sending': 'Its messages are going out now.',
  'campaign-state-meaning.paused': 'Nothing goes out until somebody resumes it.',
  'campaign-state-meaning.finished': 'Everything that could be sent has been sent; receipts may still come in.',
  'campaign-state-meaning.cancelled': 'Somebody cancelled it; what had not been sent will not be.',
  'campaign-state-meaning.missed': 'Its time passed before it could start. Nothing is sent unless a person says so.',

  'campaign-class.marketing': 'marketing',
  'campaign-class.service': 'service',
  'campaign-class-meaning.marketing':
    'An offer. Each message is sent once at most, even if that means that some are not sent.',
  'campaign-class-meaning.service':
    'Something that the customer must know. A message that may have been lost can be sent once more.',

  'window.not-a-window': 'I did not understand the sending hours. Please write them like this: 09:00-20:00.',
  'window.empty': 'The sending hours begin and end at the same time. Please write them like this: 09:00-20:00.',
  'window.crosses-midnight': 'Sending hours cannot run over midnight: they must begin and end on the same day.',
} as const;
