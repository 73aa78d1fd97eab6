/** Receipts as the benchmark's gateway posts them, and the messages that they are about, as sending would have left them. */
import { type MessageRecord, messageId } from '../../src/campaigns/messages.ts';
import { partKey } from '../../src/dispatch/part-store.ts';
import { receiptStore } from '../../src/dispatch/receipt-store.ts';
import type { Herald } from '../../src/herald.ts';
import { asE164 } from '../../src/messages/phone.ts';

/** What a posting process is told: so many posts, of the receipts from number `from` on. */
export interface PostingOrder {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly from: number;
  readonly count: number;
}

const SECRET = 'a secret of the benchmark';

/** The account that posts; it sends nothing. */
export const GATE = {
  name: 'gate',
  kind: 'http',
  settings: {
    allowPrivate: true,
    submit: { url: 'http://127.0.0.1:9/send', json: { to: '{to}', text: '{text}' } },
    answer: { id: 'id' },
    receipts: {
      proof: { kind: 'header', name: 'x-secret' },
      id: 'id',
      state: 'status',
      states: { delivrd: 'delivered', undeliv: 'undelivered' },
      to: 'to',
      at: { path: 'at', as: 'milliseconds' },
    },
  },
  password: 'bench',
  webhookSecret: SECRET,
  partsPerSecond: 100,
  currency: 'RUB',
  priceVersion: '1',
  prices: [{ prefix: '', perPart: '9' }],
  senders: ['ANOTHER'],
};

const phoneOf = (n: number): string => `+7900${1_000_000 + n}`;
const idOf = (n: number): string => `gate-${n}`;

/** One post as it goes over the wire. */
export function postOf({ path }: Pick<PostingOrder, 'path'>, n: number): string {
  const body = JSON.stringify({ id: idOf(n), status: 'DELIVRD', to: phoneOf(n), at: Date.now() });
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `X-Secret: ${SECRET}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

const LOT = 5000;

/** Plants messages 1 to `count` of the run as taken by the gate, which has said nothing more of them yet. */
export async function plantTaken({ database, keyring }: Herald, run: string, count: number): Promise<void> {
  const messages = database.db.collection<MessageRecord>('messages');
  const parts = receiptStore(database);
  for (let from = 1; from <= count; from += LOT) {
    const taken = Array.from({ length: Math.min(LOT, count - from + 1) }, (_, i) =>
      takenMessage(keyring, run, from + i),
    );
    await messages.insertMany(taken, { ordered: false });
    await parts.learn(
      taken.map(({ _id, person }, i) => ({
        _id: partKey(GATE.name, idOf(from + i)),
        ...{ message: _id, person, part: 0, of: 1 },
        deleteAfter: new Date(Date.now() + 7 * 86_400_000),
      })),
    );
  }
}

function takenMessage({ personKey }: Herald['keyring'], run: string, n: number): MessageRecord {
  const phone = asE164(phoneOf(n))!;
  return {
    _id: messageId(run, n),
    schemaVersion: 1,
    run,
    person: personKey(phone),
    phone,
    sender: 'HERALD',
    text: `Dear Client ${n}, hello`,
    encoding: 'gsm7',
    parts: 1,
    ceiling: 9_000_000,
    row: `a0:${n}`,
    route: GATE.name,
    price: 9_000_000,
    state: 'accepted',
    sent: {
      fence: 1,
      provider: GATE.name,
      sentAt: new Date(),
      perPart: 9_000_000,
      currency: GATE.currency,
      priceVersion: GATE.priceVersion,
      chargedOn: 'submit',
      costCentre: 'bench',
    },
  };
}
