/** What a file is by its first bytes. Its name makes nothing of it, but a text has to be called one. */

/** `text` is read as a table of text; everything but `zip` and `text` is refused by this name. */
export type FileType = 'zip' | 'text' | 'compound' | 'utf-16' | (string & {});

/** First bytes, in Latin-1, of what people send instead of a workbook. */
const MAGIC: readonly (readonly [start: string, type: FileType])[] = [
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'], // a zip with nothing in it
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'compound'], // [MS-CFB] 2.2: old Office files, and encrypted new ones
  ['%PDF', 'pdf'],
  ['\x89PNG', 'png'],
  ['\xff\xd8\xff', 'jpeg'],
  ['GIF8', 'gif'],
  ['Rar!', 'rar'],
  ["7z\xbc\xaf'\x1c", '7z'],
  ['\x1f\x8b', 'gzip'],
  ['{\\rtf', 'rtf'],
];

/** Reports that programs call .xls are often pages or XML. */
const MARKUP = /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|meta|head|body)/i;

/** What begins with these bytes; `head` should be the first 4 KB or more. */
export function fileType(head: Buffer): FileType {
  const latin = head.toString('latin1');
  const magic = MAGIC.find(([start]) => latin.startsWith(start));
  if (magic) return magic[1];
  if (MARKUP.test(latin)) return latin.slice(0, 400).includes('<?xml') ? 'xml' : 'html';
  if (!head.includes(0)) return 'text';
  return utf16(head) === null ? 'binary' : 'text';
}

/**
 * Names of workbooks. A text that has one is no table that anybody wrote down as text: most often it is the remains of a failed
 * export, and the program that opened it hid that from its author.
 */
const WORKBOOK_NAME = /\.(?:xls[xmb]?|ods)$/i;

export const isNamedWorkbook = (path: string): boolean => WORKBOOK_NAME.test(path);

/**
 * UTF-16 by its byte order mark, or by the zeros that half the bytes of Latin letters, digits and delimiters are: a table
 * has enough of these whatever its language.
 */
export function utf16(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const pairs = head.length / 2;
  if (odd > pairs * 0.2 && even === 0) return 'utf-16le';
  return even > pairs * 0.2 && odd === 0 ? 'utf-16be' : null;
}

/**
 * What a compound file holds, by the names of its streams in UTF-16: an encrypted workbook has `EncryptedPackage`
 * ([MS-OFFCRYPTO] 2.3.4), an old one `Workbook` or `Book`. With none of these it is taken for encrypted.
 */
export function compoundType(bytes: Buffer): 'encrypted' | 'xls' | 'doc' {
  const names = (name: string) => bytes.includes(Buffer.from(name, 'utf16le'));
  if (names('EncryptedPackage')) return 'encrypted';
  if (names('WordDocument')) return 'doc';
  return names('Workbook') || names('Book\0') ? 'xls' : 'encrypted';
}
