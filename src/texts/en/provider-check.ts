/** A check of an operator's account: for administrators, who set it up; names of settings and of the protocol stay as they are. */
export const providerCheck = {
  'provider-check.on': 'Checking operator {provider}',
  'provider-check.over': 'Operator {provider} was checked',
  'provider-check.on.lead': 'Three texts are on their way to your phone {phone}; this message shows how far they are.',
  'provider-check.over.lead': 'Three texts were sent to your phone {phone}. Look whether all of them arrived whole.',
  'provider-check.texts': 'The texts',
  'provider-check.text': '{text}: {state}',
  'provider-check.text-why': '{text}: {state} ({why})',
  'provider-check.text.gsm': 'Latin letters and signs',
  'provider-check.text.cyrillic': 'Cyrillic',
  'provider-check.text.three-parts': 'Three parts',
  'provider-check.wire': 'What passed on the wire',
  'provider-check.advice': 'What this says about its settings',
  'provider-check.refused': 'Operator {provider} is not checked now',
  'provider-check.stopped': 'Somebody has stopped it, so nothing was sent. Start it first.',
  'provider-check.all-stopped': 'Everything is stopped, so nothing was sent.',
  'provider-check.not-in-use': 'It is not in use, so nothing was sent.',
  'provider-advice.data-coding':
    'The operator answers {status} to data_coding {coding}: ask which it wants, and set `dataCoding`.',
  'provider-advice.sender':
    'The operator answers {status} to the sender: set `senders` to what it allows, or `source` and `shortNumber` to the type of number that it wants.',
  'provider-advice.number':
    'The operator answers {status} to the number: set `numberFormat`, `destination` or `nationalCode` as its manual says.',
  'provider-advice.parts':
    'The operator answers {status} to how the message is put into PDUs: try `concatenation` with `sar` or `payload`.',
  'provider-advice.validity':
    'The operator answers {status} to the time limit: ask in which form and up to when it takes one.',
  'provider-advice.slower':
    'The operator answers {status} already to a few parts: lower `partsPerSecond` or `window` to what the contract says.',
  'provider-advice.status': 'The operator answers {status}: ask what it means, and say it in `statuses`.',
  'provider-advice.ids-same': 'Its receipts write ids as its answers do: nothing to do.',
  'provider-advice.ids-other':
    'Its receipts write ids in another base than its answers. Herald understands that; to make it certain, set `receiptIdBase` to `{setting}`.',
  'provider-advice.ids-none':
    'The ids in its receipts fit none of its answers: receipts will not find their messages. Show this to the operator.',
  'provider-advice.one-receipt':
    'Not every part got a receipt: if the operator sends one for a whole message, set `receipts` to `one`.',
  'provider-advice.no-receipts': 'No receipt came: ask whether the account may have them, and how long they take.',
  'provider-advice.zone': 'The dates in its receipts differ from UTC by {hours} h: set `receiptZone`.',
  'do.check-again': 'Check again',
  'do.provider': 'The operator',
  'word.again': 'again',

  'help.provider-check.does':
    'Sends three texts through an operator to your own confirmed phone, shows what passed on the wire, and says what that means for its settings.',
  'help.provider-check.how': '`provider check <name> [again]`',
  'help.provider-check.examples': '`provider check alfa`\n`provider check alfa again`',
} as const;
