/** The submit_sm of a message, field by field; its texts are judged at the operator, by the contract. */
import { describe, expect, it } from 'vitest';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import { absoluteTime, toSubmits } from '../../../../integrations/providers/smpp/submit.ts';
import type { OutboundSms } from '../../../../src/dispatch/provider.ts';
import { outbound } from '../../../contract/provider-far-end.ts';
import { quickSettings } from './quick.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
const submits = (text: string, over: Partial<OutboundSms> = {}, settings: Partial<SmppSettings> = {}) =>
  toSubmits(outbound(text, over), quickSettings({ port: 1, ...settings }), 0x1a7, NOW);
const fields = (...args: Parameters<typeof submits>) => {
  const made = submits(...args);
  if (!made.ok) throw new Error(made.why.detail);
  return made.parts;
};

describe('a submit_sm', () => {
  it.each([
    ['Herald', { source_addr_ton: 5, source_addr_npi: 0, source_addr: 'Herald' }],
    ['1234', { source_addr_ton: 3, source_addr_npi: 0, source_addr: '1234' }],
    ['79161234567', { source_addr_ton: 1, source_addr_npi: 1, source_addr: '79161234567' }],
    ['+79161234567', { source_addr_ton: 1, source_addr_npi: 1, source_addr: '79161234567' }],
    ['12', { source_addr_ton: 5, source_addr_npi: 0, source_addr: '12' }],
  ])('is from %s as its type of number says', (sender, expected) => {
    expect(fields('hi', { sender })[0]).toMatchObject(expected);
  });

  it('is from what the account says, where it says it', () => {
    expect(fields('hi', { sender: '1234' }, { shortNumber: { ton: 0, npi: 1 } })[0]).toMatchObject({
      source_addr_ton: 0,
      source_addr_npi: 1,
    });
    expect(fields('hi', {}, { source: { ton: 7, npi: 9 } })[0]).toMatchObject({
      source_addr_ton: 7,
      source_addr_npi: 9,
    });
  });

  it('names its data_coding always, and goes to an international number without its plus', () => {
    expect(fields('hi')[0]).toMatchObject({
      data_coding: 0,
      esm_class: 0,
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: expect.stringMatching(/^7916/),
    });
    expect(fields('привет')[0]).toMatchObject({ data_coding: 8 });
    expect(fields('привет', {}, { dataCoding: { gsm7: 0, ucs2: 24 } })[0]).toMatchObject({ data_coding: 24 });
  });

  it('is one of several with a user data header under one reference, in 140 octets', () => {
    const parts = fields('я'.repeat(150));
    expect(parts.map(({ short_message }) => [...short_message.subarray(0, 6)])).toEqual([
      [5, 0, 3, 0xa7, 3, 1],
      [5, 0, 3, 0xa7, 3, 2],
      [5, 0, 3, 0xa7, 3, 3],
    ]);
    for (const { short_message, esm_class } of parts) {
      expect(esm_class).toBe(0x40);
      expect(short_message.length).toBeLessThanOrEqual(140);
    }
  });

  it('has a reference of 16 bits where the account says so and that makes no part more', () => {
    const wide = fields('я'.repeat(132), {}, { concatenation: 'udh16' });
    expect(wide.map(({ short_message }) => [...short_message.subarray(0, 7)])).toEqual([
      [6, 8, 4, 0x01, 0xa7, 2, 1],
      [6, 8, 4, 0x01, 0xa7, 2, 2],
    ]);
    for (const { short_message } of wide) expect(short_message.length).toBeLessThanOrEqual(140);
    // Two parts of 67 characters were paid for; with the longer header they would be three.
    const tight = fields('я'.repeat(134), {}, { concatenation: 'udh16' });
    expect(tight.map(({ short_message }) => [...short_message.subarray(0, 3)])).toEqual([
      [5, 0, 3],
      [5, 0, 3],
    ]);
  });

  it('may say by sar_ parameters which part it is, or carry all parts in message_payload', () => {
    const sar = fields('a'.repeat(307), {}, { concatenation: 'sar' });
    expect(sar.map((part) => [part.sar_msg_ref_num, part.sar_total_segments, part.sar_segment_seqnum])).toEqual([
      [0x1a7, 3, 1],
      [0x1a7, 3, 2],
      [0x1a7, 3, 3],
    ]);
    expect(sar.map(({ esm_class, short_message }) => [esm_class, short_message.length])).toEqual([
      [0, 153],
      [0, 153],
      [0, 1],
    ]);
    const payload = fields('я'.repeat(150), {}, { concatenation: 'payload' });
    expect(payload).toHaveLength(1);
    expect([payload[0]!.short_message.length, (payload[0]!.message_payload as Buffer).length]).toEqual([0, 300]);
    expect(fields('hi', {}, { concatenation: 'payload' })[0]!.message_payload).toBeUndefined();
  });

  it('is written in what the operator calls its default alphabet, as far as that goes', () => {
    const body = (text: string, defaultAlphabet: SmppSettings['defaultAlphabet']) =>
      submits(text, {}, { defaultAlphabet });
    expect(fields('@£ñ', {}, { defaultAlphabet: 'latin1' })[0]!.short_message).toEqual(Buffer.from('@£ñ', 'latin1'));
    expect(fields('@_{', {}, { defaultAlphabet: 'ascii' })[0]!.short_message).toEqual(Buffer.from('@_{'));
    for (const [text, alphabet] of [
      ['10€', 'latin1'],
      ['Ω', 'latin1'],
      ['ñ', 'ascii'],
    ] as const)
      expect(body(text, alphabet)).toMatchObject({ ok: false, why: { code: 'our-fault' } });
    expect(fields('Ω привет', {}, { defaultAlphabet: 'ascii' })[0]!.data_coding).toBe(8);
  });

  it('goes to a number as the operator writes numbers', () => {
    const to = '+79161234567' as OutboundSms['to'];
    const number = (settings: Partial<SmppSettings>, over = { to }) => {
      const { dest_addr_ton, dest_addr_npi, destination_addr } = fields('hi', over, settings)[0]!;
      return [dest_addr_ton, dest_addr_npi, destination_addr];
    };
    expect(number({ numberFormat: 'plus' })).toEqual([1, 1, '+79161234567']);
    expect(number({ destination: { ton: 0, npi: 8 } })).toEqual([0, 8, '79161234567']);
    expect(number({ nationalCode: '7' })).toEqual([2, 1, '9161234567']);
    expect(number({ nationalCode: '7' }, { to: '+375291234567' as OutboundSms['to'] })).toEqual([1, 1, '375291234567']);
  });

  it('is valid until the message says, else as long as the account says, else as the operator likes', () => {
    const validUntil = new Date('2026-12-31T23:59:58.765Z');
    expect(fields('hi', { validUntil })[0]!.validity_period).toBe('261231235958700+');
    expect(fields('hi', {}, { validityMs: 3_600_000 })[0]!.validity_period).toBe('261123110000000+');
    expect(fields('hi')[0]!.validity_period).toBe('');
    expect(absoluteTime(validUntil)).toHaveLength(16);
  });

  it('asks for the receipts that the account wants', () => {
    expect(fields('hi')[0]!.registered_delivery).toBe(1);
    expect(fields('hi', {}, { registeredDelivery: 0 })[0]!.registered_delivery).toBe(0);
  });

  it.each<[string, Partial<OutboundSms>]>([
    ['a sender that is too long', { sender: 'HeraldHerald' }],
    ['a sender in Cyrillic', { sender: 'Геральд' }],
    ['no sender', { sender: '' }],
    ['a text that is not what its encoding says', { text: 'привет', encoding: 'gsm7' }],
    ['another number of parts than it was priced at', { parts: 3 }],
  ])('is not made for %s', (_, over) => {
    expect(submits('hello', over)).toMatchObject({ ok: false, why: { code: 'our-fault' } });
  });
});
