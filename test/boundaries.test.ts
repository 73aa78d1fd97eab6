/**
 * The order of the house, read from the sources themselves: who may import whom, and what only some may touch.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Rooms in the order in which data meets them: a room imports only from those before it. */
const corridor = [
  'platform',
  'texts',
  'staff',
  'messages',
  'customers',
  'audiences',
  'campaigns',
  'dispatch',
  'replies',
  'results',
  'alerts',
  'chat',
  'web',
];

/** They read the configuration and put the rooms together, each for itself. */
const programs = [
  'src/main.ts',
  'src/chats.ts',
  'src/check.ts',
  'src/check-providers.ts',
  'src/herald.ts',
  'src/numbers.ts',
  'src/operators.ts',
  'src/providers.ts',
  'src/rooms.ts',
  'src/sheets.ts',
  'src/timetable.ts',
  'src/welcome.ts',
  'bots/console/chat.ts',
  'integrations/sandbox/main.ts',
];

/** What an integration may know of the rooms that it serves. */
const interfaces = [
  'src/dispatch/provider.ts',
  'src/dispatch/webhook.ts',
  'src/dispatch/number-lookup.ts',
  'src/audiences/source.ts',
  'src/results/sink.ts',
  'src/customers/connector.ts',
];

/** What a bot may know of staff. */
const surfaces = ['src/staff/surface.ts', 'src/staff/card.ts'];

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types alone are gone when it runs. */
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const importing =
  /(?:^|\n)\s*(import|export)\s+(type\s)?([^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

function parse(path: string, text: string): Source {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '');
  const imports = [...code.matchAll(importing)].map(([, , type, clause, fixed, dynamic]): Import => {
    const asked = fixed ?? dynamic ?? '';
    const names = /^\{([\s\S]*)\}/
      .exec(clause?.trim() ?? '')?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const typeOnly = type !== undefined || (names?.every((name) => name.trim().startsWith('type ')) ?? false);
    return { from: path, to: asked.startsWith('.') ? slashed(join(dirname(path), asked)) : asked, typeOnly };
  });
  return { path, code, imports };
}

const slashed = (path: string): string => path.split(sep).join('/');

function sourcesOf(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => parse(slashed(relative(root, file)), readFileSync(file, 'utf8')));
}

const sources = ['src', 'bots', 'integrations'].flatMap(sourcesOf);
const imports = sources.flatMap((source) => source.imports).filter(({ from }) => !programs.includes(from));

const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];
const inRoom = (path: string, ...rooms: readonly string[]): boolean => rooms.includes(roomOf(path) ?? '');
const isOurs = (path: string): boolean => /^(src|bots|integrations)\//.test(path);

/** `from -> to` of all imports for which the rule does not hold. */
const breaking = (rule: (one: Import) => boolean): readonly string[] =>
  imports.filter((one) => !rule(one)).map(({ from, to }) => `${from} -> ${to}`);

/** Files outside `allowed` whose code has the pattern. */
const having = (pattern: RegExp, allowed: (path: string) => boolean): readonly string[] =>
  sources.filter(({ path, code }) => !allowed(path) && pattern.test(code)).map(({ path }) => path);

describe('the house', () => {
  test('has no room that is not on the corridor', () => {
    const rooms = sources.map(({ path }) => roomOf(path)).filter((room) => room !== undefined);
    expect([...new Set(rooms)].filter((room) => !corridor.includes(room))).toEqual([]);
  });

  test('is walked one way: a room imports only from rooms before it', () => {
    const allowed = ({ from, to }: Import): boolean => {
      if (!from.startsWith('src/') || !isOurs(to)) return true;
      const [here, there] = [roomOf(from), roomOf(to)];
      if (here === undefined) return there === undefined && to.startsWith('src/');
      return there !== undefined && corridor.indexOf(there) <= corridor.indexOf(here);
    };
    expect(breaking(allowed)).toEqual([]);
  });

  test('lets integrations know interfaces, messages and the platform only', () => {
    const allowed = ({ from, to }: Import): boolean =>
      !from.startsWith('integrations/') ||
      !isOurs(to) ||
      to.startsWith('integrations/') ||
      interfaces.includes(to) ||
      inRoom(to, 'messages', 'platform');
    expect(breaking(allowed)).toEqual([]);
  });

  test('lets bots know the faces of staff, the chat, texts and the platform only', () => {
    const allowed = ({ from, to }: Import): boolean =>
      !from.startsWith('bots/') ||
      !isOurs(to) ||
      to.startsWith('bots/') ||
      surfaces.includes(to) ||
      inRoom(to, 'chat', 'texts', 'platform');
    expect(breaking(allowed)).toEqual([]);
  });

  test('has no cycles among files', () => {
    const next = new Map(
      sources.map(({ path, imports }) => [path, imports.filter((one) => !one.typeOnly).map(({ to }) => to)]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
      if (done.has(path) || way.includes(path)) return;
      for (const to of next.get(path) ?? []) walk(to, [...way, path]);
      done.add(path);
    };
    for (const path of next.keys()) walk(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('only', () => {
  test('the configuration reads the environment, and the search for mongod, which needs its PATH and passes it on', () => {
    const allowed = (path: string) => path === 'src/config.ts' || path.startsWith('src/platform/mongo/');
    expect(having(/\bprocess\.env\b|\benv\b.*from 'node:process'/, allowed)).toEqual([]);
  });

  test('stores and the platform know the database', () => {
    const allowed = ({ from, to, typeOnly }: Import): boolean =>
      !/^(mongoose|mongodb|agenda|@agendajs\/.*)$/.test(to) ||
      typeOnly ||
      inRoom(from, 'platform') ||
      /[/-]store\.ts$/.test(from);
    expect(breaking(allowed)).toEqual([]);
  });

  test('programs and the platform look at the clock or throw dice: elsewhere both come in as arguments', () => {
    const clock = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\bDateTime\.(now|utc|local)\(\)/;
    const free = (path: string) => !path.startsWith('src/') || inRoom(path, 'platform') || programs.includes(path);
    expect(having(clock, free)).toEqual([]);
  });
});

test('the reader of sources sees every form of an import', () => {
  const text = `
    import { readFileSync } from 'node:fs'; // import './comment.ts';
    /* import './comment.ts'; */
    import type { A } from './type.ts';
    import { type B, type C } from '../staff/types.ts';
    import { type D, e } from './mixed.ts';
    import {
      f,
      g,
    } from './lines.ts';
    import './effect.ts';
    import whole, * as all from 'mongoose';
    export { h } from './again.ts';
    export type { I } from './again-type.ts';
    const late = await import('./late.ts');
    const from = 'not/an/import.ts';`;
  expect(parse('src/dispatch/x.ts', text).imports.map(({ to, typeOnly }) => (typeOnly ? `type ${to}` : to))).toEqual([
    'node:fs',
    'type src/dispatch/type.ts',
    'type src/staff/types.ts',
    'src/dispatch/mixed.ts',
    'src/dispatch/lines.ts',
    'src/dispatch/effect.ts',
    'mongoose',
    'src/dispatch/again.ts',
    'type src/dispatch/again-type.ts',
    'src/dispatch/late.ts',
  ]);
});
