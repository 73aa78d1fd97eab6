/** A little Kannel, by its user guide, and a little Jasmin, by its "HTTP API". */
import { decodeGsm7, decodeUcs2, encodingOf } from '../../../src/messages/encoding.ts';
import { type Asked, type Dialect, PUBLIC_URL, type Reply } from './server.ts';

export const USERNAME = 'herald';
export const PASSWORD = 'password-of-the-kannel-test';
export const SECRET = 'secret_of_the_kannel_test';
const BAD_NUMBER = '+79160000000';

const plain = (status: number, body: string): Reply => ({ status, body, headers: { 'content-type': 'text/html' } });

const formOf = ({ method, url, body }: Asked): URLSearchParams =>
  method === 'POST' ? new URLSearchParams(body) : url.searchParams;

/** A post has its text in the body and the rest in headers; Kannel 1.4.5 takes no form ("Invalid content-type"). */
function fieldsOf({ method, url, headers, body }: Asked): URLSearchParams | null {
  if (method !== 'POST') return url.searchParams;
  if (headers['content-type'] !== 'text/plain; charset=UTF-8') return null;
  const fields = new URLSearchParams({ text: body });
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('x-kannel-')) fields.set(name.slice('x-kannel-'.length), String(value));
  return fields;
}

const isUser = (fields: URLSearchParams): boolean =>
  fields.get('username') === USERNAME && fields.get('password') === PASSWORD;

/** Fills in what stands behind %, each once, as `urltrans_fill_escape_codes` does. */
const filled = (address: string, words: Readonly<Record<string, string>>): string =>
  address.replace(/%(.)/g, (_, letter: string) => encodeURIComponent(words[letter] ?? ''));

const reportedId = (reports: string | null, name: string): string | null =>
  reports === null ? null : new URL(reports.replaceAll(/%[a-zA-Z]/g, '')).searchParams.get(name);

export const kannel = (account: string): Dialect => ({
  account,
  secrets: [PASSWORD, SECRET],
  badNumber: BAD_NUMBER,
  understand(asked) {
    const fields = fieldsOf(asked);
    if (asked.url.pathname !== '/cgi-bin/sendsms') return plain(404, 'Unknown request.');
    if (fields === null) return plain(400, 'Invalid content-type');
    if (!isUser(fields)) return plain(403, 'Authorization failed for sendsms');
    const text = fields.get('text') ?? '';
    const reports = fields.get('dlr-mask') === '19' ? fields.get('dlr-url') : null;
    const id = reportedId(reports, 'id');
    // What is not in the alphabet of the coding would become question marks on the phone.
    const carried =
      fields.get('coding') === '2' || encodingOf(text) === 'gsm7' ? text : text.replaceAll(/\P{ASCII}/gu, '?');
    return [{ to: fields.get('to') ?? '', sender: fields.get('from') ?? '', text: carried, id, reports }];
  },
  tooFast: plain(503, 'Temporal failure, try again later.'),
  answer: ([one]) =>
    one!.isBad ? plain(400, 'Empty receiver number not allowed, rejected') : plain(202, '0: Accepted for delivery'),
  report: ({ reports }) =>
    reports === null
      ? null
      : {
          address: filled(reports, { d: '1', A: 'id:7 sub:001 dlvrd:001 stat:DELIVRD err:000 text:' }),
          method: 'GET',
        },
  inbound: ({ from, to, text }) => ({
    address: `${PUBLIC_URL}/gateways/${account}/inbound?${new URLSearchParams({ token: SECRET, from, to, text, charset: 'UTF-8' })}`,
    method: 'GET',
  }),
});

export const jasmin = (account: string): Dialect => ({
  account,
  secrets: [PASSWORD, SECRET],
  badNumber: BAD_NUMBER,
  understand(asked) {
    const fields = formOf(asked);
    if (!isUser(fields)) return plain(403, `Error "Authentication failure for username:${fields.get('username')}"`);
    const bytes = Buffer.from(fields.get('hex-content') ?? '', 'hex');
    const text = fields.get('coding') === '8' ? decodeUcs2(bytes) : decodeGsm7(bytes);
    const reports = fields.get('dlr') === 'yes' ? fields.get('dlr-url') : null;
    const id = reportedId(reports, 'ref');
    return [{ to: `+${fields.get('to')}`, sender: fields.get('from') ?? '', text, id, reports }];
  },
  tooFast: plain(403, 'Error "User throughput exceeded"'),
  answer: ([one]) =>
    one!.isBad
      ? plain(400, `Error "Argument [to] has an invalid value: [${one!.to}]."`)
      : plain(200, 'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"'),
  report: ({ reports }) =>
    reports === null
      ? null
      : form(reports, {
          ...{ id: '07033084-5cfd-4812-90a4-e4d24ffb6e3d', id_smsc: '2567', message_status: 'DELIVRD', level: '2' },
          ...{ subdate: '2611231200', donedate: '2611231201', sub: '001', dlvrd: '001', err: '000', text: '' },
        }),
  acknowledges: (status, body) => status === 200 && body === 'ACK/Jasmin',
  inbound: ({ from, to, text }) =>
    form(`${PUBLIC_URL}/gateways/${account}/inbound?token=${SECRET}`, {
      ...{ id: '16fd2706', from, to, 'origin-connector': 'mtn', priority: '1', coding: '8', content: text },
    }),
});

const form = (address: string, fields: Readonly<Record<string, string>>) => ({
  address,
  method: 'POST' as const,
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
