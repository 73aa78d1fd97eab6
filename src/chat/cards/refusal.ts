/** Why something was not done, politely and exactly, and what to do instead. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Refusal } from '../../campaigns/room.ts';
import type { Card } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import type { CommandName } from '../vocabulary.ts';

export interface RefusalView {
  readonly refusal: Refusal;
  /** The command that was refused. */
  readonly command: CommandName;
  /** The campaign it was about, as it stands now, where the reader may see it. */
  readonly campaign?: Campaign | undefined;
}

export function refusalCard({ refusal }: RefusalView, _reader: Reader): Card {
  return { subject: 'refusal', tone: 'attention', title: refusal.code };
}
