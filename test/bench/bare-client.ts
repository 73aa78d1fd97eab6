/**
 * The ceiling: a bare client of the same package, exchanging the same submits and receipts with the same operator at the same
 * window. It keeps nothing and checks nothing.
 */
import smpp from 'smpp';

export interface BareRun {
  readonly port: number;
  readonly account: string;
  readonly password: string;
  readonly messages: number;
  readonly window: number;
}

/** Messages a second, from the first submit to the last receipt. */
export function bareExchange({ port, account, password, messages, window }: BareRun): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => {
      // Without this the package waits for the operator's TCP acknowledgements, and the ceiling would be a false one.
      session.socket.setNoDelay(true);
      session.bind_transceiver({ system_id: account, password }, (answer) => {
        if (answer.command_status !== 0) return reject(new Error('the bind was refused'));
        pump();
      });
    });
    session.on('error', reject);
    let [sent, answered, received] = [0, 0, 0];
    let began = 0;

    function pump(): void {
      began ||= performance.now();
      while (sent < messages && sent - answered < window) {
        sent += 1;
        session.submit_sm(submitTo(sent), () => {
          answered += 1;
          pump();
        });
      }
    }

    session.on('deliver_sm', (receipt) => {
      session.send(receipt.response());
      received += 1;
      if (received < messages) return;
      resolve((messages / (performance.now() - began)) * 1000);
      session.close();
    });
  });
}

function submitTo(n: number) {
  return {
    source_addr: 'HERALD',
    source_addr_ton: 5,
    source_addr_npi: 0,
    destination_addr: `7900${1_000_000 + n}`,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    registered_delivery: 1,
    data_coding: 0,
    short_message: Buffer.from(`Dear Client ${n}, hello`, 'latin1'),
  };
}
