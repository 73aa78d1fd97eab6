/**
 * Google's own description of its APIs (discovery documents, cut to what is spoken here, see `test/fixtures/google`): finds the
 * method of a request, and says where a request or an answer is not what the description allows.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: boolean;
  readonly repeated?: boolean;
  readonly location?: string;
}

const schema: z.ZodType<Schema> = z.lazy(() => z.looseObject({})) as z.ZodType<Schema>;
const document = z.object({
  revision: z.string(),
  servicePath: z.string(),
  parameters: z.record(z.string(), schema),
  methods: z.record(
    z.string(),
    z.object({
      httpMethod: z.string(),
      flatPath: z.string(),
      parameters: z.record(z.string(), schema),
      request: z.string().optional(),
      response: z.string().optional(),
    }),
  ),
  schemas: z.record(z.string(), schema),
});

export interface Api {
  readonly name: 'sheets' | 'drive';
  /** The method that a request is for, with what its path says; null when there is none. */
  find(httpMethod: string, path: string): Found | null;
  /** What is wrong with a body of the schema, in words; null when nothing is. */
  fault(schemaName: string, body: unknown): string | null;
}

export interface Found {
  readonly method: string;
  readonly path: Readonly<Record<string, string>>;
  readonly request: string | undefined;
  readonly response: string | undefined;
  /** What is wrong with the query; null when nothing is. */
  queryFault(query: URLSearchParams): string | null;
}

export function api(name: 'sheets' | 'drive'): Api {
  const file = new URL(`../../fixtures/google/${name === 'sheets' ? 'sheets.v4' : 'drive.v3'}.json`, import.meta.url);
  const { methods, schemas, servicePath, parameters } = document.parse(JSON.parse(readFileSync(file, 'utf8')));
  const routes = Object.entries(methods).map(([method, spec]) => ({
    method,
    spec,
    path: pattern(servicePath + spec.flatPath),
  }));

  function fault(expected: Schema, value: unknown, at: string): string | null {
    if (value === undefined || value === null) return null;
    if (expected.$ref) return fault(schemas[expected.$ref]!, value, at);
    if (expected.enum && !expected.enum.includes(String(value))) return `${at}: ${String(value)} is none of its values`;
    switch (expected.type) {
      case 'array':
        if (!Array.isArray(value)) return `${at}: is no array`;
        // Long lists repeat themselves: their beginning tells.
        return firstFault(
          value.slice(0, 100).map((one, index) => () => fault(expected.items!, one, `${at}[${index}]`)),
        );
      case 'object': {
        if (typeof value !== 'object' || Array.isArray(value)) return `${at}: is no object`;
        return firstFault(
          Object.entries(value).map(([name, one]) => () => {
            const property = expected.properties?.[name] ?? expected.additionalProperties;
            return property ? fault(property, one, `${at}.${name}`) : `Unknown name "${name}" at '${at}'`;
          }),
        );
      }
      case 'string':
        return typeof value === 'string' ? null : `${at}: is no string`;
      case 'boolean':
        return typeof value === 'boolean' ? null : `${at}: is no boolean`;
      case 'integer':
        return Number.isInteger(value) ? null : `${at}: is no integer`;
      case 'number':
        return typeof value === 'number' ? null : `${at}: is no number`;
      default:
        return null;
    }
  }

  return {
    name,
    find(httpMethod, path) {
      for (const { method, spec, path: pattern } of routes) {
        const match = spec.httpMethod === httpMethod ? pattern.exec(path) : null;
        if (!match) continue;
        const said = Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
        const known = { ...parameters, ...spec.parameters };
        return {
          method,
          path: Object.fromEntries(said),
          request: spec.request,
          response: spec.response,
          queryFault: (query) =>
            firstFault(
              [...query].map(([name, text]) => () => {
                const parameter = known[name];
                if (!parameter) return `Unknown name "${name}": Cannot bind query parameter.`;
                return parameter.enum && !parameter.enum.includes(text) ? `Invalid value at '${name}'` : null;
              }),
            ),
        };
      }
      return null;
    },
    fault: (name, body) => fault({ $ref: name }, body, name),
  };
}

function firstFault(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const found = check();
    if (found) return found;
  }
  return null;
}

/** `v4/spreadsheets/{spreadsheetId}/values:batchGet` as a pattern with named groups. */
function pattern(flatPath: string): RegExp {
  const pieces = flatPath.split(/\{(\w+)\}/);
  return new RegExp(
    `^/${pieces.map((piece, i) => (i % 2 ? `(?<${piece}>[^/:]+)` : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('')}$`,
  );
}
