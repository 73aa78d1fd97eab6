/** What is said about reaching people in chats: what may not have arrived, and what changed since they last looked. */
export const reach = {
  'reach.doubtful': 'I do not know whether you were shown this',
  'reach.doubtful-line': '“{title}”',
  'reach.dead':
    '{chat} takes no messages from me to you any more, so they come here. Write to me there, and they will come there again.',

  'interrupted.title': 'I was interrupted while I did what you said',
  'interrupted.do': 'I do not know whether it was done. Please look before you say it again.',

  'changed.title': 'Changed since you were last shown it',
  'changed.text': 'Text',
  'changed.text-how': 'it is another one now',
  'changed.sender': 'Sender',
  'changed.start': 'Starts',
  'changed.people': 'Recipients',
  'changed.people-how': 'as many as before, but the list is another one now',
  'changed.cost': 'At most',
  'changed.from-to': '{before} → {after}',
  'changed.nothing': 'Nothing has changed since you were last shown it.',
} as const;
