/** What is written back into the manager's sheet. */
export const results = {
  'result-group': '{campaign}, {date}',
  'result-tab': 'Results',
  'excluded-tab': 'Left out',

  'result-column.status': 'Status',
  'result-column.operator': 'Operator',
  'result-column.parts': 'Parts',
  'result-column.cost': 'Cost, {currency}',
  'result-column.time': 'Sent at',
  'result-column.error': 'Error',
  'result-column.message-id': 'Message ID',
  'result-column.updated-at': 'Updated at',
  'result-column.receipts-awaited': 'Receipts awaited',

  'result-note.possible-duplicate': 'sent a second time, because nobody could say whether the first went out',

  'excluded-column.row': 'Row in the source',
  'excluded-column.reason': 'Why it was left out',
  'excluded-column.count': 'Rows',
} as const;
