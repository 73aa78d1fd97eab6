/** What a person wrote that cannot be understood, where exactly, and what was probably meant. */
import type { PhoneProblem } from '../../messages/phone.ts';
import type { SenderProblem } from '../../messages/sender.ts';
import type { TemplateError, UnknownVariable } from '../../messages/template.ts';
import type { Card } from '../../staff/card.ts';
import type { ArgumentMistake } from '../parse.ts';
import type { Reader } from '../reader.ts';
import type { CommandName, KeyName } from '../vocabulary.ts';
import type { When } from '../when.ts';

export type Mistake =
  /** A text that is no template. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly errors: readonly TemplateError[];
      readonly campaign?: string | undefined;
    }
  /** Variables that are no columns. */
  | {
      readonly kind: 'variables';
      readonly text: string;
      readonly problems: readonly UnknownVariable[];
      readonly columns: readonly string[];
      readonly campaign?: string | undefined;
    }
  /** A time that is not clear; `choose` makes the command that an option stands for. */
  | {
      readonly kind: 'when';
      readonly said: string;
      readonly unclear: Extract<When, { kind: 'unclear' }>;
      readonly choose?: ((at: Date) => string) | undefined;
    }
  | { readonly kind: 'unknown-command'; readonly said: string; readonly nearest: CommandName | null }
  | {
      readonly kind: 'arguments';
      readonly command: CommandName;
      readonly mistake: ArgumentMistake;
      readonly line: string;
    }
  /** Something that the command cannot do without; `what` is what is missing. */
  | {
      readonly kind: 'missing';
      readonly command: CommandName;
      readonly what: Missing;
      readonly syntax?: string | undefined;
    }
  /** A value that is none of its kind. */
  | { readonly kind: 'value'; readonly command: CommandName; readonly said: string; readonly problem: ValueProblem };

export type Missing =
  | 'campaign'
  | 'mark'
  | 'reason'
  | 'when'
  | 'phone'
  | 'source'
  | 'text'
  | 'code'
  | 'employee'
  | 'request'
  | 'department'
  | 'roles'
  | 'anything';

export type ValueProblem =
  | { readonly of: 'sender'; readonly why: SenderProblem }
  | { readonly of: 'phone'; readonly why: PhoneProblem }
  | { readonly of: 'window'; readonly why: 'not-a-window' | 'empty' | 'crosses-midnight' }
  | {
      readonly of:
        | 'class'
        | 'zone'
        | 'language'
        | 'header'
        | 'hidden'
        | 'campaign'
        | 'roles'
        | 'handle'
        | 'code'
        | 'purpose';
    }
  | { readonly of: 'choice'; readonly key: KeyName; readonly options: readonly string[] };

export function mistakeCard(mistake: Mistake, _reader: Reader): Card {
  return { subject: 'mistake', tone: 'attention', title: mistake.kind };
}
