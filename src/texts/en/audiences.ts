/** People to reach: why a row is left out, why a source cannot be read, and what to do about either. */
export const audiences = {
  'excluded.phone-empty': 'The phone is missing',
  'excluded.phone-not-a-number': 'What stands in the phone column is not a phone number',
  'excluded.phone-too-short': 'The phone number is too short: digits are missing',
  'excluded.phone-too-long': 'The phone number is too long: it has digits too many',
  'excluded.phone-digits-lost':
    'The spreadsheet has rounded the phone number, so its last digits are lost: format the column as text and enter the number again',
  'excluded.phone-several-numbers': 'There are several phone numbers in one cell: leave one of them',
  'excluded.phone-other-country':
    'The phone number looks like one of another country: write it with a plus and the country code if it is right',
  'excluded.phone-not-mobile': 'The phone number is not a mobile one, so no SMS can reach it',
  'excluded.phone-not-allowed': 'Messages are not sent to short, emergency or premium-rate numbers',
  'excluded.bad-zone': 'The time zone is not known: write it as in Europe/Moscow, or leave the cell empty',
  'excluded.cell-error': 'A cell that is needed holds an error of the spreadsheet, such as #N/A',
  'excluded.hidden': 'The row is hidden in the sheet, and hidden rows were to be left out',
  'excluded.duplicate': 'The same phone number stands in an earlier row',
  'excluded.suppressed': 'This number is on the do-not-send list',
  'excluded.missing-value': 'The text uses a value that is empty in this row',
  'excluded.bad-text': 'The text made for this row cannot be sent: it is empty or too long',
  'excluded.no-route': 'None of our operators may carry a message to this number',

  // The same in a few words, for cards; the sheets of results say what to do.
  'left-out.phone-empty': 'no phone number',
  'left-out.phone-not-a-number': 'not a phone number',
  'left-out.phone-too-short': 'the number is too short',
  'left-out.phone-too-long': 'the number is too long',
  'left-out.phone-digits-lost': 'digits were lost in the spreadsheet',
  'left-out.phone-several-numbers': 'several numbers in one cell',
  'left-out.phone-other-country': 'perhaps a number of another country',
  'left-out.phone-not-mobile': 'not a mobile number',
  'left-out.phone-not-allowed': 'a short, emergency or premium-rate number',
  'left-out.bad-zone': 'unknown time zone',
  'left-out.cell-error': 'an error in a cell, such as #N/A',
  'left-out.hidden': 'hidden in the sheet',
  'left-out.duplicate': 'the number is there already',
  'left-out.suppressed': 'on the do-not-send list',
  'left-out.missing-value': 'a value of the text is missing',
  'left-out.bad-text': 'the text is empty or too long',
  'left-out.no-route': 'no operator for the number',

  'source.not-found':
    '“{ref}” was not found. Please check the name or the link, and whether the file has been moved or deleted.',
  'source.not-permitted': 'I may not read “{ref}”. Please ask its owner to share it with me, or send the file here.',
  'source.wrong-link':
    'I cannot open lists behind this address. Please save the table as an Excel workbook (xlsx) or as csv, and send that; for Google Sheets by link, ask the administrator.',
  'source.wrong-type':
    'I cannot read files of this kind ({found}). Please save the table as an Excel workbook (xlsx) or as csv, and send that.',
  'source.encrypted':
    'The file is protected by a password, so I cannot open it. Please save a copy without the password and send that.',
  'source.broken':
    'The file is damaged or incomplete ({detail}). Please open it in your spreadsheet program, save it under a new name, and send the new file.',
  'source.too-large.file':
    'The file is larger than I may read (at most {limit}). Please leave only the columns and tabs that are needed, or divide the list into several files.',
  'source.too-large.unpacked':
    'The workbook unpacks to more than I may read (at most {limit}). Please copy only the columns that are needed into a new workbook and send that.',
  'source.too-large.rows':
    'The table has more rows than I may read (at most {limit}). Please divide the list into several files.',
  'source.too-large.columns':
    'The table has more columns than I may read (at most {limit}). Please leave only the columns that are needed.',
  'source.too-large.cell':
    'One of the cells holds more text than I may read (at most {limit} characters). Please shorten it or delete the column if it is not needed.',
  'source.bomb':
    'The file unpacks to far more than its size, which files made to do harm do, so I have not opened it. If it is an honest file, please copy the table into a new workbook and send that.',
  'source.empty':
    'There is nothing in the table but perhaps its headings. Please check that the right file was sent and that the rows are saved.',
  'source.no-such-tab': 'There is no tab called “{name}”. The tabs are: {tabs}. Please choose one of them.',
  'source.timed-out': {
    one: 'Reading took longer than {n} second, so I stopped. Please try again; if it happens again, divide the list into several files.',
    other:
      'Reading took longer than {n} seconds, so I stopped. Please try again; if it happens again, divide the list into several files.',
  },
  'source.not-shared':
    'I cannot open this sheet. Please press “Share” in it, add {share} as an editor, and send the link again.',
  'source.read-only':
    'I may read this sheet but not write into it, so I could not find its rows again. Please press “Share” in it, make {share} an editor, and send the link again.',
  'source.not-yours':
    'You may not open this sheet yourself, so I do not open it for you. Please ask its owner to share it with you, then send the link again.',
  'source.unavailable': 'Google does not answer at the moment. Please try again in a few minutes.',

  // Over the column by which rows are found again after sorting, inserting and deleting.
  'key-heading': 'Herald ID',
  'key-protection': 'Herald finds the rows by this column. Please leave it as it is.',
} as const;
