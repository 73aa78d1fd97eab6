/**
 * What a person is shown in a chat, before any chat's own markup: state, count, cost and what to do next come first.
 * Cards are made by pure functions, in the reader's language; each bot renders them in its own way.
 */

/** `attention` and `bad` are also said in words by the card's title: nothing is said by colour alone. */
export type Tone = 'info' | 'good' | 'attention' | 'bad';

/** A button, or a command to type where there are no buttons. `command` is what pressing it says. */
export interface Action {
  readonly label: string;
  readonly command: string;
  readonly style?: 'primary' | 'danger';
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Section {
  readonly title: string;
  readonly lines?: readonly string[];
  readonly facts?: readonly Fact[];
  readonly table?: Table;
}

export interface Card {
  /** What it is about, e.g. `campaign:12`: a newer card about the same replaces it where a chat can edit. */
  readonly subject: string;
  readonly tone: Tone;
  readonly title: string;
  /** The sentences that matter most, one a line. */
  readonly lead?: readonly string[];
  readonly facts?: readonly Fact[];
  readonly sections?: readonly Section[];
  readonly actions?: readonly Action[];
  /** A last line in small print. */
  readonly note?: string;
  /** Handed over after an answer, where nobody but its reader has it. */
  readonly attachment?: Attachment;
}

/** A file of this machine, for a person who cannot open it by its path. */
export interface Attachment {
  readonly name: string;
  readonly path: string;
  /** The command that makes it anew, for when it could not be handed over. */
  readonly again: string;
}
