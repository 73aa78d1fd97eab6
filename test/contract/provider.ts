/**
 * The contract of `src/dispatch/provider.ts`: what every provider promises, judged at the far end. A provider's own test
 * calls it with a far end to talk to, and lists the cases that it cannot keep, each with its reason.
 *
 * @example
 * describeProvider('smpp', makeProvider, openFarEnd, { 'tells of inbound messages': 'the gateway has none' });
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutboundSms, Provider, SendOutcome } from '../../src/dispatch/provider.ts';
import { capturedLog, type FarEnd, type Kept, type MakeProvider, outbound, startKept } from './provider-far-end.ts';

/** GSM-7 with its extension table, Cyrillic, and texts of three parts with pairs where the cuts fall. */
const TEXTS = {
  'GSM-7 with its extension table': '@£$ {price} [5] ~10€ ^\\| Ñandú',
  Cyrillic: 'Ваш заказ № 5 готов – приходите!',
  'three parts of GSM-7, extension characters at the cuts': `${'a'.repeat(152)}€${'b'.repeat(151)}{}${'c'.repeat(40)}`,
  'three parts of UCS-2, surrogate pairs at the cuts': `${'я'.repeat(66)}🎉${'ю'.repeat(65)}🎁🎂 конец`,
} as const;

const NEVER = new AbortController().signal;
const WAIT = { timeout: 5_000, interval: 5 };

const idsOf = (outcome: SendOutcome): readonly string[] =>
  outcome.kind === 'accepted' ? outcome.parts.map(({ providerMessageId }) => providerMessageId) : [];

/** A far end may repeat what was acknowledged late, so receipts are counted by their ids. */
const receiptedIds = (kept: Kept) => new Set(kept.receipts.map(({ providerMessageId }) => providerMessageId));

/** Cases by name with the reason why this provider cannot keep them. */
export type Cannot = Readonly<Record<string, string>>;

