/** Delays from now: `in 30 minutes`, «через полтора часа», `in 2h 15m`. Days are not delays: they keep the time on the wall. */
import { MINUTE_MS } from '../campaigns/wall-clock.ts';
import { NUMERALS } from './when-words.ts';

const HOUR = 'hours?|hrs?|hr|h|час|часа|часов|ч';
const MINUTE = 'minutes?|mins?|min|m|минуту|минуты|минут|мин|м';
const AMOUNT = `\\d{1,4}(?:[.,]\\d)?|${Object.keys(NUMERALS).join('|')}`;
const STEP = new RegExp(
  `(?:(${AMOUNT}) ?)?(?:(${HOUR})|(${MINUTE}))\\.?(?![\\p{L}])(?:,? (?:and |и )?| ?(?=\\d)|$)`,
  'uy',
);

/** Set phrases, in minutes. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(?:a )?half an hour|half hour|полчаса|пол часа/, '30 minutes'],
  [/an hour and a half|one and a half hours|полтора часа/, '90 minutes'],
];

/** Milliseconds from now, or null when the text is anything else than a delay. */
export function readDelay(text: string): number | null {
  const said = /^(?:in|через) (?<span>.+)$/.exec(text)?.groups?.span;
  if (said === undefined) return null;
  const span = PHRASES.reduce((phrase, [pattern, minutes]) => phrase.replace(pattern, minutes), said);
  let minutes = 0;
  for (STEP.lastIndex = 0; STEP.lastIndex < span.length; ) {
    const step = STEP.exec(span);
    if (!step) return null;
    const [, amount = '1', hours] = step;
    minutes += (NUMERALS[amount] ?? Number(amount.replace(',', '.'))) * (hours ? 60 : 1);
  }
  return minutes > 0 ? Math.round(minutes * MINUTE_MS) : null;
}
