/** `allow price`: lets a campaign's messages go by a dearer route than was approved; who may is judged by the verb. */
import { allowDearer } from '../../campaigns/allow-dearer.ts';
import { type Command, leftOver, settled } from '../command.ts';
import { shown } from '../view.ts';
import { whichCampaign } from '../which.ts';

/** The mark that stands on the button: what is allowed is what was seen. */
const MARK = /^[0-9a-f]{6}$/i;

export const allowPrice: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', orLast: false });
    if (meant.kind === 'card') return meant.card;
    const { campaign, next } = meant;
    const mark = call.args.words[next]?.text.toLowerCase();
    // Nobody allows what they have not seen: without its mark the card is shown, with the button that has it.
    if (mark === undefined && campaign.dearer?.asked) return shown(call, campaign);
    if (mark !== undefined && !MARK.test(mark)) return leftOver(call, next);
    const verdict = await allowDearer(call.room.campaigns, call.by, campaign._id, mark ?? '');
    return settled(call, verdict, campaign, (allowed) => {
      call.room.nudge();
      return shown(call, allowed);
    });
  },
};
