/** What recipients will read: the first, the longest and a doubtful one, exactly as it would be sent. */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Encoding } from '../../messages/encoding.ts';
import type { PhoneDoubt } from '../../messages/phone.ts';
import { whatMakesItLong } from '../../messages/savings.ts';
import type { Action, Card, Fact, Section } from '../../staff/card.ts';
import type { Reader } from '../reader.ts';
import { phoneShown, textShown } from './customer.ts';
import { charIn, nameOf, replacementIn } from './facts.ts';
import { action, type Speech, speechFor } from './speech.ts';

export interface Sample {
  readonly kind: 'first' | 'longest' | 'doubtful';
  readonly text: string;
  /** E.164; shown as the reader may see it. */
  readonly phone: string;
  readonly encoding: Encoding;
  readonly parts: number;
  /** Row of the source, from 1. */
  readonly row: number;
  readonly doubt: PhoneDoubt | null;
  /** At the cheapest route, micro-units. */
  readonly cost?: number | undefined;
}

export interface PreviewView {
  readonly campaign: Campaign;
  readonly samples: readonly Sample[];
  /** The reader has a confirmed phone, so that `test` can be offered. */
  readonly canTest?: boolean | undefined;
}

export function previewCard({ campaign, samples, canTest = true }: PreviewView, reader: Reader): Card {
  const say = speechFor(reader);
  const { _id: id } = campaign;
  return {
    subject: `preview:${id}`,
    tone: 'info',
    title: say.t('preview.title', { id, name: nameOf(campaign) }),
    lead: samples.length === 0 ? [say.t('preview.none')] : [...allInAll(campaign, say), ...exactly(reader, say)],
    facts: campaign.sender === null ? [] : [{ label: say.t('card.sender'), value: campaign.sender }],
    sections: samples.map((sample) => sampleSection(sample, campaign, say)),
    actions: [
      ...(canTest && samples.length > 0 ? [testAction(id, say)] : []),
      action(say, 'do.open', say.command('show', id)),
    ],
  };
}

const testAction = (id: string, say: Speech): Action => action(say, 'do.test', say.command('test', id), 'primary');

const exactly = ({ personalData }: Reader, say: Speech): readonly string[] => [say.t(EXACTLY[personalData])];

const EXACTLY = { full: 'preview.exactly', masked: 'preview.masked', none: 'preview.none-shown' } as const;

function allInAll({ frozen }: Campaign, say: Speech): readonly string[] {
  if (!frozen) return [];
  const { messages, parts, quote, currency } = frozen;
  const cost = { micros: quote, currency };
  return [say.t('preview.all', { n: messages, parts: say.t('count.parts', { n: parts }), cost })];
}

/** The text first, then to whom, then how long it is and why. */
function sampleSection(sample: Sample, campaign: Campaign, say: Speech): Section {
  const { kind, text, phone, encoding, parts, row, doubt, cost } = sample;
  const facts: Fact[] = [
    { label: say.t('preview.to'), value: phoneShown(phone, say) },
    { label: say.t('preview.row'), value: say.number(row) },
    { label: say.t('preview.length'), value: lengthOf(text, encoding, parts, say) },
    ...(cost === undefined || !campaign.frozen
      ? []
      : [{ label: say.t('preview.cost'), value: say.money({ micros: cost, currency: campaign.frozen.currency }) }]),
    ...(doubt === null ? [] : [{ label: say.t('preview.doubt'), value: say.t(`doubt.${doubt}`) }]),
    ...whyLong(text, parts, say),
  ];
  const shown = textShown(text, phone, say) ?? campaign.text ?? '';
  return { title: say.t(titleKey(kind, campaign)), lines: shown.split('\n'), facts };
}

/** The first of a list is often its longest too. */
function titleKey(kind: Sample['kind'], { frozen }: Campaign) {
  const both = kind === 'first' && frozen !== null && frozen.samples.first === frozen.samples.longest;
  return both ? 'preview.first-longest' : (`preview.${kind}` as const);
}

const lengthOf = (text: string, encoding: Encoding, parts: number, say: Speech): string =>
  say.t('preview.length-how', {
    characters: say.t('count.characters', { n: [...text].length }),
    alphabet: say.t(`preview.${encoding}`),
    parts: say.t('count.parts', { n: parts }),
  });

/** Characters that make this message longer, with what it would be after another spelling, or without them where there is none. */
function whyLong(text: string, parts: number, say: Speech): readonly Fact[] {
  const culprits = whatMakesItLong(text);
  const fewest = Math.min(parts, ...culprits.map(({ partsAfter }) => partsAfter));
  if (fewest === parts) return [];
  const respelt = culprits.filter(({ replacement }) => replacement !== null);
  const enough = respelt.some(({ partsAfter }) => partsAfter === fewest);
  const changes = (enough ? respelt : culprits).map(({ char, replacement }) =>
    replacement === null || replacement === ''
      ? say.t('preview.drop', { char: charIn(char, say) })
      : say.t('preview.instead', { char: charIn(char, say), replacement: replacementIn(replacement, say) }),
  );
  const value = say.t('preview.shorter', {
    parts: say.t('count.parts', { n: fewest }),
    changes: changes.join(', '),
  });
  return [{ label: say.t('preview.long'), value }];
}
