/**
 * Makes the examples in `docs/examples`: the same ones on every machine and every day. A file whose content is already
 * so is left as it is, so that only a real change shows in the history.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { fromBufferPromise } from 'yauzl';
import { readme } from './examples/readme.ts';
import { askFile, csvFile, customersFile, planFile } from './examples/workbooks.ts';

export const EXAMPLES = join(import.meta.dirname, '../docs/examples');

/** Content of every example by its name. */
export async function makeExamples(): Promise<ReadonlyMap<string, Buffer>> {
  return new Map([
    ['customers.xlsx', await customersFile()],
    ['customers-ask.xlsx', await askFile()],
    ['customers-1251.csv', csvFile()],
    ['number-plan.xlsx', await planFile()],
    ['README.md', Buffer.from(readme())],
  ]);
}

async function sameContent(name: string, a: Buffer, b: Buffer): Promise<boolean> {
  if (!name.endsWith('.xlsx')) return a.equals(b);
  return JSON.stringify(await unpacked(a)) === JSON.stringify(await unpacked(b));
}

/** What is packed in a workbook, without the zip's own dates. */
async function unpacked(bytes: Buffer): Promise<readonly (readonly [name: string, content: string])[]> {
  const zip = await fromBufferPromise(bytes);
  const parts: [string, string][] = [];
  for await (const entry of zip.eachEntry()) {
    parts.push([entry.fileName, (await buffer(await zip.openReadStreamPromise(entry))).toString('latin1')]);
  }
  return parts;
}

/** Writes what has changed into `folder`, and returns the names of it. */
export async function writeExamples(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [name, content] of await makeExamples()) {
    const path = join(folder, name);
    const before = await readFile(path).catch(() => null);
    if (before && (await sameContent(name, before, content))) continue;
    await writeFile(path, content);
    written.push(name);
  }
  return written;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const written = await writeExamples(EXAMPLES);
  console.log(written.length > 0 ? `Written: ${written.join(', ')}` : 'All examples are as they should be.');
}
