/**
 * The XML of a workbook's parts as a stream of events, by names without their prefixes: some programs write `x:row` for
 * `row`. A document type declaration is refused: no honest workbook has one, and it is how XML bombs begin.
 */
import parseSax from 'exceljs/lib/utils/parse-sax.js';
import { SourceBroken } from '../../src/audiences/source.ts';

export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** Events come in lots, one for each chunk of `text`, so that a table of a million cells does not await a million times. */
export async function* xmlEvents(text: AsyncIterable<string>): AsyncGenerator<readonly XmlEvent[]> {
  let open = 0;
  try {
    for await (const lot of parseSax(withoutDoctype(text))) {
      const events: XmlEvent[] = [];
      for (const { eventType, value } of lot) {
        if (eventType === 'text') {
          events.push({ kind: 'text', text: value });
        } else if (eventType === 'opentag') {
          open++;
          events.push({ kind: 'open', name: localName(value.name), attributes: value.attributes });
        } else {
          open--;
          events.push({ kind: 'close', name: localName(value.name) });
        }
      }
      yield events;
    }
  } catch (failure) {
    if (failure instanceof SourceBroken) throw failure;
    // The parser's message is a place and a rule: `1:93: unclosed tag: row`.
    throw new SourceBroken({ code: 'broken', detail: failure instanceof Error ? failure.message : 'bad XML' });
  }
  if (open !== 0) throw new SourceBroken({ code: 'broken', detail: 'the XML ends too early' });
}

/** An attribute by its name without prefix, as `id` of `r:id`. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  if (attributes[name] !== undefined) return attributes[name];
  const prefixed = Object.keys(attributes).find((key) => key.endsWith(`:${name}`));
  return prefixed === undefined ? undefined : attributes[prefixed];
}

/** XML Schema's booleans, as OOXML uses them. */
export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

const DOCTYPE = '<!DOCTYPE';

async function* withoutDoctype(text: AsyncIterable<string>): AsyncGenerator<string> {
  let tail = '';
  for await (const chunk of text) {
    if ((tail + chunk).includes(DOCTYPE)) throw new SourceBroken({ code: 'broken', detail: 'it has a DOCTYPE' });
    tail = chunk.slice(-DOCTYPE.length);
    yield chunk;
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}
