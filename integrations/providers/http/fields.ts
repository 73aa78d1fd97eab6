/** Looks into what a gateway sent, by paths such as `messages.0.id`. Pure, and safe with whatever comes. */

/** A parsed body; one that is no JSON is `{ body: "…" }`. */
export type Fields = unknown;

export function fieldsOf(body: string): Fields {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return { body };
  }
}

/** What stands at the path; undefined when nothing does. Only what is the thing's own: no `__proto__`, no `length`. */
export function at(fields: Fields, path: string): unknown {
  let here: unknown = fields;
  for (const name of path.split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, name)) return undefined;
    if (Array.isArray(here) && !/^\d+$/.test(name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** Text, number or yes-no as text; null for anything else. */
export const asText = (found: unknown): string | null =>
  typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
