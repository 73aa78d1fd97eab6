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
