import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BAD_PDU_NAMES, type BadPdu, badPdu } from '../../integrations/sandbox/bad-pdus.ts';
import { COMMAND, createFramer, pdu, STATUS } from '../../integrations/sandbox/wire.ts';
import { esmeOf, eventually, operatorFor, rawSocket } from './esme.ts';

const bind = pdu(COMMAND.bind_transceiver, STATUS.ESME_ROK, 1, Buffer.from('herald\0secret\0\0\x34\0\0\0', 'latin1'));
const enquireLink = (sequence: number) => pdu(COMMAND.enquire_link, STATUS.ESME_ROK, sequence);
const headersIn = (bytes: Buffer) =>
  createFramer()(bytes).frames.map(({ command, status, sequence }) => [command, status, sequence]);

describe('bytes that the operator cannot take', () => {
  test.each<BadPdu>(['length-0', 'length-8', 'length-15', 'length-huge', 'garbage'])(
    '%s: generic_nack ESME_RINVCMDLEN, and the connection closed',
    async (kind) => {
      const operator = await operatorFor();
      const { socket, heard, closed } = await rawSocket(operator.port);
      socket.write(Buffer.concat([bind, badPdu(kind, 2), enquireLink(3)]));
      await closed;
      expect(headersIn(heard())).toEqual([
        [COMMAND.bind_transceiver_resp, STATUS.ESME_ROK, 1],
        [COMMAND.generic_nack, STATUS.ESME_RINVCMDLEN, 0],
      ]);
    },
  );

  test('an unknown command: generic_nack ESME_RINVCMDID, and nothing else happens', async () => {
    const operator = await operatorFor();
    const { socket, heard } = await rawSocket(operator.port);
    socket.write(Buffer.concat([bind, badPdu('unknown-command', 2), badPdu('orphan-answer', 3), enquireLink(4)]));
    await eventually(() => headersIn(heard()).length === 3);
    expect(headersIn(heard()).slice(1)).toEqual([
      [COMMAND.generic_nack, STATUS.ESME_RINVCMDID, 2],
      [COMMAND.enquire_link_resp, STATUS.ESME_ROK, 4],
    ]);
  });

  test('a bind that ends too early: refused', async () => {
    const operator = await operatorFor();
    const { socket, heard, closed } = await rawSocket(operator.port);
    socket.write(pdu(COMMAND.bind_receiver, STATUS.ESME_ROK, 1, Buffer.from('herald\0secret')));
    await closed;
    expect(headersIn(heard())).toEqual([[COMMAND.bind_receiver_resp, STATUS.ESME_RINVCMDLEN, 1]]);
  });

  test('a submit_sm that ends too early: refused, and logged without a text', async () => {
    const operator = await operatorFor();
    const { socket, heard } = await rawSocket(operator.port);
    socket.write(Buffer.concat([bind, pdu(COMMAND.submit_sm, STATUS.ESME_ROK, 2, Buffer.from('\0\x05\0Herald'))]));
    await eventually(() => headersIn(heard()).length === 2);
    expect(headersIn(heard())[1]).toEqual([COMMAND.submit_sm_resp, STATUS.ESME_RINVCMDLEN, 2]);
    expect(operator.log()).toMatchObject([{ to: '', text: null, messageId: null, answered: STATUS.ESME_RINVCMDLEN }]);
  });

  test('anything at all: the operator lives on', async () => {
    const operator = await operatorFor();
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.constantFrom(...Object.values(COMMAND)), fc.uint8Array({ maxLength: 80 }))
        .map(([command, bytes]) => pdu(command, STATUS.ESME_ROK, 7, Buffer.from(bytes))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bodies, { maxLength: 5 }), async (noise) => {
        const { socket, heard } = await rawSocket(operator.port);
        socket.write(Buffer.concat([bind, ...noise]));
        await eventually(() => heard().length >= 16);
        socket.destroy();
      }),
      { numRuns: 40 },
    );
    const esme = await esmeOf(operator.port);
    expect((await esme.submit())?.command_status).toBe(0);
  });
});

describe('bad bytes injected into a session', () => {
  test.each(BAD_PDU_NAMES)('%s arrives as it is, after what was sent before it', async (kind) => {
    const operator = await operatorFor();
    const { socket, heard } = await rawSocket(operator.port);
    socket.write(bind);
    await eventually(() => heard().length > 0);
    const before = heard().length;
    expect(operator.injectBadPdu(kind)).toBe(1);
    const expected = badPdu(kind, 1);
    await eventually(() => heard().length === before + expected.length);
    expect(heard().subarray(before)).toEqual(expected);
  });

  test('wedge the real client, as its guard must know', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    const errors: Error[] = [];
    esme.session.removeAllListeners('error').on('error', (error) => errors.push(error));
    operator.injectBadPdu('length-huge');
    await eventually(() => errors.length > 0);
    expect(errors[0]?.message).toContain('PDU length was too large');
    esme.session.enquire_link();
    await eventually(() => operator.state().accounts[0]?.binds.length === 1);
    expect(esme.heard).toEqual(['bind_transceiver_resp']);
  });
});

describe('the operator ends sessions when told', () => {
  test('disconnect cuts them without a word, those of one account when it is named', async () => {
    const accounts = ['mts', 'beeline'].map((name) => ({ name, password: 'secret' }));
    const operator = await operatorFor({ accounts });
    const mts = await esmeOf(operator.port, { systemId: 'mts' });
    const beeline = await esmeOf(operator.port, { systemId: 'beeline' });
    expect(operator.disconnect('mts')).toBe(1);
    await mts.closed;
    expect(beeline.isClosed()).toBe(false);
    expect(operator.disconnect()).toBe(1);
    await beeline.closed;
    expect(beeline.heard).toEqual(['bind_transceiver_resp']);
  });

  test('unbind asks first, once, and only who is bound', async () => {
    const operator = await operatorFor();
    await rawSocket(operator.port);
    const esme = await esmeOf(operator.port);
    await eventually(() => operator.state().connections === 2);
    expect([operator.unbind(), operator.unbind()]).toEqual([1, 1]);
    await esme.closed;
    expect(esme.heard).toEqual(['bind_transceiver_resp', 'unbind']);
  });

  test('an unbind that is never answered is not waited for', async () => {
    const operator = await operatorFor();
    const esme = await esmeOf(operator.port);
    esme.session.removeAllListeners('unbind');
    operator.unbind();
    await esme.closed;
  });
});
