/** One account at an operator: how it is and what comes next; stopped and started by hand. */
import { startProvider, stopProvider } from '../../dispatch/switch.ts';
import { takeLive } from '../../dispatch/trial-period.ts';
import { may } from '../../staff/rights.ts';
import { standingProviderCard } from '../cards/provider.ts';
import { type Call, type Command, leftOver, missing, refused, wrongValue } from '../command.ts';
import { providerView } from '../provider-view.ts';
import { phraseIn } from '../vocabulary.ts';
import { plainText } from '../when-words.ts';

type Wish = 'look' | 'stop' | 'start' | 'live';

const STOP = /^(?:stop|off|pause|стоп|останови(?:ть)?|выключи(?:ть)?)$/u;
const START = /^(?:start|on|resume|go|пуск|пусти(?:ть)?|запусти(?:ть)?|включи(?:ть)?)$/u;

const LIVE = /^(?:live|production|боевой|в-работу)$/u;

const wishOf = (word: string): Wish => {
  const said = plainText(word);
  return STOP.test(said) ? 'stop' : START.test(said) ? 'start' : LIVE.test(said) ? 'live' : 'look';
};

export const provider: Command = {
  keys: [],
  async run(call) {
    const { room, by, args } = call;
    if (!may(by, 'see', null)) return refused(call, { code: 'not-allowed', right: 'see' });
    const names = (await room.accounts.accounts()).map((account) => account.name);
    const wished = args.words.findIndex(({ text }) => !names.includes(text) && wishOf(text) !== 'look');
    const wish = wished < 0 ? 'look' : wishOf(args.words[wished]!.text);
    const others = args.words.filter((_, index) => index !== wished);
    const said = others[0]?.text;
    if (said === undefined) return whichProvider(call, names, wished < 0 ? '' : args.words[wished]!.text);
    if (others[1]) return leftOver(call, args.words.indexOf(others[1]));
    const name = names.find((one) => one.toLowerCase() === said.toLowerCase());
    if (name === undefined) return wrongValue(call, said, { of: 'choice', key: 'name', options: names });
    return (await carryOut(call, wish, name))
      ? standingProviderCard(await providerView(room, by, name), call.reader)
      : refused(call, { code: 'not-allowed', right: wish === 'live' ? 'operate' : 'stop-all' });
  },
};

/** False when the person may not. */
async function carryOut({ room, by }: Call, wish: Wish, name: string): Promise<boolean> {
  if (wish === 'look') return true;
  const { accounts, health, breaker, now } = room;
  const { database } = room.campaigns;
  const desk = { accounts, health, database, staff: room.staff.store, now, terms: breaker };
  const verb = { stop: stopProvider, start: startProvider, live: takeLive }[wish];
  const done = await verb(desk, by, name);
  room.nudge();
  return done;
}

/** As many as fit on a card. */
const OFFERED = 5;

function whichProvider(call: Call, names: readonly string[], wish: string) {
  const command = (name: string) => [phraseIn(call.by.locale, 'provider'), name, wish].join(' ').trim();
  const actions = names.slice(0, OFFERED).map((name) => ({ label: name, command: command(name) }));
  return { ...missing(call, 'provider'), actions };
}