export function describeProvider<F extends FarEnd>(
  name: string,
  makeProvider: MakeProvider<F>,
  openFarEnd: () => Promise<{ farEnd: F; close: () => Promise<void> }>,
  cannot: Cannot = {},
): void {
  describe(`${name} keeps the provider's contract`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    const seen = new Set<string>();
    afterEach(async () => {
      for (const clean of cleanups.splice(0).reverse()) await clean();
    });

    function promise(sentence: string, test: () => Promise<void>): void {
      seen.add(sentence);
      const reason = cannot[sentence];
      if (reason === undefined) it(sentence, test);
      else it.skip(`${sentence} (cannot: ${reason})`, test);
    }

    async function setUp(untilUp = true) {
      const { farEnd, close } = await openFarEnd();
      cleanups.push(close);
      const log = capturedLog();
      const provider = makeProvider(farEnd, log);
      cleanups.push(() => provider.stop());
      const kept = await startKept(provider, untilUp);
      return { farEnd, provider, kept, log };
    }

    const one = async (provider: Provider, sms: OutboundSms): Promise<SendOutcome> =>
      (await provider.send([sms], NEVER))[0]!;

    describe('sending', () => {
      promise('gives one id per part, in the order of the parts', async () => {
        const { provider, farEnd } = await setUp();
        const sms = outbound(TEXTS['three parts of GSM-7, extension characters at the cuts']);
        const outcome = await one(provider, sms);
        const [taken] = farEnd.taken();
        expect(taken!.ids).toHaveLength(3);
        expect(outcome).toEqual({
          kind: 'accepted',
          parts: taken!.ids.map((providerMessageId) => ({ providerMessageId })),
        });
      });

      for (const [what, text] of Object.entries(TEXTS)) {
        promise(`carries ${what} whole`, async () => {
          const { provider, farEnd } = await setUp();
          const sms = outbound(text);
          expect((await one(provider, sms)).kind).toBe('accepted');
          expect(farEnd.taken()).toMatchObject([{ to: sms.to, sender: 'Herald', text }]);
        });
      }

      promise('resolves with the outcomes in the order of the messages, a refusal being one of them', async () => {
        const { provider, farEnd } = await setUp();
        const bad = { to: farEnd.badNumber as OutboundSms['to'] };
        const batch = [outbound('one'), outbound('two', bad), outbound('three'), outbound('four', bad)];
        const told: [number, SendOutcome][] = [];
        const outcomes = await provider.send(batch, NEVER, (index, outcome) => told.push([index, outcome]));
        expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted', 'refused']);
        expect(outcomes[1]).toMatchObject({ why: { code: 'bad-number' } });
        expect(told.toSorted(([a], [b]) => a - b)).toEqual([...outcomes.entries()]);
        const idOf = new Map(farEnd.taken().map(({ text, ids }) => [text, ids[0]]));
        expect(outcomes[2]).toMatchObject({ parts: [{ providerMessageId: idOf.get('three') }] });
      });

      promise('resolves with nothing for an empty batch', async () => {
        const { provider } = await setUp();
        expect(await provider.send([], NEVER)).toEqual([]);
      });

      promise('refuses what would make another number of parts than it was priced at', async () => {
        const { provider, farEnd } = await setUp();
        const outcome = await one(provider, outbound('short', { parts: 2 }));
        expect(outcome).toMatchObject({ kind: 'refused', why: { code: 'our-fault' } });
        expect(farEnd.taken()).toEqual([]);
      });

      promise('does not send what is no longer valid', async () => {
        const { provider, farEnd } = await setUp();
        const outcome = await one(provider, outbound('late', { validUntil: new Date(Date.now() - 1_000) }));
        expect(outcome).toMatchObject({ kind: 'refused', why: { code: 'expired' } });
        expect(farEnd.taken()).toEqual([]);
      });
    });

    describe('when the far end does not take it', () => {
      promise('says later when it is throttled, and sends again once it may', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.behave('throttles');
        const [first, second] = await provider.send([outbound('one'), outbound('two')], NEVER);
        expect(first).toMatchObject({ kind: 'later', why: { code: 'throttled' }, afterMs: expect.any(Number) });
        expect(second).toMatchObject({ kind: 'later', why: { code: 'throttled' } });
        expect(farEnd.taken()).toEqual([]);

        farEnd.behave('takes');
        await vi.waitFor(async () => expect((await one(provider, outbound('again'))).kind).toBe('accepted'), WAIT);
        expect(farEnd.taken().map(({ text }) => text)).toEqual(['again']);
      });

      promise('says unknown when no answer comes', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.behave('takes-in-silence');
        expect(await one(provider, outbound('hm'))).toMatchObject({ kind: 'unknown', why: { code: 'no-answer' } });
      });

      promise('says unknown of all that was on the wire when the connection closes after it was taken', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.behave('hangs-up');
        const outcomes = await provider.send([outbound('one'), outbound('two'), outbound('three')], NEVER);
        for (const outcome of outcomes)
          expect(outcome).toMatchObject({ kind: 'unknown', why: { code: 'connection-lost' } });
      });

      promise('says later when there is nobody to send to', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.goAway(true);
        await vi.waitFor(() => expect(provider.health().up).toBe(false), WAIT);
        expect(await one(provider, outbound('hello?'))).toMatchObject({
          kind: 'later',
          why: { code: 'not-connected' },
        });
      });

      promise('comes back by itself once the far end does, and tells of its health', async () => {
        const { provider, farEnd, kept } = await setUp();
        expect(kept.health.at(-1)).toEqual(provider.health());
        farEnd.goAway(true);
        await vi.waitFor(() => expect(provider.health().up).toBe(false), WAIT);
        expect(kept.health.at(-1)).toMatchObject({
          up: false,
          why: expect.stringMatching(/./),
          since: expect.any(Date),
        });
        farEnd.goAway(false);
        await vi.waitFor(() => expect(kept.health.at(-1)).toMatchObject({ up: true }), WAIT);
        expect((await one(provider, outbound('back'))).kind).toBe('accepted');
      });

      promise('is down before the far end was ever there', async () => {
        const { farEnd, close } = await openFarEnd();
        cleanups.push(close);
        farEnd.goAway(true);
        const provider = makeProvider(farEnd, capturedLog());
        cleanups.push(() => provider.stop());
        await startKept(provider, false);
        expect(provider.health()).toMatchObject({ up: false });
        expect(await one(provider, outbound('hello?'))).toMatchObject({
          kind: 'later',
          why: { code: 'not-connected' },
        });
      });
    });

    describe('stopping', () => {
      promise('sends nothing of a batch whose signal is aborted already', async () => {
        const { provider, farEnd } = await setUp();
        const outcomes = await provider.send([outbound('one'), outbound('two')], AbortSignal.abort());
        expect(outcomes.map(({ kind }) => kind)).toEqual(['later', 'later']);
        expect(farEnd.taken()).toEqual([]);
      });

      promise('waits at an abort for what is on the wire, and sends no more', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.behave('takes-slowly');
        const abort = new AbortController();
        const batch = Array.from({ length: 3 * provider.limits.inFlight }, (_, i) => outbound(`message ${i}`));
        const sending = provider.send(batch, abort.signal);
        await vi.waitFor(() => expect(farEnd.taken()).not.toHaveLength(0), WAIT);
        abort.abort();
        const kinds = (await sending).map(({ kind }) => kind);
        expect(kinds).toContain('later');
        expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(farEnd.taken().length);
        expect(new Set(kinds)).toEqual(new Set(['accepted', 'later']));
      });

      promise('drains at a stop what is on the wire, and takes nothing new', async () => {
        const { provider, farEnd } = await setUp();
        farEnd.behave('takes-slowly');
        const sending = provider.send([outbound('last words')], NEVER);
        await vi.waitFor(() => expect(farEnd.taken()).toHaveLength(1), WAIT);
        const stopped = provider.stop();
        expect(await one(provider, outbound('too late'))).toMatchObject({ kind: 'later' });
        await stopped;
        expect((await sending)[0]!.kind).toBe('accepted');
        expect(provider.health().up).toBe(false);
        expect(await one(provider, outbound('much too late'))).toMatchObject({ kind: 'later' });
        expect(farEnd.taken()).toHaveLength(1);
        await provider.stop();
      });
    });

    describe('what comes back', () => {
      promise('hands over a receipt with the id of the answer, and acknowledges it', async () => {
        const { provider, farEnd, kept } = await setUp();
        const sms = outbound('hello');
        const outcome = await one(provider, sms);
        await vi.waitFor(() => expect(kept.receipts).not.toHaveLength(0), WAIT);
        expect(kept.receipts[0]).toMatchObject({
          provider: farEnd.account,
          providerMessageId: idsOf(outcome)[0],
          state: 'delivered',
          to: sms.to,
          at: expect.any(Date),
        });
        await vi.waitFor(() => expect(farEnd.unacknowledged()).toBe(0), WAIT);
      });

      promise('hands over a receipt for every part', async () => {
        const { provider, kept } = await setUp();
        const outcome = await one(provider, outbound(TEXTS['three parts of UCS-2, surrogate pairs at the cuts']));
        expect(idsOf(outcome)).toHaveLength(3);
        await vi.waitFor(() => expect(receiptedIds(kept)).toEqual(new Set(idsOf(outcome))), WAIT);
      });

      promise('hands over a receipt that comes before the answer', async () => {
        const { provider, farEnd, kept } = await setUp();
        farEnd.behave('receipt-first');
        let receiptsAtAnswer = -1;
        await provider.send([outbound('quick')], NEVER, () => {
          receiptsAtAnswer = kept.receipts.length;
        });
        expect(receiptsAtAnswer).toBeGreaterThan(0);
      });

      promise('acknowledges a receipt only when it is kept, so that one not kept comes again', async () => {
        const { provider, farEnd, kept } = await setUp();
        kept.failNext(1);
        const outcome = await one(provider, outbound('hello'));
        await vi.waitFor(() => expect(receiptedIds(kept)).toEqual(new Set(idsOf(outcome))), WAIT);
        expect(kept.failed).toBe(1);
        await vi.waitFor(() => expect(farEnd.unacknowledged()).toBe(0), WAIT);
      });

      promise('tells of inbound messages', async () => {
        const { farEnd, kept } = await setUp();
        farEnd.customerWrites({ from: '+79161234567', to: '1234', text: 'СТОП {1} €' });
        await vi.waitFor(() => expect(kept.inbound).not.toHaveLength(0), WAIT);
        expect(kept.inbound[0]).toMatchObject({
          provider: farEnd.account,
          from: '+79161234567',
          to: '1234',
          text: 'СТОП {1} €',
          at: expect.any(Date),
        });
      });

      promise('tells of a long inbound message once and whole', async () => {
        const { farEnd, kept } = await setUp();
        const text = 'Почему мне пришло это сообщение? '.repeat(6);
        farEnd.customerWrites({ from: '+79161234567', to: '1234', text });
        await vi.waitFor(() => expect(kept.inbound.map((sms) => sms.text)).toEqual([text]), WAIT);
        await vi.waitFor(() => expect(farEnd.unacknowledged()).toBe(0), WAIT);
      });

      promise('acknowledges an inbound message only when it is kept, so that one not kept comes again', async () => {
        const { farEnd, kept } = await setUp();
        kept.failNext(1);
        farEnd.customerWrites({ from: '+79161234567', to: '1234', text: 'STOP' });
        await vi.waitFor(() => expect(kept.inbound).not.toHaveLength(0), WAIT);
        expect(kept.failed).toBe(1);
      });
    });

    describe('its log', () => {
      promise('never shows a phone, a text or a secret, whatever goes wrong', async () => {
        const { provider, farEnd, kept, log } = await setUp();
        const texts = ['private words', 'приватные слова'];
        const bad = { to: farEnd.badNumber as OutboundSms['to'] };
        kept.failNext(1);
        const batches = [
          texts.map((text) => outbound(text)),
          [outbound(texts[0]!, bad), outbound(texts[1]!, { parts: 7 })],
        ];
        for (const batch of batches) await provider.send(batch, NEVER);
        farEnd.customerWrites({ from: '+79161234567', to: '1234', text: texts[0]! });
        await vi.waitFor(() => expect(kept.inbound).not.toHaveLength(0), WAIT);
        for (const behaviour of ['takes-in-silence', 'hangs-up', 'throttles'] as const) {
          farEnd.behave(behaviour);
          await vi.waitFor(() => expect(provider.health().up).toBe(true), WAIT);
          await provider.send([outbound(texts[0]!)], NEVER);
        }
        await provider.stop();

        const shown = log.lines.join('\n');
        expect(log.lines).not.toHaveLength(0);
        const phones = [...batches.flat().map(({ to }) => to.slice(1)), '79161234567'];
        for (const hidden of [...farEnd.secrets, ...texts, ...phones]) expect(shown).not.toContain(hidden);
      });
    });

    it('lists only cases that there are', () => {
      expect(Object.keys(cannot).filter((sentence) => !seen.has(sentence))).toEqual([]);
    });
  });
}
