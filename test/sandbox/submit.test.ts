import { describe, expect, test } from 'vitest';
import type { Random } from '../../integrations/sandbox/chance.ts';
import { type AccountFaults, NO_FAULTS } from '../../integrations/sandbox/faults.ts';
import type { SubmitSm } from '../../integrations/sandbox/pdus.ts';
import { decideSubmit, type SubmitFacts } from '../../integrations/sandbox/submit.ts';

const SUBMIT: SubmitSm = {
  sourceTon: 5,
  source: 'Herald',
  destinationTon: 1,
  destination: '79161234567',
  esmClass: 0,
  validityPeriod: '',
  registeredDelivery: 1,
  dataCoding: 0,
  shortMessage: Buffer.from('Hello'),
  tlvs: new Map(),
};

const facts = (submit: Partial<SubmitSm> = {}, rest: Partial<SubmitFacts> = {}): SubmitFacts => ({
  read: { ok: true, value: { ...SUBMIT, ...submit } },
  flaws: [],
  maySubmit: true,
  overLimit: null,
  ...rest,
});

/** Always hits a share above one half, and never one below. */
const half: Random = () => 0.5;

const decide = (given: SubmitFacts, faults: Partial<AccountFaults> = {}) =>
  decideSubmit(given, { ...NO_FAULTS, ...faults }, half);

const TAKEN = { kind: 'accept', answer: 'send', spent: null };
const refused = (status: string) => ({ kind: 'refuse', status });

describe('an operator checks', () => {
  test.each([
    ['a good submit', facts(), TAKEN],
    ['a number with a plus', facts({ destination: '+79161234567' }), refused('ESME_RINVDSTADR')],
    ['no number', facts({ destination: '' }), refused('ESME_RINVDSTADR')],
    ['a number of 21 digits', facts({ destination: '7'.repeat(21) }), refused('ESME_RINVDSTADR')],
    ['a name of 11 characters', facts({ source: 'HeraldMarkt' }), TAKEN],
    ['a name of 12 characters', facts({ source: 'HeraldMarket' }), refused('ESME_RINVSRCADR')],
    ['a name as a number', facts({ sourceTon: 1 }), refused('ESME_RINVSRCADR')],
    ['a number as a sender', facts({ sourceTon: 1, source: '79160000000' }), TAKEN],
    ['an absolute time', facts({ validityPeriod: '261123120000000+' }), TAKEN],
    ['a relative time', facts({ validityPeriod: '000000003000000R' }), TAKEN],
    ['a time that is too short', facts({ validityPeriod: '2611231200' }), refused('ESME_RINVEXPIRY')],
    [
      'a body that cannot be read',
      facts({}, { read: { ok: false, status: 'ESME_RINVMSGLEN' } }),
      refused('ESME_RINVMSGLEN'),
    ],
    ['a message too long for one SMS', facts({}, { flaws: ['too-long'] }), refused('ESME_RINVMSGLEN')],
    ['rubbish that fits', facts({}, { flaws: ['split-escape'] }), TAKEN],
    ['a bind that may not submit', facts({}, { maySubmit: false }), refused('ESME_RINVBNDSTS')],
    ['the window', facts({}, { overLimit: 'window' }), refused('ESME_RMSGQFUL')],
    ['the rate', facts({}, { overLimit: 'rate' }), refused('ESME_RTHROTTLED')],
  ])('%s', (_what, given, verdict) => {
    expect(decide(given)).toEqual(verdict);
  });
});

describe('an operator fails as it is told', () => {
  test.each([
    [{ throttleShare: 0.6 }, refused('ESME_RTHROTTLED')],
    [{ throttleShare: 0.4 }, TAKEN],
    [{ queueFullShare: 0.6 }, refused('ESME_RMSGQFUL')],
    [{ errorShare: 0.6, errorStatus: 'ESME_RX_T_APPN' }, refused('ESME_RX_T_APPN')],
    [{ submitErrors: { '67': 'ESME_RINVDSTADR' } }, refused('ESME_RINVDSTADR')],
    [{ submitErrors: { '68': 'ESME_RINVDSTADR' } }, TAKEN],
    [{ allowedSenders: ['Bank'] }, refused('ESME_RINVSRCADR')],
    [{ allowedSenders: ['Bank', 'Herald'] }, TAKEN],
    [{ genericNackNext: 2 }, { kind: 'nack', status: 'ESME_RSYSERR', spent: 'genericNackNext' }],
    [{ genericNackShare: 0.6 }, { kind: 'nack', status: 'ESME_RSYSERR', spent: null }],
    [{ dropAfterAcceptNext: 2 }, { kind: 'accept', answer: 'close', spent: 'dropAfterAcceptNext' }],
    [{ dropAfterAcceptShare: 0.6 }, { kind: 'accept', answer: 'close', spent: null }],
    [{ noAnswerNext: 2 }, { kind: 'accept', answer: 'withhold', spent: 'noAnswerNext' }],
    [{ noAnswerShare: 0.6 }, { kind: 'accept', answer: 'withhold', spent: null }],
  ] satisfies [Partial<AccountFaults>, object][])('%j', (faults, verdict) => {
    expect(decide(facts(), faults)).toEqual(verdict);
  });
});
