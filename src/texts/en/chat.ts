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
  'when.day-or-month': 'Which number is the day and which the month?',
  'when.which-week': 'In which week?',
  'when.which-day': 'It is not the same day there as where you are. Which day do you mean?',
  'when.days-differ': 'The day and the date do not go together. Please check them.',
  'when.past': 'That time has passed. Please give one that is still to come.',
  'when.today-is-past': 'That time has passed today. Tomorrow?',
  'when.too-far': 'That is more than a year away. Please check the year.',
  'when.skipped': 'The clocks are put forward that night, and there is no such time. Which of these do you mean?',
  'when.twice': 'The clocks are put back that night, and that time comes twice. Which of the two do you mean?',
} as const;
