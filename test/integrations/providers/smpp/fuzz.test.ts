/**
 * An operator that has gone mad: thousands of PDUs with bytes changed, cut, doubled and invented, the same ones with every run. None
 * of them ends the process, and whatever came, the account sends again: over the session that is there, or over the next.
 */
import { expect, it } from 'vitest';
import { frameCutter } from '../../../../integrations/providers/smpp/wire.ts';
import { seededRandom } from '../../../../integrations/sandbox/chance.ts';
import { account, sendOne, up } from './accounts.ts';
import { deliverBody, ID, pdu, rawOperator, tlv } from './raw-operator.ts';

const RECEIPT =
  'id:1234567890 sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:';
const LONE_SURROGATE = Buffer.from([0xd8, 0x3d, 0x04, 0x10, 0xde]);
const OUTBIND = 0x0000000b;
const ALERT = 0x00000102;

/** One of every kind that an operator may send, and some that it may not. */
const PDUS: readonly ((sequence: number) => Buffer)[] = [
  (n) => pdu(ID.deliver, n, deliverBody({ esmClass: 4, message: RECEIPT })),
  (n) => pdu(ID.deliver, n, deliverBody({ esmClass: 4, tlvs: [tlv(0x001e, '1F\0'), tlv(0x0427, '\x02')] })),
  (n) => pdu(ID.deliver, n, deliverBody({ dataCoding: 8, message: LONE_SURROGATE })),
  (n) => pdu(ID.deliver, n, deliverBody({ esmClass: 0x40, message: '\x05\x00\x03\x07\x02\x01part' })),
  (n) => pdu(ID.deliver, n, deliverBody({ tlvs: [tlv(0x0424, 'in the payload'), tlv(0x020c, '\x00\x01')] })),
  (n) => pdu(0x00000103, n, '\0\x01\x0179161234567\0\x00\x011234\0\0\0\x08'),
  (n) => pdu(ID.submitResp, n, 'id-of-nobody\0'),
  (n) => pdu(ID.bindTransceiver + ID.genericNack, n, 'again\0'),
  (n) => pdu(ID.enquire, n),
  (n) => pdu(ID.enquireResp, n),
  (n) => pdu(ID.unbindResp, n),
  (n) => pdu(ID.genericNack, n, '', 3),
  (n) => pdu(OUTBIND, n, 'smsc\0secret\0'),
  (n) => pdu(ALERT, n, '\x01\x0179161234567\0\x01\x01123\0'),
  (n) => pdu(ID.submit, n, 'is for the other side'),
];

const LENGTHS = [0, 8, 15, 16, 17, 65_536, 65_537, 0x7fffffff, 0xffffffff];

type Random = () => number;
const below = (random: Random, most: number): number => Math.floor(random() * most);

/** The bytes with something wrong with them; `keepLength`: the stream stays in step. */
function mutated(bytes: Buffer, random: Random, keepLength: boolean): Buffer {
  const wrong = Buffer.from(bytes);
  const from = keepLength ? 4 : 0;
  switch (below(random, keepLength ? 4 : 7)) {
    case 0:
      for (let i = 0; i < 1 + below(random, 8); i++)
        wrong[from + below(random, wrong.length - from)] = below(random, 256);
      return wrong;
    case 1: {
      const end = 16 + below(random, wrong.length - 15);
      const cut = wrong.subarray(0, end);
      cut.writeUInt32BE(cut.length, 0);
      return cut;
    }
    case 2: {
      const noise = Buffer.from(Array.from({ length: below(random, 300) }, () => below(random, 256)));
      const longer = Buffer.concat([wrong, noise]);
      longer.writeUInt32BE(longer.length, 0);
      return longer;
    }
    case 3:
      wrong.writeUInt32BE(below(random, 0xffff_ffff), 4);
      return wrong;
    case 4:
      wrong.writeUInt32BE(LENGTHS[below(random, LENGTHS.length)]!, 0);
      return wrong;
    case 5:
      return wrong.subarray(0, below(random, wrong.length));
    default:
      return Buffer.from(Array.from({ length: below(random, 64) }, () => below(random, 256)));
  }
}

const aPdu = (random: Random): Buffer => PDUS[below(random, PDUS.length)]!(1 + below(random, 20));

it.each([1, 2, 3, 4])(
  'seed %i: after thousands of PDUs that are wrong inside, and any number of streams out of step, it sends',
  async (seed) => {
    const random = seededRandom(seed);
    const operator = await rawOperator();
    const { provider } = await account(operator.port, { deliveriesInHand: 50 });
    for (let round = 0; round < 25; round++) {
      await up(provider);
      const inStep = Array.from({ length: 100 }, () => mutated(aPdu(random), random, true));
      operator.peer().send(...inStep);
      // The session may have been ended by one of them, an unbind among them; then it is the next that sends.
      await expect.poll(async () => (await sendOne(provider, 'still here')).kind, { timeout: 20_000 }).toBe('accepted');
      if (round % 3 === 0) operator.peer().send(mutated(aPdu(random), random, false), aPdu(random));
    }
    operator.peer().socket.destroy();
    await expect.poll(async () => (await sendOne(provider, 'at last')).kind, { timeout: 20_000 }).toBe('accepted');
  },
  120_000,
);

it('cuts any stream without throwing, and never waits for more than a PDU may have', () => {
  const random = seededRandom(5);
  for (let stream = 0; stream < 300; stream++) {
    const { cut } = frameCutter();
    for (let i = 0; i < 30; i++) {
      const { frames, broken } = cut(mutated(aPdu(random), random, random() < 0.8));
      for (const { bytes } of frames) expect(bytes.length).toBeGreaterThanOrEqual(16);
      if (broken !== null) break;
    }
  }
});
