/** `quote`: by whom each group of numbers of a campaign goes, at what price, and why not by the others. */
import { digitsThatMatter, quoteGroups } from '../../dispatch/price-quote.ts';
import { withPricesAt } from '../../dispatch/prices-in-force.ts';
import { quoteCard } from '../cards/quote.ts';
import type { Command } from '../command.ts';
import { whichCampaign } from '../which.ts';

export const quote: Command = {
  keys: [],
  async run(call) {
    const meant = await whichCampaign(call, { right: 'see', orLast: true });
    if (meant.kind === 'card') return meant.card;
    const { room, reader } = call;
    const campaign = await call.numbers.of(meant.campaign);
    const { frozen, sender, class: of, start, submission, approvedHash } = campaign;
    const now = room.now();
    const at = start?.kind === 'at' && start.at > now ? start.at : now;
    if (!frozen || sender === null)
      return quoteCard({ campaign: { ...campaign, frozen: null }, groups: [], at }, reader);
    const [all, slots, off, shares] = await Promise.all([
      room.accounts.accounts(),
      room.accounts.liveSlots(),
      room.accounts.switchedOff(),
      room.delivery.shares(),
    ]);
    const accounts = all.map((account) => withPricesAt(account, at));
    const { currency } = frozen;
    const leads = await room.accounts.prices.leads(frozen.run, digitsThatMatter(accounts, shares));
    const groups = quoteGroups(accounts, leads, {
      sender,
      class: of,
      exchange: room.exchange?.currency === currency ? room.exchange : { currency, rates: {} },
      approved: submission && approvedHash ? new Set(submission.terms.providers) : null,
      up: new Set(slots.filter(({ up }) => up).map(({ account }) => account)),
      shares,
      stopped: new Set(off.map(({ _id }) => _id.replace(/^provider:/, ''))),
    });
    return quoteCard({ campaign, groups, at }, reader);
  },
};
