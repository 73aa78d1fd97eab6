/** Sender IDs: the name or number that a customer sees a message come from. */

export type SenderProblem =
  | 'empty'
  | 'too-short' // fewer than three digits
  | 'too-long' // more than 11 characters, or more than 15 digits
  | 'bad-character' // outside of what operators carry: Latin letters, digits, space, . - & _
  | 'no-letter'; // neither a name nor a number: "12-34"

export type SenderReading =
  | { readonly kind: 'sender'; readonly sender: string; readonly type: 'alphanumeric' | 'number' | 'short' }
  | { readonly kind: 'unusable'; readonly why: SenderProblem };

/** 3GPP TS 23.040 9.1.2.5: an alphanumeric address has room for 11 septets. */
const MAX_NAME = 11;
/** ITU-T E.164. */
const MAX_DIGITS = 15;
/** Numbers of up to eight digits are short numbers; no country's full international mobile numbers are as short. */
const MAX_SHORT = 8;

const unusable = (why: SenderProblem): SenderReading => ({ kind: 'unusable', why });

/** Reads a sender ID; a number may be written with its plus, and is kept without. */
export function parseSender(text: string): SenderReading {
  const sender = text.trim();
  if (sender === '') return unusable('empty');
  if (/^\+?\d+$/.test(sender)) return numeric(sender.replace('+', ''));
  if (!/^[A-Za-z0-9 .\-&_]+$/.test(sender)) return unusable('bad-character');
  if (sender.length > MAX_NAME) return unusable('too-long');
  if (!/[A-Za-z]/.test(sender)) return unusable('no-letter');
  return { kind: 'sender', sender, type: 'alphanumeric' };
}

function numeric(digits: string): SenderReading {
  if (digits.length < 3) return unusable('too-short');
  if (digits.length > MAX_DIGITS) return unusable('too-long');
  return { kind: 'sender', sender: digits, type: digits.length > MAX_SHORT ? 'number' : 'short' };
}
