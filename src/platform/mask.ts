/**
 * What must not be read in a log: phones, texts of messages, secrets. Pure; it would rather hide a harmless number than
 * show a person's. What people grep for survives: ids of messages (`12.3:0000017`), times, hashes, UUIDs, addresses.
 */

/** `+` and 8 to 15 digits, spaced as people write them. */
const international = /\+\(?\d(?:[\s().-]{0,2}\d){7,14}(?!\d)/g;
/** Grouped without a plus: 8 (916) 123-45-67, 916-123-4567. */
const grouped = /(?<![\w.:-])(?:\d{1,3}[\s-]{0,2})?\(?\d{3}\)?[\s-]{1,2}\d{3}[\s-]{0,2}\d{2}[\s-]{0,2}\d{2}(?![\w-])/g;
/** A bare run of 10 to 15 digits that is no piece of a hash or a UUID. */
const bare = /(?<![\da-fA-F]|[\da-fA-F]{4}-)\d{10,15}(?![\da-fA-F]|-[\da-fA-F]{4})/g;
/** The password of a connection string. */
const credentials = /(?<=\w:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/g;

/** `+7***1234`: the first digit and the last four, so that two lines about one person can be told to be so. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 7) return '***';
  return `${phone.trimStart().startsWith('+') ? '+' : ''}${digits[0]}***${digits.slice(-4)}`;
}

/**
 * A run that no phone looks like: a clock's milliseconds or seconds (they begin with 1, where only the 11 digits of
 * North America do) and numbers padded with three zeros or more.
 */
const isNoPhone = (digits: string): boolean => digits.startsWith('000') || (digits[0] === '1' && digits.length !== 11);

const maskBare = (digits: string): string => (isNoPhone(digits) ? digits : maskPhone(digits));

/** The text with every phone in it masked, and with no password in its connection strings. */
export const maskPhones = (text: string): string =>
  text
    .replace(credentials, '***')
    .replace(international, maskPhone)
    .replace(grouped, maskPhone)
    .replace(bare, maskBare);

/** What a field holds, by the last word of its name: `smsText` is a text, `apiToken` a secret, `phones` are phones. */
type Sort = 'text' | 'secret' | 'phone' | 'number' | 'operator-id' | 'open';

const sorts: Readonly<Record<string, Sort>> = {
  ...of('text', 'text', 'body', 'message', 'content', 'caption'),
  ...of('secret', 'password', 'secret', 'token', 'key', 'authorization', 'cookie', 'uri'),
  ...of('phone', 'phone', 'msisdn', 'to', 'from'),
  // Numbers of ten digits and more that are not phones.
  ...of('number', 'micros', 'bytes', 'ms', 'at', 'time', 'count', 'seq', 'epoch'),
};

function of(sort: Sort, ...words: readonly string[]): Record<string, Sort> {
  return Object.fromEntries(words.map((word) => [word, sort]));
}

function sortOf(name: string): Sort {
  // An operator's own id of a message is often ten digits, and is what its support asks for.
  if (/message_?ids?$/i.test(name)) return 'operator-id';
  const last =
    name
      .split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/)
      .findLast((word) => word !== '')
      ?.toLowerCase() ?? '';
  return sorts[last] ?? sorts[last.replace(/s$/, '')] ?? 'open';
}

/** Deeper than this nothing is logged, and of a longer list only this many: a log is no dump. */
const deepest = 6;
const longest = 50;

/** A copy fit for a log. Errors keep type, message, code, stack and cause, and nothing else of what they carry. */
export function redacted(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value, 0)]));
}

function shown(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return listed(name, value, depth);
  switch (sortOf(name)) {
    case 'secret':
      return '<hidden>';
    case 'text':
      return typeof value === 'number' ? open(value, depth) : sized(value);
    case 'phone':
      return typeof value === 'string' || typeof value === 'number' ? addressed(String(value)) : open(value, depth);
    case 'number':
      return typeof value === 'number' ? value : open(value, depth);
    case 'operator-id':
      return typeof value === 'string' ? value.replace(international, maskPhone) : value;
    case 'open':
      return open(value, depth);
  }
}

const sized = (value: unknown): string => (typeof value === 'string' ? `<${value.length} chars>` : '<hidden>');

/** `to` and `from` are phones when they look like one; between states or instants they are left alone. */
function addressed(value: string): string {
  const looksLikePhone = /^[+\d\s().-]{5,}$/.test(value) && !/^\d{4}-\d{2}-\d{2}/.test(value);
  return looksLikePhone ? maskPhone(value) : maskPhones(value);
}

function listed(name: string, values: readonly unknown[], depth: number): unknown {
  if (depth >= deepest) return '<deep>';
  const first = values.slice(0, longest).map((value) => shown(name, value, depth + 1));
  return values.length > longest ? [...first, `<${values.length - longest} more>`] : first;
}

function open(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskPhones(value);
  if (typeof value === 'number') return Number.isInteger(value) ? unlessPhone(value) : value;
  if (typeof value === 'bigint') return maskPhones(String(value));
  if (typeof value !== 'object' || value === null) return `<${typeof value}>`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '<no time>' : value.toISOString();
  if (value instanceof Error) return errorShown(value, depth);
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (depth >= deepest) return '<deep>';
  if (value instanceof Map) return open(Object.fromEntries(value), depth);
  if (value instanceof Set) return listed('', [...value], depth);
  if ('toHexString' in value && typeof value.toHexString === 'function') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(name, inner, depth + 1)]));
}

function unlessPhone(value: number): number | string {
  const masked = maskPhones(String(value));
  return masked === String(value) ? value : masked;
}

function errorShown(error: Error, depth: number): unknown {
  if (depth >= deepest) return '<deep>';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const inner = error instanceof AggregateError ? error.errors.slice(0, 5) : undefined;
  return {
    type: error.name,
    message: maskPhones(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: maskPhones(error.stack ?? ''),
    ...(cause === undefined ? {} : { cause: open(cause, depth + 1) }),
    ...(inner === undefined ? {} : { errors: inner.map((one) => open(one, depth + 1)) }),
  };
}
