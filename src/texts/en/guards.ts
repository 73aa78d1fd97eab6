/** What keeps a campaign from doing harm: trials, caps, first messages that are watched, and what is warned of before an approval. */
export const guards = {
  'guard.trial':
    'In trial: {list}. Only employees’ confirmed phones are reached through it; what is for others goes through live operators, or waits.',
  'guard.trial-ends': 'A trial ends when an administrator says {command}.',
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
