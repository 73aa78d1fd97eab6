/** An account at the sandbox operator, or at the barest server there is, both of which end with the test. */
import { expect, onTestFinished, vi } from 'vitest';
import { type SmppDeps, smppProvider } from '../../../../integrations/providers/smpp/provider.ts';
import type { SmppSettings } from '../../../../integrations/providers/smpp/settings.ts';
import type { Operator } from '../../../../integrations/sandbox/controls.ts';
import { startOperator } from '../../../../integrations/sandbox/operator.ts';
import type { OperatorOptions } from '../../../../integrations/sandbox/options.ts';
import type { OutboundSms, Provider, SendOutcome } from '../../../../src/dispatch/provider.ts';
import { type CapturedLog, capturedLog, type Kept, outbound, startKept } from '../../../contract/provider-far-end.ts';
import { quickSettings } from './quick.ts';

export const NEVER = new AbortController().signal;
export const WAIT = { timeout: 5_000, interval: 5 };

export const messages = (count: number): readonly OutboundSms[] =>
  Array.from({ length: count }, (_, i) => outbound(`message ${i}`));

/** A provider that is not started. */
export function providerAt(port: number, over: Partial<SmppSettings> = {}, deps: Partial<SmppDeps> = {}): Provider {
  const settings = quickSettings({ port, ...over });
  return smppProvider(settings, { log: capturedLog(), now: () => new Date(), random: Math.random, ...deps });
}

export interface Account {
  readonly provider: Provider;
  readonly kept: Kept;
  readonly log: CapturedLog;
}

/** Started, and up unless told not to wait for that. */
export async function account(
  port: number,
  over: Partial<SmppSettings> = {},
  deps: Partial<SmppDeps> = {},
  untilUp = true,
): Promise<Account> {
  const log = capturedLog();
  const provider = providerAt(port, over, { log, ...deps });
  onTestFinished(() => provider.stop());
  const kept = await startKept(provider, untilUp);
  return { provider, kept, log };
}

export async function sandbox(options: OperatorOptions = {}): Promise<Operator> {
  const operator = await startOperator({
    ...options,
    faults: { receiptDelayMs: 5, ackTimeoutMs: 5_000, ...options.faults },
  });
  onTestFinished(() => operator.stop());
  return operator;
}

export const up = (provider: Provider): Promise<void> =>
  vi.waitFor(() => expect(provider.health().up).toBe(true), WAIT);

export const sendOne = async (provider: Provider, text = 'hello'): Promise<SendOutcome> =>
  (await provider.send([outbound(text)], NEVER))[0]!;
