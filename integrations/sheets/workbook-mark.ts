/**
 * Tells a workbook that Herald wrote from one that a person made, so that a person's is never replaced. The mark is the
 * document's author, which spreadsheet programs keep when a person saves it again.
 */
import { text } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

/** Author of every workbook that Herald writes. */
export const AUTHOR = 'Herald';

/** Bytes of properties that are looked at; a real one has about a thousand. */
const PROPERTIES_LIMIT = 65_536;

/** Whether the file at `path` is a workbook by Herald; false for whatever else it is, and where there is none. */
export async function isByHerald(path: string): Promise<boolean> {
  const properties = await readProperties(path).catch(() => null);
  return properties?.includes(`<dc:creator>${AUTHOR}</dc:creator>`) ?? false;
}

async function readProperties(path: string): Promise<string | null> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== 'docProps/core.xml' || entry.uncompressedSize > PROPERTIES_LIMIT) continue;
      return await text(await zip.openReadStreamPromise(entry));
    }
    return null;
  } finally {
    zip.close();
  }
}
